"""The working week: which shifts open on which weekday."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import IntEnum
from itertools import pairwise
from typing import Self

DAY_SECONDS = 86_400


class UnreadableShift(ValueError):
    """A shift is not written as "08:30-12:00", or its hours do not exist."""


class OverlappingShifts(ValueError):
    """Two shifts of one weekday overlap, which is nearly always a slip of the pen."""


class UnknownWeekday(ValueError):
    """A day of the week is named that does not exist."""


class Weekday(IntEnum):
    """The days as `date.weekday()` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @property
    def short(self) -> str:
        """The key under which a pattern is stored: "mon" to "sun"."""
        return self.name[:3].lower()


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of work that opens on a given day.

    A shift whose closing hour is not after its opening hour ends on the next day: 22:00-06:00 is a night,
    00:00-00:00 the whole day. It belongs to the day it opens on, so a holiday cancels the night that
    begins on it and not the one that ends on it.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        for hour in (self.opens, self.closes):
            if hour.tzinfo is not None or hour.microsecond:
                raise UnreadableShift(
                    f"{hour.isoformat()} must be a plain hour; the calendar has the time zone."
                )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "08:30-12:00". 24:00 is accepted as a closing hour. Raises UnreadableShift."""
        found = re.fullmatch(r"\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*[-–—~]\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*", text)
        if found is None:
            raise UnreadableShift(f'"{text}" is not a shift; write it as 08:30-12:00.')
        opens, closes = found.groups()
        return cls(opens=_hour(opens, text), closes=_hour("00:00" if closes == "24:00" else closes, text))

    def __str__(self) -> str:
        closes = "24:00" if self.closes == time(0) else _plain(self.closes)
        return f"{_plain(self.opens)}-{closes}"

    @property
    def opens_second(self) -> int:
        return _second_of_day(self.opens)

    @property
    def closes_second(self) -> int:
        """Seconds after midnight of the opening day, more than 86,400 when the shift ends tomorrow."""
        closes = _second_of_day(self.closes)
        return closes if closes > self.opens_second else closes + DAY_SECONDS


@dataclass(frozen=True, slots=True)
class WeekPattern:
    """The shifts of Monday to Sunday, each day's in order and without overlap."""

    days: tuple[tuple[Shift, ...], ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(Weekday):
            raise UnknownWeekday(f"A week has seven days, not {len(self.days)}.")
        ordered = tuple(tuple(sorted(shifts)) for shifts in self.days)
        for weekday, shifts in zip(Weekday, ordered, strict=True):
            for earlier, later in pairwise(shifts):
                if later.opens_second < earlier.closes_second:
                    raise OverlappingShifts(f"{earlier} and {later} overlap on {weekday.name.title()}.")
        object.__setattr__(self, "days", ordered)

    @classmethod
    def from_days(cls, days: Mapping[str, Sequence[str]]) -> Self:
        """Read the stored form {"mon": ["08:30-12:00", "13:00-17:30"], ...}; days left out are free."""
        known = {weekday.short for weekday in Weekday}
        if strange := set(days) - known:
            raise UnknownWeekday(
                f"{', '.join(sorted(strange))}: the days are {', '.join(w.short for w in Weekday)}."
            )
        return cls(tuple(tuple(map(Shift.parse, days.get(weekday.short, ()))) for weekday in Weekday))

    @classmethod
    def weekdays(cls, *shifts: str) -> Self:
        """Monday to Friday alike, Saturday and Sunday free."""
        parsed = tuple(map(Shift.parse, shifts))
        return cls((parsed,) * 5 + ((),) * 2)

    @classmethod
    def every_day(cls, *shifts: str) -> Self:
        """All seven days alike."""
        return cls((tuple(map(Shift.parse, shifts)),) * 7)

    @classmethod
    def round_the_clock(cls) -> Self:
        """24 hours on 7 days."""
        return cls.every_day("00:00-24:00")

    @property
    def has_shifts(self) -> bool:
        return any(self.days)

    def as_days(self) -> dict[str, list[str]]:
        """The form to store: `from_days` reads it back to an equal pattern."""
        return {weekday.short: [str(shift) for shift in self.days[weekday]] for weekday in Weekday}


def _hour(text: str, shift: str) -> time:
    hour, minute, second, *_ = (*map(int, text.split(":")), 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UnreadableShift(f'"{shift}": there is no {text} on the clock.') from None


def _plain(hour: time) -> str:
    return hour.isoformat("seconds" if hour.second else "minutes")


def _second_of_day(hour: time) -> int:
    return hour.hour * 3600 + hour.minute * 60 + hour.second
