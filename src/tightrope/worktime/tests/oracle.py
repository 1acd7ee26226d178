"""The same questions answered slowly, minute by minute, by what a clock on the wall shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tightrope.worktime import Calendar, Shift, Span

MINUTE = timedelta(minutes=1)


class MinuteByMinute:
    """Open or closed for every minute of a few days; boundaries of everything lie on whole minutes.

    The clock never seems to run backwards here: in the repeated hour of autumn it stands at the furthest hour
    it has shown, so that a boundary counts the first time it is passed.
    """

    def __init__(self, calendar: Calendar, *, first: datetime, days: int) -> None:
        self.calendar = calendar
        self.first = first.astimezone(UTC)
        self.holidays = {holiday.on for holiday in calendar.holidays.holidays}
        self.follows = {day.on: day.follows for day in calendar.holidays.make_up_workdays}
        zone = ZoneInfo(calendar.zone)
        self.open: list[bool] = []
        shown = datetime.min
        instant = self.first - timedelta(days=1)
        while instant < self.first + timedelta(days=days):
            shown = max(shown, instant.astimezone(zone).replace(tzinfo=None))
            if instant >= self.first:
                self.open.append(self._is_open(instant, shown))
            instant += MINUTE

    def at(self, minute: int) -> datetime:
        return self.first + minute * MINUTE

    def worked_minutes(self, start: int, end: int) -> int:
        return sum(self.open[start:end])

    def add(self, start: int, work: int) -> int | None:
        """The minute by which `work` minutes are done; None when the days do not suffice."""
        minute = start
        while work and minute < len(self.open):
            work -= self.open[minute]
            minute += 1
        return None if work else minute

    def subtract(self, end: int, work: int) -> int | None:
        minute = end
        while work and minute > 0:
            minute -= 1
            work -= self.open[minute]
        return None if work else minute

    def _is_open(self, instant: datetime, shown: datetime) -> bool:
        if any(_holds(span, instant) for span in self.calendar.openings):
            return True
        if any(_holds(span, instant) for span in self.calendar.closures):
            return False
        today, yesterday = shown.date(), shown.date() - timedelta(days=1)
        return any(
            datetime.combine(day, shift.opens) <= shown < _end(day, shift)
            for day in (today, yesterday)
            for shift in self._shifts(day)
        )

    def _shifts(self, day: date) -> tuple[Shift, ...]:
        if day in self.holidays:
            return ()
        return self.calendar.pattern.days[self.follows.get(day, day.weekday())]


def _holds(span: Span, instant: datetime) -> bool:
    return span.start <= instant < span.end


def _end(day: date, shift: Shift) -> datetime:
    ends_tomorrow = shift.closes == time(0) or shift.closes <= shift.opens
    return datetime.combine(day + timedelta(days=1) if ends_tomorrow else day, shift.closes)
