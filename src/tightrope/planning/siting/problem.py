"""A siting problem as people state it: places with work, cities that could hold a base, and money."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.arrays import Floats, Ints, site_set, travel_array

AIMS = ("median", "centre", "coverage", "cost")


@dataclass(frozen=True)
class Point:
    """A place where work arises: a town, a district, a customer.

    visits_per_year and work_hours (a visit, at the customer's) are zero or more; x, y in kilometres on a
    plane are needed only for pictures and for travel that is not given.
    """

    name: str
    visits_per_year: float
    work_hours: float = 1.5
    x: float = math.nan
    y: float = math.nan


@dataclass(frozen=True)
class Site:
    """A city where engineers could be based.

    Money is per year, in any one currency: rent for the base, wage (with on-cost) per head. A site that
    `must_open` is part of every answer; `is_open_today` only compares.
    """

    name: str
    rent_per_year: float = 0.0
    wage_per_year: float = 0.0
    max_heads: int | None = None
    is_open_today: bool = False
    must_open: bool = False
    x: float = math.nan
    y: float = math.nan


@dataclass(frozen=True)
class LadderWish:
    """Solve with `fewest` to `most` cities, see `ladder`."""

    most: int
    fewest: int = 1


@dataclass(frozen=True)
class StabilityWish:
    """Solve `draws` drawn demands of coefficient of variation `spread`, see `stability`."""

    draws: int = 50
    spread: float = 0.2


@dataclass(frozen=True)
class SitingProblem:
    """Where to place engineers.

    Attributes
    ----------
    travel_minutes : (n_points, n_sites) float
        One way from site to point; infinity where impossible. A visit pays it twice.
    aim : "median" | "centre" | "coverage" | "cost"
        Least travel in all; least longest travel; most visits `within_minutes`; least money a year.
    count : int or None
        Sites to open. None is possible for "cost" only: as many as pay.
    within_minutes : float
        Travel that counts as near, for "coverage" and for every report.
    hours_per_head_year : float
        Hours a head can spend on visits and travel at most, after leave, training and sickness.
    utilisation : float
        Share of those hours that may be planned, above 0 and up to 1; the rest answers peaks.
    travel_cost_per_hour : float
        Vehicle and fuel for an hour on the road, beside the wage.
    ladder : LadderWish or None
        Also solve with each of these numbers of cities.
    stability : StabilityWish or None
        Also ask whether the answer survives an error in the demand.
    """

    points: tuple[Point, ...]
    sites: tuple[Site, ...]
    travel_minutes: Floats = field(repr=False)
    aim: str = "cost"
    count: int | None = None
    within_minutes: float = 120.0
    hours_per_head_year: float = 1700.0
    utilisation: float = 0.85
    travel_cost_per_hour: float = 0.0
    ladder: LadderWish | None = None
    stability: StabilityWish | None = None

    def __post_init__(self) -> None:
        if not self.points:
            raise BadProblem("points", "there are none")
        if not self.sites:
            raise BadProblem("sites", "there are none")
        table = travel_array(self.travel_minutes)
        if table.shape != (len(self.points), len(self.sites)):
            raise BadProblem(
                "travel_minutes",
                f"{len(self.points)} points and {len(self.sites)} sites do not fit shape {table.shape}",
            )
        object.__setattr__(self, "travel_minutes", table)
        _check_names([point.name for point in self.points], "point")
        _check_names([site.name for site in self.sites], "site")
        for point in self.points:
            _zero_or_more(f"point {point.name}", "visits_per_year", point.visits_per_year)
            _zero_or_more(f"point {point.name}", "work_hours", point.work_hours)
        for site in self.sites:
            _zero_or_more(f"site {site.name}", "rent_per_year", site.rent_per_year)
            _zero_or_more(f"site {site.name}", "wage_per_year", site.wage_per_year)
            if site.max_heads is not None and site.max_heads < 0:
                raise BadProblem(f"site {site.name}", f"max_heads must be zero or more, not {site.max_heads}")
        self._check_figures()

    def _check_figures(self) -> None:
        if self.aim not in AIMS:
            raise BadProblem("aim", f"must be one of {', '.join(AIMS)}, not {self.aim!r}")
        if self.count is None and self.aim != "cost":
            raise BadProblem("count", f"the aim {self.aim!r} needs a number of sites")
        if self.count is not None and not 1 <= self.count <= len(self.sites):
            raise BadProblem(
                "count", f"between 1 and {len(self.sites)} sites can be opened, not {self.count}"
            )
        if self.count is not None and self.count < len(self.fixed):
            raise BadProblem("count", f"{len(self.fixed)} sites must open, so {self.count} are too few")
        _zero_or_more("problem", "within_minutes", self.within_minutes)
        _zero_or_more("problem", "travel_cost_per_hour", self.travel_cost_per_hour)
        if not (math.isfinite(self.hours_per_head_year) and self.hours_per_head_year > 0):
            raise BadProblem("hours_per_head_year", f"must be above zero, not {self.hours_per_head_year}")
        if not 0 < self.utilisation <= 1:
            raise BadProblem("utilisation", f"must be above 0 and at most 1, not {self.utilisation}")
        self._check_wishes()

    def _check_wishes(self) -> None:
        if self.ladder is not None and not 1 <= self.ladder.fewest <= self.ladder.most <= len(self.sites):
            raise BadProblem(
                "ladder",
                f"{self.ladder.fewest} to {self.ladder.most} is no range within 1 to {len(self.sites)} sites",
            )
        if self.stability is not None and self.stability.draws < 1:
            raise BadProblem("stability", f"draws must be one or more, not {self.stability.draws}")
        if self.stability is not None and not (
            math.isfinite(self.stability.spread) and self.stability.spread > 0
        ):
            raise BadProblem("stability", f"spread must be above zero, not {self.stability.spread}")

    @property
    def visits(self) -> Floats:
        """Visits a year, (n_points,)."""
        return np.array([point.visits_per_year for point in self.points])

    @property
    def planned_hours(self) -> float:
        """Hours of visits and travel that one head is planned for in a year."""
        return self.hours_per_head_year * self.utilisation

    @property
    def fixed(self) -> Ints:
        return np.array([number for number, site in enumerate(self.sites) if site.must_open], dtype=np.intp)

    @property
    def today(self) -> Ints:
        """Sites open today, rising; empty when nothing was said about today."""
        return np.array(
            [number for number, site in enumerate(self.sites) if site.is_open_today], dtype=np.intp
        )

    def load_hours(self) -> Floats:
        """Hours a year that serving a point wholly from a site takes, (n_points, n_sites)."""
        work = np.array([point.work_hours for point in self.points])
        visits = self.visits[:, None]
        # A point without visits costs nothing even where it cannot be reached (0 x infinity).
        with np.errstate(invalid="ignore"):
            hours = visits * (work[:, None] + self.travel_minutes / 30.0)
        return np.where(visits == 0, 0.0, hours)

    def road_cost(self) -> Floats:
        """Money a year on the road when a point is served wholly from a site, (n_points, n_sites)."""
        visits = self.visits[:, None]
        with np.errstate(invalid="ignore"):
            cost = visits * self.travel_minutes / 30.0 * self.travel_cost_per_hour
        return np.where((visits == 0) | (self.travel_cost_per_hour == 0), 0.0, cost)

    def with_visits(self, visits: Floats) -> SitingProblem:
        """The same problem with other demand, (n_points,)."""
        points = tuple(
            replace(point, visits_per_year=float(count))
            for point, count in zip(self.points, visits, strict=True)
        )
        return replace(self, points=points)

    def site_numbers(self, names: list[str]) -> Ints:
        """Numbers of the sites called `names`. Raises BadProblem for an unknown name."""
        known = {site.name: number for number, site in enumerate(self.sites)}
        for name in names:
            if name not in known:
                raise BadProblem(f"site {name}", "is not among the sites of the problem")
        return site_set([known[name] for name in names], n_sites=len(self.sites), where="sites")


def _check_names(names: list[str], kind: str) -> None:
    seen: set[str] = set()
    for name in names:
        if not name:
            raise BadProblem(kind, "a name is missing")
        if name in seen:
            raise BadProblem(f"{kind} {name}", "the name is used twice")
        seen.add(name)


def _zero_or_more(where: str, what: str, value: float) -> None:
    if not math.isfinite(value) or value < 0:
        raise BadProblem(where, f"{what} must be zero or more, not {value}")
