"""Adding and measuring, told as a service desk would tell it."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from tightrope.worktime import (
    Calendar,
    NaiveInstant,
    OutOfReach,
    Span,
    UnusableDuration,
    WeekPattern,
    add_working,
    closing_after,
    is_open,
    next_opening,
    share_elapsed,
    working_seconds_between,
)
from tightrope.worktime.tests.cast import OFFICE_HOURS, in_shanghai, shanghai

HOUR = 3600


def test_four_hours_from_monday_morning_pass_over_lunch() -> None:
    due = add_working(shanghai(), start=in_shanghai("2026-03-02 10:00"), seconds=4 * HOUR)

    assert due == in_shanghai("2026-03-02 15:00")


def test_the_answer_is_in_utc() -> None:
    due = add_working(shanghai(), start=in_shanghai("2026-03-02 10:00"), seconds=60)

    assert due.tzinfo is UTC


def test_work_that_fills_the_day_is_due_at_closing_and_not_next_morning() -> None:
    due = add_working(shanghai(), start=in_shanghai("2026-03-02 08:30"), seconds=8 * HOUR)

    assert due == in_shanghai("2026-03-02 17:30")


def test_work_reported_at_night_counts_from_the_morning() -> None:
    due = add_working(shanghai(), start=in_shanghai("2026-03-02 23:10"), seconds=HOUR)

    assert due == in_shanghai("2026-03-03 09:30")


def test_counting_back_from_the_opening_hour_ends_at_an_opening_hour() -> None:
    begun = add_working(shanghai(), start=in_shanghai("2026-03-03 17:30"), seconds=-8 * HOUR)

    assert begun == in_shanghai("2026-03-03 08:30")


def test_nothing_to_add_leaves_a_sunday_a_sunday() -> None:
    sunday = in_shanghai("2026-03-08 12:00")

    assert add_working(shanghai(), start=sunday, seconds=0) == sunday


def test_opening_belongs_to_work_and_closing_does_not() -> None:
    assert is_open(shanghai(), at=in_shanghai("2026-03-02 08:30"))
    assert not is_open(shanghai(), at=in_shanghai("2026-03-02 12:00"))
    assert not is_open(shanghai(), at=in_shanghai("2026-03-02 17:30"))


def test_the_next_opening_is_now_while_it_is_open() -> None:
    open_now, weekend = in_shanghai("2026-03-06 16:00"), in_shanghai("2026-03-07 16:00")

    assert next_opening(shanghai(), at=open_now) == open_now
    assert closing_after(shanghai(), at=open_now) == in_shanghai("2026-03-06 17:30")
    assert next_opening(shanghai(), at=weekend) == in_shanghai("2026-03-09 08:30")
    assert closing_after(shanghai(), at=weekend) == in_shanghai("2026-03-09 12:00")


def test_a_service_round_the_clock_counts_every_second_and_never_closes() -> None:
    always = Calendar(pattern=WeekPattern.round_the_clock(), zone="Europe/Berlin")
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert add_working(always, start=start, seconds=10**7) == start + timedelta(seconds=10**7)
    assert closing_after(always, at=start) is None
    assert next_opening(always, at=start) == start


def test_a_service_round_the_clock_closes_where_a_closure_is_entered() -> None:
    move = Span(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 2, 2, tzinfo=UTC))
    always = Calendar(pattern=WeekPattern.round_the_clock(), zone="Europe/Berlin", closures=(move,))

    assert closing_after(always, at=datetime(2026, 12, 1, tzinfo=UTC)) == move.start
    assert closing_after(always, at=datetime(2025, 12, 1, tzinfo=UTC)) is None


def test_an_opening_wins_over_a_closure_and_a_closure_over_the_week() -> None:
    shut = Span(in_shanghai("2026-03-02 00:00"), in_shanghai("2026-03-07 00:00"))
    duty = Span(in_shanghai("2026-03-04 09:00"), in_shanghai("2026-03-04 11:00"))
    calendar = Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai", closures=(shut,), openings=(duty,))

    due = add_working(calendar, start=in_shanghai("2026-03-02 09:00"), seconds=2.5 * HOUR)

    assert due == in_shanghai("2026-03-09 09:00")
    assert working_seconds_between(calendar, start=shut.start, end=shut.end) == 2 * HOUR


def test_the_margin_is_positive_when_early_and_negative_when_late() -> None:
    due = in_shanghai("2026-03-03 10:00")

    early = working_seconds_between(shanghai(), start=in_shanghai("2026-03-02 17:00"), end=due)
    late = working_seconds_between(shanghai(), start=in_shanghai("2026-03-03 10:30"), end=due)

    assert early == 2 * HOUR
    assert late == -HOUR / 2


def test_a_late_promise_has_used_more_than_its_whole_time() -> None:
    start, due = in_shanghai("2026-03-02 09:00"), in_shanghai("2026-03-02 11:00")

    assert share_elapsed(shanghai(), start=start, due=due, at=in_shanghai("2026-03-02 10:00")) == 0.5
    assert share_elapsed(shanghai(), start=start, due=due, at=in_shanghai("2026-03-02 14:00")) == 2.0
    assert share_elapsed(shanghai(), start=start, due=due, at=start - timedelta(hours=1)) == 0.0


def test_a_promise_without_working_time_is_used_up_when_it_is_due() -> None:
    start, due = in_shanghai("2026-03-07 09:00"), in_shanghai("2026-03-07 11:00")

    assert share_elapsed(shanghai(), start=start, due=due, at=in_shanghai("2026-03-07 10:00")) == 0.0
    assert share_elapsed(shanghai(), start=start, due=due, at=due) == 1.0


def test_a_time_without_a_zone_is_refused_everywhere() -> None:
    naive, aware = datetime(2026, 3, 2, 10), in_shanghai("2026-03-02 10:00")

    with pytest.raises(NaiveInstant, match="no time zone"):
        add_working(shanghai(), start=naive, seconds=1)
    with pytest.raises(NaiveInstant):
        working_seconds_between(shanghai(), start=aware, end=naive)
    with pytest.raises(NaiveInstant):
        is_open(shanghai(), at=naive)
    with pytest.raises(NaiveInstant):
        next_opening(shanghai(), at=naive)
    with pytest.raises(NaiveInstant):
        Span(naive, aware)


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf])
def test_what_is_no_duration_is_refused(seconds: float) -> None:
    with pytest.raises(UnusableDuration):
        add_working(shanghai(), start=in_shanghai("2026-03-02 10:00"), seconds=seconds)


@pytest.mark.parametrize("seconds", [10**9, -(10**9), 10**15, -(10**15), 1e300])
def test_more_work_than_the_years_hold_is_refused_and_not_sought_for_ever(seconds: float) -> None:
    with pytest.raises(OutOfReach):
        add_working(shanghai(), start=in_shanghai("2026-03-02 10:00"), seconds=seconds)


@pytest.mark.parametrize("year", [1, 1969, 2100, 9999])
def test_instants_outside_the_years_are_refused(year: int) -> None:
    with pytest.raises(OutOfReach):
        is_open(shanghai(), at=datetime(year, 6, 1, tzinfo=UTC))


def test_a_calendar_that_opened_for_the_last_time_says_so() -> None:
    duty = Span(in_shanghai("2026-03-04 09:00"), in_shanghai("2026-03-04 11:00"))
    once = Calendar(pattern=WeekPattern.weekdays(), zone="Asia/Shanghai", openings=(duty,))

    assert add_working(once, start=in_shanghai("2026-01-01"), seconds=2 * HOUR) == duty.end
    with pytest.raises(OutOfReach):
        add_working(once, start=in_shanghai("2026-01-01"), seconds=2 * HOUR + 1)
    with pytest.raises(OutOfReach):
        next_opening(once, at=duty.end)


def test_the_order_in_which_years_are_asked_for_changes_no_answer() -> None:
    years = [2031, 1999, 2026, 2012, 2045]
    fresh = [
        Calendar(pattern=OFFICE_HOURS, zone="Europe/Berlin", holidays=shanghai().holidays) for _ in "123"
    ]
    orders = [years, years[::-1], sorted(years)]

    answers = [
        {
            year: add_working(calendar, start=datetime(year, 12, 30, 9, tzinfo=UTC), seconds=40 * HOUR)
            for year in order
        }
        for calendar, order in zip(fresh, orders, strict=True)
    ]

    assert answers[0] == answers[1] == answers[2]
    span = {"start": datetime(1999, 1, 1, tzinfo=UTC), "end": datetime(2045, 1, 1, tzinfo=UTC)}
    assert len({working_seconds_between(calendar, **span) for calendar in fresh}) == 1
