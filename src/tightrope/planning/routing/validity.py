"""What a problem must be like before anything is planned on it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem

if TYPE_CHECKING:
    from tightrope.planning.routing.problem import Engineer, Problem, Store, Visit, Window


def refuse_bad(problem: Problem) -> None:
    """Raise BadProblem for the first thing that cannot be planned with."""
    if not problem.engineers:
        raise BadProblem("engineers", "there is none")
    places = _matrix("travel matrix", problem.travel)
    if problem.distance is not None and _matrix("distance matrix", problem.distance) != places:
        raise BadProblem("distance matrix", f"has not the {places} rows of the travel matrix")
    if problem.points is not None and problem.points.shape != (places, 2):
        raise BadProblem("points", f"need shape ({places}, 2), have {problem.points.shape}")
    _number("fairness", "the cost", problem.fairness)
    _number("fair share", "the share", problem.fair_share)
    _unique("visit", (v.name for v in problem.visits))
    _unique("engineer", (e.name for e in problem.engineers))
    _unique("store", (s.name for s in problem.stores))
    for engineer in problem.engineers:
        _engineer(engineer, places)
    for store in problem.stores:
        _store(store, places)
    known = {e.name for e in problem.engineers}
    for visit in problem.visits:
        _visit(visit, places, known)


def _matrix(where: str, matrix: NDArray[Any]) -> int:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise BadProblem(where, f"must be square, has shape {matrix.shape}")
    # Row by row in blocks: a boolean of the whole matrix would double the memory of a large one.
    for first in range(0, matrix.shape[0], 512):
        block = matrix[first : first + 512]
        good = np.isfinite(block).all(axis=1) & (block >= 0).all(axis=1)
        if not good.all():
            row = first + int(np.argmin(good))
            column = int(np.argmin(np.isfinite(matrix[row]) & (matrix[row] >= 0)))
            raise BadProblem(f"{where} row {row}", f"holds {matrix[row, column]} in column {column}")
    return int(matrix.shape[0])


def _number(where: str, what: str, value: float) -> None:
    if not math.isfinite(value):
        raise BadProblem(where, f"{what} is {value}, not a finite number")
    if value < 0:
        raise BadProblem(where, f"{what} is negative ({value:g})")


def _unique(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not name:
            raise BadProblem(kind, "has an empty name")
        if name in seen:
            raise BadProblem(f"{kind} {name}", "appears twice")
        seen.add(name)


def _place(where: str, place: int, places: int) -> None:
    if not 0 <= place < places:
        raise BadProblem(where, f"place {place} is outside the travel matrix of {places} rows")


def _window(where: str, what: str, window: Window) -> None:
    opens, closes = window
    if not (math.isfinite(opens) and math.isfinite(closes)):
        raise BadProblem(where, f"{what} {opens}–{closes} is not a pair of finite numbers")
    if closes < opens:
        raise BadProblem(where, f"{what} is empty: it ends at {closes:g}, before it starts at {opens:g}")


def _engineer(engineer: Engineer, places: int) -> None:
    where = f"engineer {engineer.name}"
    _place(where, engineer.start, places)
    _place(where, engineer.end, places)
    _window(where, "the shift", engineer.shift)
    for what in ("overtime", "overtime_cost", "travel_cost", "time_cost", "fixed_cost", "store_calls"):
        _number(where, what.replace("_", " "), getattr(engineer, what))
    if engineer.lunch:
        _window(where, "the lunch window", (engineer.lunch.opens, engineer.lunch.closes))
        _number(where, "the length of lunch", engineer.lunch.length)
    for part, count in engineer.parts.items():
        _number(where, f"the stock of {part}", count)


def _store(store: Store, places: int) -> None:
    where = f"store {store.name}"
    _place(where, store.place, places)
    _number(where, "the handling time", store.handling)
    if store.window:
        _window(where, "the opening time", store.window)


def _visit(visit: Visit, places: int, engineers: set[str]) -> None:
    where = f"visit {visit.name}"
    _place(where, visit.place, places)
    _number(where, "the service time", visit.service)
    _number(where, "the set-up time", visit.setup)
    if visit.weight is not None:
        _number(where, "the weight", visit.weight)
    for window in visit.windows:
        _window(where, "the window", window)
    ordered = sorted(visit.windows)
    for (_, closes), (opens, _) in itertools.pairwise(ordered):
        if opens <= closes:
            raise BadProblem(where, f"two windows overlap at {opens:g}")
    for part, count in visit.parts.items():
        _number(where, f"the need of {part}", count)
    if visit.crew < 1:
        raise BadProblem(where, f"needs a crew of at least one engineer, not {visit.crew}")
    if visit.pinned is not None:
        if visit.pinned not in engineers:
            raise BadProblem(where, f"is pinned to {visit.pinned}, who is not among the engineers")
        if visit.pinned in visit.forbidden:
            raise BadProblem(where, f"is both pinned to {visit.pinned} and forbidden to him")
        if visit.crew > 1:
            raise BadProblem(where, "needs several engineers and cannot be pinned to one")
    if visit.locked_start is not None:
        if not math.isfinite(visit.locked_start):
            raise BadProblem(where, f"the locked start is {visit.locked_start}, not a finite number")
        if visit.windows and not any(a <= visit.locked_start <= b for a, b in visit.windows):
            raise BadProblem(where, f"the locked start {visit.locked_start:g} is outside its windows")
