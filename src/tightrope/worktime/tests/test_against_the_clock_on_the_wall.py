"""The bisections agree with a slow count of minutes in every zone and on every strange day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope.worktime import add_working, is_open, working_seconds_between
from tightrope.worktime.tests.cast import CHANGES, calendars_near, in_shanghai, shanghai
from tightrope.worktime.tests.oracle import MinuteByMinute

DAYS = 6
MINUTES = DAYS * 24 * 60


@pytest.mark.parametrize(("zone", "day"), CHANGES.values(), ids=CHANGES.keys())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_answer_is_that_of_the_slow_count(zone: str, day: date, data: st.DataObject) -> None:
    calendar = data.draw(calendars_near(zone, day))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=DAYS // 2)

    slow = MinuteByMinute(calendar, first=first, days=DAYS)

    assert [is_open(calendar, at=slow.at(minute)) for minute in range(0, MINUTES, 5)] == slow.open[::5]
    for _ in range(10):
        start, end = sorted(data.draw(st.tuples(st.integers(0, MINUTES), st.integers(0, MINUTES))))
        measured = working_seconds_between(calendar, start=slow.at(start), end=slow.at(end))
        assert measured == slow.worked_minutes(start, end) * 60

        work = data.draw(st.integers(1, 1_500))
        if (due := slow.add(start, work)) is not None:
            assert add_working(calendar, start=slow.at(start), seconds=work * 60) == slow.at(due)
        if (begun := slow.subtract(end, work)) is not None:
            # Of several minutes with the same work in between, the latest counts: the opening hour.
            assert add_working(calendar, start=slow.at(end), seconds=-work * 60) == slow.at(begun)


def test_the_slow_count_itself_knows_a_plain_monday() -> None:
    slow = MinuteByMinute(shanghai(), first=in_shanghai("2026-03-02"), days=1)

    assert slow.worked_minutes(0, 24 * 60) == 8 * 60
    assert slow.add(0, 8 * 60) == 17 * 60 + 30
    assert slow.subtract(24 * 60, 8 * 60) == 8 * 60 + 30
