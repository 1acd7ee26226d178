"""Calendars and times that the tests of working time share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tightrope.worktime import (
    Calendar,
    Holiday,
    HolidayTable,
    MakeUpWorkday,
    Shift,
    Span,
    Weekday,
    WeekPattern,
    public_holidays,
)

OFFICE_HOURS = WeekPattern.weekdays("08:30-12:00", "13:00-17:30")

# Zone and a day on which its clocks change, or whose days are otherwise strange.
CHANGES = {
    "Berlin loses an hour": ("Europe/Berlin", date(2026, 3, 29)),
    "Berlin gains an hour": ("Europe/Berlin", date(2026, 10, 25)),
    "New York loses an hour": ("America/New_York", date(2026, 3, 8)),
    "New York gains an hour": ("America/New_York", date(2026, 11, 1)),
    "Lord Howe gains half an hour": ("Australia/Lord_Howe", date(2026, 4, 5)),
    "Lord Howe loses half an hour": ("Australia/Lord_Howe", date(2026, 10, 4)),
    "Havana loses the hour after midnight": ("America/Havana", date(2026, 3, 8)),
    "Havana gains the hour before midnight": ("America/Havana", date(2026, 11, 1)),
    "Cairo has no midnight": ("Africa/Cairo", date(2026, 4, 24)),
    "Cairo has two midnights": ("Africa/Cairo", date(2026, 10, 30)),
    "Apia leaves out a Friday": ("Pacific/Apia", date(2011, 12, 30)),
    "Shanghai works on a Sunday": ("Asia/Shanghai", date(2025, 9, 28)),
    "Shanghai passes New Year": ("Asia/Shanghai", date(2026, 1, 1)),
}


@cache
def shanghai() -> Calendar:
    """Office hours with the mainland's holidays and make-up workdays of 2025 and 2026."""
    holidays = public_holidays("CN", years=(2025, 2026))
    return Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai", holidays=holidays)


def in_shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def instants_near(day: date, *, days: int = 3) -> st.SearchStrategy[datetime]:
    """Whole and broken seconds around a day."""
    middle = datetime(day.year, day.month, day.day, tzinfo=UTC)
    reach = days * 86_400
    return st.builds(
        lambda seconds, micros: middle + timedelta(seconds=seconds, microseconds=micros),
        st.integers(-reach, reach),
        st.sampled_from((0, 0, 1, 500_000, 999_999)),
    )


def spans_near(day: date) -> st.SearchStrategy[Span]:
    """Spans of one minute to two days, on whole minutes."""
    middle = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return st.builds(
        lambda start, length: Span(
            middle + timedelta(minutes=start), middle + timedelta(minutes=start + length)
        ),
        st.integers(-4_000, 4_000),
        st.integers(1, 2_880),
    )


@st.composite
def days_of_shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """Up to three shifts of one day in quarter hours, the last perhaps past midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 24 * 4 - 1), max_size=6)))
    shifts = [_shift(opens, closes) for opens, closes in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        closes = draw(st.integers(0, marks[0] if len(marks) > 1 else marks[-1]))
        shifts.append(_shift(marks[-1], closes))
    return tuple(shifts)


@st.composite
def calendars_near(draw: st.DrawFn, zone: str, day: date) -> Calendar:
    """Any week in the zone, with holidays, make-up workdays, closures and openings around the day."""
    week = draw(st.tuples(*[days_of_shifts()] * 7).filter(any))
    offsets = draw(st.lists(st.integers(-5, 5), max_size=4, unique=True))
    near = [day + timedelta(days=offset) for offset in offsets]
    moved = draw(st.integers(0, len(near)))
    table = HolidayTable(
        holidays=tuple(Holiday(one) for one in near[moved:]),
        make_up_workdays=tuple(
            MakeUpWorkday(one, draw(st.sampled_from(list(Weekday)))) for one in near[:moved]
        ),
    )
    few = st.lists(spans_near(day), max_size=2).map(tuple)
    return Calendar(
        pattern=WeekPattern(week), zone=zone, holidays=table, closures=draw(few), openings=draw(few)
    )


def any_calendar_and_day() -> st.SearchStrategy[tuple[Calendar, date]]:
    """A calendar of any of the zones with a strange day, and that day."""
    return st.sampled_from(sorted(CHANGES.values())).flatmap(
        lambda change: st.tuples(calendars_near(*change), st.just(change[1]))
    )


def _shift(opens: int, closes: int) -> Shift:
    return Shift.parse(f"{opens // 4:02}:{opens % 4 * 15:02}-{closes // 4:02}:{closes % 4 * 15:02}")
