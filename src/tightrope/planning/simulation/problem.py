"""The company as the twin lives it: cities, machines, people, parts, promises and money.

Times are hours, one way where it is travel, unless the name says otherwise; money is in any one currency.
A share lies between 0 and 1. ``spread`` is a coefficient of variation: 0 always the same, 1 exponential.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.hours import Hours

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """Somebody arrives, or the machine works again, within `response_hours` of service, for `share` of cases.

    The desk answers within `desk_minutes`.
    """

    response_hours: float = 8.0
    share: float = 0.9
    desk_minutes: float = 5.0


@dataclass(frozen=True)
class City:
    """A city with customers, and what a base and an engineer cost there a year."""

    name: str
    customers: int = 1
    local_travel: float = 0.0
    rent_per_year: float = 0.0
    wage_per_year: float = 0.0
    x: float = math.nan
    y: float = math.nan


@dataclass(frozen=True)
class Model:
    """A kind of machine: how often it fails and what helps.

    Shares are of failures: `solved_at_desk` end there, `to_second_line` are taken by an expert, the rest
    needs a visit. Of visits `needs_part` wait for one of `parts` (name to weight), and `comes_again` need a
    second one. `urgency` above 1 shortens the due time that the dispatcher goes by.
    """

    name: str
    failures_per_year: float
    skill: str = "general"
    work_hours: float = 1.5
    spread: float = 0.6
    solved_at_desk: float = 0.0
    to_second_line: float = 0.0
    needs_part: float = 0.0
    comes_again: float = 0.0
    urgency: float = 1.0
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Engineer:
    """Someone in the field; `speed` above 1 works faster. `customer` ties to that one of the city's only."""

    name: str
    city: str
    skills: frozenset[str] = frozenset({"general"})
    speed: float = 1.0
    customer: int | None = None


@dataclass(frozen=True)
class DeskShift:
    """`people` at the desk from `opens` to `closes` on `days`."""

    people: int
    opens: float = 8.0
    closes: float = 18.0
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Desk:
    """First line. Without shifts a report reaches the field at once."""

    shifts: tuple[DeskShift, ...] = ()
    work_minutes: float = 10.0
    spread: float = 1.0
    wage_per_hour: float = 0.0


@dataclass(frozen=True)
class SecondLine:
    """Experts by the city they sit in; each case goes to the nearest. `on_site` must be travelled to."""

    experts: Mapping[str, int] = field(default_factory=dict)
    work_hours: float = 3.0
    spread: float = 1.0
    on_site: float = 0.3
    wage_per_year: float = 0.0


@dataclass(frozen=True)
class Part:
    """Stock in cities is refilled from the depot one for one, the depot by the supplier.

    `depot_stock` None: the depot always has it.
    """

    name: str
    unit_cost: float = 0.0
    city_lead_days: float = 1.0
    supplier_lead_days: float = 14.0
    depot_stock: int | None = None
    city_stock: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaners:
    """One pool: `share` of the cases that need a visit get a loaner if one is there at that moment."""

    size: int = 0
    share: float = 1.0
    delivery_hours: float = 4.0
    return_days: float = 3.0
    price: float = 0.0


@dataclass(frozen=True)
class Money:
    """Costs beside wages and rents.

    `holding_share` of the price of parts and loaners a year, also for a `standby_price` machine beside
    every machine (the extreme); `late_cost` a missed promise, `down_cost_per_hour` of a customer's machine.
    """

    road_per_hour: float = 0.0
    overtime_per_hour: float = 0.0
    holding_share: float = 0.2
    late_cost: float = 0.0
    down_cost_per_hour: float = 0.0
    standby_price: float = 0.0


@dataclass(frozen=True)
class Company:
    """All of it. `machines` maps city to model to number; `travel` (n_cities, n_cities) in hours.

    `profile`, 168 weights, says when customers report through the week; None: evenly in service hours.
    `absent` is the share of days on which an engineer is away; `reach` how far from home engineers are
    sent; `nearness` how many hours of due time an hour of travel outweighs when the next visit is chosen.
    """

    cities: tuple[City, ...]
    models: tuple[Model, ...]
    machines: Mapping[str, Mapping[str, int]]
    engineers: tuple[Engineer, ...]
    travel: Floats
    hours: Hours = field(default_factory=Hours)
    promise: Promise = field(default_factory=Promise)
    desk: Desk = field(default_factory=Desk)
    second_line: SecondLine = field(default_factory=SecondLine)
    parts: tuple[Part, ...] = ()
    loaners: Loaners = field(default_factory=Loaners)
    money: Money = field(default_factory=Money)
    profile: Floats | None = None
    absent: float = 0.0
    overtime_hours: float = 1.0
    reach: float = math.inf
    nearness: float = 3.0
    growth: float = 1.0

    def __post_init__(self) -> None:
        _check_rows(self)
        _check_names(self)
        _check_links(self)
        n = len(self.cities)
        if self.travel.shape != (n, n):
            raise BadProblem("travel", f"must be {n} by {n} hours, not {self.travel.shape}")
        for row, city in zip(self.travel, self.cities, strict=True):
            if not (np.isfinite(row).all() and (row >= 0).all()):
                raise BadProblem(f"travel from {city.name}", "must be finite hours of zero or more")
        if self.profile is not None and (
            self.profile.shape != (168,)
            or not (self.profile >= 0).all()
            or not 0 < self.profile.sum() < math.inf
        ):
            raise BadProblem("profile", "must be 168 weights of zero or more, not all zero")

    @property
    def failures_per_year(self) -> float:
        """Expected of the whole base."""
        rates = {model.name: model.failures_per_year for model in self.models}
        return self.growth * sum(
            number * rates[name] for base in self.machines.values() for name, number in base.items()
        )

    @property
    def installed(self) -> float:
        """Machines in the field."""
        return self.growth * sum(sum(base.values()) for base in self.machines.values())

    def heads_by_city(self) -> dict[str, int]:
        """Engineers in each city that has any."""
        heads: dict[str, int] = {}
        for engineer in self.engineers:
            heads[engineer.city] = heads.get(engineer.city, 0) + 1
        return heads


SHARES = {"share", "solved_at_desk", "to_second_line", "needs_part", "comes_again", "on_site", "absent"}
ABOVE_ZERO = {"response_hours", "speed", "urgency", "growth", "work_minutes"}
FREE = {"x", "y", "reach", "customer"}


def _check_rows(company: Company) -> None:
    rows: list[tuple[str, object]] = [
        ("company", company),
        ("promise", company.promise),
        ("desk", company.desk),
        ("second line", company.second_line),
        ("loaners", company.loaners),
        ("money", company.money),
        *((f"city {row.name}", row) for row in company.cities),
        *((f"model {row.name}", row) for row in company.models),
        *((f"engineer {row.name}", row) for row in company.engineers),
        *((f"part {row.name}", row) for row in company.parts),
        *(("desk shift", row) for row in company.desk.shifts),
    ]
    for where, row in rows:
        for each in fields(row):  # type: ignore[arg-type]
            value = getattr(row, each.name)
            if each.name in FREE or isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if not math.isfinite(value) or value < 0:
                raise BadProblem(where, f"{each.name} must be zero or more, not {value}")
            if each.name in SHARES and value > 1:
                raise BadProblem(where, f"{each.name} must be at most 1, not {value}")
            if each.name in ABOVE_ZERO and value == 0:
                raise BadProblem(where, f"{each.name} must be above zero")
    if math.isnan(company.reach) or company.reach < 0:
        raise BadProblem("company", f"reach must be zero or more, not {company.reach}")


def _check_names(company: Company) -> None:
    for kind, names in (
        ("city", [row.name for row in company.cities]),
        ("model", [row.name for row in company.models]),
        ("engineer", [row.name for row in company.engineers]),
        ("part", [row.name for row in company.parts]),
    ):
        if kind in ("city", "model") and not names:
            raise BadProblem(kind, "there is none")
        for name in names:
            if names.count(name) > 1:
                raise BadProblem(f"{kind} {name}", "is named twice")


def _check_links(company: Company) -> None:
    cities = {row.name for row in company.cities}
    models = {row.name for row in company.models}
    parts = {row.name for row in company.parts}
    for engineer in company.engineers:
        if engineer.city not in cities:
            raise BadProblem(f"engineer {engineer.name}", f"there is no city {engineer.city}")
    for city, base in company.machines.items():
        if city not in cities:
            raise BadProblem(f"machines in {city}", "there is no such city")
        for model, number in base.items():
            if model not in models:
                raise BadProblem(f"machines in {city}", f"there is no model {model}")
            if number < 0:
                raise BadProblem(f"machines in {city}", f"{number} of {model} is no number of machines")
    for model_row in company.models:
        for part, weight in model_row.parts.items():
            if part not in parts:
                raise BadProblem(f"model {model_row.name}", f"there is no part {part}")
            if not (math.isfinite(weight) and weight >= 0):
                raise BadProblem(f"model {model_row.name}", f"the weight of {part} must be zero or more")
        if model_row.needs_part > 0 and not any(weight > 0 for weight in model_row.parts.values()):
            raise BadProblem(f"model {model_row.name}", "needs parts, but names none")
        if model_row.solved_at_desk + model_row.to_second_line > 1:
            raise BadProblem(f"model {model_row.name}", "more than all are solved before a visit")
        if model_row.to_second_line > 0 and not any(company.second_line.experts.values()):
            raise BadProblem(f"model {model_row.name}", "goes to a second line that has no experts")
    for where, named in (
        ("second line", company.second_line.experts),
        *((f"part {row.name}", row.city_stock) for row in company.parts),
    ):
        for city, number in named.items():
            if city not in cities:
                raise BadProblem(where, f"there is no city {city}")
            if number < 0:
                raise BadProblem(where, f"{number} in {city} must be zero or more")
    for shift in company.desk.shifts:
        Hours(shift.opens, shift.closes, shift.days)
