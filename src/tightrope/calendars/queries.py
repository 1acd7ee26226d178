"""From rows to working time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tightrope import worktime
from tightrope.calendars.models import Override, WorkCalendar
from tightrope.core.statements import Given, written
from tightrope.worktime.instants import first_moment_reading, instant_of

YEARS = tuple(range(2015, 2046))
"""The years whose public holidays are read. Fixed, so that reckoning an old promise again gives the same."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A calendar as it is reckoned by: its row (None for the usual one) and its working time."""

    calendar_id: int | None
    worktime: worktime.Calendar


@lru_cache(maxsize=1)
def usual() -> worktime.Calendar:
    """What holds while a company has not said when it works: office hours in mainland China."""
    return worktime.Calendar(
        pattern=worktime.WeekPattern.weekdays("09:00-12:00", "13:00-18:00"),
        zone="Asia/Shanghai",
        holidays=_public("CN", None),
    )


_compiled: dict[int, tuple[int, worktime.Calendar]] = {}


def default_calendar_id() -> int | None:
    """The company's own calendar; None while it has none."""
    return WorkCalendar.objects.filter(is_default=True).values_list("pk", flat=True).first()


def worktime_of(calendar_id: int | None) -> worktime.Calendar:
    """The working time of a calendar (the company's for None), compiled once per version.

    Raises WorkCalendar.DoesNotExist.
    """
    return in_force(calendar_id).worktime


def in_force(calendar_id: int | None) -> InForce:
    """The same with the row that was meant by None. One small statement. Raises WorkCalendar.DoesNotExist."""
    key, wanted = (
        ("usual calendar", {"is_default": True}) if calendar_id is None else ("calendar", {"pk": Given("pk")})
    )
    versions = written(key, lambda: WorkCalendar.objects.filter(**wanted).values_list("pk", "version"))
    found = versions.tuples(pk=calendar_id)
    if not found:
        if calendar_id is None:
            return InForce(None, usual())
        raise WorkCalendar.DoesNotExist(calendar_id)
    pk, version = found[0]
    known = _compiled.get(pk)
    if known is None or known[0] != version:
        known = (version, compiled(WorkCalendar.objects.get(pk=pk)))
        _compiled[pk] = known
    return InForce(pk, known[1])


def compiled(row: WorkCalendar) -> worktime.Calendar:
    """The calendar of a row, with its country's holidays set right by its overrides."""
    overrides = list(row.overrides.all())
    return worktime.Calendar(
        pattern=worktime.WeekPattern.from_days(row.pattern),
        zone=row.zone,
        holidays=holidays_of(row, overrides),
        openings=tuple(_openings(overrides, ZoneInfo(row.zone))),
    )


def holidays_of(row: WorkCalendar, overrides: Iterable[Override]) -> worktime.HolidayTable:
    """The public holidays of a calendar's country, with what the company set right."""
    corrections = [_correction(override) for override in overrides]
    return public_of(row).corrected(corrections=corrections, confirmed_years=row.confirmed_years)


def public_of(row: WorkCalendar) -> worktime.HolidayTable:
    """The public holidays of a calendar's country as they are known, none without a country. Raises UnknownCountry."""
    return _public(row.country, row.subdivision or None) if row.country else worktime.NO_HOLIDAYS


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str | None) -> worktime.HolidayTable:
    return worktime.public_holidays(country, years=YEARS, subdivision=subdivision)


def _correction(override: Override) -> worktime.Correction:
    match override.kind:
        case Override.Kind.HOLIDAY | Override.Kind.HOURS:
            return worktime.Holiday(override.on, override.note)
        case Override.Kind.WORKDAY:
            return worktime.MakeUpWorkday(override.on, worktime.Weekday(override.follows or 0))
    return worktime.OrdinaryDay(override.on)


def _openings(overrides: Iterable[Override], zone: ZoneInfo) -> Iterable[worktime.Span]:
    """A day with hours of its own is a free day on which somebody works after all."""
    for override in overrides:
        midnight = datetime(override.on.year, override.on.month, override.on.day)  # noqa: DTZ001
        for shift in map(worktime.Shift.parse, override.hours):
            opens, closes = (
                instant_of(first_moment_reading(midnight + timedelta(seconds=seconds), zone))
                for seconds in (shift.opens_second, shift.closes_second)
            )
            yield worktime.Span(opens, closes)
