"""The calendar: a week, a zone, the holidays, and what was decided besides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tightrope.worktime.holiday_table import NO_HOLIDAYS, HolidayTable
from tightrope.worktime.instants import (
    MICROSECONDS,
    Span,
    first_moment_reading,
    merged,
    midnight_of_steady_days,
    without,
)
from tightrope.worktime.stretches import Stretches
from tightrope.worktime.week import Shift, WeekPattern


class UnknownZone(ValueError):
    """The time zone is not in the IANA database."""


class NoWorkingTime(ValueError):
    """The calendar never opens, so no promise could be reckoned by it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """Whose working time is meant: immutable, cheap to keep, compared by `key`.

    What a day is worth is decided in this order, the later word winning: the week, the holidays and make-up
    workdays (a make-up workday has the shifts of the weekday it follows), the closures, the extra openings.
    Beyond the years of the holiday table the plain week holds. Raises UnknownZone and NoWorkingTime.
    """

    pattern: WeekPattern
    zone: str
    holidays: HolidayTable = NO_HOLIDAYS
    closures: tuple[Span, ...] = ()
    openings: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UnknownZone(
                f'"{self.zone}" is not a time zone; they are written like Asia/Shanghai.'
            ) from None
        if not self.pattern.has_shifts and not self.openings:
            raise NoWorkingTime("This calendar has no working time at all; give it at least one shift.")
        object.__setattr__(self, "closures", tuple(sorted(self.closures)))
        object.__setattr__(self, "openings", tuple(sorted(self.openings)))

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Calendar) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __getstate__(self) -> dict[str, object]:
        # The compiled stretches hold a lock and are quickly made again; only the facts travel.
        return {field.name: self.__dict__[field.name] for field in fields(self)}

    @cached_property
    def key(self) -> str:
        """The same in every process for calendars that open and close alike; names of holidays do not count."""
        spans = ";".join(f"{span.micros}" for span in (*self.closures, *self.openings))
        facts = (
            self.zone,
            self.pattern.as_days(),
            self.holidays.closed_days,
            self.holidays.moved_days,
            spans,
        )
        return hashlib.sha256(repr((*facts, len(self.closures))).encode()).hexdigest()

    @cached_property
    def stretches(self) -> Stretches:
        return Stretches(self._stretches_of_year, self._start_of_year)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts that open on a day by week, holidays and make-up workdays."""
        if day in self._closed_days:
            return ()
        return self.pattern.days[self._moved_days.get(day, day.weekday())]

    @cached_property
    def _closed_days(self) -> frozenset[date]:
        return frozenset(self.holidays.closed_days)

    @cached_property
    def _moved_days(self) -> dict[date, int]:
        return dict(self.holidays.moved_days)

    @cached_property
    def _zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _start_of_year(self, year: int) -> int:
        return first_moment_reading(datetime(year, 1, 1), self._zone_info)  # noqa: DTZ001

    def _stretches_of_year(self, year: int) -> list[tuple[int, int]]:
        """The year's working stretches, cut at its first and last midnight."""
        low, high = self._start_of_year(year), self._start_of_year(year + 1)
        closed = (span.micros for span in self.closures)
        closed_here = merged((start, end) for start, end in closed if start < high and end > low)
        work = without(merged(self._shifts_around(year)), closed_here)
        extra = (span.micros for span in self.openings)
        clipped = ((max(start, low), min(end, high)) for start, end in (*work, *extra))
        return list(merged(clipped))

    def _shifts_around(self, year: int) -> Iterator[tuple[int, int]]:
        # New Year's Eve of the year before comes along: its night shift ends in this year.
        day, last = date(year - 1, 12, 31), date(year, 12, 31)
        while day <= last:
            if shifts := self.shifts_on(day):
                moment = self._clock_of(day)
                yield from ((moment(shift.opens_second), moment(shift.closes_second)) for shift in shifts)
            day += timedelta(days=1)

    def _clock_of(self, day: date) -> Callable[[int], int]:
        """Turns seconds after the day's midnight, as the clock shows them, into the moment."""
        zone = self._zone_info
        steady = midnight_of_steady_days(day, zone)
        if steady is not None:
            return lambda seconds: steady + seconds * MICROSECONDS
        midnight = datetime.combine(day, time())
        return lambda seconds: first_moment_reading(midnight + timedelta(seconds=seconds), zone)
