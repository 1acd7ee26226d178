"""A year of a calendar to look at: what each day is, how long it is worked, and what is not certain."""

from __future__ import annotations

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from tightrope import worktime
from tightrope.calendars import queries
from tightrope.calendars.models import Override, WorkCalendar

NAMES = {"zh-hans": "zh_CN", "zh-hant": "zh_TW"}
"""In which language a country's holidays are asked for; English where it has none."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `kind` is "work", "free", "holiday", "make-up" or "hours"; `is_ours` when the company said so."""

    on: date
    kind: str
    hours: float
    name: str
    is_ours: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks of seven, Monday first; a day of a neighbouring month is None."""

    first: date
    weeks: list[list[Day | None]]
    hours: float


@dataclass(frozen=True, slots=True)
class Year:
    months: list[Month]
    workdays: int
    hours: float
    holidays: list[Day]
    make_ups: list[Day]


def year_of(row: WorkCalendar, year: int, *, today: date) -> Year:
    """What the calendar says of a year, day by day."""
    calendar = queries.compiled(row)
    ours = {override.on: override for override in row.overrides.filter(on__year=year)}
    holidays = {holiday.on: holiday.name for holiday in calendar.holidays.holidays if holiday.on.year == year}
    names = holidays | _names(row.country, row.subdivision, year, NAMES.get(get_language() or "", ""))
    moved = {day for day, _follows in calendar.holidays.moved_days}
    months = []
    for month in range(1, 13):
        weeks = [
            [
                _day(on, calendar, ours.get(on), on in holidays, on in moved, names.get(on, ""), today)
                if on.month == month
                else None
                for on in week
            ]
            for week in Months(firstweekday=0).monthdatescalendar(year, month)
        ]
        hours = sum(day.hours for week in weeks for day in week if day is not None)
        months.append(Month(first=date(year, month, 1), weeks=weeks, hours=hours))
    days = [day for month in months for week in month.weeks for day in week if day is not None]
    return Year(
        months=months,
        workdays=sum(day.hours > 0 for day in days),
        hours=sum(day.hours for day in days),
        holidays=[day for day in days if day.kind == "holiday"],
        make_ups=[day for day in days if day.kind in {"make-up", "hours"}],
    )


def _day(
    on: date, calendar: worktime.Calendar, ours: Override | None, is_holiday: bool, is_moved: bool,
    name: str, today: date,
) -> Day:  # fmt: skip
    zone = ZoneInfo(calendar.zone)
    opens, closes = (datetime.combine(day, datetime.min.time(), zone) for day in (on, on + timedelta(days=1)))
    hours = worktime.working_seconds_between(calendar, start=opens, end=closes) / 3600
    kind = "work" if hours else "free"
    if is_moved:
        kind = "make-up"
    elif ours is not None and ours.kind == Override.Kind.HOURS:
        kind = "hours"
    elif is_holiday:
        kind = "holiday"
    said = ours.note if ours is not None and ours.note else name
    return Day(on, kind, hours, said if kind != "work" else "", ours is not None, on == today)


@lru_cache(maxsize=128)
def _names(country: str, subdivision: str, year: int, language: str) -> dict[date, str]:
    """The holidays' names in the reader's language, where the country has them."""
    if not country or not language:
        return {}
    table = worktime.public_holidays(
        country, years=[year], subdivision=subdivision or None, language=language
    )
    return {holiday.on: holiday.name for holiday in table.holidays}


def doubts_of(row: WorkCalendar, *, years: range) -> list[worktime.HolidayWarning]:
    """What nobody has confirmed about the holidays of these years."""
    warnings = queries.holidays_of(row, row.overrides.all()).warnings
    return [warning for warning in warnings if warning.year in years]
