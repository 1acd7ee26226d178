"""The figures of the board: which tightrope each belongs to, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TIGHTROPES = {
    1: "satisfied customers at least cost",
    2: "people come and go, knowledge stays",
    3: "how many people, and where",
    4: "each customer is different, the system stable",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """``better`` is None where neither way is better by itself."""

    tightrope: int
    means: str
    better: Literal["higher", "lower"] | None
    is_share: bool = False


FIGURES = {
    "cost": Figure(1, "cost of the measured time", "lower"),
    "cost_per_case": Figure(1, "cost of a case", "lower"),
    "kept": Figure(1, "promises kept", "higher", is_share=True),
    "response_hours": Figure(1, "service hours until met", "lower"),
    "leavers": Figure(2, "expected to leave in the horizon", "lower"),
    "pairs_at_risk": Figure(2, "skills on products with too few left, expected", "lower"),
    "worst_pair": Figure(2, "chance of too few of the scarcest", "lower", is_share=True),
    "heads": Figure(3, "engineers", None),
    "experts": Figure(3, "second line", None),
    "bases": Figure(3, "cities with a base", None),
    "machines_per_head": Figure(3, "machines an engineer", None),
    "utilisation": Figure(3, "engineers' time in use", None, is_share=True),
    "expert_wait_hours": Figure(3, "wait for the second line, hours", "lower"),
    "deviation_rate": Figure(4, "jobs that deviate from a rule", None, is_share=True),
    "rules_to_relax": Figure(4, "rules better relaxed", "lower"),
    "rules_to_harden": Figure(4, "rules better hardened", "lower"),
    "rules_unknown": Figure(4, "rules of which too little is known", "lower"),
}
"""By name, in the order of the board."""

SUMS = frozenset({"cost", "cases", "visits", "overtime_hours", "late_cases", "open_at_end"})
"""Figures of the measured time that a month has its share of; of the others a month has the same."""

SERVICE = ("cost", "cost_per_case", "kept", "response_hours", "utilisation", "expert_wait_hours")
"""Figures that the twin lives through, run by run."""
