"""When a call that reached nobody is tried again: reckoned in working time, by the company's schedule, and never at an
hour at which the customer sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tightrope import worktime
from tightrope.cases.models import NEXT_WORKDAY

MORNING = timedelta(hours=1)
"""A try on the next working day is to be made within this much working time after opening."""


FIRST_HOUR, LAST_HOUR = time(9), time(20)
"""Between these a customer may be called, by the clock where he lives."""
DAYS_AHEAD = 14


def next_try(
    schedule: Sequence[int], *, vain: int, at: datetime, calendar: worktime.Calendar, zone: str = ""
) -> datetime | None:
    """By when to try again after so many tries in vain; None when the schedule is used up.

    `zone`: the customer's time zone, where it is not that of the calendar.
    """
    if vain > len(schedule):
        return None
    minutes = schedule[vain - 1]
    if minutes == NEXT_WORKDAY:
        opens = worktime.next_opening(calendar, at=_midnight_after(at, calendar))
        due = worktime.add_working(calendar, start=opens, seconds=MORNING.total_seconds())
    else:
        due = worktime.add_working(calendar, start=at, seconds=minutes * 60)
    return due if zone in {"", calendar.zone} else _by_day(due, calendar, ZoneInfo(zone))


def _by_day(due: datetime, calendar: worktime.Calendar, zone: ZoneInfo) -> datetime:
    """The first moment from then on at which we work and he is awake; where the two never meet, his morning."""
    morning = found = _awake(due, zone)
    for _day in range(DAYS_AHEAD):
        if found == due:
            return due
        opens = worktime.next_opening(calendar, at=found)
        found = _awake(opens, zone)
        if found == opens:
            return found
    return morning


def _awake(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself by day, by night the beginning of the customer's next day."""
    local = moment.astimezone(zone)
    if FIRST_HOUR <= local.time() < LAST_HOUR:
        return moment
    day = local.date() + timedelta(days=local.time() >= LAST_HOUR)
    return datetime.combine(day, FIRST_HOUR, tzinfo=zone).astimezone(moment.tzinfo)


def _midnight_after(at: datetime, calendar: worktime.Calendar) -> datetime:
    """When the next day begins where the calendar is kept."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
