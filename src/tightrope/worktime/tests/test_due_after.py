"""Promises with pauses."""

import pytest

from tightrope.worktime import BackwardSpan, Span, UnusableDuration, due_after, worked_seconds
from tightrope.worktime.tests.cast import in_shanghai, shanghai

HOUR = 3600
START = in_shanghai("2026-03-02 09:00")


def pause(start: str, end: str) -> Span:
    return Span(in_shanghai(f"2026-03-{start}"), in_shanghai(f"2026-03-{end}"))


def test_a_pause_moves_the_promise_by_the_work_that_falls_into_it() -> None:
    due = due_after(shanghai(), start=START, seconds=4 * HOUR, pauses=[pause("02 11:00", "02 13:30")])

    assert due == in_shanghai("2026-03-02 15:30")


def test_a_pause_over_a_weekend_counts_the_friday_and_the_monday_only() -> None:
    start = in_shanghai("2026-03-06 16:00")

    due = due_after(shanghai(), start=start, seconds=2 * HOUR, pauses=[pause("06 17:00", "09 09:00")])

    assert due == in_shanghai("2026-03-09 10:00")


def test_pauses_that_overlap_count_once() -> None:
    twice = [pause("02 10:00", "02 11:00"), pause("02 10:30", "02 11:30"), pause("02 10:00", "02 11:00")]

    due = due_after(shanghai(), start=START, seconds=HOUR * 1.5, pauses=twice)

    assert due == in_shanghai("2026-03-02 12:00")


def test_a_pause_that_begins_after_the_promise_was_due_does_not_save_it() -> None:
    due = due_after(shanghai(), start=START, seconds=HOUR, pauses=[pause("02 10:00", "02 16:00")])

    assert due == in_shanghai("2026-03-02 10:00")


def test_a_pause_counts_from_the_start_of_the_promise_only() -> None:
    earlier = [pause("01 10:00", "02 08:00"), pause("02 08:30", "02 09:30")]

    due = due_after(shanghai(), start=START, seconds=HOUR, pauses=earlier)

    assert due == in_shanghai("2026-03-02 10:30")


def test_a_second_pause_inside_the_time_won_by_the_first_counts_too() -> None:
    pauses = [pause("02 10:30", "02 11:00"), pause("02 10:00", "02 10:15")]

    due = due_after(shanghai(), start=START, seconds=1.25 * HOUR, pauses=pauses)

    assert due == in_shanghai("2026-03-02 10:30")
    assert due_after(shanghai(), start=START, seconds=1.5 * HOUR, pauses=pauses) == in_shanghai(
        "2026-03-02 11:15"
    )


def test_time_worked_leaves_pauses_out_and_is_never_negative() -> None:
    pauses = [pause("02 10:00", "02 11:00"), pause("02 17:00", "05 09:00")]
    end = in_shanghai("2026-03-02 17:30")

    assert worked_seconds(shanghai(), start=START, end=end, pauses=pauses) == 6 * HOUR
    assert worked_seconds(shanghai(), start=end, end=START, pauses=pauses) == 0


def test_a_promise_due_before_it_is_made_is_refused() -> None:
    with pytest.raises(UnusableDuration, match="before it is made"):
        due_after(shanghai(), start=START, seconds=-1)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BackwardSpan):
        pause("02 11:00", "02 10:00")
