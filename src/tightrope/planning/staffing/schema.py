"""Staffing problems and plans as JSON. ``kind`` says which question is asked.

``queue``::

    {"kind": "queue", "arrivals": 100, "period_minutes": 30, "work_minutes": 3,
     "target": {"share": 0.8, "within_minutes": 0.3333, "max_occupancy": 0.85, "shrinkage": 0.3}}

``desk`` (a week from Monday 0:00; ``history``, past counts with null where unknown, instead of
``arrivals`` asks for a forecast; ``opened``, true or false for each step, is made from them when missing;
``shifts`` and ``workers`` ask for a roster)::

    {"kind": "desk", "step_minutes": 60, "work_minutes": 6, "arrivals": [0, 0, ...], "target": {...},
     "load": "offered", "plan_for": "mean", "days_off_together": false,
     "understaffed_cost_per_hour": 100,
     "shifts": [{"name": "early", "start_hour": 7, "length_hours": 9, "break_after_hours": 4,
                 "break_hours": 1}],
     "workers": [{"name": "Li", "days_per_week": 5, "absent_days": [2], "shifts": ["early"],
                  "cost_per_hour": 30}]}

``field`` (``growth`` and ``money``, for the frontier, are optional for each territory)::

    {"kind": "field", "confidence": 0.9,
     "promise": {"response_hours": 8, "share": 0.9, "service_hours_per_year": 2000,
                 "hours_per_head_year": 1700, "max_utilisation": 0.9},
     "territories": [{"name": "South", "machines": 3000, "failures_seen": 5400,
                      "machine_years_seen": 9000, "work_hours": 2, "travel_hours": 1}],
     "growth": {"South": {"monthly_growth": 0.02, "heads": 9}},
     "money": {"South": {"head_cost_per_year": 200000, "road_cost_per_hour": 40, "customers": 600,
                         "standby_cost_per_year": 3000, "heads_today": 9}}}

``second_line``::

    {"kind": "second_line", "work_hours": {"plc": 3}, "on_site_share": 0.5, "response_hours": 10,
     "regions": [{"name": "West", "cases_per_hour": {"plc": 0.1}, "hq_travel_hours": 4,
                  "own_travel_hours": 1}]}
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import finite
from tightrope.planning.staffing.field import FieldPromise, Territory
from tightrope.planning.staffing.frontier import Money
from tightrope.planning.staffing.growth import Growth
from tightrope.planning.staffing.pooling import Comparison, Region, SecondLine
from tightrope.planning.staffing.positions import Positions, ServiceTarget
from tightrope.planning.staffing.problem import (
    DeskPlan,
    DeskProblem,
    FieldPlan,
    FieldProblem,
    Plan,
    Problem,
    QueueProblem,
)
from tightrope.planning.staffing.roster import Shift, Worker


def from_json(facts: dict[str, Any]) -> Problem:
    """The question that `facts` ask. Raises BadProblem naming the entry that is wrong."""
    if not isinstance(facts, dict):
        raise BadProblem("problem", "must be an object")
    kind = facts.get("kind")
    if not isinstance(kind, str) or kind not in _READERS:
        raise BadProblem("kind", f"must be one of {', '.join(_READERS)}, not {kind!r}")
    rest = {key: value for key, value in facts.items() if key != "kind"}
    problem: Problem = _READERS[kind](rest)
    return problem


def to_json(problem: Problem) -> dict[str, Any]:
    """`problem` as `from_json` reads it."""
    kind = {QueueProblem: "queue", DeskProblem: "desk", FieldProblem: "field", SecondLine: "second_line"}
    facts = _plain(problem)
    if isinstance(problem, DeskProblem):
        facts = {key: value for key, value in facts.items() if value != []}
    return {"kind": kind[type(problem)], **facts}


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """`plan` with what people read off it; numbers without end are null."""
    facts: dict[str, Any] = _plain(plan)
    if isinstance(plan, Positions):
        return {"kind": "queue", **facts}
    if isinstance(plan, FieldPlan):
        return {"kind": "field", "total": plan.total, **facts}
    if isinstance(plan, Comparison):
        for side, set_up in (("hq", plan.hq), ("regions", plan.regions)):
            facts[side] |= {
                "heads": set_up.heads,
                "spare": set_up.spare,
                "utilisation": set_up.utilisation,
                "mean_response_hours": set_up.mean_response_hours,
            }
        return {"kind": "second_line", "cheaper": plan.cheaper, **facts}
    return {"kind": "desk", "scheduled_hours": plan.heads.scheduled_hours, **facts}


def _queue(facts: dict[str, Any]) -> QueueProblem:
    return QueueProblem(**_fields(QueueProblem, facts, "queue", nested={"target": _target}))


def _desk(facts: dict[str, Any]) -> DeskProblem:
    given = _fields(
        DeskProblem,
        facts,
        "desk",
        nested={
            "target": _target,
            "arrivals": lambda value: _series(value, "arrivals"),
            "history": lambda value: _series(value, "history"),
            "opened": lambda value: np.array(_list_of(bool, value, "opened"), dtype=np.bool_),
            "shifts": lambda value: tuple(_rows(Shift, value, "shift")),
            "workers": lambda value: tuple(_rows(Worker, value, "worker")),
        },
    )
    return DeskProblem(**given)


def _field(facts: dict[str, Any]) -> FieldProblem:
    def growth(value: Any) -> dict[str, Growth]:
        if not isinstance(value, dict):
            raise BadProblem("growth", "must be an object by territory")
        return {str(name): Growth(**_fields(Growth, row, f"growth of {name}")) for name, row in value.items()}

    def money(value: Any) -> dict[str, Money]:
        if not isinstance(value, dict):
            raise BadProblem("money", "must be an object by territory")
        return {str(name): Money(**_fields(Money, row, f"money of {name}")) for name, row in value.items()}

    return FieldProblem(
        **_fields(
            FieldProblem,
            facts,
            "field",
            nested={
                "territories": lambda value: tuple(_rows(Territory, value, "territory")),
                "promise": lambda value: FieldPromise(**_fields(FieldPromise, value, "promise")),
                "growth": growth,
                "money": money,
            },
        )
    )


def _second_line(facts: dict[str, Any]) -> SecondLine:
    return SecondLine(
        **_fields(
            SecondLine,
            facts,
            "second line",
            nested={
                "regions": lambda value: tuple(_rows(Region, value, "region")),
                "work_hours": lambda value: _numbers_by_name(value, "work_hours"),
            },
        )
    )


_READERS: dict[Any, Any] = {"queue": _queue, "desk": _desk, "field": _field, "second_line": _second_line}


def _target(value: Any) -> ServiceTarget:
    return ServiceTarget(**_fields(ServiceTarget, value, "target"))


def _rows(kind: Any, value: Any, word: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadProblem(word, "must be a list")
    nested = {
        "cases_per_hour": lambda entry: _numbers_by_name(entry, f"{word} cases_per_hour"),
        "absent_days": lambda entry: frozenset(_list_of(int, entry, "absent_days")),
        "shifts": lambda entry: None if entry is None else frozenset(_list_of(str, entry, "shifts")),
    }
    rows = []
    for number, row in enumerate(value):
        name = row.get("name") if isinstance(row, dict) else None
        if not isinstance(name, str) or not name:
            raise BadProblem(f"{word} {number}", "must be an object with a name")
        rows.append(kind(**_fields(kind, row, f"{word} {name}", nested=nested)))
    return rows


def _fields(kind: Any, facts: Any, where: str, nested: dict[str, Any] | None = None) -> dict[str, Any]:
    """Arguments for `kind` from `facts`, each of the kind that its default or annotation has."""
    if not isinstance(facts, dict):
        raise BadProblem(where, "must be an object")
    known = {entry.name: entry for entry in dataclasses.fields(kind)}
    unknown = sorted(set(facts) - set(known))
    if unknown:
        raise BadProblem(where, f"does not know {', '.join(unknown)}")
    for name, entry in known.items():
        has_default = (
            entry.default is not dataclasses.MISSING or entry.default_factory is not dataclasses.MISSING
        )
        if name not in facts and not has_default:
            raise BadProblem(where, f"{name} is missing")
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if nested is not None and name in nested:
            values[name] = nested[name](value)
        else:
            values[name] = _plain_value(value, str(known[name].type), f"{where}: {name}")
    return values


def _plain_value(value: Any, wanted: str, where: str) -> Any:
    if value is None and "None" in wanted:
        return None
    if wanted.startswith("str"):
        if not isinstance(value, str):
            raise BadProblem(where, f"must be text, not {value!r}")
        return value
    if wanted.startswith("bool"):
        if not isinstance(value, bool):
            raise BadProblem(where, f"must be true or false, not {value!r}")
        return value
    number = finite(value, where)
    if wanted.startswith("int"):
        if not isinstance(value, int):
            raise BadProblem(where, f"must be a whole number, not {value!r}")
        return value
    return number


def _series(value: Any, where: str) -> Any:
    if not isinstance(value, list):
        raise BadProblem(where, "must be a list of numbers")
    for number, entry in enumerate(value):
        if entry is not None:
            _plain_value(entry, "float", f"{where} {number}")
    return np.array([math.nan if entry is None else float(entry) for entry in value])


def _numbers_by_name(value: Any, where: str) -> dict[str, float]:
    if not isinstance(value, dict):
        raise BadProblem(where, "must be an object of numbers")
    return {
        str(name): float(_plain_value(entry, "float", f"{where}: {name}")) for name, entry in value.items()
    }


def _list_of(kind: type, value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not all(
        isinstance(entry, kind) and isinstance(entry, bool) == (kind is bool) for entry in value
    ):
        raise BadProblem(where, "must be a list")
    return value


def _plain(value: Any) -> Any:
    """Dataclasses, arrays and sets as JSON has them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return [_plain(entry) for entry in value.tolist()]
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


__all__ = ["DeskPlan", "from_json", "plan_to_json", "to_json"]
