"""The question of the board as plain rows: three problems, the assumptions in them, and scenarios of levers.

JSON (``kind`` = "board"; unknown fields are refused; ``service``, ``people`` and ``rules`` are problems of
`simulate`, `people` and `rules`, given whole or as the name of a file beside this one; the last two may be
left out)::

    {"kind": "board", "runs": 60, "confidence": 0.9,
     "service": "simulate.json", "people": "people.json", "rules": "rules.json",
     "assumptions": [{"name": "late cost", "at": "service/money/late_cost", "value": 300, "unit": "a promise",
                      "why": "penalties of 2025 over missed promises"},
                     {"name": "failures of L200", "at": "service/models/L200/failures_per_year"}],
     "scenarios": [{"name": "one more in Hefei", "service": {"engineers": {"Hefei": 1}},
                    "people": {"leaving": 0.8, "train": [{"person": "Wu", "skill": "laser", "product": "L400"}]},
                    "rules": {"relax": ["photo"], "harden": []}, "assumptions": {"late cost": 400}}],
     "compare": ["today", "one more in Hefei"], "planned_by": "today",
     "months": [{"month": "2026-07", "figure": "kept", "actual": 0.87, "planned": 0.85}]}

"today" is always there: nothing changed. ``at`` is a path into the problems, rows by their name. Levers of
``service`` are those of a scenario of `simulate`; ``leaving`` multiplies the rates at which people leave. A month
without ``planned`` is held against what the scenario ``planned_by`` foretells, with what chance may do in a month.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tightrope.planning import rules as rules_of
from tightrope.planning import simulation, turnover
from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, whole, word

WHERE = "board problem"
TODAY = "today"
PARTS = ("service", "people", "rules")
NOT_FOR_THE_BOARD = (
    "records",
    "installed",
    "starts",
    "until",
    "scenarios",
    "frontier",
    "growth",
    "back_test",
)
ROW_NAMES = ("name", "person", "rule")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that the answer rests on, where it stands, and why it is what it is."""

    name: str
    at: str
    value: float
    unit: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """Somebody learns a skill on a product."""

    person: str
    skill: str
    product: str


@dataclass(frozen=True)
class Levers:
    """What is different in a scenario; everything not named stays."""

    name: str
    service: Mapping[str, Any] = field(default_factory=dict)
    leaving: float = 1.0
    train: tuple[Training, ...] = ()
    relax: tuple[str, ...] = ()
    harden: tuple[str, ...] = ()
    assumptions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actual:
    """What a month brought, and what was planned for it (None: as a scenario foretells)."""

    month: str
    figure: str
    actual: float
    planned: float | None = None


@dataclass(frozen=True)
class Problem:
    """Documents with the assumptions written into them, and what is asked. Scenarios are read when it is made."""

    service: Mapping[str, Any]
    people: Mapping[str, Any] | None = None
    rules: Mapping[str, Any] | None = None
    assumptions: tuple[Assumption, ...] = ()
    scenarios: tuple[Levers, ...] = ()
    compare: tuple[str, str] | None = None
    planned_by: str = TODAY
    months: tuple[Actual, ...] = ()
    runs: int = 60
    confidence: float = 0.9

    def __post_init__(self) -> None:
        if self.runs < 2 or not 0 < self.confidence < 1:
            raise BadProblem(WHERE, "needs 2 runs or more and a confidence between 0 and 1")
        names = [one.name for one in self.all_levers]
        for kind, listed in (("scenario", names), ("assumption", [one.name for one in self.assumptions])):
            for name in listed:
                if listed.count(name) > 1:
                    raise BadProblem(f"{kind} {name}", "is named twice")
        for name in (*(self.compare or ()), self.planned_by):
            if name not in names:
                raise BadProblem(f"scenario {name}", f"is not there; there are {', '.join(names)}")
        known = {one.name for one in self.assumptions}
        for levers in self.scenarios:
            for name in levers.assumptions:
                if name not in known:
                    raise BadProblem(f"scenario {levers.name}", f"changes {name}, which is no assumption")
        for levers in self.all_levers:
            self.service_of(levers)
            people = self.people_of(levers)
            self.rules_of(levers)
            staff = {one.person for one in people.staff} if people else set()
            for each in levers.train:
                if each.person not in staff:
                    raise BadProblem(
                        f"scenario {levers.name}", f"trains {each.person}, who is not among the staff"
                    )

    @property
    def all_levers(self) -> tuple[Levers, ...]:
        """Today first."""
        return (Levers(TODAY), *self.scenarios)

    def assumed(self, levers: Levers) -> dict[str, float]:
        """Every assumption by name as it holds in a scenario."""
        return {one.name: levers.assumptions.get(one.name, one.value) for one in self.assumptions}

    def service_of(self, levers: Levers) -> tuple[simulation.Company, simulation.Window]:
        """The company of a scenario, and the time measured. Raises BadProblem."""
        document = self._written("service", levers)
        problem = _read(
            levers, simulation.from_json, document | {"scenarios": {levers.name: dict(levers.service)}}
        )
        return simulation.changed(problem.company, problem.scenarios[levers.name]), problem.window

    def people_of(self, levers: Levers) -> turnover.Problem | None:
        """The turnover problem under a scenario's assumptions."""
        if self.people is None:
            if levers.train or levers.leaving != 1.0:
                raise BadProblem(f"scenario {levers.name}", "has levers of people, but no people are given")
            return None
        found: turnover.Problem = _read(levers, turnover.from_json, self._written("people", levers))
        return found

    def rules_of(self, levers: Levers) -> rules_of.Problem | None:
        """The rules problem under a scenario's assumptions."""
        if self.rules is None:
            if levers.relax or levers.harden:
                raise BadProblem(f"scenario {levers.name}", "has levers of rules, but no rules are given")
            return None
        found: rules_of.Problem = _read(levers, rules_of.from_json, self._written("rules", levers))
        for rule in (*levers.relax, *levers.harden):
            if rule not in found.rules:
                raise BadProblem(f"scenario {levers.name}", f"there is no rule {rule}")
        return found

    def _written(self, part: str, levers: Levers) -> dict[str, Any]:
        """The document of a part with a scenario's assumptions in it; only what they touch is copied."""
        document = dict(getattr(self, part))
        values = self.assumed(levers)
        for one in self.assumptions:
            head, _, path = one.at.partition("/")
            if head == part:
                key = path.partition("/")[0]
                document[key] = copy.deepcopy(document.get(key))
                _set(document, path.split("/"), values[one.name], f"assumption {one.name}")
        return document


def from_json(given: Mapping[str, Any]) -> Problem:
    """Read a board problem. Raises BadProblem that says which row is wrong and why."""
    top = row(given, WHERE)
    only(
        top,
        {
            "kind",
            "note",
            "runs",
            "confidence",
            *PARTS,
            "assumptions",
            "scenarios",
            "compare",
            "planned_by",
            "months",
        },
        WHERE,
    )
    if top.get("kind", "board") != "board":
        raise BadProblem("kind", f"{top['kind']!r} is not a board problem")
    parts = {key: dict(row(top[key], key)) for key in PARTS if top.get(key) is not None}
    if "service" not in parts:
        raise BadProblem(WHERE, "service is missing: a problem of `simulate`, or the name of its file")
    for key in NOT_FOR_THE_BOARD:
        parts["service"].pop(key, None)
    compare = top.get("compare")
    if compare is not None and not (
        isinstance(compare, list) and len(compare) == 2 and all(isinstance(one, str) for one in compare)
    ):
        raise BadProblem(WHERE, "compare must name two scenarios")
    return Problem(
        service=parts["service"],
        people=parts.get("people"),
        rules=parts.get("rules"),
        assumptions=tuple(
            _assumption(one, i, parts) for i, one in enumerate(rows(top, "assumptions", WHERE))
        ),
        scenarios=tuple(_levers(one, i) for i, one in enumerate(rows(top, "scenarios", WHERE))),
        compare=None if compare is None else (compare[0], compare[1]),
        planned_by=word(top, "planned_by", WHERE, TODAY),
        months=tuple(_actual(one, i) for i, one in enumerate(rows(top, "months", WHERE))),
        runs=whole(top, "runs", WHERE, low=2, default=60),
        confidence=number(top, "confidence", WHERE, high=1, default=0.9),
    )


def _assumption(one: Row, i: int, parts: Mapping[str, Any]) -> Assumption:
    name = word(one, "name", f"assumptions row {i}")
    where = f"assumption {name}"
    only(one, set(Assumption.__dataclass_fields__), where)
    at = word(one, "at", where)
    head, _, path = at.partition("/")
    if head not in parts or not path:
        raise BadProblem(where, f"stands at {at!r}, which is not within {', '.join(parts)}")
    stands = _get(parts[head], path.split("/"), where)
    value = number(one, "value", where, low=-1e300) if one.get("value") is not None else stands
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadProblem(where, f"{at} holds no number, and no value is given")
    return Assumption(name, at, float(value), str(one.get("unit", "")), str(one.get("why", "")))


def _levers(one: Row, i: int) -> Levers:
    name = word(one, "name", f"scenarios row {i}")
    where = f"scenario {name}"
    only(one, {"name", *PARTS, "assumptions"}, where)
    people, ruled = row(one.get("people", {}), where), row(one.get("rules", {}), where)
    only(people, {"leaving", "train"}, where)
    only(ruled, {"relax", "harden"}, where)
    trained = [
        Training(*(word(each, key, f"{where}, train row {k}") for key in ("person", "skill", "product")))
        for k, each in enumerate(rows(people, "train", where))
    ]
    return Levers(
        name=name,
        service=dict(row(one.get("service", {}), where)),
        leaving=number(people, "leaving", where, default=1.0),
        train=tuple(trained),
        relax=_names(ruled, "relax", where),
        harden=_names(ruled, "harden", where),
        assumptions={
            str(key): number({"value": value}, "value", f"{where}, {key}", low=-1e300)
            for key, value in row(one.get("assumptions", {}), where).items()
        },
    )


def _names(one: Row, key: str, where: str) -> tuple[str, ...]:
    listed = one.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise BadProblem(where, f"{key} must be a list of names")
    return tuple(listed)


def _actual(one: Row, i: int) -> Actual:
    month = word(one, "month", f"months row {i}")
    where = f"month {month}"
    only(one, set(Actual.__dataclass_fields__), where)
    planned = number(one, "planned", where, low=-1e300) if one.get("planned") is not None else None
    return Actual(month, word(one, "figure", where), number(one, "actual", where, low=-1e300), planned)


def _read(levers: Levers, reader: Any, document: Mapping[str, Any]) -> Any:
    try:
        return reader(document)
    except BadProblem as bad:
        if levers.name == TODAY:
            raise
        raise BadProblem(f"scenario {levers.name}, {bad.where}", bad.why) from bad


def _step(at: Any, key: str, where: str) -> Any:
    if isinstance(at, list):
        for one in at:
            if isinstance(one, Mapping) and any(str(one.get(name)) == key for name in ROW_NAMES):
                return one
    elif isinstance(at, Mapping) and key in at:
        return at[key]
    raise BadProblem(where, f"there is no {key} where it should stand")


def _get(document: Any, path: list[str], where: str) -> Any:
    at = document
    for key in path[:-1]:
        at = _step(at, key, where)
    # A field left out has its default: it can be set all the same.
    return at.get(path[-1]) if isinstance(at, Mapping) else _step(at, path[-1], where)


def _set(document: Any, path: list[str], value: float, where: str) -> None:
    at = document
    for key in path[:-1]:
        at = _step(at, key, where)
    if not isinstance(at, dict):
        raise BadProblem(where, f"{path[-1]} is not a field that can be set")
    at[path[-1]] = value
