"""An independent judge of simulated figures: laws that hold for any company, and a few runs lived anew.

The laws are recounted from the plan alone: shares lie between 0 and 1, intervals hold their means, a
difference is the difference, points rise in cost, who is beaten is marked. Then today and each scenario
are lived through again under another seed; figures further off than the noise of both explains are named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tightrope.planning.simulation.replicate import replicate
from tightrope.planning.simulation.scenario import changed
from tightrope.planning.simulation.schema import Problem

RUNS = 6
SHARES = ("kept", "visited_in_time", "desk_in_time", "travel_share", "parts_at_once", "loaners_at_once")
RELIVED = ("cases", "kept", "utilisation", "cost")
SIGMAS = 5.0


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """What is wrong with a plan (as JSON), in words; empty when nothing is."""
    try:
        found = _figures("today", given["today"])
        by_name = {str(one["name"]): one for one in given.get("scenarios", ())}
        for name, one in by_name.items():
            found += _figures(f"scenario {name}", one["figures"])
            if one["runs"] == given["runs"]:
                found += _difference(name, one, given["today"])
        if given.get("frontier") is not None:
            found += _frontier(given["frontier"])
        found += _relived(problem, None, given["today"], int(given["runs"]), seed)
        for name, one in by_name.items():
            if name not in problem.scenarios:
                found.append(f"scenario {name}: is not among those of the problem")
            else:
                found += _relived(problem, name, one["figures"], int(one["runs"]), seed)
        if given.get("is_complete"):
            found += [f"scenario {name}: is missing" for name in problem.scenarios if name not in by_name]
    except (KeyError, TypeError, ValueError) as wrong:
        return [f"plan: cannot be read: {wrong!r}"]
    return found


def _figures(where: str, figures: Mapping[str, Any]) -> list[str]:
    found = []
    for name, one in figures.items():
        mean, low, high = one["mean"], one["low"], one["high"]
        if mean is None:
            continue
        if name in SHARES and not -1e-9 <= mean <= 1 + 1e-9:
            found.append(f"{where}: {name} is {mean:g}, not a share")
        if mean < -1e-9:
            found.append(f"{where}: {name} is below zero: {mean:g}")
        if low is not None and high is not None and not low - 1e-9 <= mean <= high + 1e-9:
            found.append(f"{where}: the interval of {name} does not hold its mean")
    return found


def _difference(name: str, one: Mapping[str, Any], today: Mapping[str, Any]) -> list[str]:
    found = []
    for figure, said in one["difference"].items():
        now, then = one["figures"][figure]["mean"], today[figure]["mean"]
        if said["mean"] is None or now is None or then is None:
            continue
        if abs(now - then - said["mean"]) > 1e-6 * max(1.0, abs(now), abs(then)):
            found.append(f"scenario {name}: {figure} differs by {now - then:g}, not {said['mean']:g}")
    return found


def _frontier(edge: Mapping[str, Any]) -> list[str]:
    found, best, last = [], -math.inf, -math.inf
    for point in edge["points"]:
        cost, kept = point["cost"]["mean"], point["kept"]["mean"]
        if cost < last:
            found.append(f"frontier, {point['step']}: costs less than the point before it")
        if bool(point["is_beaten"]) != (kept <= best):
            found.append(
                f"frontier, {point['step']}: is marked wrongly as {'' if point['is_beaten'] else 'not '}beaten"
            )
        last, best = cost, max(best, kept)
    return found


def _relived(
    problem: Problem, name: str | None, figures: Mapping[str, Any], runs: int, seed: int
) -> list[str]:
    company = problem.company if name is None else changed(problem.company, problem.scenarios[name])
    sample = replicate(company, problem.window, runs=RUNS, seed=seed + 7919, confidence=problem.confidence)
    found = []
    for figure in RELIVED:
        again, said = sample.of(figure), figures[figure]["mean"]
        if said is None or math.isnan(again.mean):
            continue
        noise = max(again.deviation, float(figures[figure]["deviation"] or 0.0))
        room = SIGMAS * noise * math.sqrt(1 / RUNS + 1 / max(runs, 1)) + 1e-9 * abs(said)
        if abs(again.mean - said) > room:
            where = "today" if name is None else f"scenario {name}"
            found.append(f"{where}: {figure} is {said:.4g}, lived again {again.mean:.4g}")
    return found
