"""When a call that reached nobody is tried again: reckoned in working time, by the company's schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tightrope import worktime
from tightrope.cases.models import NEXT_WORKDAY

MORNING = timedelta(hours=1)
"""A try on the next working day is to be made within this much working time after opening."""


def next_try(
    schedule: Sequence[int], *, vain: int, at: datetime, calendar: worktime.Calendar
) -> datetime | None:
    """By when to try again after so many tries in vain; None when the schedule is used up."""
    if vain > len(schedule):
        return None
    minutes = schedule[vain - 1]
    if minutes == NEXT_WORKDAY:
        opens = worktime.next_opening(calendar, at=_midnight_after(at, calendar))
        return worktime.add_working(calendar, start=opens, seconds=MORNING.total_seconds())
    return worktime.add_working(calendar, start=at, seconds=minutes * 60)


def _midnight_after(at: datetime, calendar: worktime.Calendar) -> datetime:
    """When the next day begins where the calendar is kept."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
