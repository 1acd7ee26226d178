"""The question of rules as plain rows: jobs under a rule, who kept it and who did not, and what came of it.

JSON (``kind`` = "rules"; unknown fields are refused)::

    {"kind": "rules", "confidence": 0.95, "false_discovery": 0.1,
     "outcomes": [{"name": "solved_first_time", "better": "higher", "matters_from": 0.03},
                  {"name": "hours", "better": "lower", "matters_from": 0.2}],
     "jobs": [{"rule": "two-person lift", "deviated": true, "engineer": "Wu", "stratum": "laser, urgent",
               "solved_first_time": true, "hours": 2.5}]}

``jobs`` may be a table. A job under two rules is two rows. ``stratum`` names the case mix (model, urgency,
customer) within which jobs are compared. An outcome is a number or true or false, and may be missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, rows, word

WHERE = "rules problem"
NAMED = {"rule", "deviated", "engineer", "stratum"}
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something by which a job is judged; differences below ``matters_from`` are of no account."""

    name: str
    better: Better = "higher"
    matters_from: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """One job under one rule; ``outcomes`` by name, those that were measured."""

    rule: str
    deviated: bool
    engineer: str
    stratum: str
    outcomes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Problem:
    """Jobs, what they are judged by, and how sure an answer must be.

    ``false_discovery``: share of the rules named for a change that may be named wrongly.
    """

    jobs: tuple[Job, ...]
    outcomes: tuple[Outcome, ...]
    confidence: float = 0.95
    false_discovery: float = 0.1

    def __post_init__(self) -> None:
        if not self.jobs:
            raise BadProblem("rules", "there are no jobs")
        if not self.outcomes:
            raise BadProblem("rules", "there is no outcome to judge by")
        for name, share in (("confidence", self.confidence), ("false_discovery", self.false_discovery)):
            if not 0 < share < 1:
                raise BadProblem(name, f"must lie between 0 and 1, not {share}")
        names = [one.name for one in self.outcomes]
        for name in names:
            if names.count(name) > 1:
                raise BadProblem(f"outcome {name}", "is named twice")

    @property
    def rules(self) -> tuple[str, ...]:
        """Names, in order of first appearance."""
        return tuple(dict.fromkeys(job.rule for job in self.jobs))


def from_json(given: Mapping[str, Any]) -> Problem:
    """Read a rules problem. Raises BadProblem that says which row is wrong and why."""
    top = row(given, WHERE)
    only(top, {"kind", "note", "confidence", "false_discovery", "outcomes", "jobs"}, WHERE)
    if top.get("kind", "rules") != "rules":
        raise BadProblem("kind", f"{top['kind']!r} is not a rules problem")
    outcomes = tuple(_outcome(one, i) for i, one in enumerate(rows(top, "outcomes", WHERE)))
    names = {one.name for one in outcomes}
    return Problem(
        jobs=tuple(_job(one, i, names) for i, one in enumerate(rows(top, "jobs", WHERE))),
        outcomes=outcomes,
        confidence=number(top, "confidence", WHERE, high=1, default=0.95),
        false_discovery=number(top, "false_discovery", WHERE, high=1, default=0.1),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The document that `from_json` reads back as an equal problem."""
    return {
        "kind": "rules",
        "confidence": problem.confidence,
        "false_discovery": problem.false_discovery,
        "outcomes": [asdict(one) for one in problem.outcomes],
        "jobs": [
            {
                "rule": job.rule,
                "deviated": job.deviated,
                "engineer": job.engineer,
                "stratum": job.stratum,
                **job.outcomes,
            }
            for job in problem.jobs
        ],
    }


def _outcome(one: Row, i: int) -> Outcome:
    name = word(one, "name", f"outcomes row {i}")
    where = f"outcome {name}"
    only(one, {"name", "better", "matters_from"}, where)
    if name in NAMED:
        raise BadProblem(where, "is the name of a column of jobs")
    better = word(one, "better", where, "higher")
    if better not in ("higher", "lower"):
        raise BadProblem(where, f"better must be higher or lower, not {better!r}")
    return Outcome(name, cast(Better, better), number(one, "matters_from", where, default=0.0))


def _job(one: Row, i: int, names: set[str]) -> Job:
    where = f"jobs row {i}"
    only(one, NAMED | names, where)
    deviated = one.get("deviated")
    if not isinstance(deviated, bool):
        raise BadProblem(where, "deviated must be true or false")
    outcomes = {}
    for name in names & set(one):
        value = one[name]
        if value is None:
            continue
        if not isinstance(value, bool | int | float) or not math.isfinite(value):
            raise BadProblem(where, f"{name} must be a number, or true or false, not {value!r}")
        outcomes[name] = float(value)
    return Job(
        word(one, "rule", where),
        deviated,
        word(one, "engineer", where),
        word(one, "stratum", where, "all"),
        outcomes,
    )
