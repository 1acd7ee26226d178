"""Investments in service as plain rows: what was spent, what it should bring, and what was measured month by month.

JSON (``kind`` = "investments"; unknown fields are refused)::

    {"kind": "investments", "confidence": 0.9, "interest_per_year": 0.04,
     "investments": [{"name": "remote diagnosis", "starts": "2025-04", "cost": 120000, "running_per_month": 1500,
                      "measure": "repeat visits", "better": "lower", "worth_per_unit": 180,
                      "expected_per_month": 45, "ramp_months": 6, "until": "2028-03"}],
     "months": [{"measure": "repeat visits", "month": "2023-01", "value": 321, "plan": 318, "control": 1010}]}

``months`` may be a table. ``expected_per_month`` counts units of the measure made better each month once the ramp
is over (it rises evenly over ``ramp_months``). ``control`` is a series that the investment cannot have moved
(cases, machines in the field); ``plan`` is what was planned for the month without the investment.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, whole, word

WHERE = "investments problem"
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Investment:
    """One investment. ``starts`` and ``until`` are months, counted from year 0; the benefit is looked for from
    ``starts`` on; ``cost`` is paid then and ``running_per_month`` from then on.
    """

    name: str
    starts: int
    cost: float
    measure: str
    worth_per_unit: float
    expected_per_month: float
    better: Better = "higher"
    running_per_month: float = 0.0
    ramp_months: int = 0
    until: int | None = None

    def expected(self, age: int) -> float:
        """Units made better in the month ``age`` months after the start."""
        if age < 0 or (self.until is not None and self.starts + age > self.until):
            return 0.0
        ramp = 1.0 if self.ramp_months == 0 else min(1.0, (age + 1) / self.ramp_months)
        return self.expected_per_month * ramp


@dataclass(frozen=True, slots=True)
class Month:
    """A measure in one month."""

    measure: str
    month: int
    value: float
    plan: float | None = None
    control: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """The register and what was measured. ``interest_per_year`` discounts money to the month of the start."""

    investments: tuple[Investment, ...]
    months: tuple[Month, ...] = ()
    confidence: float = 0.9
    interest_per_year: float = 0.0

    def __post_init__(self) -> None:
        if not self.investments:
            raise BadProblem("investments", "there is none")
        if not 0 < self.confidence < 1:
            raise BadProblem("confidence", f"must lie between 0 and 1, not {self.confidence}")
        names = [one.name for one in self.investments]
        for one in self.investments:
            if names.count(one.name) > 1:
                raise BadProblem(f"investment {one.name}", "is named twice")
            if one.until is not None and one.until < one.starts:
                raise BadProblem(f"investment {one.name}", "ends before it starts")
        seen: set[tuple[str, int]] = set()
        for month in self.months:
            key = month.measure, month.month
            if key in seen:
                raise BadProblem(f"{month.measure} in {month_name(month.month)}", "is given twice")
            seen.add(key)

    def series(self, measure: str) -> list[Month]:
        """The months of a measure in order. Raises BadProblem where one is missing in between."""
        found = sorted((one for one in self.months if one.measure == measure), key=lambda one: one.month)
        for before, after in itertools.pairwise(found):
            if after.month != before.month + 1:
                raise BadProblem(f"{measure} in {month_name(before.month + 1)}", "is missing")
        return found


def month_number(text: str, where: str) -> int:
    """Months since year 0 of a text such as 2025-04. Raises BadProblem."""
    parts = text.split("-")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts) or not 1 <= int(parts[1]) <= 12:
        raise BadProblem(where, f"must be a month such as 2025-04, not {text!r}")
    return 12 * int(parts[0]) + int(parts[1]) - 1


def month_name(number: int) -> str:
    """The month as text, 2025-04."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def from_json(given: Mapping[str, Any]) -> Problem:
    """Read an investments problem. Raises BadProblem that says which row is wrong and why."""
    top = row(given, WHERE)
    only(top, {"kind", "note", "confidence", "interest_per_year", "investments", "months"}, WHERE)
    if top.get("kind", "investments") != "investments":
        raise BadProblem("kind", f"{top['kind']!r} is not an investments problem")
    return Problem(
        investments=tuple(_investment(one, i) for i, one in enumerate(rows(top, "investments", WHERE))),
        months=tuple(_month(one, i) for i, one in enumerate(rows(top, "months", WHERE))),
        confidence=number(top, "confidence", WHERE, high=1, default=0.9),
        interest_per_year=number(top, "interest_per_year", WHERE, high=1, default=0.0),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The document that `from_json` reads back as an equal problem."""
    investments = []
    for one in problem.investments:
        line = asdict(one) | {"starts": month_name(one.starts)}
        line["until"] = None if one.until is None else month_name(one.until)
        investments.append({key: value for key, value in line.items() if value is not None})
    months = [asdict(one) | {"month": month_name(one.month)} for one in problem.months]
    return {
        "kind": "investments",
        "confidence": problem.confidence,
        "interest_per_year": problem.interest_per_year,
        "investments": investments,
        "months": [{key: value for key, value in one.items() if value is not None} for one in months],
    }


def _investment(one: Row, i: int) -> Investment:
    name = word(one, "name", f"investments row {i}")
    where = f"investment {name}"
    only(one, set(Investment.__dataclass_fields__), where)
    better = word(one, "better", where, "higher")
    if better not in ("higher", "lower"):
        raise BadProblem(where, f"better must be higher or lower, not {better!r}")
    return Investment(
        name=name,
        starts=month_number(word(one, "starts", where), f"{where}, starts"),
        cost=number(one, "cost", where),
        measure=word(one, "measure", where),
        worth_per_unit=number(one, "worth_per_unit", where),
        expected_per_month=number(one, "expected_per_month", where),
        better=cast(Better, better),
        running_per_month=number(one, "running_per_month", where, default=0.0),
        ramp_months=whole(one, "ramp_months", where, default=0),
        until=month_number(word(one, "until", where), f"{where}, until") if one.get("until") else None,
    )


def _month(one: Row, i: int) -> Month:
    measure = word(one, "measure", f"months row {i}")
    where = f"{measure}, months row {i}"
    only(one, {"measure", "month", "value", "plan", "control"}, where)
    return Month(
        measure,
        month_number(word(one, "month", where), where),
        number(one, "value", where, low=-1e300),
        *(
            number(one, key, where, low=-1e300) if one.get(key) is not None else None
            for key in ("plan", "control")
        ),
    )
