"""Second line at headquarters or in the regions: pooling against nearness.

One pool at headquarters needs fewer heads for the same wait, and one expert of a rare skill serves
everybody; experts in the regions are there sooner and lose less time on the road. Some escalations are
solved from afar and need no road at all. Each skill is a queue of its own; all times are service hours.

Source of the trade-off: Whitt (1992), "Understanding the efficiency of multi-server service systems",
Management Science 38(5); waiting by `general` (Lee and Longton 1959).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.general import least_heads, mean_wait, share_free_within


@dataclass(frozen=True)
class Region:
    """A region's escalations of each skill an hour, and one-way travel from both kinds of base."""

    name: str
    cases_per_hour: dict[str, float]
    hq_travel_hours: float
    own_travel_hours: float

    def __post_init__(self) -> None:
        where = f"region {self.name}"
        for name in ("hq_travel_hours", "own_travel_hours"):
            _zero_or_more(where, name, getattr(self, name))
        for skill, rate in self.cases_per_hour.items():
            _zero_or_more(where, f"cases an hour of {skill}", rate)


@dataclass(frozen=True)
class SecondLine:
    """The question: where should the second line be?

    Attributes
    ----------
    work_hours : dict of skill to float
        Work on a case without travel, above zero.
    on_site_share : float
        Share of cases that need somebody there, 0 to 1; the others are solved from afar.
    response_hours, share : float
        Promise: work on the case begins (on site: the expert arrives) within this, for this share.
    head_cost_per_hour : dict with "hq" and "region"
        Money for one head for one service hour.
    road_cost_per_hour : float
        Vehicle, fares and fuel for an hour on the road, beside the head.
    max_utilisation, variation : float
        As in `general`.
    """

    regions: tuple[Region, ...]
    work_hours: dict[str, float]
    on_site_share: float
    response_hours: float
    share: float = 0.9
    hq_head_cost_per_hour: float = 1.0
    region_head_cost_per_hour: float = 1.0
    road_cost_per_hour: float = 0.0
    max_utilisation: float = 0.9
    variation: float = 1.0

    def __post_init__(self) -> None:
        if not self.regions:
            raise BadProblem("regions", "there are none")
        names = [region.name for region in self.regions]
        for name in names:
            if names.count(name) > 1:
                raise BadProblem(f"region {name}", "the name is used twice")
        for skill, hours in self.work_hours.items():
            if not (math.isfinite(hours) and hours > 0):
                raise BadProblem(f"skill {skill}", f"work hours must be above zero, not {hours}")
        for region in self.regions:
            for skill in region.cases_per_hour:
                if skill not in self.work_hours:
                    raise BadProblem(f"region {region.name}", f"skill {skill} has no work hours")
        if not 0 <= self.on_site_share <= 1:
            raise BadProblem("on_site_share", f"must lie between 0 and 1, not {self.on_site_share}")
        if not (math.isfinite(self.response_hours) and self.response_hours > 0):
            raise BadProblem("response_hours", f"must be above zero, not {self.response_hours}")
        if not 0 <= self.share < 1:
            raise BadProblem("share", f"must be 0 or more and below 1, not {self.share}")
        if not 0 < self.max_utilisation <= 1:
            raise BadProblem("max_utilisation", f"must be above 0 and at most 1, not {self.max_utilisation}")
        for name in ("hq_head_cost_per_hour", "region_head_cost_per_hour", "road_cost_per_hour", "variation"):
            _zero_or_more("second line", name, getattr(self, name))


@dataclass(frozen=True)
class Group:
    """Experts of one skill in one place, and the queue before them."""

    place: str
    skill: str
    heads: int
    load: float
    mean_wait_hours: float

    @property
    def spare(self) -> float:
        """Heads not at work on average: what readiness for this skill costs here."""
        return self.heads - self.load


@dataclass(frozen=True)
class SetUp:
    """One way to place the second line.

    mean_response_hours is wait plus travel where travel is needed, over all cases; kept_share is the
    share in time; road_hours is hours on the road per service hour; cost is money per service hour.
    missed names regions whose travel alone breaks the promise (their cases on site are always late).
    """

    name: str
    groups: tuple[Group, ...]
    mean_wait_hours: float
    mean_travel_hours: float
    kept_share: float
    road_hours: float
    cost: float
    missed: tuple[str, ...]

    @property
    def heads(self) -> int:
        return sum(group.heads for group in self.groups)

    @property
    def spare(self) -> float:
        return sum(group.spare for group in self.groups)

    @property
    def utilisation(self) -> float:
        return sum(group.load for group in self.groups) / self.heads if self.heads else 0.0

    @property
    def mean_response_hours(self) -> float:
        return self.mean_wait_hours + self.mean_travel_hours


@dataclass(frozen=True)
class Comparison:
    """Both set-ups, and where the balance tips.

    demand_break_even: factor on all cases from which the regions are cheaper, None when they are not up
    to 64 times (or are even at a 64th); distance_break_even: factor on the travel from headquarters likewise.
    """

    hq: SetUp
    regions: SetUp
    demand_break_even: float | None
    distance_break_even: float | None

    @property
    def cheaper(self) -> str:
        return "hq" if self.hq.cost <= self.regions.cost else "regions"


def compare(problem: SecondLine) -> Comparison:
    """Staff both set-ups for the same promise and find where they cost the same.

    Heads are whole, so cost is a staircase and the break-even the first step on a fine scale (5 %) at
    which the regions become and stay cheaper for the next three steps.
    """

    def more_cases(factor: float) -> SecondLine:
        regions = tuple(
            replace(
                region,
                cases_per_hour={skill: rate * factor for skill, rate in region.cases_per_hour.items()},
            )
            for region in problem.regions
        )
        return replace(problem, regions=regions)

    def farther(factor: float) -> SecondLine:
        regions = tuple(
            replace(region, hq_travel_hours=region.hq_travel_hours * factor) for region in problem.regions
        )
        return replace(problem, regions=regions)

    return Comparison(
        hq=at_headquarters(problem),
        regions=in_the_regions(problem),
        demand_break_even=_break_even(more_cases),
        distance_break_even=_break_even(farther),
    )


def at_headquarters(problem: SecondLine) -> SetUp:
    """One pool for each skill at headquarters."""
    return _set_up(problem, "hq", lambda region: "hq", lambda region: region.hq_travel_hours)


def in_the_regions(problem: SecondLine) -> SetUp:
    """Each region has its own experts of every skill that it needs."""
    return _set_up(problem, "regions", lambda region: region.name, lambda region: region.own_travel_hours)


def _set_up(
    problem: SecondLine,
    name: str,
    place_of: Callable[[Region], str],
    travel_of: Callable[[Region], float],
) -> SetUp:
    streams: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for region in problem.regions:
        for skill, rate in region.cases_per_hour.items():
            if rate > 0:
                streams.setdefault((place_of(region), skill), []).append((rate, travel_of(region)))
    groups, cases, wait, kept, road = [], 0.0, 0.0, 0.0, 0.0
    for (place, skill), parts in streams.items():
        group, in_time = _staffed(problem, place, skill, parts)
        groups.append(group)
        rate = sum(part[0] for part in parts)
        cases += rate
        wait += rate * group.mean_wait_hours
        kept += rate * in_time
        road += sum(part[0] * problem.on_site_share * 2.0 * part[1] for part in parts)
    head_cost = problem.hq_head_cost_per_hour if name == "hq" else problem.region_head_cost_per_hour
    late = problem.on_site_share > 0
    return SetUp(
        name=name,
        groups=tuple(groups),
        mean_wait_hours=wait / cases if cases else 0.0,
        mean_travel_hours=road / 2.0 / cases if cases else 0.0,
        kept_share=kept / cases if cases else 1.0,
        road_hours=road,
        cost=sum(group.heads for group in groups) * head_cost + road * problem.road_cost_per_hour,
        missed=tuple(r.name for r in problem.regions if late and travel_of(r) > problem.response_hours),
    )


def _staffed(
    problem: SecondLine, place: str, skill: str, parts: list[tuple[float, float]]
) -> tuple[Group, float]:
    """Fewest heads that keep the promise over all cases of the group, and the share in time."""
    rate = sum(part[0] for part in parts)
    road = sum(part[0] * part[1] for part in parts) / rate
    hours = problem.work_hours[skill] + problem.on_site_share * 2.0 * road
    load = rate * hours

    def share_in_time(heads: int) -> float:
        total = 0.0
        for part, travel in parts:
            for weight, left in (
                (problem.on_site_share, problem.response_hours - travel),
                (1.0 - problem.on_site_share, problem.response_hours),
            ):
                if weight:
                    total += (
                        part
                        * weight
                        * share_free_within(
                            load, heads, work_hours=hours, hours=left, variation=problem.variation
                        )
                    )
        return total / rate

    # Regions beyond reach are late with any number of heads; the promise is kept as nearly as it can be.
    possible = share_in_time(10**6)
    wanted = min(problem.share, possible - 1e-6 * max(possible, 1e-6))
    heads = least_heads(
        load,
        work_hours=hours,
        hours=problem.response_hours,
        share=0.0,
        max_utilisation=problem.max_utilisation,
        variation=problem.variation,
    )
    while share_in_time(heads) < wanted:
        heads += 1
    wait = mean_wait(load, heads, work_hours=hours, variation=problem.variation)
    group = Group(place=place, skill=skill, heads=heads, load=load, mean_wait_hours=wait)
    return group, share_in_time(heads)


def _break_even(changed: Callable[[float], SecondLine]) -> float | None:
    steps = 86
    factors = [64.0 ** ((step - steps) / steps) for step in range(2 * steps + 1)]
    cheaper = []
    for factor in factors:
        problem = changed(factor)
        cheaper.append(in_the_regions(problem).cost < at_headquarters(problem).cost)
        if len(cheaper) >= 4 and all(cheaper[-4:]):
            first = len(cheaper) - 4
            return None if first == 0 else factors[first]
    return None


def _zero_or_more(where: str, name: str, value: float) -> None:
    if not math.isfinite(value) or value < 0:
        raise BadProblem(where, f"{name} must be zero or more, not {value}")
