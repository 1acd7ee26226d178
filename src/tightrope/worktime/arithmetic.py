"""Adding and measuring working time. All results are in UTC; durations are seconds of work."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from tightrope.worktime.instants import MICROSECONDS, Span, instant_of, merged, micros_of
from tightrope.worktime.stretches import FIRST_YEAR, LAST_YEAR, OutOfReach
from tightrope.worktime.working_calendar import Calendar

LONGEST = (LAST_YEAR + 1 - FIRST_YEAR) * 366 * 86_400 * MICROSECONDS
LOOK_AHEAD = 366 * 86_400 * MICROSECONDS


class UnusableDuration(ValueError):
    """The duration is no number, or negative where only forward makes sense."""


def add_working(calendar: Calendar, *, start: datetime, seconds: float) -> datetime:
    """The instant by which so much has been worked since the start; negative seconds count backwards.

    Work that fills a shift to its end is due at the closing hour that evening, not at the next opening;
    counted backwards it began at the opening hour, not at the closing before. Nothing to add leaves the
    start as it is, open or not. Raises NaiveInstant, UnusableDuration, OutOfReach.
    """
    moment = micros_of(start)
    work = _micros(seconds)
    if work > 0:
        moment = calendar.stretches.after(moment, work)
    elif work < 0:
        moment = calendar.stretches.before(moment, -work)
    return instant_of(moment)


def working_seconds_between(calendar: Calendar, *, start: datetime, end: datetime) -> float:
    """How much is worked from start to end; negative when the end is the earlier one.

    Raises NaiveInstant, OutOfReach.
    """
    return calendar.stretches.between(micros_of(start), micros_of(end)) / MICROSECONDS


def is_open(calendar: Calendar, *, at: datetime) -> bool:
    """Whether work is done at the instant: yes at the opening hour, no more at the closing hour."""
    moment = micros_of(at)
    compiled = calendar.stretches.covering(moment)
    index = bisect_right(compiled.starts, moment) - 1
    return index >= 0 and moment < compiled.ends[index]


def next_opening(calendar: Calendar, *, at: datetime) -> datetime:
    """The first instant from now on at which work is done: now, when it is open.

    Raises NaiveInstant, OutOfReach when the calendar never opens again.
    """
    return instant_of(_stretch_from(calendar, micros_of(at))[0])


def closing_after(calendar: Calendar, *, at: datetime) -> datetime | None:
    """When the stretch of work ends that runs now or, when it is closed, opens next.

    None when it does not end within a year of its opening or of now: round-the-clock service never closes.
    Raises NaiveInstant, OutOfReach when the calendar never opens again.
    """
    moment = micros_of(at)
    opened, closes = _stretch_from(calendar, moment)
    compiled = calendar.stretches.covering(opened)
    while closes == compiled.high and closes - opened <= LOOK_AHEAD and compiled.last_year < LAST_YEAR:
        compiled = calendar.stretches.later_than(compiled)
        closes = compiled.ends[bisect_right(compiled.starts, opened) - 1]
    return instant_of(closes) if closes - opened <= LOOK_AHEAD else None


def due_after(
    calendar: Calendar, *, start: datetime, seconds: float, pauses: Iterable[Span] = ()
) -> datetime:
    """When a promise of so much working time is due, each pause moving it by the work that falls into it.

    Always reckoned from the facts, so reckoning again changes nothing. A pause outside hours adds nothing,
    nor does one that begins when the promise is already due; overlapping pauses count once.
    Raises NaiveInstant, UnusableDuration, OutOfReach.
    """
    if seconds < 0:
        raise UnusableDuration("A promise cannot be due before it is made.")
    stretches = calendar.stretches
    began = micros_of(start)
    work = _micros(seconds)
    due = stretches.after(began, work) if work else began
    for pause_start, pause_end in merged(pause.micros for pause in pauses):
        if pause_start >= due:
            break
        lost = stretches.between(max(pause_start, began), pause_end) if pause_end > began else 0
        due = stretches.after(due, lost) if lost else due
    return instant_of(due)


def worked_seconds(
    calendar: Calendar, *, start: datetime, end: datetime, pauses: Iterable[Span] = ()
) -> float:
    """Working time from start to end less the pauses, never negative."""
    first, last = micros_of(start), micros_of(end)
    if last <= first:
        return 0.0
    stretches = calendar.stretches
    paused = sum(
        stretches.between(max(pause_start, first), min(pause_end, last))
        for pause_start, pause_end in merged(pause.micros for pause in pauses)
        if pause_start < last and pause_end > first
    )
    return (stretches.between(first, last) - paused) / MICROSECONDS


def share_elapsed(
    calendar: Calendar, *, start: datetime, due: datetime, at: datetime, pauses: Iterable[Span] = ()
) -> float:
    """How much of a promise's working time is used up: 0 at the start, 1 when due, more when late.

    A promise without any working time of its own is used up once its due instant has come.
    """
    spans = tuple(pauses)
    whole = worked_seconds(calendar, start=start, end=due, pauses=spans)
    if whole == 0:
        return 1.0 if micros_of(at) >= micros_of(due) else 0.0
    return worked_seconds(calendar, start=start, end=at, pauses=spans) / whole


def instant_at_share(
    calendar: Calendar, *, start: datetime, due: datetime, share: float, pauses: Iterable[Span] = ()
) -> datetime:
    """When a share of a promise's working time will be used up, for warnings at 50 or 75 %.

    The pauses are those known now: a later one moves the instant, as it moves the due instant.
    """
    spans = tuple(pauses)
    whole = worked_seconds(calendar, start=start, end=due, pauses=spans)
    if whole == 0:
        return instant_of(micros_of(due))
    return due_after(calendar, start=start, seconds=whole * share, pauses=spans)


def _stretch_from(calendar: Calendar, moment: int) -> tuple[int, int]:
    """The stretch that runs at the moment, cut at it, or the next one; its end as far as compiled."""
    compiled = calendar.stretches.covering(moment)
    index = bisect_right(compiled.starts, moment) - 1
    if index >= 0 and moment < compiled.ends[index]:
        return moment, compiled.ends[index]
    while bisect_right(compiled.starts, moment) == len(compiled.starts):
        compiled = calendar.stretches.later_than(compiled)
    index = bisect_right(compiled.starts, moment)
    return compiled.starts[index], compiled.ends[index]


def _micros(seconds: float) -> int:
    try:
        work = round(seconds * MICROSECONDS)
    except (ValueError, OverflowError):
        raise UnusableDuration(f"{seconds} is not a duration.") from None
    if abs(work) > LONGEST:
        raise OutOfReach(f"{seconds} seconds are more than the years {FIRST_YEAR}-{LAST_YEAR} hold.")
    return work
