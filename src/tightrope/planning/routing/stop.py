"""When to stop: rules as objects, so that a caller may combine and cancel them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from tightrope.planning.errors import BadProblem


@dataclass(slots=True)
class Clock:
    """How far a run has come. Engines make one at their start and keep its counters up to date."""

    cpu_from: float
    wall_from: float
    steps: int = 0
    improved_at_step: int = 0

    @classmethod
    def started(cls) -> Clock:
        """A clock that starts now."""
        return cls(time.process_time(), time.monotonic())

    @property
    def cpu_seconds(self) -> float:
        """CPU time of this process since the start."""
        return time.process_time() - self.cpu_from

    @property
    def wall_seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self.wall_from


class Stop(Protocol):
    """A rule. ``share`` of the way to the stop, 1 or more when it is reached, 0 when it cannot tell."""

    def share(self, clock: Clock) -> float: ...


@dataclass(frozen=True, slots=True)
class CpuSeconds:
    """Stop after so many seconds of this process's CPU time."""

    limit: float

    def __post_init__(self) -> None:
        _refuse(self, self.limit)

    def share(self, clock: Clock) -> float:
        return clock.cpu_seconds / self.limit


@dataclass(frozen=True, slots=True)
class WallSeconds:
    """Stop after so many seconds on the wall clock."""

    limit: float

    def __post_init__(self) -> None:
        _refuse(self, self.limit)

    def share(self, clock: Clock) -> float:
        return clock.wall_seconds / self.limit


@dataclass(frozen=True, slots=True)
class Steps:
    """Stop after so many steps of search. The only rule under which equal seeds give equal plans."""

    limit: int

    def __post_init__(self) -> None:
        _refuse(self, self.limit)

    def share(self, clock: Clock) -> float:
        return clock.steps / self.limit


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Stop after so many steps without a better plan."""

    limit: int

    def __post_init__(self) -> None:
        _refuse(self, self.limit)

    def share(self, clock: Clock) -> float:
        return 1.0 if clock.steps - clock.improved_at_step >= self.limit else 0.0


@dataclass(slots=True)
class Cancelled:
    """Stop as soon as somebody calls `cancel` (a signal handler, another thread)."""

    is_cancelled: bool = False

    def cancel(self) -> None:
        """Ask the engine to stop and keep its best plan."""
        self.is_cancelled = True

    def share(self, clock: Clock) -> float:
        return 1.0 if self.is_cancelled else 0.0


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Stop when the first of several rules is reached."""

    rules: tuple[Stop, ...]

    def __init__(self, *rules: Stop) -> None:
        object.__setattr__(self, "rules", rules)

    def share(self, clock: Clock) -> float:
        return max((rule.share(clock) for rule in self.rules), default=0.0)


def _refuse(rule: object, limit: float) -> None:
    if not limit > 0:
        raise BadProblem(f"stop rule {type(rule).__name__}", f"needs a limit above zero, not {limit}")
