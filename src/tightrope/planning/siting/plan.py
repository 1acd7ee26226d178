"""A siting plan: which bases, who is served from where, heads, money and service."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.arrays import Floats, Ints
from tightrope.planning.siting.problem import SitingProblem


@dataclass(frozen=True)
class Base:
    """One open site: heads needed, the share of their planned hours in use, and its money a year."""

    name: str
    heads: int
    load_hours: float
    utilisation: float
    visits: float
    rent: float
    wages: float
    road: float

    @property
    def cost(self) -> float:
        return self.rent + self.wages + self.road


@dataclass(frozen=True)
class SitingPlan:
    """The plan and what it costs and gives.

    Attributes
    ----------
    served_from : tuple of str or None
        For each point the name of its base; None where no open base reaches it.
    value, bound : float
        In terms of the aim: visit-minutes of travel, longest minutes, visits covered, or money a year.
    mean_minutes, longest_minutes : float
        One-way travel, weighted by visits; over reached points with visits.
    near_share : float
        Share of visits within `within_minutes`.
    short_heads : tuple of str
        Bases that need more heads than the site can hold.
    """

    aim: str
    bases: tuple[Base, ...]
    served_from: tuple[str | None, ...]
    value: float
    bound: float
    mean_minutes: float
    longest_minutes: float
    near_share: float
    unreached: tuple[str, ...]
    short_heads: tuple[str, ...]

    @property
    def cost(self) -> float:
        """Rent, wages and road of all bases, money a year."""
        return sum(base.cost for base in self.bases)

    @property
    def heads(self) -> int:
        return sum(base.heads for base in self.bases)

    @property
    def site_names(self) -> tuple[str, ...]:
        return tuple(base.name for base in self.bases)

    @property
    def gap(self) -> float:
        """Share by which the value could at most be better; infinity when nothing is known."""
        if self.value == self.bound:
            return 0.0
        if not math.isfinite(self.bound) or self.value == 0:
            return math.inf
        return abs(self.value - self.bound) / abs(self.value)


def heads_for(hours: float, planned_hours: float) -> int:
    """Whole heads for a load, at least one: an open base without anybody is no base.

    A load that fits up to rounding error needs no further head.
    """
    return max(1, math.ceil(hours / planned_hours - 1e-9))


def plan_of(problem: SitingProblem, sites: Ints, served: Ints, *, bound: float | None = None) -> SitingPlan:
    """Work out heads, money and service of opened `sites` with point i served from ``served[i]``.

    `served` is (n_points,) with -1 for "by nobody". Raises BadProblem when a point is served from a
    site that is not open or cannot reach it.
    """
    _check_served(problem, sites, served)
    loads, road = problem.load_hours(), problem.road_cost()
    bases = tuple(_base(problem, int(site), served == site, loads, road) for site in sites)
    reached = served >= 0
    minutes = np.full(len(served), np.inf)
    minutes[reached] = problem.travel_minutes[reached, served[reached]]
    visits = problem.visits
    counted = reached & (visits > 0)
    total = float(visits[counted].sum())
    near = float(visits[minutes <= problem.within_minutes].sum())
    everything = float(visits.sum())
    value = _value(problem, bases, minutes, counted, near)
    return SitingPlan(
        aim=problem.aim,
        bases=bases,
        served_from=tuple(problem.sites[site].name if site >= 0 else None for site in served),
        value=value,
        bound=(math.inf if problem.aim == "coverage" else -math.inf) if bound is None else bound,
        mean_minutes=float(visits[counted] @ minutes[counted]) / total if total else 0.0,
        longest_minutes=float(minutes[counted].max()) if counted.any() else 0.0,
        near_share=near / everything if everything else 1.0,
        unreached=tuple(
            point.name
            for point, is_reached in zip(problem.points, reached, strict=True)
            if not is_reached and point.visits_per_year > 0
        ),
        short_heads=_short(problem, bases),
    )


def _base(problem: SitingProblem, site: int, mine: NDArray[np.bool_], loads: Floats, road: Floats) -> Base:
    hours = float(loads[mine, site].sum())
    heads = heads_for(hours, problem.planned_hours)
    row = problem.sites[site]
    return Base(
        name=row.name,
        heads=heads,
        load_hours=hours,
        utilisation=hours / (heads * problem.hours_per_head_year),
        visits=float(problem.visits[mine].sum()),
        rent=row.rent_per_year,
        wages=row.wage_per_year * heads,
        road=float(road[mine, site].sum()),
    )


def _value(
    problem: SitingProblem, bases: tuple[Base, ...], minutes: Floats, counted: NDArray[np.bool_], near: float
) -> float:
    if problem.aim == "median":
        return float(problem.visits[counted] @ minutes[counted])
    if problem.aim == "centre":
        return float(minutes.max())
    if problem.aim == "coverage":
        return near
    return sum(base.cost for base in bases)


def _short(problem: SitingProblem, bases: tuple[Base, ...]) -> tuple[str, ...]:
    limits = {site.name: site.max_heads for site in problem.sites}
    short = []
    for base in bases:
        limit = limits[base.name]
        if limit is not None and base.heads > limit:
            short.append(base.name)
    return tuple(short)


def _check_served(problem: SitingProblem, sites: Ints, served: Ints) -> None:
    open_sites = {int(site) for site in sites}
    for number, site in enumerate(served):
        point = problem.points[number]
        if site >= 0 and int(site) not in open_sites:
            raise BadProblem(
                f"point {point.name}", f"is served from {problem.sites[site].name}, which is closed"
            )
        if site >= 0 and not math.isfinite(problem.travel_minutes[number, site]):
            raise BadProblem(
                f"point {point.name}", f"is served from {problem.sites[site].name}, which cannot reach it"
            )
