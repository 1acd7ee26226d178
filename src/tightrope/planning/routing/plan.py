"""A plan: who does what when, who was left out and why, and what it is worth."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import finite

Kind = Literal["visit", "store", "lunch"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that takes place on a route: arrival, start and end of work in the problem's unit of time."""

    kind: Kind
    name: str
    place: int
    arrives: float
    starts: float
    ends: float


@dataclass(frozen=True, slots=True)
class Route:
    """One engineer's day, from leaving the start place to reaching the end place."""

    engineer: str
    starts: float
    stops: tuple[Stop, ...]
    ends: float

    @property
    def visits(self) -> tuple[str, ...]:
        """Names of the visits, in order."""
        return tuple(stop.name for stop in self.stops if stop.kind == "visit")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit that is not served, the rule that excludes it ("no_room" when none does alone), and words."""

    visit: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a plan costs, in parts; ``total`` is minimised. Mandatory visits left out are counted, not priced."""

    left_out: float = 0.0
    travel: float = 0.0
    time: float = 0.0
    fixed: float = 0.0
    overtime: float = 0.0
    unfairness: float = 0.0
    must_left_out: int = 0

    @property
    def total(self) -> float:
        """Sum of the costs."""
        return self.left_out + self.travel + self.time + self.fixed + self.overtime + self.unfairness


@dataclass(frozen=True)
class Plan:
    """Routes of the engineers who have work, the visits left out, and how the plan came about."""

    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...] = ()
    value: Value = field(default_factory=Value)
    engine: str = ""
    cpu_seconds: float = 0.0
    steps: int = 0

    @cached_property
    def engineers_of(self) -> dict[str, tuple[str, ...]]:
        """Names of the engineers of each visit that is served."""
        found: dict[str, tuple[str, ...]] = {}
        for route in self.routes:
            for visit in route.visits:
                found[visit] = (*found.get(visit, ()), route.engineer)
        return found

    def route_of(self, engineer: str) -> Route | None:
        """The engineer's route, None on a day without work."""
        return next((route for route in self.routes if route.engineer == engineer), None)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain lists and mappings, with the total beside the parts of its value."""
    document = asdict(plan)
    document["value"]["total"] = plan.value.total
    return document


def plan_from_json(document: dict[str, Any]) -> Plan:
    """Read what `plan_to_json` wrote. Raises BadProblem where a key is missing or of the wrong kind."""
    try:
        routes = tuple(
            Route(
                engineer=str(route["engineer"]),
                starts=float(route["starts"]),
                stops=tuple(_stop(stop) for stop in route["stops"]),
                ends=float(route["ends"]),
            )
            for route in document["routes"]
        )
        left_out = tuple(
            LeftOut(**{name: str(text) for name, text in each.items()})
            for each in document.get("left_out", ())
        )
        return Plan(
            routes=routes,
            left_out=left_out,
            value=_value(document.get("value", {})),
            engine=str(document.get("engine", "")),
            cpu_seconds=float(document.get("cpu_seconds", 0.0)),
            steps=int(document.get("steps", 0)),
        )
    except KeyError as missing:
        raise BadProblem("plan", f"has no {missing.args[0]!r}") from missing
    except BadProblem:
        raise
    except (AttributeError, TypeError, ValueError, OverflowError) as wrong:
        raise BadProblem("plan", str(wrong)) from wrong


def _value(document: dict[str, Any]) -> Value:
    parts = {name: finite(given, "plan, value", f"{name} ") for name, given in document.items()}
    total = parts.pop("total", None)
    must = int(parts.pop("must_left_out", 0))
    value = Value(must_left_out=must, **parts)
    if total is not None and abs(total - value.total) > 1e-6 * (1.0 + abs(total)):
        raise BadProblem("plan, value", f"total is {total:g}, its parts add up to {value.total:g}")
    return value


def _stop(document: dict[str, Any]) -> Stop:
    kind = document["kind"]
    if kind not in ("visit", "store", "lunch"):
        raise BadProblem(f"stop {document.get('name', '')}", f"is of unknown kind {kind!r}")
    return Stop(
        kind=kind,
        name=str(document["name"]),
        place=int(document["place"]),
        arrives=float(document["arrives"]),
        starts=float(document["starts"]),
        ends=float(document["ends"]),
    )
