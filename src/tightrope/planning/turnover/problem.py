"""The turnover question as plain rows: careers, people, levels, what must be possible.

JSON (``kind`` = "turnover"; unknown fields are refused; every section may be left out)::

    {"kind": "turnover",
     "careers":  [{"person": "p1", "tenure_months": 14, "left": true, "entered_months": 0,
                   "reason": "pay", "group": "north"}],
     "learning": [{"tenure_months": 3, "output": 21}],
     "curve":    {"start": 0.4, "top": 1.0, "months": 8},
     "levels":   [{"name": "engineer", "output": 20, "min_months": 0, "salary_per_month": 9000}],
     "staff":    [{"person": "吴强", "level": "engineer", "tenure_months": 30,
                   "knows": [["laser alignment", "X200"]]}],
     "needed":   [{"skill": "laser alignment", "product": "X200", "people": 2}],
     "intake":   {"demand": [400, 410], "at_least": {"expert": [2, 2]}, "hire_cost": 20000,
                  "seat_cost": 4000, "committed": [1], "most_seats": 2, "confidence": 0.9,
                  "away_share": 0.5},
     "replacement": {"recruiting": 15000, "vacant_months": 2.5, ...}}
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, whole, word
from tightrope.planning.turnover.careers import UNSTATED, Floats
from tightrope.planning.turnover.intake import Target
from tightrope.planning.turnover.knowledge import Know, Knower
from tightrope.planning.turnover.learning import LearningCurve
from tightrope.planning.turnover.leaving_cost import Replacement
from tightrope.planning.turnover.workforce import Level


@dataclass(frozen=True, slots=True)
class Career:
    """One person's record: months of service at leaving or today."""

    person: str
    tenure_months: float
    left: bool
    entered_months: float = 0.0
    reason: str = UNSTATED
    group: str = UNSTATED


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is here today, at a level, with what he or she knows."""

    person: str
    level: str
    tenure_months: float
    knows: frozenset[Know] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is known and what is asked; see the module for the rows."""

    careers: tuple[Career, ...] = ()
    learning: tuple[tuple[float, float], ...] = ()
    curve: LearningCurve | None = None
    levels: tuple[Level, ...] = ()
    staff: tuple[Member, ...] = ()
    needed: dict[Know, int] | None = None
    target: Target | None = None
    away_share: float = 0.5
    replacement: Replacement | None = None
    horizon_months: float = 12.0

    def __post_init__(self) -> None:
        if not self.careers:
            raise BadProblem("turnover", "without careers nothing is known about leaving")
        for kind, names in (
            ("person", [one.person for one in self.careers]),
            ("staff", [one.person for one in self.staff]),
            ("level", [one.name for one in self.levels]),
        ):
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise BadProblem(f"{kind} {name}", "is named twice")
                seen.add(name)
        known = {level.name for level in self.levels}
        for one in self.staff:
            if self.levels and one.level not in known:
                raise BadProblem(f"staff {one.person}", f"there is no level {one.level}")
        if self.target is not None and not (self.levels and self.staff):
            raise BadProblem("intake", "needs levels and staff")

    def level_number(self, name: str) -> int:
        """Place of a level, lowest first."""
        return [level.name for level in self.levels].index(name)

    @property
    def knowers(self) -> list[Knower]:
        """The staff as the knowledge model sees it."""
        return [Knower(one.person, one.tenure_months, one.knows) for one in self.staff]


WHERE = "turnover problem"


def from_json(given: dict[str, Any]) -> Problem:
    """Read a turnover problem; raises BadProblem that says which row is wrong and why."""
    top = row(given, WHERE)
    only(
        top,
        {
            "kind",
            "careers",
            "learning",
            "curve",
            "levels",
            "staff",
            "needed",
            "intake",
            "replacement",
            "horizon_months",
            "note",
        },
        WHERE,
    )
    if top.get("kind", "turnover") != "turnover":
        raise BadProblem("kind", f"{top['kind']!r} is not a turnover problem")
    levels = tuple(_level(one, i) for i, one in enumerate(rows(top, "levels", WHERE)))
    target, away = _target(top, levels)
    return Problem(
        careers=tuple(_career(one, i) for i, one in enumerate(rows(top, "careers", WHERE))),
        learning=tuple(
            (
                number(one, "tenure_months", f"learning row {i}"),
                number(one, "output", f"learning row {i}", low=-1e12),
            )
            for i, one in enumerate(rows(top, "learning", WHERE))
        ),
        curve=_curve(top),
        levels=levels,
        staff=tuple(_member(one, i) for i, one in enumerate(rows(top, "staff", WHERE))),
        needed=_needed(top),
        target=target,
        away_share=away,
        replacement=_replacement(top),
        horizon_months=number(top, "horizon_months", WHERE, low=0.1, default=12),
    )


def _career(one: Row, i: int) -> Career:
    person = word(one, "person", f"careers row {i}")
    where = f"person {person}"
    only(one, {"person", "tenure_months", "left", "entered_months", "reason", "group"}, where)
    left = one.get("left")
    if not isinstance(left, bool):
        raise BadProblem(where, "left must be true or false")
    return Career(
        person,
        number(one, "tenure_months", where),
        left,
        number(one, "entered_months", where, default=0),
        word(one, "reason", where, UNSTATED),
        word(one, "group", where, UNSTATED),
    )


def _level(one: Row, i: int) -> Level:
    name = word(one, "name", f"levels row {i}")
    where = f"level {name}"
    only(one, {"name", "output", "min_months", "salary_per_month", "leaves_times"}, where)
    return Level(
        name,
        number(one, "output", where, default=1),
        whole(one, "min_months", where, default=0),
        number(one, "salary_per_month", where, default=0),
        number(one, "leaves_times", where, default=1),
    )


def _member(one: Row, i: int) -> Member:
    person = word(one, "person", f"staff row {i}")
    where = f"staff {person}"
    only(one, {"person", "level", "tenure_months", "knows"}, where)
    listed = one.get("knows", [])
    if not isinstance(listed, list) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(w, str) for w in pair)
        for pair in listed
    ):
        raise BadProblem(where, "knows must be a list of [skill, product]")
    knows = frozenset((skill, product) for skill, product in listed)
    return Member(person, word(one, "level", where, UNSTATED), number(one, "tenure_months", where), knows)


def _curve(top: Row) -> LearningCurve | None:
    if top.get("curve") is None:
        return None
    one = row(top["curve"], "curve")
    only(one, {"start", "top", "months"}, "curve")
    return LearningCurve(
        number(one, "start", "curve"), number(one, "top", "curve"), number(one, "months", "curve", low=1e-6)
    )


def _needed(top: Row) -> dict[Know, int]:
    out: dict[Know, int] = {}
    for i, one in enumerate(rows(top, "needed", WHERE)):
        where = f"needed row {i}"
        only(one, {"skill", "product", "people"}, where)
        out[word(one, "skill", where), word(one, "product", where)] = whole(one, "people", where, low=1)
    return out


def _target(top: Row, levels: tuple[Level, ...]) -> tuple[Target | None, float]:
    if top.get("intake") is None:
        return None, 0.5
    one = row(top["intake"], "intake")
    known = {
        "demand",
        "at_least",
        "hire_cost",
        "seat_cost",
        "committed",
        "most_seats",
        "confidence",
        "away_share",
    }
    only(one, known, "intake")
    places = {level.name: i for i, level in enumerate(levels)}
    at_least: dict[int, Floats] = {}
    for name, heads in row(one.get("at_least", {}), "intake, at_least").items():
        if name not in places:
            raise BadProblem("intake, at_least", f"there is no level {name}")
        at_least[places[name]] = _months(heads, f"heads needed at {name}")
    committed = _months(one.get("committed", []), "committed hires")
    confidence = one.get("confidence", 0.9)
    target = Target(
        demand=_months(one.get("demand"), "demand"),
        at_least=at_least,
        hire_cost=number(one, "hire_cost", "intake", default=1),
        seat_cost=number(one, "seat_cost", "intake", default=0),
        committed=tuple(int(x) for x in committed),
        most_seats=number(one, "most_seats", "intake") if one.get("most_seats") is not None else np.inf,
        confidence=None if confidence is None else number(one, "confidence", "intake", high=1, default=0.9),
    )
    return target, number(one, "away_share", "intake", high=1, default=0.5)


def _months(listed: object, where: str) -> Floats:
    if not isinstance(listed, list):
        raise BadProblem(where, "must be a list with one number for each month")
    return np.array([number({"month": one}, "month", f"{where}, month {i}") for i, one in enumerate(listed)])


def _replacement(top: Row) -> Replacement | None:
    if top.get("replacement") is None:
        return None
    one = row(top["replacement"], "replacement")
    names = [field.name for field in fields(Replacement)]
    only(one, set(names), "replacement")
    default = {"leaving_pay": 0.0}
    return Replacement(
        **{name: number(one, name, "replacement", default=default.get(name)) for name in names}
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as JSON that :func:`from_json` reads back."""
    out: dict[str, Any] = {
        "kind": "turnover",
        "careers": [asdict(one) for one in problem.careers],
        "learning": [{"tenure_months": t, "output": y} for t, y in problem.learning],
        "levels": [asdict(level) for level in problem.levels],
        "staff": [
            {
                "person": one.person,
                "level": one.level,
                "tenure_months": one.tenure_months,
                "knows": sorted([list(pair) for pair in one.knows]),
            }
            for one in problem.staff
        ],
        "needed": [{"skill": s, "product": p, "people": n} for (s, p), n in (problem.needed or {}).items()],
        "horizon_months": problem.horizon_months,
    }
    if problem.curve is not None:
        out["curve"] = {
            "start": problem.curve.start,
            "top": problem.curve.top,
            "months": problem.curve.months,
        }
    if problem.replacement is not None:
        out["replacement"] = asdict(problem.replacement)
    if problem.target is not None:
        target = problem.target
        out["intake"] = {
            "demand": target.demand.tolist(),
            "at_least": {problem.levels[k].name: heads.tolist() for k, heads in target.at_least.items()},
            "hire_cost": target.hire_cost,
            "seat_cost": target.seat_cost,
            "committed": list(target.committed),
            "most_seats": target.most_seats if np.isfinite(target.most_seats) else None,
            "confidence": target.confidence,
            "away_share": problem.away_share,
        }
    return out
