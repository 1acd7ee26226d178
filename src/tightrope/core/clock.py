"""What time it is, asked only where the world enters: views, tasks, commands. Acts are told by `at=`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told_time", default=None)


def now() -> datetime:
    """The current instant in UTC, or the one set by `standing_at` (simulated history, tests)."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def standing_at(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` within this block."""
    token = _told.set(at)
    try:
        yield
    finally:
        _told.reset(token)
