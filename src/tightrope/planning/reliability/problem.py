"""The reliability question as plain rows: lives, repairs, failures, counts, readings.

JSON (``kind`` = "life"; unknown fields are refused; every section may be left out)::

    {"kind": "life", "age_unit": "days", "confidence": 0.95,
     "units":    [{"unit": "SN-1", "age": 412, "failed": true, "entered": 0, "batch": "2025-W07"}],
     "ahead":    90,
     "age_bands": [0, 90, 180, 365, 730],
     "alarm":    {"false_alarm": 0.05, "looks": 12, "tolerated_ratio": 1.0},
     "repairs":  [{"hours": 5.5, "finished": true}],
     "failures": [{"subject": "SN-1", "day": 33, "down_hours": 4, "cost": 120, "unit": "SN-1"}],
     "exposure": [{"subject": "SN-1", "days": 412}],
     "repeat_days": 30,
     "counts":   [{"period": "2026-01", "failures": 12, "exposure": 1000}],
     "shares":   [{"period": "2026-01", "hits": 9, "checked": 210}],
     "charts":   {"good_periods": 12, "false_alarm": 0.0027, "bad_ratio": 2.0,
                  "points_between_false_alarms": 200},
     "readings": {"columns": ["age", "usage", "vibration"], "baseline": ["age"], "held_out_months": 6,
                  "rows": [{"unit": "SN-1", "month": 0, "values": [3, 210, null], "failed": false}]},
     "prevention": {"failure_loss": 4000, "visit_cost": 300, "effectiveness": 0.7,
                    "lead_days": 5, "visits": 40},
     "contracts": [{"contract": "gold", "repair_cost": 900, "down_hours": 14, "down_cost_per_hour": 220,
                    "visit_cost": 250}],
     "covered":   [{"unit": "SN-1", "contract": "gold"}]}

With readings and a prevention the report says whom to contact now; ``contracts`` and ``covered`` put the loss
of each unit's own contract in the place of ``failure_loss``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, whole, word
from tightrope.planning.reliability.contact import Contract
from tightrope.planning.reliability.lives import Lives, lives
from tightrope.planning.reliability.proactive import Prevention
from tightrope.planning.reliability.risk import UnitMonths, unit_months
from tightrope.planning.reliability.units import Failure


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit's life; ``batch`` is the production batch, week, line or supplier it is judged by."""

    unit: str
    age: float
    failed: bool
    entered: float = 0.0
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """How the field-failure alarm is run."""

    false_alarm: float = 0.05
    looks: int = 12
    tolerated_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Count:
    """What happened in a period: a number and what it is out of (or the exposure it arose from)."""

    period: str
    number: int
    of: float


@dataclass(frozen=True, slots=True)
class Charts:
    """How control charts are drawn. The first ``good_periods`` set the level (0: all periods do)."""

    good_periods: int = 0
    false_alarm: float = 0.0027
    bad_ratio: float = 2.0
    points_between_false_alarms: float = 200.0


@dataclass(frozen=True, slots=True)
class Readings:
    """Unit-months with readings, and how the risk model is judged on them."""

    table: UnitMonths
    baseline: tuple[str, ...] = ("age",)
    held_out_months: int = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """What is known; every section is answered on its own."""

    units: tuple[Unit, ...] = ()
    age_unit: str = "days"
    confidence: float = 0.95
    ahead: float | None = None
    age_bands: tuple[float, ...] = ()
    alarm: Alarm = Alarm()
    repairs: tuple[tuple[float, bool], ...] = ()
    failures: tuple[Failure, ...] = ()
    exposure: tuple[tuple[str, float], ...] = ()
    repeat_days: float = 30.0
    counts: tuple[Count, ...] = ()
    shares: tuple[Count, ...] = ()
    charts: Charts = Charts()
    readings: Readings | None = None
    prevention: Prevention | None = None
    contracts: tuple[Contract, ...] = ()
    covered: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not (self.units or self.repairs or self.exposure or self.counts or self.shares or self.readings):
            raise BadProblem("life", "there are no units, repairs, failures, counts or readings")
        if not 0 < self.confidence < 1:
            raise BadProblem("confidence", f"must lie between 0 and 1, not {self.confidence}")
        for kind, names in (
            ("unit", [one.unit for one in self.units]),
            ("exposure of", [name for name, _ in self.exposure]),
            ("period", [one.period for one in self.counts]),
            ("period", [one.period for one in self.shares]),
            ("contract", [one.contract for one in self.contracts]),
            ("covered unit", [unit for unit, _ in self.covered]),
        ):
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise BadProblem(f"{kind} {name}", "is named twice")
                seen.add(name)
        if self.age_bands and not (np.diff(self.age_bands) > 0).all():
            raise BadProblem("age bands", "must ascend")

    @property
    def lives(self) -> Lives:
        """The units as columns."""
        return lives(
            [one.age for one in self.units],
            failed=[one.failed for one in self.units],
            entered=[one.entered for one in self.units],
            names=[one.unit for one in self.units],
        )

    @property
    def bands(self) -> tuple[float, ...]:
        """The age bands given, or quarters of the failures' ages."""
        if self.age_bands:
            return self.age_bands
        known = self.lives
        inner = np.unique(np.quantile(known.ages[known.failed], (0.25, 0.5, 0.75)))
        top = float(known.ages.max())
        return (0.0, *(float(x) for x in inner if 0 < x < top), top)


WHERE = "life problem"
SECTIONS = {
    "kind",
    "note",
    "age_unit",
    "confidence",
    "units",
    "ahead",
    "age_bands",
    "alarm",
    "repairs",
    "failures",
    "exposure",
    "repeat_days",
    "counts",
    "shares",
    "charts",
    "readings",
    "prevention",
    "contracts",
    "covered",
}


def from_json(given: dict[str, Any]) -> Problem:
    """Read a life problem; raises BadProblem that says which row is wrong and why."""
    top = row(given, WHERE)
    only(top, SECTIONS, WHERE)
    if top.get("kind", "life") != "life":
        raise BadProblem("kind", f"{top['kind']!r} is not a life problem")
    bands = top.get("age_bands", [])
    if not isinstance(bands, list):
        raise BadProblem(WHERE, "age_bands must be a list")
    problem = Problem(
        units=tuple(_unit(one, i) for i, one in enumerate(rows(top, "units", WHERE))),
        age_unit=word(top, "age_unit", WHERE, "days"),
        confidence=number(top, "confidence", WHERE, high=1, default=0.95),
        ahead=number(top, "ahead", WHERE) if top.get("ahead") is not None else None,
        age_bands=tuple(number({"edge": one}, "edge", f"age band {i}") for i, one in enumerate(bands)),
        alarm=_alarm(row(top.get("alarm", {}), "alarm")),
        repairs=tuple(
            (number(one, "hours", f"repair {i}"), _flag(one, "finished", f"repair {i}", default=True))
            for i, one in enumerate(rows(top, "repairs", WHERE))
        ),
        failures=tuple(_failure(one, i) for i, one in enumerate(rows(top, "failures", WHERE))),
        exposure=tuple(
            (word(one, "subject", f"exposure {i}"), number(one, "days", f"exposure {i}"))
            for i, one in enumerate(rows(top, "exposure", WHERE))
        ),
        repeat_days=number(top, "repeat_days", WHERE, default=30),
        counts=tuple(
            _count(one, i, "failures", "exposure") for i, one in enumerate(rows(top, "counts", WHERE))
        ),
        shares=tuple(_count(one, i, "hits", "checked") for i, one in enumerate(rows(top, "shares", WHERE))),
        charts=_charts(row(top.get("charts", {}), "charts")),
        readings=_readings(row(top["readings"], "readings")) if top.get("readings") is not None else None,
        prevention=_prevention(row(top["prevention"], "prevention"))
        if top.get("prevention") is not None
        else None,
        contracts=tuple(_contract(one, i) for i, one in enumerate(rows(top, "contracts", WHERE))),
        covered=tuple(
            (word(one, "unit", f"covered row {i}"), word(one, "contract", f"covered row {i}"))
            for i, one in enumerate(rows(top, "covered", WHERE))
        ),
    )
    known = {one.contract for one in problem.contracts}
    for unit, name in problem.covered:
        if name not in known:
            raise BadProblem(f"unit {unit}", f"is covered by {name}, which is not among the contracts")
    if problem.units:
        problem.lives  # noqa: B018  (refuses impossible ages now, by name, and not when first used)
    return problem


def _flag(one: Row, key: str, where: str, *, default: bool | None = None) -> bool:
    value = one.get(key, default)
    if not isinstance(value, bool):
        raise BadProblem(where, f"{key} must be true or false")
    return value


def _unit(one: Row, i: int) -> Unit:
    name = word(one, "unit", f"units row {i}")
    where = f"unit {name}"
    only(one, {"unit", "age", "failed", "entered", "batch"}, where)
    batch = word(one, "batch", where) if one.get("batch") is not None else None
    age, entered = number(one, "age", where), number(one, "entered", where, default=0)
    return Unit(name, age, _flag(one, "failed", where), entered, batch)


def _alarm(one: Row) -> Alarm:
    only(one, {"false_alarm", "looks", "tolerated_ratio"}, "alarm")
    return Alarm(
        number(one, "false_alarm", "alarm", high=1, default=0.05),
        whole(one, "looks", "alarm", low=1, default=12),
        number(one, "tolerated_ratio", "alarm", low=1, default=1),
    )


def _failure(one: Row, i: int) -> Failure:
    subject = word(one, "subject", f"failures row {i}")
    where = f"failure of {subject}"
    only(one, {"subject", "day", "down_hours", "cost", "unit"}, where)
    unit = word(one, "unit", where) if one.get("unit") is not None else None
    day = number(one, "day", where, low=-1e9)
    return Failure(
        subject, day, number(one, "down_hours", where, default=0), number(one, "cost", where, default=0), unit
    )


def _count(one: Row, i: int, key: str, of: str) -> Count:
    period = word(one, "period", f"{key} row {i}")
    only(one, {"period", key, of}, f"period {period}")
    return Count(period, whole(one, key, f"period {period}"), number(one, of, f"period {period}"))


def _charts(one: Row) -> Charts:
    only(one, {"good_periods", "false_alarm", "bad_ratio", "points_between_false_alarms"}, "charts")
    return Charts(
        whole(one, "good_periods", "charts", default=0),
        number(one, "false_alarm", "charts", high=1, default=0.0027),
        number(one, "bad_ratio", "charts", low=1, default=2),
        number(one, "points_between_false_alarms", "charts", low=1, default=200),
    )


def _readings(one: Row) -> Readings:
    only(one, {"columns", "baseline", "held_out_months", "rows"}, "readings")
    columns, baseline = one.get("columns"), one.get("baseline", ["age"])
    for name, listed in (("columns", columns), ("baseline", baseline)):
        if not isinstance(listed, list) or not listed or not all(isinstance(c, str) for c in listed):
            raise BadProblem("readings", f"{name} must be a list of names")
    units, months, values, failed = [], [], [], []
    for i, line in enumerate(rows(one, "rows", "readings")):
        unit = word(line, "unit", f"readings row {i}")
        where = f"unit {unit}, readings row {i}"
        only(line, {"unit", "month", "values", "failed"}, where)
        listed = line.get("values")
        if not isinstance(listed, list) or len(listed) != len(columns or []):
            raise BadProblem(where, "values must be a list with one value for each column")
        units.append(unit)
        months.append(whole(line, "month", where))
        values.append(
            [np.nan if v is None else number({"value": v}, "value", where, low=-np.inf) for v in listed]
        )
        failed.append(_flag(line, "failed", where))
    table = unit_months(
        units, months, np.array(values).reshape(len(units), len(columns or [])), columns or [], failed
    )
    return Readings(table, tuple(baseline), whole(one, "held_out_months", "readings", low=1, default=6))


def _prevention(one: Row) -> Prevention:
    only(one, {"failure_loss", "visit_cost", "effectiveness", "lead_days", "visits"}, "prevention")
    return Prevention(
        number(one, "failure_loss", "prevention"),
        number(one, "visit_cost", "prevention"),
        number(one, "effectiveness", "prevention", high=1, default=1),
        number(one, "lead_days", "prevention", high=30, default=0),
        whole(one, "visits", "prevention") if one.get("visits") is not None else None,
    )


def _contract(one: Row, i: int) -> Contract:
    name = word(one, "contract", f"contracts row {i}")
    where = f"contract {name}"
    only(one, set(Contract.__dataclass_fields__), where)
    return Contract(
        name,
        number(one, "repair_cost", where, default=0),
        number(one, "down_hours", where, default=0),
        number(one, "down_cost_per_hour", where, default=0),
        number(one, "visit_cost", where) if one.get("visit_cost") is not None else None,
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as JSON that :func:`from_json` reads back."""
    out: dict[str, Any] = {
        "kind": "life",
        "age_unit": problem.age_unit,
        "confidence": problem.confidence,
        "units": [asdict(one) for one in problem.units],
        "ahead": problem.ahead,
        "age_bands": list(problem.age_bands),
        "alarm": asdict(problem.alarm),
        "repairs": [{"hours": hours, "finished": finished} for hours, finished in problem.repairs],
        "failures": [asdict(one) for one in problem.failures],
        "exposure": [{"subject": name, "days": days} for name, days in problem.exposure],
        "repeat_days": problem.repeat_days,
        "counts": [{"period": c.period, "failures": c.number, "exposure": c.of} for c in problem.counts],
        "shares": [{"period": c.period, "hits": c.number, "checked": c.of} for c in problem.shares],
        "charts": asdict(problem.charts),
    }
    if problem.prevention is not None:
        out["prevention"] = asdict(problem.prevention)
    if problem.contracts:
        out["contracts"] = [asdict(one) for one in problem.contracts]
        out["covered"] = [{"unit": unit, "contract": name} for unit, name in problem.covered]
    if problem.readings is not None:
        table = problem.readings.table
        out["readings"] = {
            "columns": list(table.columns),
            "baseline": list(problem.readings.baseline),
            "held_out_months": problem.readings.held_out_months,
            "rows": [
                {
                    "unit": str(table.units[i]),
                    "month": int(table.months[i]),
                    "values": [None if np.isnan(v) else float(v) for v in table.readings[i]],
                    "failed": bool(table.failed[i]),
                }
                for i in range(len(table))
            ],
        }
    return out
