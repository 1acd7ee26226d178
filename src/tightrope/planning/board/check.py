"""An independent judge of a board: figures recounted from the problem, sums redone, scenarios lived anew."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tightrope.planning.board.figures import SERVICE
from tightrope.planning.board.problem import Levers, Problem
from tightrope.planning.simulation import replicate

RUNS, SIGMAS, NEAR = 6, 5.0, 1e-6
SHARES = ("kept", "worst_pair", "deviation_rate")


def check(problem: Problem, plan: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """What is wrong with a board (as JSON) made here or elsewhere; empty when nothing is.

    Heads, bases and the deviation rate are counted again, differences taken again, every assumption must be
    listed, and cost and kept promises of each scenario must come out again under another seed, within noise.
    """
    wrong: list[str] = []
    by_name = {one.name: one for one in problem.all_levers}
    try:
        for line in plan["scenarios"]:
            levers = by_name.get(line["name"])
            if levers is None:
                wrong.append(f"scenario {line['name']}: is not in the problem")
                continue
            faults = _figures(line) + _counted(problem, levers, line) + _again(problem, levers, line, seed)
            wrong += [f"scenario {levers.name}: {fault}" for fault in faults]
        named = {line["name"]: line for line in plan["scenarios"]}
        if plan["is_complete"]:
            wrong += [f"scenario {name}: is missing" for name in by_name if name not in named]
        if plan["compared"]:
            pair = [named[name] for name in plan["compared"]]
            first, second = (line["figures"] for line in pair)
            for each in plan["differences"]:
                # Of a figure that is lived through, means over different runs say nothing about the difference.
                if pair[0]["runs"] != pair[1]["runs"] and each["figure"] in SERVICE:
                    continue
                apart = second[each["figure"]]["mean"] - first[each["figure"]]["mean"]
                if not math.isclose(apart, each["cell"]["mean"], rel_tol=NEAR, abs_tol=NEAR):
                    wrong.append(f"{each['figure']}: differs by {apart:g}, not {each['cell']['mean']:g}")
        wrong += _months(problem, plan)
    except (KeyError, TypeError, ValueError) as unread:
        return [f"plan: cannot be read: {unread!r}"]
    return wrong


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """The same as `check`; every planning model has a judge of this name and shape."""
    return check(problem, given, seed=seed)


def _figures(line: Mapping[str, Any]) -> list[str]:
    wrong = []
    for name, cell in line["figures"].items():
        if name in SHARES and not -1e-9 <= cell["mean"] <= 1 + 1e-9:
            wrong.append(f"{name} is {cell['mean']:g}, not a share")
        if cell["low"] is not None and not cell["low"] - 1e-9 <= cell["mean"] <= cell["high"] + 1e-9:
            wrong.append(f"the interval of {name} does not hold its mean")
    return wrong


def _counted(problem: Problem, levers: Levers, line: Mapping[str, Any]) -> list[str]:
    company, _ = problem.service_of(levers)
    figures = line["figures"]
    counted = {
        "heads": float(len(company.engineers)),
        "bases": float(len({engineer.city for engineer in company.engineers})),
    }
    if problem.rules is not None:
        jobs = problem.rules["jobs"]
        free = {*levers.relax, *levers.harden}
        counted["deviation_rate"] = sum(job["deviated"] and job["rule"] not in free for job in jobs) / len(
            jobs
        )
    wrong = [
        f"{name} is {figures[name]['mean']:g}, counted {value:g}"
        for name, value in counted.items()
        if not math.isclose(figures[name]["mean"], value, rel_tol=NEAR)
    ]
    for one in problem.assumptions:
        said = line["assumptions"].get(one.name)
        value = levers.assumptions.get(one.name, one.value)
        if said != value:
            wrong.append(f"assumption {one.name} is listed as {said}, it is {value:g}")
    return wrong


def _again(problem: Problem, levers: Levers, line: Mapping[str, Any], seed: int) -> list[str]:
    company, window = problem.service_of(levers)
    sample = replicate(company, window, runs=RUNS, seed=seed + 7919)
    wrong = []
    for name in ("kept", "cost"):
        lived, said = sample.of(name), line["figures"][name]["mean"]
        room = SIGMAS * lived.deviation * math.sqrt(1 / RUNS + 1 / max(int(line["runs"]), 1)) + 1e-9 * abs(
            said
        )
        if abs(lived.mean - said) > room:
            wrong.append(f"{name} is {said:.4g}, lived again {lived.mean:.4g}")
    return wrong


def _months(problem: Problem, plan: Mapping[str, Any]) -> list[str]:
    given = {(one.month, one.figure): one for one in problem.months}
    wrong = []
    for one in plan["months"]:
        where = f"{one['figure']} in {one['month']}"
        row = given.get((one["month"], one["figure"]))
        if row is None or row.actual != one["actual"] or row.planned not in (None, one["planned"]):
            wrong.append(f"{where}: is not as given")
        if one["low"] is not None and (one["says"] == "within chance") != (
            one["low"] <= one["actual"] <= one["high"]
        ):
            wrong.append(f"{where}: is judged wrongly as {one['says']!r}")
    return wrong
