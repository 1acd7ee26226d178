"""Working time: calendars, shifts, holidays and make-up workdays. Pure: no database, no clock of its own."""

from tightrope.worktime.arithmetic import (
    UnusableDuration,
    add_working,
    closing_after,
    due_after,
    instant_at_share,
    is_open,
    next_opening,
    share_elapsed,
    worked_seconds,
    working_seconds_between,
)
from tightrope.worktime.decrees import UnknownCountry, public_holidays
from tightrope.worktime.holiday_table import (
    NO_HOLIDAYS,
    ContradictingDay,
    Correction,
    Holiday,
    HolidayDoubt,
    HolidayTable,
    HolidayWarning,
    MakeUpWorkday,
    OrdinaryDay,
)
from tightrope.worktime.instants import BackwardSpan, NaiveInstant, Span
from tightrope.worktime.stretches import OutOfReach
from tightrope.worktime.week import (
    OverlappingShifts,
    Shift,
    UnknownWeekday,
    UnreadableShift,
    Weekday,
    WeekPattern,
)
from tightrope.worktime.working_calendar import Calendar, NoWorkingTime, UnknownZone

__all__ = [
    "NO_HOLIDAYS",
    "BackwardSpan",
    "Calendar",
    "ContradictingDay",
    "Correction",
    "Holiday",
    "HolidayDoubt",
    "HolidayTable",
    "HolidayWarning",
    "MakeUpWorkday",
    "NaiveInstant",
    "NoWorkingTime",
    "OrdinaryDay",
    "OutOfReach",
    "OverlappingShifts",
    "Shift",
    "Span",
    "UnknownCountry",
    "UnknownWeekday",
    "UnknownZone",
    "UnreadableShift",
    "UnusableDuration",
    "WeekPattern",
    "Weekday",
    "add_working",
    "closing_after",
    "due_after",
    "instant_at_share",
    "is_open",
    "next_opening",
    "public_holidays",
    "share_elapsed",
    "worked_seconds",
    "working_seconds_between",
]
