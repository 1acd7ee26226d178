"""From rows to working time."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from tightrope import worktime
from tightrope.calendars.models import Override, WorkCalendar

YEARS_BACK, YEARS_AHEAD = 4, 3

USUAL = worktime.Calendar(
    pattern=worktime.WeekPattern.weekdays("09:00-12:00", "13:00-18:00"), zone="Asia/Shanghai"
)
"""What holds while a company has not said when it works."""

_compiled: dict[int, tuple[tuple[int, int], worktime.Calendar]] = {}


def default_calendar_id() -> int | None:
    """The company's own calendar; None while it has none."""
    return WorkCalendar.objects.filter(is_default=True).values_list("pk", flat=True).first()


def worktime_of(calendar_id: int | None) -> worktime.Calendar:
    """The working time of a calendar (the company's for None), compiled once per version and year.

    Raises WorkCalendar.DoesNotExist.
    """
    if calendar_id is None:
        calendar_id = default_calendar_id()
        if calendar_id is None:
            return USUAL
    year = datetime.now(UTC).year
    version = WorkCalendar.objects.values_list("version", flat=True).get(pk=calendar_id)
    known = _compiled.get(calendar_id)
    if known is not None and known[0] == (version, year):
        return known[1]
    calendar = compiled(WorkCalendar.objects.get(pk=calendar_id), this_year=year)
    _compiled[calendar_id] = ((version, year), calendar)
    return calendar


def compiled(row: WorkCalendar, *, this_year: int) -> worktime.Calendar:
    """The calendar of a row, with its country's holidays set right by its overrides."""
    return worktime.Calendar(
        pattern=worktime.WeekPattern.from_days(row.pattern),
        zone=row.zone,
        holidays=holidays_of(row, this_year),
    )


def holidays_of(row: WorkCalendar, this_year: int) -> worktime.HolidayTable:
    """The public holidays of a calendar's country around this year, with what the company set right."""
    years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD)
    corrections = [_correction(override) for override in row.overrides.all()]
    if not row.country:
        return worktime.NO_HOLIDAYS.corrected(corrections=corrections)
    table = _public(row.country, row.subdivision or None, tuple(years))
    return table.corrected(corrections=corrections, confirmed_years=row.confirmed_years)


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str | None, years: tuple[int, ...]) -> worktime.HolidayTable:
    return worktime.public_holidays(country, years=years, subdivision=subdivision)


def _correction(override: Override) -> worktime.Correction:
    match override.kind:
        case Override.Kind.HOLIDAY:
            return worktime.Holiday(override.on, override.note)
        case Override.Kind.WORKDAY:
            return worktime.MakeUpWorkday(override.on, worktime.Weekday(override.follows or 0))
    return worktime.OrdinaryDay(override.on)
