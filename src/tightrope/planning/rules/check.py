"""An independent judge of verdicts on rules: counted and estimated again from the rows, in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tightrope.planning.rules.problem import Job, Problem

NEAR = 1e-6


def check(problem: Problem, plan: Mapping[str, Any]) -> list[str]:
    """What is wrong with a plan (as JSON) made here or elsewhere; empty when nothing is.

    Deviations are counted again; the effect must leave nothing that the deviation still explains within
    strata and engineers (the normal equation); a verdict must follow from the effects given and their q.
    """
    wrong: list[str] = []
    try:
        for one in plan["rules"]:
            wrong += _rule(problem, one, float(plan["false_discovery"]))
        named = {str(one["rule"]) for one in plan["rules"]}
        if plan.get("is_complete"):
            wrong += [f"rule {rule}: is missing" for rule in problem.rules if rule not in named]
    except (KeyError, TypeError, ValueError) as unread:
        return [f"plan: cannot be read: {unread!r}"]
    return wrong


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """The same as `check`; every planning model has a judge of this name and shape."""
    return check(problem, given)


def _rule(problem: Problem, one: Mapping[str, Any], false_discovery: float) -> list[str]:
    where = f"rule {one['rule']}"
    jobs = [job for job in problem.jobs if job.rule == one["rule"]]
    if not jobs:
        return [f"{where}: is not in the problem"]
    wrong = []
    counted = sum(job.deviated for job in jobs)
    if (one["jobs"], one["deviations"]) != (len(jobs), counted):
        wrong.append(
            f"{where}: {one['deviations']} of {one['jobs']} deviate, counted {counted} of {len(jobs)}"
        )
    better = worse = 0
    for outcome in problem.outcomes:
        effect = one["effects"].get(outcome.name)
        if effect is None:
            continue
        again = _slope([job for job in jobs if outcome.name in job.outcomes], outcome.name)
        if not math.isclose(effect["estimate"], again, rel_tol=1e-4, abs_tol=NEAR):
            wrong.append(f"{where}: {outcome.name} is {effect['estimate']:+.4g}, counted {again:+.4g}")
        if not effect["low"] <= effect["estimate"] <= effect["high"]:
            wrong.append(f"{where}: the interval of {outcome.name} does not hold its estimate")
        if effect["q"] < effect["p"] - 1e-12:
            wrong.append(f"{where}: q of {outcome.name} is below p")
        good = effect["estimate"] if outcome.better == "higher" else -effect["estimate"]
        if effect["q"] <= false_discovery and abs(good) >= outcome.matters_from:
            better, worse = better + (good > 0), worse + (good <= 0)
    follows = "weigh" if better and worse else "relax" if better else "harden" if worse else None
    if follows is not None and one["verdict"] != follows:
        wrong.append(f"{where}: is judged {one['verdict']!r}, {follows!r} follows")
    if follows is None and one["verdict"] in ("relax", "harden", "weigh"):
        wrong.append(f"{where}: is judged {one['verdict']!r}, which does not follow")
    return wrong


def _slope(jobs: Sequence[Job], name: str) -> float:
    """The effect by sweeping the means of strata and engineers out, one after the other."""
    ways = defaultdict(set)
    for job in jobs:
        ways[job.stratum].add(job.deviated)
    shared = [job for job in jobs if len(ways[job.stratum]) == 2]
    y = _swept([job.outcomes[name] for job in shared], shared)
    d = _swept([float(job.deviated) for job in shared], shared)
    squares = math.fsum(x * x for x in d)
    return math.fsum(a * b for a, b in zip(d, y, strict=True)) / squares if squares > 1e-12 else math.nan


def _swept(values: list[float], jobs: Sequence[Job]) -> list[float]:
    keys = [[job.stratum for job in jobs], [job.engineer for job in jobs]]
    for _ in range(2000):
        moved = 0.0
        for key in keys:
            sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
            for name, value in zip(key, values, strict=True):
                sums[name][0] += value
                sums[name][1] += 1.0
            values = [value - sums[name][0] / sums[name][1] for name, value in zip(key, values, strict=True)]
            moved = max(moved, max(abs(total / count) for total, count in sums.values()))
        if moved < 1e-10:
            break
    return values
