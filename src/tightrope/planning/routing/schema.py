"""Problems as JSON.

::

    {"name": "Monday", "fairness": 0, "fair_share": 0.75,
     "travel": [[0, 12], [12, 0]],               square; minutes, say
     "distance": [[...]],                        optional, what travel_cost is paid for
     "points": [[x, y], ...],                    optional; alone, with "speed", it stands for "travel"
     "speed": 0.5,                               distance units per unit of time
     "visits": [{"name": "V1", "place": 1, "service": 30, "windows": [[480, 720]], "setup": 5,
                 "skills": {"hydraulics": 2}, "weight": 60, "parts": {"seal": 1}, "tools": ["press"],
                 "crew": 1, "pinned": null, "forbidden": [], "locked_start": null}],
     "engineers": [{"name": "Wu", "start": 0, "end": 0, "shift": [480, 1020], "overtime": 60,
                    "overtime_cost": 2, "skills": {"hydraulics": 3}, "parts": {"seal": 4}, "tools": [],
                    "lunch": {"opens": 690, "closes": 810, "length": 30}, "travel_cost": 1,
                    "time_cost": 0, "fixed_cost": 0, "store_calls": 1}],
     "stores": [{"name": "depot", "place": 0, "handling": 10, "window": [480, 1020],
                 "tools": null, "parts": null}]}

Only ``visits`` (name, place, service), ``engineers`` (name, start, end, shift) and either ``travel`` or
``points`` are needed. A visit without ``weight`` must be served. null for a store's tools or parts means
every kind. Skills may be a list when levels do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import finite
from tightrope.planning.routing.problem import Engineer, Lunch, Problem, Store, Visit, Window


def from_json(document: Mapping[str, Any]) -> Problem:
    """The problem in a document. Raises BadProblem that names the visit, engineer or key at fault."""
    _known("problem", document, {f.name for f in fields(Problem)} | {"speed"})
    points = _matrix(document, "points")
    travel = _matrix(document, "travel")
    if travel is None:
        if points is None:
            raise BadProblem("problem", "has neither travel nor points")
        speed = _number("problem", document, "speed", 1.0)
        if speed <= 0:
            raise BadProblem("problem", f"the speed must be above zero, is {speed:g}")
        apart = points[:, None, :] - points[None, :, :]
        travel = np.hypot(apart[..., 0], apart[..., 1]) / speed
    return Problem(
        visits=tuple(_visit(each) for each in _list("problem", document, "visits")),
        engineers=tuple(_engineer(each) for each in _list("problem", document, "engineers")),
        stores=tuple(_store(each) for each in _list("problem", document, "stores")),
        travel=travel,
        distance=_matrix(document, "distance"),
        fairness=_number("problem", document, "fairness", 0.0),
        fair_share=_number("problem", document, "fair_share", 0.75),
        points=points,
        name=str(document.get("name", "day")),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The document that `from_json` reads back as an equal problem."""
    document: dict[str, Any] = {
        "name": problem.name,
        "fairness": problem.fairness,
        "fair_share": problem.fair_share,
        "travel": problem.travel.tolist(),
        "visits": [_plain(visit) for visit in problem.visits],
        "engineers": [_plain(engineer) for engineer in problem.engineers],
        "stores": [_plain(store) for store in problem.stores],
    }
    if problem.distance is not None:
        document["distance"] = problem.distance.tolist()
    if problem.points is not None:
        document["points"] = problem.points.tolist()
    return document


def _plain(row: Visit | Engineer | Store | Lunch) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for each in fields(row):
        value = getattr(row, each.name)
        if isinstance(value, frozenset):
            value = sorted(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        elif isinstance(value, Lunch):
            value = _plain(value)
        elif isinstance(value, tuple):
            value = [list(pair) if isinstance(pair, tuple) else pair for pair in value]
        plain[each.name] = value
    return plain


def _visit(row: Mapping[str, Any]) -> Visit:
    where = _known("visit", row, {f.name for f in fields(Visit)})
    return Visit(
        name=_name(where, row),
        place=_whole(where, row, "place"),
        service=_number(where, row, "service"),
        windows=tuple(_window(where, pair) for pair in _list(where, row, "windows")),
        setup=_number(where, row, "setup", 0.0),
        skills=_counts(where, row, "skills"),
        weight=None if row.get("weight") is None else _number(where, row, "weight"),
        parts=_counts(where, row, "parts"),
        tools=frozenset(str(tool) for tool in _list(where, row, "tools")),
        crew=_whole(where, row, "crew", 1),
        pinned=None if row.get("pinned") is None else str(row["pinned"]),
        forbidden=frozenset(str(name) for name in _list(where, row, "forbidden")),
        locked_start=None if row.get("locked_start") is None else _number(where, row, "locked_start"),
    )


def _engineer(row: Mapping[str, Any]) -> Engineer:
    where = _known("engineer", row, {f.name for f in fields(Engineer)})
    lunch = row.get("lunch")
    if lunch is not None:
        _known(f"{where}, lunch", lunch, {f.name for f in fields(Lunch)})
        lunch = Lunch(**{f.name: _number(f"{where}, lunch", lunch, f.name) for f in fields(Lunch)})
    start = _whole(where, row, "start")
    return Engineer(
        name=_name(where, row),
        start=start,
        end=_whole(where, row, "end", start),
        shift=_window(where, _needed(where, row, "shift")),
        overtime=_number(where, row, "overtime", 0.0),
        overtime_cost=_number(where, row, "overtime_cost", 0.0),
        skills=_counts(where, row, "skills"),
        parts=_counts(where, row, "parts"),
        tools=frozenset(str(tool) for tool in _list(where, row, "tools")),
        lunch=lunch,
        travel_cost=_number(where, row, "travel_cost", 1.0),
        time_cost=_number(where, row, "time_cost", 0.0),
        fixed_cost=_number(where, row, "fixed_cost", 0.0),
        store_calls=_whole(where, row, "store_calls", 1),
    )


def _store(row: Mapping[str, Any]) -> Store:
    where = _known("store", row, {f.name for f in fields(Store)})
    tools, parts, window = row.get("tools"), row.get("parts"), row.get("window")
    return Store(
        name=_name(where, row),
        place=_whole(where, row, "place"),
        handling=_number(where, row, "handling", 0.0),
        window=None if window is None else _window(where, window),
        tools=None if tools is None else frozenset(str(tool) for tool in tools),
        parts=None if parts is None else frozenset(str(part) for part in parts),
    )


def _name(where: str, row: Mapping[str, Any]) -> str:
    name = _needed(where, row, "name")
    if not isinstance(name, str | int) or not str(name).isprintable():
        raise BadProblem(where, f"needs a name of printable characters, not {name!r}")
    return str(name)


def _needed(where: str, row: Mapping[str, Any], key: str) -> Any:
    if key not in row:
        raise BadProblem(where, f"has no {key!r}")
    return row[key]


def _known(kind: str, row: Any, known: set[str]) -> str:
    """How messages name the row, which must be an object of known keys."""
    if not isinstance(row, Mapping):
        raise BadProblem(kind, "must be an object with named values")
    where = f"{kind} {row['name']}" if isinstance(row.get("name"), str | int) else kind
    unknown = sorted(set(row) - known)
    if unknown:
        raise BadProblem(where, f"has an unknown key {unknown[0]!r}")
    return where


def _number(where: str, row: Mapping[str, Any], key: str, default: float | None = None) -> float:
    value = row.get(key, default) if default is not None else _needed(where, row, key)
    return finite(value, where, f"{key} ")


def _whole(where: str, row: Mapping[str, Any], key: str, default: int | None = None) -> int:
    value = _number(where, row, key, default)
    if value != int(value):
        raise BadProblem(where, f"{key} must be a whole number, not {value:g}")
    return int(value)


def _list(where: str, row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise BadProblem(where, f"{key} is {value!r}, not a list")
    return list(value)


def _counts(where: str, row: Mapping[str, Any], key: str) -> dict[str, int]:
    value = row.get(key)
    if value is None:
        return {}
    if isinstance(value, list):
        return {str(name): 1 for name in value}
    if not isinstance(value, Mapping):
        raise BadProblem(where, f"{key} is {value!r}, neither a list nor an object")
    return {str(name): _whole(f"{where}, {key}", value, name) for name in value}


def _window(where: str, pair: Any) -> Window:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise BadProblem(where, f"{pair!r} is not a pair of times")
    both = {"start": pair[0], "end": pair[1]}
    return _number(where, both, "start"), _number(where, both, "end")


def _matrix(document: Mapping[str, Any], key: str) -> NDArray[np.float64] | None:
    if document.get(key) is None:
        return None
    try:
        matrix = np.array(document[key], dtype=float)
    except (TypeError, ValueError) as wrong:
        raise BadProblem(f"{key} matrix", f"is not a matrix of numbers: {wrong}") from wrong
    if matrix.ndim != 2:
        raise BadProblem(f"{key} matrix", f"must have rows and columns, has shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        raise BadProblem(f"{key} matrix row {row}", f"holds {matrix[row, column]} in column {column}")
    return matrix
