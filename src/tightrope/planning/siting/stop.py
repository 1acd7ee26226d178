"""When a search ends: by time, by rounds, or because somebody cancelled it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Protocol

from tightrope.planning.errors import BadProblem


class Stopping(Protocol):
    """Anything that can tell a search to end. A person's Ctrl-C sets it from another thread."""

    def is_reached(self, rounds: int = 0) -> bool: ...

    def seconds_left(self) -> float: ...


@dataclass
class Stop:
    """Ends after `seconds` of wall time (from creation) or `rounds` rounds, whichever comes first.

    Only a limit in rounds gives the same answer twice: seconds depend on the machine.
    """

    seconds: float = math.inf
    rounds: int | None = None
    is_cancelled: bool = False
    _started: float = field(default_factory=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        if math.isnan(self.seconds) or self.seconds < 0:
            raise BadProblem("stop", f"the seconds must be zero or more, not {self.seconds}")
        if self.rounds is not None and self.rounds < 0:
            raise BadProblem("stop", f"the rounds must be zero or more, not {self.rounds}")

    def cancel(self) -> None:
        """End the search at its next look; the best answer so far is kept."""
        self.is_cancelled = True

    def is_reached(self, rounds: int = 0) -> bool:
        if self.is_cancelled or (self.rounds is not None and rounds >= self.rounds):
            return True
        return self.seconds_left() <= 0

    def seconds_left(self) -> float:
        return self.seconds - (time.monotonic() - self._started)


def patience_of(stop: Stopping | None, prove_seconds: float, *, rounds: int) -> float:
    """Rounds without a better answer that end a search.

    None but the given ones when a proof comes after it: time is better spent there than on rounds that find
    nothing. Without a proof a search that was given a stop goes on until that is reached.
    """
    return rounds if stop is None or prove_seconds > 0 else math.inf
