"""What is done to working time: calendars, single days, who is on duty."""

from tightrope.calendars.actions.duty import BadDuty, end_duty, plan_duty, plan_weekly_duty
from tightrope.calendars.actions.hours import (
    BadCalendar,
    ChangedMeanwhile,
    Terms,
    add_calendar,
    change_calendar,
    clear_day,
    confirm_year,
    in_words,
    set_day,
)

__all__ = [
    "BadCalendar",
    "BadDuty",
    "ChangedMeanwhile",
    "Terms",
    "add_calendar",
    "change_calendar",
    "clear_day",
    "confirm_year",
    "end_duty",
    "in_words",
    "plan_duty",
    "plan_weekly_duty",
    "set_day",
]
