"""A run that shows how far it has come and can be ended at any time with its best plan kept."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol, TextIO

LINES_A_SECOND = 5.0


class Clock(Protocol):
    """The part of a search's own clock that a limit in steps needs."""

    steps: int


@dataclass(slots=True)
class Run:
    """The stop of every model in one object, and the teller of its progress.

    Ends after `seconds` of wall time, after `steps` steps or rounds, or when cancelled. Under a limit in
    steps alone, equal seeds give equal plans.
    """

    seconds: float | None = None
    steps: int | None = None
    value: str = "best"
    to: TextIO = field(default_factory=lambda: sys.stderr)
    is_cancelled: bool = False
    began: float = field(default_factory=time.monotonic)
    _told_at: float = -math.inf
    _latest: float | None = None

    def cancel(self) -> None:
        """End the run at its next look."""
        self.is_cancelled = True

    def is_reached(self, rounds: int = 0) -> bool:
        """As siting, staffing, spares, turnover, reliability and simulation ask."""
        if self.is_cancelled or (self.steps is not None and rounds >= self.steps):
            return True
        return self.seconds_left() <= 0

    def seconds_left(self) -> float:
        """Infinite without a limit."""
        if self.is_cancelled:
            return 0.0
        return math.inf if self.seconds is None else self.seconds - (time.monotonic() - self.began)

    def share(self, clock: Clock) -> float:
        """As routing asks: 1 or more when the end is reached."""
        if self.is_cancelled:
            return 1.0
        spent = time.monotonic() - self.began
        by_time = 0.0 if self.seconds is None else spent / max(self.seconds, 1e-9)
        by_steps = 0.0 if self.steps is None else clock.steps / max(self.steps, 1)
        return max(by_time, by_steps)

    def progress(self, value: float, seconds: float) -> None:
        """Tell the best value so far, a few times a second at most."""
        self._latest = value
        now = time.monotonic()
        if now - self._told_at < 1 / LINES_A_SECOND:
            return
        self._told_at = now
        self._tell()

    def finish(self) -> None:
        """Tell the last value, and that the run was ended by hand."""
        if self._latest is not None:
            self._tell()
        if self.to.isatty():
            self.to.write("\n")
        if self.is_cancelled:
            self.to.write("Stopped; the best plan so far is kept.\n")
        self.to.flush()

    def _tell(self) -> None:
        line = f"{time.monotonic() - self.began:8.1f} s  {self.value} {self._latest:,.4g}"
        if self._latest is not None and abs(self._latest) >= 1000:
            line = f"{time.monotonic() - self.began:8.1f} s  {self.value} {self._latest:,.1f}"
        self.to.write(f"\r{line:<60}" if self.to.isatty() else f"{line}\n")
        self.to.flush()


@contextmanager
def cancelled_by_hand(run: Run) -> Iterator[None]:
    """Ctrl-C ends the run with its best plan kept; pressed again, the program itself."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        run.cancel()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
