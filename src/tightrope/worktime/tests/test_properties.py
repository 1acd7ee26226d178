"""What holds for every calendar, in every zone, across every change of the clocks."""

from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope.worktime import (
    Calendar,
    OutOfReach,
    Span,
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
from tightrope.worktime.tests.cast import any_calendar_and_day, instants_near, spans_near

often = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
work_times = st.one_of(
    st.integers(0, 400_000), st.integers(0, 40).map(lambda quarters: quarters * 900), st.floats(0, 90_000)
)
a_calendar = any_calendar_and_day()


@often
@given(a_calendar, st.data(), work_times)
def test_what_was_added_is_what_is_measured(
    chosen: tuple[Calendar, date], data: st.DataObject, seconds: float
) -> None:
    calendar, day = chosen
    start = data.draw(instants_near(day))

    due = add_working(calendar, start=start, seconds=seconds)
    begun = add_working(calendar, start=start, seconds=-seconds)

    assert working_seconds_between(calendar, start=start, end=due) == round(seconds, 6)
    assert working_seconds_between(calendar, start=begun, end=start) == round(seconds, 6)
    assert begun <= start <= due


@often
@given(a_calendar, st.data(), work_times)
def test_adding_and_taking_away_comes_back_to_an_instant_of_work(
    chosen: tuple[Calendar, date], data: st.DataObject, seconds: float
) -> None:
    calendar, day = chosen
    start = next_opening(calendar, at=data.draw(instants_near(day)))

    there = add_working(calendar, start=start, seconds=seconds)

    assert add_working(calendar, start=there, seconds=-seconds) == start


@often
@given(a_calendar, st.data())
def test_adding_what_was_measured_ends_where_work_last_stood(
    chosen: tuple[Calendar, date], data: st.DataObject
) -> None:
    calendar, day = chosen
    start, end = sorted(data.draw(st.tuples(instants_near(day), instants_near(day))))

    seconds = working_seconds_between(calendar, start=start, end=end)
    due = add_working(calendar, start=start, seconds=seconds)

    assert due <= end
    assert working_seconds_between(calendar, start=due, end=end) == 0
    if seconds and is_open(calendar, at=end - timedelta(microseconds=1)):
        assert due == end


@often
@given(a_calendar, st.data(), st.integers(0, 200_000), st.integers(0, 200_000))
def test_adding_in_two_steps_is_adding_at_once(
    chosen: tuple[Calendar, date], data: st.DataObject, first: int, second: int
) -> None:
    calendar, day = chosen
    start = data.draw(instants_near(day))

    for sign in (1, -1):
        halfway = add_working(calendar, start=start, seconds=sign * first)
        in_two = add_working(calendar, start=halfway, seconds=sign * second)
        assert in_two == add_working(calendar, start=start, seconds=sign * (first + second))


@often
@given(a_calendar, st.data())
def test_measuring_is_additive_and_changes_sign(chosen: tuple[Calendar, date], data: st.DataObject) -> None:
    calendar, day = chosen
    first, middle, last = (data.draw(instants_near(day)) for _ in range(3))

    both = working_seconds_between(calendar, start=first, end=last)
    one = working_seconds_between(calendar, start=first, end=middle)
    other = working_seconds_between(calendar, start=middle, end=last)

    assert round(one + other, 6) == both
    assert working_seconds_between(calendar, start=last, end=first) == -both
    assert abs(both) <= abs((last - first).total_seconds())


@often
@given(a_calendar, st.data(), work_times, work_times)
def test_deadlines_are_monotone(
    chosen: tuple[Calendar, date], data: st.DataObject, one: float, other: float
) -> None:
    calendar, day = chosen
    early, late = sorted(data.draw(st.tuples(instants_near(day), instants_near(day))))
    less, more = sorted((one, other))
    pauses = data.draw(st.lists(spans_near(day), max_size=3))

    def due(start: datetime, seconds: float, spans: list[Span]) -> datetime:
        return due_after(calendar, start=start, seconds=seconds, pauses=spans)

    assert add_working(calendar, start=early, seconds=less) <= add_working(calendar, start=late, seconds=less)
    assert due(early, less, pauses) <= due(late, less, pauses)
    assert due(early, less, pauses) <= due(early, more, pauses)
    assert due(early, less, pauses[1:]) <= due(early, less, pauses)


@often
@given(a_calendar, st.data(), work_times)
def test_a_pause_outside_hours_adds_nothing(
    chosen: tuple[Calendar, date], data: st.DataObject, seconds: float
) -> None:
    calendar, day = chosen
    start = data.draw(instants_near(day))
    closing = closing_after(calendar, at=data.draw(instants_near(day)))
    if closing is None:
        return
    try:
        opening = next_opening(calendar, at=closing)
    except OutOfReach:
        return

    without_pause = due_after(calendar, start=start, seconds=seconds)

    assert due_after(calendar, start=start, seconds=seconds, pauses=[Span(closing, opening)]) == without_pause


@often
@given(a_calendar, st.data(), work_times)
def test_reckoning_again_changes_nothing(
    chosen: tuple[Calendar, date], data: st.DataObject, seconds: float
) -> None:
    calendar, day = chosen
    start = data.draw(instants_near(day))
    pauses = data.draw(st.lists(spans_near(day), max_size=4))

    due = due_after(calendar, start=start, seconds=seconds, pauses=pauses)

    assert due_after(calendar, start=start, seconds=seconds, pauses=pauses) == due
    assert due_after(calendar, start=start, seconds=seconds, pauses=[*reversed(pauses), *pauses]) == due
    spent = worked_seconds(calendar, start=start, end=due, pauses=pauses)
    assert spent == round(seconds, 6)
    assert due_after(calendar, start=start, seconds=spent, pauses=pauses) == due


@often
@given(a_calendar, st.data(), st.integers(60, 200_000), st.sampled_from((0.25, 0.5, 0.75, 1.0)))
def test_the_instant_of_a_share_is_where_that_share_is_used_up(
    chosen: tuple[Calendar, date], data: st.DataObject, seconds: int, share: float
) -> None:
    calendar, day = chosen
    start = data.draw(instants_near(day))
    pauses = data.draw(st.lists(spans_near(day), max_size=2))
    due = due_after(calendar, start=start, seconds=seconds, pauses=pauses)

    warned = instant_at_share(calendar, start=start, due=due, share=share, pauses=pauses)

    assert start <= warned <= due
    assert share_elapsed(calendar, start=start, due=due, at=warned, pauses=pauses) == share
    assert share_elapsed(calendar, start=start, due=due, at=due, pauses=pauses) == 1.0
    assert share_elapsed(calendar, start=start, due=due, at=start, pauses=pauses) == 0.0


@often
@given(a_calendar, st.data())
def test_opening_and_closing_frame_one_stretch_of_work(
    chosen: tuple[Calendar, date], data: st.DataObject
) -> None:
    calendar, day = chosen
    at = data.draw(instants_near(day))

    opening = next_opening(calendar, at=at)
    closing = closing_after(calendar, at=at)

    assert opening >= at
    assert is_open(calendar, at=opening)
    assert is_open(calendar, at=at) == (opening == at)
    assert working_seconds_between(calendar, start=at, end=opening) == 0
    if closing is not None:
        assert not is_open(calendar, at=closing)
        length = (closing - opening).total_seconds()
        assert working_seconds_between(calendar, start=opening, end=closing) == length
