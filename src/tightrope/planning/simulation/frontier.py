"""Cost against service: which lever next, from today both ways, between the two extremes.

From today's set-up one lever at a time is pulled: another engineer in one of the cities with most missed
promises, an expert, a loaner, one more of each part on the shelves; taken is what keeps most promises for
its money. The other way the lever is let go that saves most for what is lost. Each step is chosen and
judged by simulation under common random numbers, and each point is a change that can be run again as a
scenario.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.figures import DAYS_PER_YEAR, Estimate, Window
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.replicate import Progress, Sample, Stopping, late_by_city, replicate
from tightrope.planning.simulation.scenario import Change, changed, with_residents

RESIDENT_RUNS = 4
LEAST_GAIN = 2e-4


@dataclass(frozen=True)
class FrontierWish:
    """`points` steps up and `fewer` steps down from today, each choice judged by `runs` runs.

    `tries` cities are considered for the next engineer; a loaner step is `loaner_step` machines.
    """

    points: int = 8
    fewer: int = 5
    runs: int = 12
    tries: int = 4
    loaner_step: int = 4

    def __post_init__(self) -> None:
        if self.points < 0 or self.fewer < 0 or self.runs < 2 or self.tries < 1 or self.loaner_step < 1:
            raise BadProblem("frontier", "needs points and fewer of zero or more, 2 runs, 1 try and a step")


@dataclass(frozen=True)
class Point:
    """A set-up: what was done last, the whole change from today, service and money of the measured time."""

    step: str
    change: Change
    heads: int
    kept: Estimate
    cost: Estimate
    cost_per_case: Estimate
    utilisation: Estimate
    is_beaten: bool = False


@dataclass(frozen=True)
class Frontier:
    """Points in rising cost with today among them, and the extremes. `is_beaten`: another is better in both.

    `standby` keeps every promise (the customer's work goes on) at the cost of the cheapest set-up and a
    machine beside every machine; its service is so by definition and not simulated.
    """

    points: tuple[Point, ...]
    today: Point
    resident: Point | None
    standby_cost: float | None
    standby_cost_per_case: float | None
    is_complete: bool


def frontier(
    company: Company,
    window: Window,
    wish: FrontierWish,
    *,
    seed: int,
    confidence: float,
    processes: int = 1,
    stop: Stopping | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """Walk up and down from today. What `stop` cuts off is missing; today is always there."""

    def judge(change: Change, runs: int = wish.runs) -> Sample:
        return replicate(
            changed(company, change),
            window,
            runs=runs,
            seed=seed,
            confidence=confidence,
            processes=processes,
            progress=progress,
        )

    def is_over() -> bool:
        return stop is not None and stop.is_reached()

    here = judge(Change())
    today = _point("today", Change(), company, here)
    up: list[Point] = [today]
    down: list[Point] = []
    is_complete = True
    for rising, steps in ((True, wish.points), (False, wish.fewer)):
        change, sample = Change(), here
        for _ in range(steps):
            best: tuple[float, str, Change, Sample] | None = None
            for step, option in _levers(company, change, sample, wish, rising=rising):
                if is_over():
                    is_complete = False
                    break
                found = judge(option)
                gain = found.against(sample, "kept").mean
                money = found.against(sample, "cost").mean
                worth = _worth(gain, money, rising=rising)
                if best is None or worth > best[0]:
                    best = (worth, step, option, found)
            if best is None or (rising and best[0] <= 0) or is_over():
                break
            _, step, change, sample = best
            (up if rising else down).append(_point(step, change, changed(company, change), sample))
    points = _marked(sorted([*up, *down], key=lambda point: point.cost.mean))
    resident = None
    if not is_over():
        every = replicate(
            with_residents(company), window, runs=RESIDENT_RUNS, seed=seed, confidence=confidence
        )
        resident = _point("an engineer at every customer", Change(), with_residents(company), every)
    cheapest = points[0]
    standby = None
    if company.money.standby_price > 0:
        capital = company.installed * company.money.standby_price * company.money.holding_share
        standby = cheapest.cost.mean + capital * window.days / DAYS_PER_YEAR
    cases = here.of("cases").mean
    return Frontier(
        points=tuple(points),
        today=today,
        resident=resident,
        standby_cost=standby,
        standby_cost_per_case=None if standby is None or not cases else standby / cases,
        is_complete=is_complete and not is_over(),
    )


def _worth(gain: float, money: float, *, rising: bool) -> float:
    """Up: service bought for money. Down: money saved for service lost. Free gains come first either way."""
    if math.isnan(gain):
        return -math.inf
    if rising:
        if gain <= LEAST_GAIN:
            return -math.inf if money >= 0 else gain
        return math.inf if money <= 0 else gain / money
    if money >= 0:
        return -math.inf
    return math.inf if gain >= 0 else money / gain


def _levers(
    company: Company, change: Change, sample: Sample, wish: FrontierWish, *, rising: bool
) -> Iterator[tuple[str, Change]]:
    now = changed(company, change)
    heads = now.heads_by_city()
    late = late_by_city(sample, [city.name for city in company.cities])
    sign, word = (1, "+") if rising else (-1, "-")
    cities = [city for city in late if rising or heads.get(city, 0) > 0]
    # Up: where most promises are missed. Down: where the fewest are missed for each head.
    cities.sort(key=lambda city: -late[city] if rising else late[city] / heads[city])
    for city in cities[: wish.tries]:
        number = heads.get(city, 0) + sign
        if number > 0 or len(heads) > 1:
            yield f"{word}1 engineer in {city}", replace(change, engineers={**change.engineers, city: number})
    experts = dict(now.second_line.experts)
    if experts and (rising or sum(experts.values()) > 1):
        base = max(experts, key=lambda city: experts[city])
        more = {**experts, base: experts[base] + sign}
        yield f"{word}1 expert in {base}", replace(change, experts=more)
    size = now.loaners.size + sign * wish.loaner_step
    if now.loaners.size > 0 and size >= 0:
        yield f"{word}{wish.loaner_step} loaners", replace(change, loaners=size)
    if any(part.city_stock for part in now.parts):
        yield f"{word}1 of each part in each city", replace(change, stock_more=change.stock_more + sign)


def _point(step: str, change: Change, company: Company, sample: Sample) -> Point:
    return Point(
        step,
        change,
        len(company.engineers),
        sample.of("kept"),
        sample.of("cost"),
        sample.of("cost_per_case"),
        sample.of("utilisation"),
    )


def _marked(points: list[Point]) -> list[Point]:
    """Rising in cost; beaten is who keeps no more than a cheaper one."""
    best, marked = -math.inf, []
    for point in points:
        marked.append(replace(point, is_beaten=point.kept.mean <= best))
        best = max(best, point.kept.mean)
    return marked
