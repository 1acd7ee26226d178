"""An independent judge of life reports: recomputed from the rows in plain Python, no shared code."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tightrope.planning.reliability.problem import Problem, Unit


def check(problem: Problem, report: Mapping[str, Any]) -> list[str]:
    """What is wrong with a report (as JSON) made here or elsewhere; empty when nothing is.

    Survival is counted again unit by unit; the Weibull law must have a likelihood that no law nearby
    beats; failure rates and a batch's failures are counted again; risks must lie between 0 and 1.
    """
    wrong: list[str] = []
    units = problem.units
    if "rate" in report:
        failures = sum(one.failed for one in units)
        exposure = math.fsum(one.age - one.entered for one in units)
        if report["rate"]["failures"] != failures:
            wrong.append(f"rate: {report['rate']['failures']} failures, counted {failures}")
        if not math.isclose(report["rate"]["exposure"], exposure, rel_tol=1e-9):
            wrong.append(f"rate: exposure {report['rate']['exposure']}, counted {exposure}")
        wrong = wrong or _rates("rate", report["rate"])
    for name, band in report.get("rate_by_age", {}).items():
        wrong += _rates(f"rate by age, {name}", band)
    if "survival" in report:
        wrong += _survival(units, report["survival"])
    if "weibull" in report:
        wrong += _weibull(units, report["weibull"]["shape"], report["weibull"]["scale"])
    if "alarm" in report:
        edges = problem.bands
        for one in report["alarm"]["batches"]:
            counted = sum(
                u.failed for u in units if (u.batch or "") == one["name"] and edges[0] < u.age <= edges[-1]
            )
            if one["failures"] > counted:
                wrong.append(f"batch {one['name']}: {one['failures']} failures, counted {counted}")
            if one["alarm"] and not one["ratio"] > problem.alarm.tolerated_ratio:
                wrong.append(f"batch {one['name']}: an alarm at a ratio of {one['ratio']}")
    for one in report.get("risk", {}).get("units", []):
        if not 0 < one["risk"] < 1:
            wrong.append(f"unit {one['unit']}: a risk of {one['risk']} is no chance")
    if "contacts" in report and problem.prevention is not None:
        wrong += _contacts(problem, report)
    return wrong


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """The same as :func:`check`; every planning model has a judge of this name and shape."""
    try:
        return check(problem, given)
    except (KeyError, TypeError, AttributeError, ValueError) as unread:
        return [f"report: cannot be read: {unread!r}"]


def _rates(where: str, said: Mapping[str, float]) -> list[str]:
    """A rate is failures by exposure, within its limits."""
    wrong = []
    rate = said["failures"] / said["exposure"] if said["exposure"] > 0 else 0.0
    if not math.isclose(said["rate"], rate, rel_tol=1e-9, abs_tol=1e-15):
        wrong.append(f"{where}: {said['rate']:g}, counted {rate:g}")
    if not said["lower"] <= rate * (1 + 1e-9) or not rate <= said["upper"] * (1 + 1e-9):
        wrong.append(f"{where}: lies outside its limits {said['lower']:g} to {said['upper']:g}")
    return wrong


def _contacts(problem: Problem, report: Mapping[str, Any]) -> list[str]:
    """Whoever is contacted must be worth it by the risks reported, nobody else may be worth more, sums hold."""
    prevention = problem.prevention
    if prevention is None:
        return []
    wrong = []
    contract_of, terms = dict(problem.covered), {one.contract: one for one in problem.contracts}
    lead = prevention.lead_days / (365.25 / 12)

    def worth(unit: str, risk: float) -> float:
        term = terms.get(contract_of.get(unit, ""))
        loss = (
            prevention.failure_loss
            if term is None
            else term.repair_cost + term.down_hours * term.down_cost_per_hour
        )
        visit = prevention.visit_cost if term is None or term.visit_cost is None else term.visit_cost
        there = math.exp(lead * math.log1p(-risk))
        return prevention.effectiveness * (there - 1 + risk) * loss - there * visit

    said = {one["unit"]: one for one in report["contacts"]["units"]}
    worths = {one["unit"]: worth(one["unit"], one["risk"]) for one in report["risk"]["units"]}
    for unit, one in said.items():
        if unit not in worths:
            wrong.append(f"contact {unit}: has no risk in the report")
        elif not math.isclose(one["worth"], worths[unit], rel_tol=1e-6, abs_tol=1e-6):
            wrong.append(f"contact {unit}: worth {one['worth']:.2f}, counted {worths[unit]:.2f}")
        elif worths[unit] < -1e-9:
            wrong.append(f"contact {unit}: costs more than it avoids")
    least = min((worths.get(unit, 0.0) for unit in said), default=0.0)
    is_full = prevention.visits is not None and len(said) >= prevention.visits
    if prevention.visits is not None and len(said) > prevention.visits:
        wrong.append(f"contacts: {len(said)} are more than the {prevention.visits} that can be made")
    for unit, value in worths.items():
        if unit not in said and value > 1e-6 and not (is_full and value <= least + 1e-6):
            wrong.append(f"unit {unit}: is not contacted though that is worth {value:.2f}")
    total = report["contacts"]["total"]
    if total["contacts"] != len(said):
        wrong.append(f"contacts: {total['contacts']} in all, counted {len(said)}")
    avoided = math.fsum(one["avoids"] for one in said.values())
    if not math.isclose(total["failures_avoided"]["mean"], avoided, rel_tol=1e-6, abs_tol=1e-9):
        wrong.append(
            f"contacts: {total['failures_avoided']['mean']:.3f} faults avoided, counted {avoided:.3f}"
        )
    for key in ("contacts", "cost"):
        parts = math.fsum(one[key] for one in report["contacts"]["by_contract"])
        if not math.isclose(total[key], parts, rel_tol=1e-6, abs_tol=1e-6):
            wrong.append(f"contacts: {key} {total[key]:g} in all, the contracts add up to {parts:g}")
    return wrong


def _survival(units: Sequence[Unit], steps: Sequence[Mapping[str, float]]) -> list[str]:
    share = 1.0
    ages = sorted({one.age for one in units if one.failed})
    if len(ages) != len(steps):
        return [f"survival: {len(steps)} steps, counted {len(ages)}"]
    for age, step in zip(ages, steps, strict=True):
        watched = sum(one.entered < age <= one.age for one in units)
        share *= 1 - sum(one.failed and one.age == age for one in units) / watched
        if not math.isclose(step["surviving"], share, rel_tol=1e-9, abs_tol=1e-12):
            return [f"survival: {step['surviving']} beyond age {age:g}, counted {share}"]
    return []


def _weibull(units: Sequence[Unit], shape: float, scale: float) -> list[str]:
    if not (shape > 0 and scale > 0):
        return [f"Weibull: shape {shape} and scale {scale} are no law"]

    def likelihood(b: float, c: float) -> float:
        total = 0.0
        for one in units:
            total -= (one.age / c) ** b - (one.entered / c) ** b
            if one.failed:
                total += math.log(b / c) + (b - 1) * math.log(one.age / c)
        return total

    best = likelihood(shape, scale)
    for f, g in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.01, 1.01), (0.99, 0.99)):
        if likelihood(shape * f, scale * g) > best:
            return [f"Weibull: shape {shape * f:.5g} and scale {scale * g:.6g} fit better than those given"]
    return []
