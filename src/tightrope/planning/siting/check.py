"""An independent judge of siting plans: it shares no code with the solvers or the plan builder."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.schema import plan_from_json

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a plan: the rule, what it concerns, and how far off."""

    rule: str
    where: str
    why: str


def check(problem: SitingProblem, plan: SitingPlan) -> list[Finding]:
    """Everything that is wrong with `plan`, recomputed from the problem alone; empty when it holds."""
    findings: list[Finding] = []
    names = {site.name: number for number, site in enumerate(problem.sites)}
    open_names = [base.name for base in plan.bases]
    for name in open_names:
        if name not in names:
            findings.append(Finding("known site", name, "is not among the sites of the problem"))
    if findings:
        return findings
    if len(set(open_names)) < len(open_names):
        findings.append(Finding("open once", "bases", "a site is open twice"))
    if problem.count is not None and len(open_names) != problem.count:
        findings.append(Finding("count", "bases", f"{len(open_names)} are open instead of {problem.count}"))
    for site in problem.sites:
        if site.must_open and site.name not in open_names:
            findings.append(Finding("must open", site.name, "is closed"))
    if len(plan.served_from) != len(problem.points):
        findings.append(Finding("every point", "served_from", "does not have one entry for each point"))
        return findings
    findings += _check_points(problem, plan, names, set(open_names))
    if not any(finding.rule in ("open base", "known site") for finding in findings):
        findings += _check_bases(problem, plan, names)
        findings += _check_figures(problem, plan, names)
    return findings


def check_json(problem: SitingProblem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """What is wrong with a plan (as JSON) made here or elsewhere, in words; empty when nothing is.

    Nothing is drawn, so `seed` changes nothing.
    """
    try:
        plan = plan_from_json(given)
    except BadProblem as unreadable:
        return [str(unreadable)]
    if plan.aim != problem.aim:
        return [f"plan: is for the aim {plan.aim!r}, the problem's is {problem.aim!r}"]
    findings = check(problem, plan) + _check_derived(plan, given, "plan")
    try:
        beside = [("today", given["today"])] if given.get("today") else []
        beside += [(f"{rung['cities']} cities", rung["plan"]) for rung in given.get("ladder") or ()]
        for where, facts in beside:
            findings += _check_beside(problem, where, facts)
    except (BadProblem, KeyError, TypeError, AttributeError) as unreadable:
        return [f"plan: today or ladder cannot be read: {unreadable}"]
    return [f"{finding.where}: {finding.rule}: {finding.why}" for finding in findings]


def _check_beside(problem: SitingProblem, where: str, facts: Mapping[str, Any]) -> list[Finding]:
    """Faults of another set-up that the plan is compared with.

    It need not have the number of bases asked for, nor those that must be open, nor room for its heads; its
    figures must be true.
    """
    plan = plan_from_json(facts)
    findings = check(problem, plan) + _check_derived(plan, facts, "plan")
    if where != "today" and where != f"{len(plan.bases)} cities":
        findings.append(Finding("rung", "bases", f"{len(plan.bases)} are open"))
    return [
        Finding(finding.rule, f"{where}, {finding.where}", finding.why)
        for finding in findings
        if finding.rule not in ("count", "must open", "room")
    ]


def _check_derived(plan: SitingPlan, given: Mapping[str, Any], where: str) -> list[Finding]:
    """Sums that a written plan repeats, which the reader works out for itself."""
    said = [(where, "heads", given.get("heads"), plan.heads), (where, "cost", given.get("cost"), plan.cost)]
    said += [
        (base.name, "cost", row.get("cost"), base.cost)
        for base, row in zip(plan.bases, given["bases"], strict=True)
    ]
    return [
        Finding("figures", at, f"{name} is {right:.6g}, not {value!r}")
        for at, name, value, right in said
        if value is not None and not (isinstance(value, int | float) and _is_close(value, right))
    ]


def _check_points(
    problem: SitingProblem, plan: SitingPlan, names: dict[str, int], opened: set[str]
) -> list[Finding]:
    findings = []
    for number, (point, home) in enumerate(zip(problem.points, plan.served_from, strict=True)):
        reachable = [name for name in opened if math.isfinite(problem.travel_minutes[number, names[name]])]
        if home is None:
            if point.visits_per_year > 0 and reachable:
                findings.append(Finding("served", point.name, f"nobody serves it; {reachable[0]} could"))
            elif point.visits_per_year > 0 and point.name not in plan.unreached:
                findings.append(Finding("named", point.name, "is out of reach and not named"))
        elif home not in opened:
            findings.append(Finding("open base", point.name, f"is served from {home}, which is closed"))
        elif home not in reachable and point.visits_per_year > 0:
            findings.append(Finding("reach", point.name, f"{home} cannot reach it"))
    return findings


def _check_bases(problem: SitingProblem, plan: SitingPlan, names: dict[str, int]) -> list[Finding]:
    findings = []
    for base in plan.bases:
        site = problem.sites[names[base.name]]
        hours, visits, road = 0.0, 0.0, 0.0
        for number, (point, home) in enumerate(zip(problem.points, plan.served_from, strict=True)):
            if home == base.name and point.visits_per_year > 0:
                there = float(problem.travel_minutes[number, names[base.name]])
                hours += point.visits_per_year * (point.work_hours + 2 * there / 60)
                visits += point.visits_per_year
                road += point.visits_per_year * 2 * there / 60 * problem.travel_cost_per_hour
        room = base.heads * problem.hours_per_head_year * problem.utilisation
        if hours > room * (1 + _TOLERANCE) or base.heads < 1:
            findings.append(
                Finding("enough heads", base.name, f"{base.heads} heads have {room:.1f} h for {hours:.1f} h")
            )
        if not _is_close(hours, base.load_hours):
            findings.append(Finding("load", base.name, f"is {hours:.3f} h, not {base.load_hours:.3f} h"))
        figures = {"visits": (base.visits, visits), "road": (base.road, road)}
        paid = base.heads * problem.hours_per_head_year
        if paid > 0:
            figures["utilisation"] = (base.utilisation, hours / paid)
        findings += [
            Finding("figures", base.name, f"{name} is {right:.6g}, not {said:.6g}")
            for name, (said, right) in figures.items()
            if not _is_close(said, right)
        ]
        if not _is_close(base.wages, base.heads * site.wage_per_year):
            findings.append(Finding("wages", base.name, "are not heads times wage"))
        if not _is_close(base.rent, site.rent_per_year):
            findings.append(Finding("rent", base.name, "is not the site's"))
        if site.max_heads is not None and base.heads > site.max_heads:
            findings.append(Finding("room", base.name, f"holds {site.max_heads} heads, not {base.heads}"))
    return findings


def _check_figures(problem: SitingProblem, plan: SitingPlan, names: dict[str, int]) -> list[Finding]:
    travel, visits, near, longest, worst, road = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for number, (point, home) in enumerate(zip(problem.points, plan.served_from, strict=True)):
        minutes = math.inf if home is None else float(problem.travel_minutes[number, names[home]])
        worst = max(worst, minutes)
        if point.visits_per_year == 0 or home is None:
            continue
        travel += point.visits_per_year * minutes
        visits += point.visits_per_year
        near += point.visits_per_year if minutes <= problem.within_minutes else 0.0
        longest = max(longest, minutes)
        road += point.visits_per_year * 2 * minutes / 60 * problem.travel_cost_per_hour
    everything = sum(point.visits_per_year for point in problem.points)
    cost = sum(base.rent + base.wages for base in plan.bases) + road
    value = {"median": travel, "centre": worst, "coverage": near, "cost": cost}[problem.aim]
    figures = {
        "mean_minutes": (plan.mean_minutes, travel / visits if visits else 0.0),
        "longest_minutes": (plan.longest_minutes, longest),
        "near_share": (plan.near_share, near / everything if everything else 1.0),
        "cost": (plan.cost, cost),
        "value": (plan.value, value),
    }
    findings = [
        Finding("figures", name, f"is {right:.6g}, not {said:.6g}")
        for name, (said, right) in figures.items()
        if not _is_close(said, right)
    ]
    sign = -1 if problem.aim == "coverage" else 1
    if math.isnan(plan.bound) or sign * plan.bound > sign * plan.value + _TOLERANCE * max(
        1.0, abs(plan.value)
    ):
        findings.append(
            Finding("bound", "value", f"{plan.value:.6g} is not within the bound {plan.bound:.6g}")
        )
    return findings


def _is_close(one: float, other: float) -> bool:
    return one == other or abs(one - other) <= _TOLERANCE * max(1.0, abs(one), abs(other))
