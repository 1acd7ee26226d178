"""Holidays and make-up workdays from the year tables, and their corrections."""

from datetime import date

import pytest

from tightrope.worktime import (
    Calendar,
    ContradictingDay,
    Holiday,
    HolidayDoubt,
    HolidayTable,
    HolidayWarning,
    MakeUpWorkday,
    OrdinaryDay,
    UnknownCountry,
    Weekday,
    WeekPattern,
    add_working,
    is_open,
    public_holidays,
    working_seconds_between,
)
from tightrope.worktime.tests.cast import in_shanghai, shanghai

HOUR = 3600


def test_the_mainland_works_the_sunday_before_the_national_holiday_of_2025() -> None:
    assert is_open(shanghai(), at=in_shanghai("2025-09-28 10:00"))
    assert is_open(shanghai(), at=in_shanghai("2025-10-11 10:00"))
    assert not is_open(shanghai(), at=in_shanghai("2025-10-08 10:00"))


def test_a_promise_goes_over_the_make_up_sunday_and_over_the_whole_holiday() -> None:
    saturday = in_shanghai("2025-09-27 20:00")

    on_sunday = add_working(shanghai(), start=saturday, seconds=8 * HOUR)
    after_holiday = add_working(shanghai(), start=saturday, seconds=8 * HOUR * 3 + 60)

    assert on_sunday == in_shanghai("2025-09-28 17:30")
    assert after_holiday == in_shanghai("2025-10-09 08:31")
    assert add_working(shanghai(), start=after_holiday, seconds=-(8 * HOUR * 3 + 60)) == in_shanghai(
        "2025-09-28 08:30"
    )


def test_the_two_weeks_around_the_national_holiday_have_the_decreed_seven_days_of_work() -> None:
    worked = working_seconds_between(
        shanghai(), start=in_shanghai("2025-09-27"), end=in_shanghai("2025-10-13")
    )

    # 28-30 September, 9, 10 and 11 October.
    assert worked == 6 * 8 * HOUR


def test_a_make_up_workday_has_the_hours_of_the_day_it_was_given_for() -> None:
    table = public_holidays("CN", years=[2025])
    follows = {workday.on: workday.follows for workday in table.make_up_workdays}
    short_wednesdays = WeekPattern.from_days(
        {day: ["09:00-17:00"] for day in ("mon", "tue", "thu", "fri")} | {"wed": ["09:00-12:00"]}
    )
    calendar = Calendar(pattern=short_wednesdays, zone="Asia/Shanghai", holidays=table)

    assert follows[date(2025, 9, 28)] is Weekday.TUESDAY
    assert follows[date(2025, 10, 11)] is Weekday.WEDNESDAY
    assert is_open(calendar, at=in_shanghai("2025-09-28 15:00"))
    assert not is_open(calendar, at=in_shanghai("2025-10-11 15:00"))


def test_a_make_up_workday_decreed_with_the_year_after_is_known() -> None:
    table = public_holidays("CN", years=[2007])

    assert MakeUpWorkday(date(2007, 12, 29), Weekday.MONDAY) in table.make_up_workdays
    assert MakeUpWorkday(date(2006, 12, 31), Weekday.WEDNESDAY) in (
        public_holidays("CN", years=[2006]).make_up_workdays
    )


@pytest.mark.parametrize(
    ("country", "subdivision", "day"),
    [
        ("CN", None, date(2026, 2, 17)),
        ("TW", None, date(2026, 2, 28)),
        ("HK", None, date(2026, 7, 1)),
        ("DE", "BY", date(2026, 6, 4)),
        ("US", None, date(2026, 11, 26)),
    ],
)
def test_many_countries_are_known(country: str, subdivision: str | None, day: date) -> None:
    table = public_holidays(country, years=[2026], subdivision=subdivision)

    assert day in table.closed_days
    assert table.warnings == ()
    assert {one.year for one in table.closed_days} == {2026}


def test_a_holiday_of_one_state_is_none_in_another() -> None:
    corpus_christi = date(2026, 6, 4)

    assert corpus_christi not in public_holidays("DE", years=[2026], subdivision="BE").closed_days


def test_names_come_in_the_language_asked_for() -> None:
    names = {
        holiday.on: holiday.name for holiday in public_holidays("CN", years=[2026], language="zh_CN").holidays
    }

    assert names[date(2026, 2, 17)] == "春节"


@pytest.mark.parametrize("language", ["en_US", "zh_CN"])
def test_a_year_without_decree_is_answered_with_a_warning(language: str) -> None:
    table = public_holidays("CN", years=[2026, 2099], language=language)

    assert date(2099, 10, 1) in table.closed_days
    assert table.warnings == (HolidayWarning("CN", 2099, HolidayDoubt.DECREE_MISSING),)
    assert str(table.warnings[0]) == "CN 2099: the decree on days off and make-up workdays is not known yet."


@pytest.mark.parametrize("language", ["en_US", "ar_AE"])
def test_dates_that_follow_the_moon_are_answered_with_a_warning(language: str) -> None:
    table = public_holidays("AE", years=[2098], language=language)

    assert table.warnings == (HolidayWarning("AE", 2098, HolidayDoubt.DATES_ESTIMATED),)


def test_a_year_beyond_all_tables_is_answered_with_a_warning() -> None:
    table = public_holidays("DE", years=[2150])

    assert table.holidays == ()
    assert table.warnings == (HolidayWarning("DE", 2150, HolidayDoubt.YEAR_UNKNOWN),)


def test_a_decree_entered_by_hand_silences_the_warning_and_counts() -> None:
    table = public_holidays(
        "CN",
        years=[2099],
        corrections=[
            Holiday(date(2099, 10, 6), "国庆调休"),
            MakeUpWorkday(date(2099, 9, 27), Weekday.TUESDAY),
            OrdinaryDay(date(2099, 1, 1)),
        ],
        confirmed_years=[2099],
    )

    assert table.warnings == ()
    assert date(2099, 10, 6) in table.closed_days
    assert date(2099, 1, 1) not in table.closed_days
    assert MakeUpWorkday(date(2099, 9, 27), Weekday.TUESDAY) in table.make_up_workdays


def test_a_holiday_can_be_made_a_workday_and_a_make_up_workday_a_holiday() -> None:
    table = public_holidays("CN", years=[2025]).corrected(
        corrections=[MakeUpWorkday(date(2025, 10, 1), Weekday.MONDAY), Holiday(date(2025, 9, 28))]
    )
    calendar = Calendar(pattern=WeekPattern.weekdays("09:00-17:00"), zone="Asia/Shanghai", holidays=table)

    assert is_open(calendar, at=in_shanghai("2025-10-01 10:00"))
    assert not is_open(calendar, at=in_shanghai("2025-09-28 10:00"))


def test_a_day_cannot_be_two_things() -> None:
    day = date(2026, 5, 9)

    with pytest.raises(ContradictingDay, match="2026-05-09"):
        HolidayTable(holidays=(Holiday(day),), make_up_workdays=(MakeUpWorkday(day, Weekday.MONDAY),))
    with pytest.raises(ContradictingDay, match="only once"):
        HolidayTable().corrected(corrections=[Holiday(day), OrdinaryDay(day)])


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("DE", "ZZ"), ("", None)])
def test_a_country_nobody_knows_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(UnknownCountry):
        public_holidays(country, years=[2026], subdivision=subdivision)
