"""What a run is about and leaves behind: cases, workers, and the sums over the measured time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

NEVER = math.inf
"""The moment of what has not happened."""


@dataclass(slots=True)
class Case:
    """One failure from report to end; clock hours, infinite while it has not happened."""

    number: int
    city: int
    model: int
    reported: float
    answered: float = NEVER
    met: float = NEVER
    arrived: float = NEVER
    works_again: float = NEVER
    ended: float = NEVER
    part: int = -1
    waited_for_part: bool = False
    way: str = "open"
    engineer: int = -1
    visits: int = 0
    worked: float = 0.0
    travelled: float = 0.0
    has_loaner: bool = False
    wanted_loaner: bool = False
    due: float = 0.0
    ready: float = NEVER
    queued_hours: float = 0.0


@dataclass(slots=True)
class Worker:
    """An engineer during a run."""

    number: int
    home: int
    place: int
    skills: frozenset[str]
    speed: float
    customer: int | None
    is_free: bool = True
    busy: list[tuple[float, float]] = field(default_factory=list)
    travelled: float = 0.0
    overtime: float = 0.0


@dataclass(slots=True)
class Lived:
    """What a run leaves behind: all cases, workers, and integrals over the measured time."""

    cases: list[Case]
    workers: list[Worker]
    expert_busy: float
    expert_wait: list[tuple[float, float]]
    orders: list[tuple[float, bool]]
    short_parts: float
