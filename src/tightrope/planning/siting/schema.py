"""Siting problems and plans as JSON, for the command line and for other programs.

Problem::

    {"kind": "siting", "aim": "cost", "count": 4,
     "points": [{"name": "Wuhan", "visits_per_year": 820, "work_hours": 1.5, "x": 114, "y": 30}],
     "sites": [{"name": "Wuhan", "rent_per_year": 90000, "wage_per_year": 140000, "max_heads": 12,
                "is_open_today": true, "must_open": false, "x": 114, "y": 30}],
     "travel_minutes": [[0]],
     "within_minutes": 120, "hours_per_head_year": 1700, "utilisation": 0.85,
     "travel_cost_per_hour": 45}

``travel_minutes`` has a row for each point and a column for each site, null where impossible. Instead of
it ``speed_kmh`` (and ``detour``, road over straight line, 1.3 when missing) makes it from x and y in
kilometres. Only ``points``, ``sites``, their names and travel are needed; the rest has defaults.
``"ladder": {"fewest": 1, "most": 8}`` also solves with each number of cities, ``"stability": {"draws": 50,
"spread": 0.2}`` with drawn demands.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import finite
from tightrope.planning.siting.arrays import Floats
from tightrope.planning.siting.plan import Base, SitingPlan
from tightrope.planning.siting.problem import LadderWish, Point, Site, SitingProblem, StabilityWish

_PROBLEM_KEYS = {field.name for field in dataclasses.fields(SitingProblem)}
_ROAD_KEYS = {"kind", "speed_kmh", "detour"}


def from_json(facts: dict[str, Any]) -> SitingProblem:
    """The problem that `facts` describe. Raises BadProblem naming the entry that is wrong."""
    if not isinstance(facts, dict):
        raise BadProblem("problem", "must be an object")
    unknown = set(facts) - _PROBLEM_KEYS - _ROAD_KEYS
    if unknown:
        raise BadProblem("problem", f"does not know {', '.join(sorted(unknown))}")
    points = tuple(_row(Point, row, f"point {number}") for number, row in enumerate(_rows(facts, "points")))
    sites = tuple(_row(Site, row, f"site {number}") for number, row in enumerate(_rows(facts, "sites")))
    given = {
        key: facts[key]
        for key in _PROBLEM_KEYS & set(facts)
        if key not in ("points", "sites", "travel_minutes")
    }
    for key, value in given.items():
        if key == "aim":
            continue
        if key in ("ladder", "stability"):
            given[key] = None if value is None else _wish(key, value)
            continue
        if key == "count":
            given[key] = None if value is None else _whole(value, "count")
        else:
            given[key] = finite(value, key)
    return SitingProblem(points=points, sites=sites, travel_minutes=_travel(facts, points, sites), **given)


def to_json(problem: SitingProblem) -> dict[str, Any]:
    """`problem` as `from_json` reads it."""
    return {
        "kind": "siting",
        **{
            field.name: getattr(problem, field.name)
            for field in dataclasses.fields(problem)
            if field.name not in ("points", "sites", "travel_minutes", "ladder", "stability")
        },
        **({"ladder": dataclasses.asdict(problem.ladder)} if problem.ladder else {}),
        **({"stability": dataclasses.asdict(problem.stability)} if problem.stability else {}),
        "points": [_bare(point) for point in problem.points],
        "sites": [_bare(site) for site in problem.sites],
        "travel_minutes": [
            [float(value) if math.isfinite(value) else None for value in row]
            for row in problem.travel_minutes
        ],
    }


def sites_to_json(plan: SitingPlan) -> dict[str, Any]:
    """`plan` with its totals; a bound that is not known is null."""
    return {
        "kind": "siting",
        "aim": plan.aim,
        "bases": [{**dataclasses.asdict(base), "cost": base.cost} for base in plan.bases],
        "served_from": list(plan.served_from),
        "value": plan.value if math.isfinite(plan.value) else None,
        "bound": plan.bound if math.isfinite(plan.bound) else None,
        "cost": plan.cost,
        "heads": plan.heads,
        "mean_minutes": plan.mean_minutes,
        "longest_minutes": plan.longest_minutes,
        "near_share": plan.near_share,
        "unreached": list(plan.unreached),
        "short_heads": list(plan.short_heads),
    }


def plan_from_json(facts: Mapping[str, Any]) -> SitingPlan:
    """A plan made elsewhere, for `check`. Raises BadProblem for missing or malformed entries."""
    try:
        aim = str(facts["aim"])
        bases = tuple(
            Base(
                name=str(row["name"]),
                heads=int(row["heads"]),
                **{key: float(row[key]) for key in _BASE_FIGURES},
            )
            for row in facts["bases"]
        )
        no_bound = math.inf if aim == "coverage" else -math.inf
        return SitingPlan(
            aim=aim,
            bases=bases,
            served_from=tuple(None if name is None else str(name) for name in facts["served_from"]),
            value=math.inf if facts["value"] is None else float(facts["value"]),
            bound=no_bound if facts.get("bound") is None else float(facts["bound"]),
            mean_minutes=float(facts["mean_minutes"]),
            longest_minutes=float(facts["longest_minutes"]),
            near_share=float(facts["near_share"]),
            unreached=tuple(str(name) for name in facts.get("unreached", ())),
            short_heads=tuple(str(name) for name in facts.get("short_heads", ())),
        )
    except KeyError as error:
        raise BadProblem("plan", f"{error.args[0]} is missing") from error
    except (TypeError, ValueError) as error:
        raise BadProblem("plan", f"cannot be read: {error}") from error


_BASE_FIGURES = ("load_hours", "utilisation", "visits", "rent", "wages", "road")


def _wish(key: str, value: Any) -> LadderWish | StabilityWish:
    known = {"ladder": ("fewest", "most"), "stability": ("draws", "spread")}[key]
    if not isinstance(value, dict) or set(value) - set(known):
        raise BadProblem(key, f"must be an object with {' and '.join(known)}")
    if key == "stability":
        usual = StabilityWish()
        return StabilityWish(
            draws=_whole(value.get("draws", usual.draws), "stability: draws"),
            spread=finite(value.get("spread", usual.spread), "stability: spread"),
        )
    if "most" not in value:
        raise BadProblem("ladder", "needs the greatest number of cities, most")
    return LadderWish(**{name: _whole(number, f"ladder: {name}") for name, number in value.items()})


def _rows(facts: dict[str, Any], key: str) -> list[Any]:
    rows = facts.get(key)
    if not isinstance(rows, list) or not rows:
        raise BadProblem(key, "must be a list with at least one entry")
    return rows


def _row(kind: Any, row: Any, where: str) -> Any:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise BadProblem(where, "must be an object with a name")
    known = {field.name: field for field in dataclasses.fields(kind)}
    unknown = set(row) - set(known)
    if unknown:
        raise BadProblem(f"{where} {row['name']}", f"does not know {', '.join(sorted(unknown))}")
    for name, field in known.items():
        if row.get(name) is None and field.default is dataclasses.MISSING:
            raise BadProblem(f"{where} {row['name']}", f"{name} is missing")
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key == "name":
            values[key] = value
        elif key.startswith(("is_", "must_")):
            if not isinstance(value, bool):
                raise BadProblem(f"{where} {row['name']}", f"{key} must be true or false, not {value!r}")
            values[key] = value
        elif key == "max_heads":
            values[key] = None if value is None else _whole(value, f"{where} {row['name']}: {key}")
        elif value is not None:
            values[key] = finite(value, f"{where} {row['name']}: {key}")
    return kind(**values)


def _travel(facts: dict[str, Any], points: tuple[Point, ...], sites: tuple[Site, ...]) -> Floats:
    if "travel_minutes" in facts:
        rows = facts["travel_minutes"]
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise BadProblem("travel_minutes", "must be a list of rows")
        filled = [[math.inf if value is None else value for value in row] for row in rows]
        try:
            return np.array(filled, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise BadProblem("travel_minutes", "must be numbers in rows of equal length") from error
    speed = finite(facts.get("speed_kmh"), "speed_kmh") if "speed_kmh" in facts else 0.0
    detour = finite(facts.get("detour", 1.3), "detour")
    if speed <= 0 or detour < 1:
        raise BadProblem(
            "travel_minutes", "is missing, and there is no speed_kmh > 0 and detour >= 1 instead"
        )
    places: list[Point | Site] = [*points, *sites]
    for row in places:
        if not (math.isfinite(row.x) and math.isfinite(row.y)):
            raise BadProblem(row.name, "needs x and y, because travel is made from them")
    across = np.array([[point.x - site.x for site in sites] for point in points])
    along = np.array([[point.y - site.y for site in sites] for point in points])
    minutes: Floats = np.hypot(across, along) * detour / speed * 60.0
    return minutes


def _bare(row: Point | Site) -> dict[str, Any]:
    return {
        key: value
        for key, value in dataclasses.asdict(row).items()
        if not (isinstance(value, float) and math.isnan(value))
    }


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadProblem(where, f"must be a whole number, not {value!r}")
    return value
