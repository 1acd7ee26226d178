"""Instants as whole microseconds since 1970 in UTC, so that adding and measuring are exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NaiveInstant(ValueError):
    """A time without a zone was given: it names no instant."""


class BackwardSpan(ValueError):
    """A span ends before it begins, or at once."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one instant until another, the end not included: a closure, an extra opening, a pause."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if micros_of(self.end) <= micros_of(self.start):
            raise BackwardSpan(f"The span from {self.start.isoformat()} has to end later than it begins.")

    @property
    def micros(self) -> tuple[int, int]:
        return micros_of(self.start), micros_of(self.end)


def micros_of(instant: datetime) -> int:
    """Raises NaiveInstant when the zone is missing."""
    try:
        since = instant - EPOCH
    except TypeError:
        raise NaiveInstant(f"{instant} has no time zone, so nobody knows which instant is meant.") from None
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def instant_of(micros: int) -> datetime:
    """The instant in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def first_moment_reading(wall: datetime, zone: tzinfo) -> int:
    """The first instant at which a clock on the wall of the zone reads at least this hour.

    An hour that comes twice (autumn) means its first coming, an hour that is left out (spring) the jump
    itself. With this one rule neighbouring shifts always meet and a shift across a change has its true length.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return micros_of(moment)
    before = micros_of(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    return _jump_between(before, micros_of(moment), wall, zone)


def midnight_of_steady_days(day: date, zone: tzinfo) -> int | None:
    """The day's midnight, when from then on the clocks run for two days without a change; else None.

    On such days, all but a few of a year, an hour of the clock is a plain addition, ten times as fast.
    """
    midnight = datetime.combine(day, time())
    early = midnight.replace(tzinfo=zone, fold=0).utcoffset()
    late = (midnight + timedelta(days=2)).replace(tzinfo=zone, fold=1).utcoffset()
    if early is None or early != late:
        return None
    return micros_of(midnight.replace(tzinfo=UTC)) - early // timedelta(microseconds=1)


def merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The union of spans, in order; those that touch become one, those without length vanish."""
    current: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if end <= start:
            continue
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


def without(
    spans: Iterable[tuple[int, int]], removed: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """What is left of ordered spans when other ordered spans are cut out of them."""
    holes = list(removed)
    for start, end in spans:
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                yield start, hole_start
            start = hole_end
        if start < end:
            yield start, end


def _jump_between(early: int, late: int, wall: datetime, zone: tzinfo) -> int:
    while late - early > MICROSECONDS:
        middle = (early + late) // (2 * MICROSECONDS) * MICROSECONDS
        if instant_of(middle).astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late
