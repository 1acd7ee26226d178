"""An independent judge of intake plans: every person played one by one, no code shared with the planner."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tightrope.planning.turnover.problem import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with the plan (empty when nothing is), mean output and share of runs with enough."""

    wrong: tuple[str, ...]
    capacity: tuple[float, ...]
    enough: tuple[float, ...]


def check(
    problem: Problem,
    hires: Sequence[int],
    seats: Sequence[Sequence[int]],
    *,
    leaving: Sequence[tuple[float, float]],
    curve: tuple[float, float, float],
    seed: int = 1,
    runs: int = 200,
) -> Verdict:
    """Judge hires and seats against the problem's target.

    ``leaving`` are (from month, rate per month) bands, ascending; ``curve`` is (start, top, months) of
    learning. A month counts as wrong when output is short in clearly more runs than the plan's
    confidence allows and more people could have been there.
    """
    target = problem.target
    if target is None:
        return Verdict(("the problem asks for no intake",), (), ())
    wrong = []
    months = len(target.demand)
    if len(hires) != months or len(seats) != months:
        return Verdict((f"the plan covers {len(hires)} months, not {months}",), (), ())
    for month, number in enumerate(target.committed):
        if month < months and hires[month] != number:
            wrong.append(f"month {month}: {hires[month]} hires, but {number} are committed")
    for month, row in enumerate(seats):
        if any(place > target.most_seats + 1 for place in row):
            wrong.append(f"month {month}: more training seats than there are")
    rng = random.Random(seed)
    output = [[0.0] * runs for _ in range(months)]
    for run in range(runs):
        for month, done in enumerate(_play(problem, hires, seats, leaving, curve, rng)):
            output[month][run] = done
    mean = tuple(sum(row) / runs for row in output)
    enough = tuple(
        sum(done >= need - 1e-9 for done in row) / runs
        for row, need in zip(output, target.demand, strict=True)
    )
    aim = target.confidence if target.confidence is not None else 0.5
    slack = 3 * math.sqrt(aim * (1 - aim) / runs) + 0.08
    first = len(target.committed)
    wrong += [
        f"month {month}: output suffices in {share:.0%} of runs, {aim:.0%} are wanted"
        for month, share in enumerate(enough)
        if month >= first and share < aim - slack
    ]
    return Verdict(tuple(wrong), mean, enough)


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """What is wrong with a plan (as JSON) made here or elsewhere; empty when nothing is.

    The leaving rates the plan rests on are counted again from the careers; its learning curve is taken
    as it says.
    """
    try:
        return _judged(problem, given, seed)
    except (KeyError, TypeError, AttributeError, ValueError) as unread:
        return [f"plan: cannot be read: {unread!r}"]


def _judged(problem: Problem, given: Mapping[str, Any], seed: int) -> list[str]:
    wrong: list[str] = []
    bands = [(float(band["from_month"]), float(band["per_month"])) for band in given.get("leaving", [])]
    for i, (start, rate) in enumerate(bands):
        end = bands[i + 1][0] if i + 1 < len(bands) else math.inf
        months = sum(
            max(0.0, min(one.tenure_months, end) - max(one.entered_months, start)) for one in problem.careers
        )
        gone = sum(one.left and start < one.tenure_months <= end for one in problem.careers)
        if not math.isclose(rate * months, gone, rel_tol=1e-6, abs_tol=1e-6):
            wrong.append(f"leaving from month {start:g}: {rate:.5f} a month, counted {gone} in {months:.1f}")
    if problem.target is None:
        return wrong
    intake, learning = given.get("intake"), given.get("learning")
    if not isinstance(intake, Mapping) or not isinstance(learning, Mapping) or not bands:
        return [*wrong, "the plan has no intake, no learning curve or no leaving rates"]
    curve = (float(learning["start"]), float(learning["top"]), float(learning["months"]))
    verdict = check(problem, intake["hires"], intake["seats"], leaving=bands, curve=curve, seed=seed)
    return [*wrong, *verdict.wrong]


def _play(
    problem: Problem,
    hires: Sequence[int],
    seats: Sequence[Sequence[int]],
    leaving: Sequence[tuple[float, float]],
    curve: tuple[float, float, float],
    rng: random.Random,
) -> list[float]:
    """Output of each month of one possible future."""
    names = [level.name for level in problem.levels]
    people = [[names.index(one.level), int(one.tenure_months)] for one in problem.staff]
    start, top, slow = curve
    outputs = []
    for month, joining in enumerate(hires):
        people += [[0, 0] for _ in range(joining)]

        def able(person: list[int]) -> float:
            level = problem.levels[person[0]]
            return level.output * (top - (top - start) * math.exp(-(person[1] + 0.5) / slow)) / top

        done = sum(able(person) for person in people)
        promoted = []
        for step, places in enumerate(seats[month]):
            ready = [p for p in people if p[0] == step and p[1] >= problem.levels[step + 1].min_months]
            promoted += sorted(ready, key=lambda p: -p[1])[:places]
        done -= problem.away_share * sum(able(person) for person in promoted)
        for person in promoted:
            person[0] += 1
        stayed = []
        for person in people:
            rate = _between(leaving, person[1]) * problem.levels[person[0]].leaves_times
            if rng.random() < math.exp(-rate):
                stayed.append([person[0], person[1] + 1])
        people = stayed
        outputs.append(done)
    return outputs


def _between(leaving: Sequence[tuple[float, float]], month: int) -> float:
    """Hazard summed over one month of service."""
    total = 0.0
    for i, (start, rate) in enumerate(leaving):
        end = leaving[i + 1][0] if i + 1 < len(leaving) else math.inf
        total += rate * max(0.0, min(month + 1, end) - max(month, start))
    return total
