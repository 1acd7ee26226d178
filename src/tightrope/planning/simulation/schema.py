"""The twin's problem as JSON; see `docs/planning/simulate.md` for every field.

Problem::

    {"kind": "simulate", "runs": 200, "confidence": 0.9,
     "window": {"days": 91, "warm_up_days": 14, "after_days": 14},
     "cities": [{"name": "Wuhan", "customers": 80, "local_travel": 0.6, "rent_per_year": 90000,
                 "wage_per_year": 140000, "x": 0, "y": 0}],
     "travel": [[0]],                     hours; or "speed_kmh" (and "detour") with x, y in kilometres
     "models": [{"name": "X200", "failures_per_year": 1.2, "skill": "laser", "work_hours": 2}],
     "machines": {"Wuhan": {"X200": 300}},
     "engineers": [{"name": "Wu", "city": "Wuhan", "skills": ["laser"]}],
     "hours": {"opens": 8, "closes": 18, "days": [0, 1, 2, 3, 4]},
     "promise": {"response_hours": 8, "share": 0.9},
     "desk": {"shifts": [{"people": 2}], "work_minutes": 12}, "second_line": {"experts": {"Wuhan": 2}},
     "parts": [...], "loaners": {...}, "money": {...},
     "records": "cases.csv", "installed": "installed.csv", "starts": "2023-10-02", "until": "2026-10-01",
     "back_test": {"days": 91},
     "scenarios": {"one more in Wuhan": {"engineers": {"Wuhan": 2}}},
     "frontier": {"runs": 12, "points": 10},
     "growth": {"monthly": 0.02, "months": 24, "every": 3, "hiring_months": 5}}
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import finite
from tightrope.planning.simulation.backtest import BackTestWish
from tightrope.planning.simulation.figures import Window
from tightrope.planning.simulation.fit import History, records_from_rows
from tightrope.planning.simulation.frontier import FrontierWish
from tightrope.planning.simulation.growth import GrowthWish
from tightrope.planning.simulation.hours import Hours
from tightrope.planning.simulation.problem import (
    City,
    Company,
    Desk,
    DeskShift,
    Engineer,
    Floats,
    Loaners,
    Model,
    Money,
    Part,
    Promise,
    SecondLine,
)
from tightrope.planning.simulation.scenario import Change, changed

ROAD = ("speed_kmh", "detour")
LISTS = {"cities": City, "models": Model, "engineers": Engineer, "parts": Part}
SINGLE = {
    "promise": Promise,
    "second_line": SecondLine,
    "loaners": Loaners,
    "money": Money,
    "hours": Hours,
}
PLAIN = ("absent", "overtime_hours", "reach", "nearness", "growth_so_far")
ASKED = ("kind", "note", "runs", "confidence", "window", "scenarios", "frontier", "growth", "back_test")
KNOWN = ("records", "installed", "starts", "until")


@dataclass(frozen=True)
class Problem:
    """A company, how exactly to live it, and what else is asked."""

    company: Company
    runs: int = 100
    confidence: float = 0.9
    window: Window = field(default_factory=Window)
    scenarios: Mapping[str, Change] = field(default_factory=dict)
    frontier: FrontierWish | None = None
    growth: GrowthWish | None = None
    history: History | None = None
    back_test: BackTestWish | None = None

    def __post_init__(self) -> None:
        if self.runs < 2:
            raise BadProblem("runs", f"an interval needs 2 or more, not {self.runs}")
        if not 0 < self.confidence < 1:
            raise BadProblem("confidence", f"must lie between 0 and 1, not {self.confidence}")
        if self.window.days < 1 or self.window.warm_up_days < 0 or self.window.after_days < 0:
            raise BadProblem("window", "must have a day or more, and warm up and end for zero or more")
        if self.back_test is not None and self.history is None:
            raise BadProblem("back_test", "needs records, installed, starts and until")
        for name, change in self.scenarios.items():
            try:
                changed(self.company, change)
            except BadProblem as bad:
                raise BadProblem(f"scenario {name}, {bad.where}", bad.why) from bad


def from_json(document: Mapping[str, Any]) -> Problem:
    """The problem in a document. Raises BadProblem that names the row and field at fault."""
    top = _object(document, "simulate problem")
    _only(
        top,
        {*ASKED, *KNOWN, *LISTS, *SINGLE, *PLAIN, *ROAD, "desk", "machines", "travel", "profile"},
        "simulate problem",
    )
    if top.get("kind", "simulate") != "simulate":
        raise BadProblem("kind", f"{top['kind']!r} is not a simulate problem")
    given: dict[str, Any] = {}
    for key, kind in LISTS.items():
        given[key] = tuple(_row(kind, one, key, i) for i, one in enumerate(_list(top, key)))
    for key, single in SINGLE.items():
        if top.get(key) is not None:
            given[key] = _row(single, top[key], key)
    if top.get("desk") is not None:
        given["desk"] = _desk(_object(top["desk"], "desk"))
    for key in PLAIN:
        if top.get(key) is not None:
            given["growth" if key == "growth_so_far" else key] = finite(top[key], key)
    if top.get("profile") is not None:
        given["profile"] = np.array([finite(x, f"profile {i}") for i, x in enumerate(_list(top, "profile"))])
    company = Company(**given, machines=_machines(top), travel=_travel(top, given["cities"]))
    scenarios = _object(top.get("scenarios") or {}, "scenarios")
    return Problem(
        company=company,
        runs=_whole(top.get("runs", 100), "runs"),
        confidence=finite(top.get("confidence", 0.9), "confidence"),
        window=_row(Window, top.get("window") or {}, "window"),
        scenarios={str(name): _row(Change, one, f"scenario {name}") for name, one in scenarios.items()},
        frontier=None if top.get("frontier") is None else _row(FrontierWish, top["frontier"], "frontier"),
        growth=None if top.get("growth") is None else _row(GrowthWish, top["growth"], "growth"),
        history=_history(top),
        back_test=None if top.get("back_test") is None else _row(BackTestWish, top["back_test"], "back_test"),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The document that `from_json` reads back as an equal problem; records stay in tables of their own."""
    company = problem.company
    plain: dict[str, Any] = {"kind": "simulate"}
    for key in ("runs", "confidence", "window", "frontier", "growth", "scenarios"):
        value = getattr(problem, key)
        if value is not None:
            plain[key] = _plain(value)
    for each in fields(company):
        value = getattr(company, each.name)
        if value is not None:
            plain["growth_so_far" if each.name == "growth" else each.name] = _plain(value)
    plain["hours"] = {
        "opens": company.hours.opens,
        "closes": company.hours.closes,
        "days": list(company.hours.days),
    }
    return {key: value for key, value in plain.items() if value is not None}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        rows = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.init}
        return {key: entry for key, entry in rows.items() if entry is not None}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _row(kind: Any, given: Any, key: str, number: int | None = None) -> Any:
    """A dataclass from an object: known fields only, each of the kind that its annotation has."""
    one = _object(given, key if number is None else f"{key} row {number}")
    where = f"{key} {one['name']}" if "name" in one else key if number is None else f"{key} row {number}"
    known = {each.name: each for each in fields(kind) if each.init}
    _only(one, set(known), where)
    for name, each in known.items():
        if one.get(name) is None and each.default is MISSING and each.default_factory is MISSING:
            raise BadProblem(where, f"{name} is missing")
    return kind(
        **{
            name: _value(entry, str(known[name].type), f"{where}, {name}")
            for name, entry in one.items()
            if entry is not None
        }
    )


def _value(value: Any, wanted: str, where: str) -> Any:
    if wanted.startswith("str"):
        if not isinstance(value, str) or not value:
            raise BadProblem(where, f"must be a text, not {value!r}")
        return value
    if wanted.startswith("frozenset"):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadProblem(where, "must be a list of texts")
        return frozenset(value)
    if wanted.startswith("tuple[str"):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadProblem(where, "must be a list of texts")
        return tuple(value)
    if wanted.startswith("tuple"):
        if not isinstance(value, list):
            raise BadProblem(where, "must be a list of whole numbers")
        return tuple(_whole(one, where) for one in value)
    if wanted.startswith("Mapping"):
        read = _whole if ", int" in wanted else finite
        return {str(name): read(one, f"{where}: {name}") for name, one in _object(value, where).items()}
    if wanted.startswith("int"):
        return _whole(value, where)
    return finite(value, where)


def _history(top: Mapping[str, Any]) -> History | None:
    if top.get("records") is None:
        return None
    for key in ("starts", "until"):
        if not isinstance(top.get(key), str):
            raise BadProblem(key, "must say when the records begin (a Monday) and end, such as 2026-03-02")
    return records_from_rows(
        _list(top, "records"), _list(top, "installed"), starts=top["starts"], until=top["until"]
    )


def _desk(one: Mapping[str, Any]) -> Desk:
    _only(one, {each.name for each in fields(Desk)}, "desk")
    shifts = tuple(_row(DeskShift, row, "desk shifts", i) for i, row in enumerate(_list(one, "shifts")))
    rest = {key: finite(value, f"desk: {key}") for key, value in one.items() if key != "shifts"}
    return Desk(shifts=shifts, **rest)


def _machines(top: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    listed = top.get("machines")
    if isinstance(listed, list):  # a table: city, model, number
        out: dict[str, dict[str, int]] = {}
        for i, row in enumerate(listed):
            one = _object(row, f"machines row {i}")
            _only(one, {"city", "model", "number"}, f"machines row {i}")
            base = out.setdefault(str(one.get("city")), {})
            model = str(one.get("model"))
            base[model] = base.get(model, 0) + _whole(one.get("number"), f"machines row {i}: number")
        return out
    return {
        str(city): {
            str(model): _whole(number, f"machines in {city}: {model}")
            for model, number in _object(base, f"machines in {city}").items()
        }
        for city, base in _object(listed, "machines").items()
    }


def _travel(top: Mapping[str, Any], cities: tuple[City, ...]) -> Floats:
    if top.get("travel") is not None:
        rows = top["travel"]
        try:
            return np.array(rows, dtype=np.float64)
        except (TypeError, ValueError) as wrong:
            raise BadProblem("travel", "must be rows of numbers of equal length") from wrong
    if len(cities) == 1:
        return np.zeros((1, 1))
    speed = finite(top.get("speed_kmh"), "speed_kmh, or travel")
    detour = finite(top.get("detour", 1.3), "detour")
    if speed <= 0 or detour < 1:
        raise BadProblem("travel", "is missing, and speed_kmh > 0 and detour >= 1 are not given instead")
    for city in cities:
        if not (math.isfinite(city.x) and math.isfinite(city.y)):
            raise BadProblem(f"city {city.name}", "needs x and y, because travel is made from them")
    x, y = np.array([city.x for city in cities]), np.array([city.y for city in cities])
    hours: Floats = np.hypot(x[:, None] - x, y[:, None] - y) * detour / speed
    return hours


def _object(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadProblem(where, "must be an object with named values")
    return given


def _only(one: Mapping[str, Any], known: set[str], where: str) -> None:
    strange = sorted(set(one) - known)
    if strange:
        raise BadProblem(where, f"does not know {', '.join(strange)}; known: {', '.join(sorted(known))}")


def _list(top: Mapping[str, Any], key: str) -> list[Any]:
    listed = top.get(key) or []
    if not isinstance(listed, list):
        raise BadProblem(key, "must be a list")
    return listed


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadProblem(where, f"must be a whole number, not {value!r}")
    return value
