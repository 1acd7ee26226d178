"""How much of which part where: levels at least cost for a fill rate, beside what is kept today."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import Floats, Ints
from tightrope.planning.spares.items import Item, Levels, Options, items_of
from tightrope.planning.spares.marginal import Market
from tightrope.planning.spares.problem import Problem

Progress = Callable[[float, float], None]

PROOF_SECONDS = 10.0


class Stopping(Protocol):
    """Anything that can tell the work to end, from another thread if need be."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class LineService:
    """One line with its level: what it fills at once, is short of on average, and ties up in money."""

    part: str
    location: str
    level: int
    fill_rate: float
    backorders: float
    money: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """All lines with some levels; ``fill_rate`` weighted by demand, ``money`` tied up in stock."""

    lines: tuple[LineService, ...]
    fill_rate: float
    backorders: float
    money: float

    @property
    def levels(self) -> dict[tuple[str, str], int]:
        """(part, location) -> level."""
        return {(line.part, line.location): line.level for line in self.lines}


@dataclass(frozen=True, slots=True)
class StockPlan:
    """Levels for the target, beside today's.

    ``bound``: no levels that reach the target tie up less money. ``today_for_less``: today's fill rate
    for the least money found; ``same_money``: the best fill rate found for today's money (None where
    today's levels lie outside the limits). ``frontier`` (m, 2): money and fill rate. ``is_complete``
    is False when the work was stopped: parts not reached keep today's levels.
    """

    outcome: Outcome
    bound: float
    today: Outcome
    today_for_less: Outcome | None
    same_money: Outcome | None
    frontier: Floats
    is_complete: bool

    @property
    def gap(self) -> float:
        """How far the money can be from the least possible, as a share of it."""
        return max(0.0, self.outcome.money / self.bound - 1) if self.bound > 0 else 0.0


def judge_stock(problem: Problem, levels: Levels) -> Outcome:
    """Fill rate, backorders and money of given levels; a line without a level has none in stock."""
    return _judge(problem, items_of(problem), levels)


def _judge(problem: Problem, items: list[Item], levels: Levels) -> Outcome:
    judged: dict[tuple[str, str], LineService] = {}
    for item in items:
        for line, fill, back in item.judge({line.key: levels.get(line.key, 0) for line in item.lines}):
            level = levels.get(line.key, 0)
            money = level * problem.costs[line.part]
            judged[line.key] = LineService(line.part, line.location, level, fill, back, money)
    lines = tuple(judged[line.key] for line in problem.lines)
    demand = np.array([line.demand_per_day for line in problem.lines])
    served = [line for line in problem.lines if line.demand_per_day > 0]
    return Outcome(
        lines=lines,
        fill_rate=float(np.array([line.fill_rate for line in lines]) @ demand / demand.sum()),
        backorders=sum(judged[line.key].backorders for line in served),
        money=sum(line.money for line in lines),
    )


def plan_stock(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None
) -> StockPlan:
    """Levels that reach the problem's fill rate for least money found, with a bound on the least possible.

    For each part (with a depot: over all depot levels) the efficient choices are laid out, then money
    goes where it gives most service (marginal analysis: Sherbrooke 2004, chapters 2 and 3; the fill
    rate is not concave in stock, so steps follow its concave hull), and what is left of the gap is
    closed by an exact solver where ten seconds suffice. The bound holds for the service model chosen by
    ``problem.method``.

    Raises
    ------
    BadProblem
        If the target cannot be reached within the lines' limits.
    """
    if not problem.lines:
        raise BadProblem("stock plan", "there are no lines")
    started = time.monotonic()
    items = items_of(problem)
    options: list[Options] = []
    is_complete = True
    for i, item in enumerate(items):
        if stop is not None and stop.is_reached(i):
            is_complete = False
            options.append(item.kept())
            continue
        options.append(item.options())
    market = Market([one.curve for one in options])
    total = sum(line.demand_per_day for line in problem.lines)

    def outcome(picks: Ints) -> Outcome:
        levels: dict[tuple[str, str], int] = {}
        for one, pick in zip(options, picks, strict=True):
            levels.update(one.levels(int(pick)))
        return _judge(problem, items, levels)

    target = problem.target_fill_rate
    if not is_complete:
        target = min(target, market.most_service / total)
    found = market.proven_least_cost(target * total, seconds=PROOF_SECONDS)
    best = outcome(found.picks)
    if progress is not None:
        progress(best.money, time.monotonic() - started)
    today = _judge(problem, items, {line.key: line.stock for line in problem.lines})
    within = all(
        line.at_least <= line.stock and (line.at_most is None or line.stock <= line.at_most)
        for line in problem.lines
    )
    comparable = (
        within and today.fill_rate * total <= market.most_service and today.money >= market.first_cost
    )
    frontier = market.frontier()
    frontier[:, 1] /= total
    return StockPlan(
        outcome=best,
        bound=found.bound,
        today=today,
        today_for_less=outcome(market.least_cost(today.fill_rate * total).picks) if comparable else None,
        same_money=outcome(market.most_service_for(today.money).picks) if comparable else None,
        frontier=frontier,
        is_complete=is_complete,
    )
