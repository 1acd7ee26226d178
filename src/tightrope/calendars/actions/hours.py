"""Writing and changing working calendars. Promises already made keep the instants they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline, worktime
from tightrope.calendars import events, queries
from tightrope.calendars.access import Can
from tightrope.calendars.models import Override, WorkCalendar
from tightrope.core.actor import Actor
from tightrope.people.access import require


class BadCalendar(ValueError):
    """These hours cannot hold. The message says what is wrong with them."""


class ChangedMeanwhile(ValueError):
    """Somebody else changed the calendar after it was read."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a calendar says, before any single day."""

    name: str
    zone: str
    country: str
    subdivision: str
    pattern: Mapping[str, Sequence[str]]
    is_default: bool


@transaction.atomic
def add_calendar(terms: Terms, *, by: Actor, at: datetime) -> WorkCalendar:
    """Write a new calendar. Raises BadCalendar, Denied."""
    require(by, Can.CONFIGURE)
    calendar = WorkCalendar(is_default=False)
    _apply(calendar, terms)
    calendar.save()
    _make_default(calendar, terms)
    timeline.record(calendar, events.CalendarAdded(name=calendar.name), by=by, at=at)
    return calendar


@transaction.atomic
def change_calendar(
    calendar: WorkCalendar, terms: Terms, *, version: int, by: Actor, at: datetime
) -> WorkCalendar:
    """Change hours, zone or holidays. `version` is the calendar as the writer saw it.

    Raises BadCalendar, ChangedMeanwhile, Denied.
    """
    require(by, Can.CONFIGURE)
    calendar = WorkCalendar.objects.lock(calendar.pk)
    if calendar.version != version:
        raise ChangedMeanwhile(_("Somebody changed this calendar meanwhile. Look at it again first."))
    if calendar.is_default and not terms.is_default:
        raise BadCalendar(_("One calendar is the company's. Make another one the company's instead."))
    before = _in_words(calendar)
    _apply(calendar, terms)
    calendar.version += 1
    calendar.save()
    _make_default(calendar, terms)
    after = _in_words(calendar)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    timeline.record(
        calendar,
        events.CalendarChanged(name=calendar.name, version=calendar.version, changes=changes),
        by=by,
        at=at,
    )
    return calendar


def _apply(calendar: WorkCalendar, terms: Terms) -> None:
    """Raises BadCalendar when working time cannot be reckoned by it."""
    calendar.name = terms.name.strip()
    if not calendar.name:
        raise BadCalendar(_("Give the calendar a name."))
    if WorkCalendar.objects.filter(name=calendar.name).exclude(pk=calendar.pk or 0).exists():
        raise BadCalendar(_("There is already a calendar of this name."))
    calendar.zone, calendar.country, calendar.subdivision = terms.zone, terms.country, terms.subdivision
    try:
        calendar.pattern = worktime.WeekPattern.from_days(terms.pattern).as_days()
        if calendar.pk:
            queries.compiled(calendar)
        else:
            worktime.Calendar(
                pattern=worktime.WeekPattern.from_days(calendar.pattern),
                zone=calendar.zone,
                holidays=queries.public_of(calendar),
            )
    except ValueError as error:
        raise BadCalendar(in_words(error)) from error


def in_words(error: ValueError) -> str:
    """What is wrong with the hours, in the reader's language; a rare case stays as it is said."""
    match error:
        case worktime.UnreadableShift():
            return _("Write each shift as 09:00-12:00, with commas between them.")
        case worktime.OverlappingShifts():
            return _("Two shifts of one day overlap.")
        case worktime.NoWorkingTime():
            return _("This calendar has no working time at all; give it at least one shift.")
        case worktime.UnknownZone():
            return _("This is no time zone; they are written like Asia/Shanghai.")
        case worktime.UnknownCountry():
            return _("No public holidays are known for this country or part of it; enter them by hand.")
    return str(error)


def _make_default(calendar: WorkCalendar, terms: Terms) -> None:
    first = not WorkCalendar.objects.filter(is_default=True).exists()
    if (terms.is_default or first) and not calendar.is_default:
        WorkCalendar.objects.filter(is_default=True).update(is_default=False)
        calendar.is_default = True
        calendar.save(update_fields=["is_default"])


def _in_words(calendar: WorkCalendar) -> dict[str, str]:
    week = "; ".join(f"{day} {' '.join(shifts)}" for day, shifts in calendar.pattern.items() if shifts)
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "country": f"{calendar.country} {calendar.subdivision}".strip(),
        "week": week,
        "default": "yes" if calendar.is_default else "no",
    }


@transaction.atomic
def set_day(
    calendar: WorkCalendar,
    on: date,
    *,
    kind: Override.Kind,
    note: str,
    by: Actor,
    at: datetime,
    follows: int | None = None,
    hours: Sequence[str] = (),
) -> Override:
    """Say what one day is: free, a make-up workday with the shifts of a weekday, with hours of its own, or as
    every week. Saying it again replaces what was said. Raises BadCalendar, Denied."""
    require(by, Can.CONFIGURE)
    calendar = WorkCalendar.objects.lock(calendar.pk)
    if kind == Override.Kind.WORKDAY and follows is None:
        raise BadCalendar(_("Say which weekday's shifts a make-up workday has."))
    if kind == Override.Kind.HOURS and not hours:
        raise BadCalendar(_("Say from when until when is worked that day."))
    override, _is_new = Override.objects.update_or_create(
        calendar=calendar,
        on=on,
        defaults={
            "kind": kind,
            "note": note.strip()[:200],
            "follows": follows if kind == Override.Kind.WORKDAY else None,
            "hours": list(hours) if kind == Override.Kind.HOURS else [],
        },
    )
    try:
        worktime.WeekPattern((tuple(map(worktime.Shift.parse, override.hours)), *((),) * 6))
        queries.compiled(calendar)
    except ValueError as error:
        raise BadCalendar(in_words(error)) from error
    _day_said(calendar, on, kind.value, note, by=by, at=at)
    return override


@transaction.atomic
def clear_day(calendar: WorkCalendar, on: date, *, by: Actor, at: datetime) -> None:
    """Let a day be what the week and the public holidays say. Raises Denied."""
    require(by, Can.CONFIGURE)
    calendar = WorkCalendar.objects.lock(calendar.pk)
    deleted, _rows = Override.objects.filter(calendar=calendar, on=on).delete()
    if deleted:
        _day_said(calendar, on, "", "", by=by, at=at)


def _day_said(calendar: WorkCalendar, on: date, kind: str, note: str, *, by: Actor, at: datetime) -> None:
    calendar.version += 1
    calendar.save(update_fields=["version"])
    event = events.DaySet(name=calendar.name, on=on.isoformat(), day_kind=kind, note=note.strip()[:200])
    timeline.record(calendar, event, by=by, at=at)


@transaction.atomic
def confirm_year(calendar: WorkCalendar, year: int, *, by: Actor, at: datetime) -> None:
    """Somebody looked through the holidays of a year and found them right: its warnings fall silent. Raises Denied."""
    require(by, Can.CONFIGURE)
    calendar = WorkCalendar.objects.lock(calendar.pk)
    if year in calendar.confirmed_years:
        return
    calendar.confirmed_years = sorted({*calendar.confirmed_years, year})
    calendar.version += 1
    calendar.save(update_fields=["confirmed_years", "version"])
    timeline.record(calendar, events.YearConfirmed(name=calendar.name, year=year), by=by, at=at)
