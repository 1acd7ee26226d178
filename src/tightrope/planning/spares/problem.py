"""The stock question as plain rows: parts, places, their demand, and what is kept today.

JSON (``kind`` = "spares"; unknown fields are refused)::

    {"kind": "spares", "target_fill_rate": 0.95, "method": "vari-metric",
     "locations": [{"name": "HQ", "is_depot": true}, {"name": "Wuhan"}],
     "parts":     [{"name": "pump", "unit_cost": 840.0, "variance_ratio": 1.3}],
     "lines":     [{"part": "pump", "location": "HQ", "lead_days": 45, "stock": 6},
                   {"part": "pump", "location": "Wuhan", "demand_per_day": 0.04, "lead_days": 3,
                    "stock": 2, "at_least": 1, "at_most": 9}],
     "pools": [...], "faults": [...]}
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, whole, word
from tightrope.planning.spares.choice import Fault, fault_from_json, fault_to_json
from tightrope.planning.spares.echelons import Method
from tightrope.planning.spares.pool_problem import PoolProblem, pool_from_json, pool_to_json


@dataclass(frozen=True, slots=True)
class Location:
    """A place that keeps stock; at most one is the depot that replenishes the others."""

    name: str
    is_depot: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """``unit_cost`` in any one currency; ``variance_ratio`` = variance / mean of demand, 1 or more."""

    name: str
    unit_cost: float
    variance_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One part at one location.

    ``lead_days`` from the depot where the part has one, otherwise from the supplier; for the depot's
    line from the supplier or its repair shop. ``stock`` is today's level.
    """

    part: str
    location: str
    demand_per_day: float
    lead_days: float
    stock: int = 0
    at_least: int = 0
    at_most: int | None = None
    repaired_share: float = 0.0
    repair_days: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """(part, location)."""
        return (self.part, self.location)


@dataclass(frozen=True, slots=True)
class Problem:
    """Which stock levels reach ``target_fill_rate`` of all demand at least cost?

    ``pools`` and ``faults`` ask for loaner pools and for the cheapest way to help; both may be empty,
    and so may the lines.
    """

    locations: tuple[Location, ...] = ()
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()
    target_fill_rate: float = 0.95
    method: Method = "vari-metric"
    pools: tuple[PoolProblem, ...] = ()
    faults: tuple[Fault, ...] = ()
    costs: dict[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.target_fill_rate) and 0 < self.target_fill_rate < 1):
            raise BadProblem("target fill rate", f"must lie between 0 and 1, not {self.target_fill_rate}")
        if self.method not in ("metric", "vari-metric", "exact"):
            raise BadProblem("method", f"{self.method!r} is not known; choose metric, vari-metric or exact")
        if not (self.lines or self.pools or self.faults):
            raise BadProblem("spares", "there are no lines, no pools and no faults: nothing is asked")
        self._check_names()
        parts, places = {part.name for part in self.parts}, {place.name for place in self.locations}
        for line in self.lines:
            where = f"{line.part} at {line.location}"
            if line.part not in parts:
                raise BadProblem(where, "there is no such part")
            if line.location not in places:
                raise BadProblem(where, "there is no such location")
            self._check_line(line, where)
        if self.lines and not any(line.demand_per_day > 0 for line in self.lines):
            raise BadProblem("lines", "no line has any demand")
        object.__setattr__(self, "costs", {part.name: part.unit_cost for part in self.parts})

    @property
    def depot(self) -> str | None:
        """Name of the depot, if there is one."""
        return next((place.name for place in self.locations if place.is_depot), None)

    def _check_names(self) -> None:
        for kind, names in (
            ("part", [part.name for part in self.parts]),
            ("location", [place.name for place in self.locations]),
            ("line", [f"{line.part} at {line.location}" for line in self.lines]),
            ("pool", [pool.name for pool in self.pools]),
            ("fault", [fault.name for fault in self.faults]),
        ):
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise BadProblem(f"{kind} {name}", "it is named twice")
                seen.add(name)
        if sum(place.is_depot for place in self.locations) > 1:
            raise BadProblem("locations", "only one can be the depot")
        for part in self.parts:
            if not (math.isfinite(part.unit_cost) and part.unit_cost > 0):
                raise BadProblem(
                    f"part {part.name}", f"its unit cost must be above zero, not {part.unit_cost}"
                )
            if not (math.isfinite(part.variance_ratio) and part.variance_ratio >= 1):
                raise BadProblem(f"part {part.name}", f"variance ratio {part.variance_ratio} is below 1")

    def _check_line(self, line: Line, where: str) -> None:
        for name, value in (
            ("demand", line.demand_per_day),
            ("lead time", line.lead_days),
            ("repair time", line.repair_days),
        ):
            if not (math.isfinite(value) and value >= 0):
                raise BadProblem(where, f"its {name} cannot be {value}")
        if not 0 <= line.repaired_share <= 1:
            raise BadProblem(where, f"its repaired share cannot be {line.repaired_share}")
        if line.stock < 0 or line.at_least < 0:
            raise BadProblem(where, "its stock levels must not be negative")
        if line.at_most is not None and line.at_most < line.at_least:
            raise BadProblem(where, f"at most {line.at_most} is below at least {line.at_least}")
        if line.location == self.depot and line.demand_per_day > 0:
            raise BadProblem(
                where, "the depot serves bases only; give its own customers a base with a lead time of 0 days"
            )


def from_json(given: dict[str, Any]) -> Problem:
    """Read a spares problem; raises BadProblem that says which row is wrong and why."""
    top = row(given, "spares problem")
    known = {"kind", "target_fill_rate", "method", "locations", "parts", "lines", "pools", "faults", "note"}
    only(top, known, "spares problem")
    if top.get("kind", "spares") != "spares":
        raise BadProblem("kind", f"{top['kind']!r} is not a spares problem")
    return Problem(
        locations=tuple(_location(one, i) for i, one in enumerate(rows(top, "locations", "spares problem"))),
        parts=tuple(_part(one, i) for i, one in enumerate(rows(top, "parts", "spares problem"))),
        lines=tuple(_line(one, i) for i, one in enumerate(rows(top, "lines", "spares problem"))),
        target_fill_rate=number(top, "target_fill_rate", "spares problem", high=1, default=0.95),
        method=word(top, "method", "spares problem", "vari-metric"),  # type: ignore[arg-type]
        pools=tuple(pool_from_json(one) for one in rows(top, "pools", "spares problem")),
        faults=tuple(fault_from_json(one) for one in rows(top, "faults", "spares problem")),
    )


def _location(one: Row, i: int) -> Location:
    name = word(one, "name", f"location {i}")
    only(one, {"name", "is_depot"}, f"location {name}")
    depot = one.get("is_depot", False)
    if not isinstance(depot, bool):
        raise BadProblem(f"location {name}", "is_depot must be true or false")
    return Location(name, depot)


def _part(one: Row, i: int) -> Part:
    name = word(one, "name", f"part {i}")
    where = f"part {name}"
    only(one, {"name", "unit_cost", "variance_ratio"}, where)
    return Part(name, number(one, "unit_cost", where), number(one, "variance_ratio", where, low=1, default=1))


def _line(one: Row, i: int) -> Line:
    part, location = word(one, "part", f"line {i}"), word(one, "location", f"line {i}")
    where = f"{part} at {location}"
    known = {
        "part",
        "location",
        "demand_per_day",
        "lead_days",
        "stock",
        "at_least",
        "at_most",
        "repaired_share",
        "repair_days",
    }
    only(one, known, where)
    return Line(
        part=part,
        location=location,
        demand_per_day=number(one, "demand_per_day", where, default=0),
        lead_days=number(one, "lead_days", where),
        stock=whole(one, "stock", where, default=0),
        at_least=whole(one, "at_least", where, default=0),
        at_most=whole(one, "at_most", where) if one.get("at_most") is not None else None,
        repaired_share=number(one, "repaired_share", where, high=1, default=0),
        repair_days=number(one, "repair_days", where, default=0),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as JSON that :func:`from_json` reads back to an equal problem."""
    return {
        "kind": "spares",
        "target_fill_rate": problem.target_fill_rate,
        "method": problem.method,
        "locations": [{"name": one.name, "is_depot": one.is_depot} for one in problem.locations],
        "parts": [
            {"name": one.name, "unit_cost": one.unit_cost, "variance_ratio": one.variance_ratio}
            for one in problem.parts
        ],
        "lines": [
            {
                "part": line.part,
                "location": line.location,
                "demand_per_day": line.demand_per_day,
                "lead_days": line.lead_days,
                "stock": line.stock,
                "at_least": line.at_least,
                "at_most": line.at_most,
                "repaired_share": line.repaired_share,
                "repair_days": line.repair_days,
            }
            for line in problem.lines
        ],
        "pools": [pool_to_json(pool) for pool in problem.pools],
        "faults": [fault_to_json(fault) for fault in problem.faults],
    }
