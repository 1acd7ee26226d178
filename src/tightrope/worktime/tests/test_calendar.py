"""What a calendar is made of, what it refuses, and how it is kept."""

import copy
import pickle
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time

import pytest

from tightrope.worktime import (
    Calendar,
    Holiday,
    HolidayTable,
    NoWorkingTime,
    OverlappingShifts,
    Shift,
    Span,
    UnknownWeekday,
    UnknownZone,
    UnreadableShift,
    WeekPattern,
    add_working,
    is_open,
    working_seconds_between,
)
from tightrope.worktime.tests.cast import OFFICE_HOURS, in_shanghai, shanghai

HOUR = 3600


def test_a_week_is_stored_and_read_back_equal() -> None:
    stored = {
        "mon": ["08:30-12:00", "13:00-17:30"],
        "tue": [],
        "wed": ["00:00-24:00"],
        "thu": ["22:00-06:00"],
        "fri": ["08:00:30-09:00"],
        "sat": [],
        "sun": ["18:00-24:00"],
    }

    assert WeekPattern.from_days(stored).as_days() == stored


def test_shifts_may_be_entered_in_any_order_and_style() -> None:
    assert WeekPattern.weekdays("13:00 – 17:30", "8:30-12:00") == OFFICE_HOURS


@pytest.mark.parametrize(
    "text", ["", "8-12", "08:30", "25:00-26:00", "08:60-09:00", "24:00-06:00", "a:b-c:d"]
)
def test_an_unreadable_shift_is_refused(text: str) -> None:
    with pytest.raises(UnreadableShift):
        Shift.parse(text)


def test_an_hour_with_its_own_zone_is_refused() -> None:
    with pytest.raises(UnreadableShift, match="the calendar has the time zone"):
        Shift(time(8, tzinfo=UTC), time(12, tzinfo=UTC))


@pytest.mark.parametrize("shifts", [("08:00-12:00", "11:00-15:00"), ("20:00-04:00", "22:00-23:00")])
def test_shifts_that_overlap_are_refused(shifts: tuple[str, str]) -> None:
    with pytest.raises(OverlappingShifts, match="overlap on Monday"):
        WeekPattern.weekdays(*shifts)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownWeekday, match="someday"):
        WeekPattern.from_days({"someday": ["08:00-12:00"]})
    with pytest.raises(UnknownWeekday, match="seven"):
        WeekPattern(((),) * 6)


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "", "Asia", "../etc/passwd", "/etc/passwd", "\0"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone):
        Calendar(pattern=OFFICE_HOURS, zone=zone)


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NoWorkingTime):
        Calendar(pattern=WeekPattern.weekdays(), zone="Asia/Shanghai")


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    nights = Calendar(
        pattern=WeekPattern.every_day("22:00-06:00"),
        zone="Asia/Shanghai",
        holidays=HolidayTable(holidays=(Holiday(date(2026, 3, 3)),)),
    )

    assert is_open(nights, at=in_shanghai("2026-03-03 05:59"))
    assert not is_open(nights, at=in_shanghai("2026-03-03 22:00"))
    assert not is_open(nights, at=in_shanghai("2026-03-04 05:59"))


def test_a_night_shift_works_through_new_year() -> None:
    nights = Calendar(pattern=WeekPattern.every_day("22:00-06:00"), zone="Asia/Shanghai")

    due = add_working(nights, start=in_shanghai("2025-12-31 23:00"), seconds=7 * HOUR)

    assert due == in_shanghai("2026-01-01 06:00")
    assert add_working(nights, start=due, seconds=-7 * HOUR) == in_shanghai("2025-12-31 23:00")


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), 7),
        ("Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC), 9),
        ("America/New_York", datetime(2026, 3, 7, 18, tzinfo=UTC), 7),
        ("America/Havana", datetime(2026, 10, 31, 18, tzinfo=UTC), 9),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 4, tzinfo=UTC), 8.5),
        ("Asia/Shanghai", datetime(2026, 3, 28, 4, tzinfo=UTC), 8),
    ],
)
def test_a_night_shift_across_a_change_of_clocks_has_its_true_length(
    zone: str, evening: datetime, hours: float
) -> None:
    nights = Calendar(pattern=WeekPattern.every_day("22:00-06:00"), zone=zone)
    noon_after = datetime.fromtimestamp(evening.timestamp() + 24 * HOUR, UTC)

    assert working_seconds_between(nights, start=evening, end=noon_after) == hours * HOUR


def test_a_shift_that_opens_in_the_hour_left_out_opens_at_the_jump() -> None:
    early = Calendar(pattern=WeekPattern.every_day("02:30-05:00"), zone="Europe/Berlin")
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert is_open(early, at=jump)
    assert add_working(early, start=jump, seconds=2 * HOUR) == datetime(2026, 3, 29, 3, tzinfo=UTC)


def test_equal_calendars_have_one_key_and_different_ones_do_not() -> None:
    duty = Span(in_shanghai("2026-03-04 09:00"), in_shanghai("2026-03-04 11:00"))
    same_duty = Span(duty.start.astimezone(UTC), duty.end.astimezone(UTC))
    plain = Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai")
    variants = [
        plain,
        Calendar(pattern=OFFICE_HOURS, zone="Asia/Taipei"),
        Calendar(pattern=WeekPattern.round_the_clock(), zone="Asia/Shanghai"),
        Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai", closures=(duty,)),
        Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai", openings=(duty,)),
        shanghai(),
    ]

    assert len({variant.key for variant in variants}) == len(set(variants)) == len(variants)
    assert variants[3] == Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai", closures=(same_duty,))
    assert plain == Calendar(pattern=WeekPattern.from_days(OFFICE_HOURS.as_days()), zone="Asia/Shanghai")
    assert plain != "Asia/Shanghai"


def test_the_key_is_the_same_in_every_process() -> None:
    plain = Calendar(pattern=OFFICE_HOURS, zone="Asia/Shanghai")

    assert plain.key == "92f52ebbcc7c6badda0448cb3192e5d5966ec4cd2727d81e8850fdf5b564cd59"


def test_a_calendar_can_be_put_into_a_cache_and_taken_out_again() -> None:
    is_open(shanghai(), at=in_shanghai("2026-03-02"))

    kept = pickle.loads(pickle.dumps(shanghai()))

    assert kept == copy.deepcopy(shanghai()) == shanghai()
    assert is_open(kept, at=in_shanghai("2026-03-02 10:00"))


def test_many_threads_may_ask_one_cold_calendar() -> None:
    expected = {year: _week_of(shanghai(), year) for year in range(1990, 2060, 5)}
    cold = pickle.loads(pickle.dumps(shanghai()))
    answers: list[dict[int, float]] = []
    together = threading.Barrier(8)

    def ask(step: int) -> None:
        together.wait()
        answers.append({year: _week_of(cold, year) for year in list(expected)[::step]})

    threads = [threading.Thread(target=ask, args=(step,)) for step in (1, -1, 2, -2, 1, -1, 3, -3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert all(expected[year] == seconds for said in answers for year, seconds in said.items())


def test_importing_working_time_brings_neither_holidays_nor_django() -> None:
    code = "import sys, tightrope.worktime; print(sorted({'holidays', 'django', 'numpy'} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


def _week_of(calendar: Calendar, year: int) -> float:
    return working_seconds_between(
        calendar, start=datetime(year, 6, 1, tzinfo=UTC), end=datetime(year, 6, 8, tzinfo=UTC)
    )
