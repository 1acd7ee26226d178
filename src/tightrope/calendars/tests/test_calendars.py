from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests import cast

from tightrope import worktime
from tightrope.calendars import actions, defaults, queries, year
from tightrope.calendars.models import Override, WorkCalendar
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.people.access import Denied

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
OFFICE = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def terms(**facts):
    usual = {
        "name": "上海客服", "zone": "Asia/Shanghai", "country": "CN", "subdivision": "",
        "pattern": OFFICE, "is_default": False,
    }  # fmt: skip
    return actions.Terms(**usual | facts)


def added(**facts):
    return actions.add_calendar(terms(**facts), by=SYSTEM, at=NOW)


def hours_on(row, on):
    calendar = queries.worktime_of(row.pk)
    start = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(calendar.zone))
    worked = worktime.working_seconds_between(calendar, start=start, end=start + timedelta(days=1))
    return worked / 3600


def test_the_first_calendar_is_the_companys_and_another_may_take_its_place():
    first = added()
    assert queries.default_calendar_id() == first.pk
    second = added(name="台北客服", zone="Asia/Taipei", country="TW", is_default=True)

    assert queries.default_calendar_id() == second.pk
    assert WorkCalendar.objects.filter(is_default=True).count() == 1


def test_without_rows_usual_office_hours_hold():
    assert queries.default_calendar_id() is None
    assert queries.worktime_of(None) is queries.usual()
    assert not worktime.is_open(queries.worktime_of(None), at=datetime(2026, 10, 1, 2, tzinfo=UTC))


def test_a_fresh_installation_gets_one_calendar_once():
    defaults.install(by=SYSTEM, at=NOW)
    defaults.install(by=SYSTEM, at=NOW)

    assert WorkCalendar.objects.get().is_default


def test_holidays_and_make_up_workdays_of_the_mainland_are_known():
    row = added()

    assert hours_on(row, date(2026, 10, 1)) == 0
    assert hours_on(row, date(2026, 9, 20)) == 8  # a Sunday worked for 国庆
    assert hours_on(row, date(2026, 9, 27)) == 0


def test_each_kind_of_day_says_what_it_says():
    row = added()
    set_ = lambda on, kind, **facts: actions.set_day(row, on, kind=kind, note="", by=SYSTEM, at=NOW, **facts)  # noqa: E731
    set_(date(2026, 11, 18), Override.Kind.HOLIDAY)
    set_(date(2026, 11, 21), Override.Kind.WORKDAY, follows=0)
    set_(date(2026, 12, 31), Override.Kind.HOURS, hours=["09:00-12:30"])
    set_(date(2026, 10, 1), Override.Kind.ORDINARY)

    assert hours_on(row, date(2026, 11, 18)) == 0
    assert hours_on(row, date(2026, 11, 21)) == 8
    assert hours_on(row, date(2026, 12, 31)) == 3.5
    assert hours_on(row, date(2026, 10, 1)) == 8


def test_a_day_may_be_said_anew_and_taken_back():
    row = added()
    on = date(2026, 11, 18)
    actions.set_day(row, on, kind=Override.Kind.HOLIDAY, note="盘点", by=SYSTEM, at=NOW)
    actions.set_day(row, on, kind=Override.Kind.HOURS, hours=["13:00-15:00"], note="", by=SYSTEM, at=NOW)
    assert hours_on(row, on) == 2

    actions.clear_day(row, on, by=SYSTEM, at=NOW)

    assert hours_on(row, on) == 8
    assert not Override.objects.exists()


def test_hours_of_its_own_leave_the_night_before_alone():
    row = added(name="夜班", country="", pattern={"tue": ["22:00-06:00"]})
    actions.set_day(
        row, date(2026, 11, 18), kind=Override.Kind.HOURS, hours=["10:00-11:00"], note="", by=SYSTEM, at=NOW
    )

    assert hours_on(row, date(2026, 11, 18)) == 7


def test_a_change_counts_at_once_in_every_process():
    row = added()
    assert hours_on(row, date(2026, 11, 18)) == 8

    changed = actions.change_calendar(
        row, terms(pattern={"wed": ["09:00-10:00"]}, is_default=True), version=1, by=SYSTEM, at=NOW
    )

    assert changed.version == 2
    assert hours_on(row, date(2026, 11, 18)) == 1


def test_working_time_is_compiled_once_a_version(django_assert_num_queries):
    row = added()
    compiled = queries.worktime_of(row.pk)

    with django_assert_num_queries(1):
        again = queries.worktime_of(row.pk)
    assert again is compiled


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"pattern": {}}, "no working time"),
        ({"pattern": {"mon": ["9-12"]}}, "09:00-12:00"),
        ({"pattern": {"mon": ["09:00-12:00", "11:00-13:00"]}}, "overlap"),
        ({"zone": "Asia/Nowhere"}, "no time zone"),
        ({"country": "XX"}, "No public holidays are known"),
        ({"name": "  "}, "name"),
    ],
)
def test_hours_that_cannot_hold_are_refused_by_name(facts, said):
    with pytest.raises(actions.BadCalendar, match=said):
        added(**facts)
    assert not WorkCalendar.objects.exists()


def test_two_calendars_have_two_names_and_one_stays_the_companys():
    row = added()

    with pytest.raises(actions.BadCalendar, match="already"):
        added()
    with pytest.raises(actions.BadCalendar, match="the company's"):
        actions.change_calendar(row, terms(is_default=False), version=1, by=SYSTEM, at=NOW)


def test_whoever_read_an_older_version_is_told():
    row = added()
    actions.set_day(row, date(2026, 11, 18), kind=Override.Kind.HOLIDAY, note="", by=SYSTEM, at=NOW)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_calendar(row, terms(is_default=True), version=1, by=SYSTEM, at=NOW)


def test_only_who_may_configure_changes_hours():
    row, zhou = added(), cast.actor(cast.zhou_min())

    with pytest.raises(Denied):
        actions.set_day(row, date(2026, 11, 18), kind=Override.Kind.HOLIDAY, note="", by=zhou, at=NOW)
    with pytest.raises(Denied):
        actions.add_calendar(terms(name="别的"), by=zhou, at=NOW)


def test_a_year_without_its_decree_is_named_until_somebody_confirms_it():
    row = added()
    ahead = range(2044, 2045)
    assert [warning.year for warning in year.doubts_of(row, years=ahead)] == [2044]

    actions.confirm_year(row, 2044, by=SYSTEM, at=NOW)
    row.refresh_from_db()

    assert year.doubts_of(row, years=ahead) == []


def test_a_year_shows_each_day_as_what_it_is():
    row = added()
    actions.set_day(
        row,
        date(2026, 12, 31),
        kind=Override.Kind.HOURS,
        hours=["09:00-12:00"],
        note="盘点",
        by=SYSTEM,
        at=NOW,
    )

    shown = year.year_of(row, 2026, today=date(2026, 11, 18))
    days = {day.on: day for month in shown.months for week in month.weeks for day in week if day}

    assert len(days) == 365
    assert days[date(2026, 10, 1)].kind == "holiday"
    assert days[date(2026, 9, 20)].kind == "make-up"
    assert (days[date(2026, 12, 31)].kind, days[date(2026, 12, 31)].hours) == ("hours", 3)
    assert days[date(2026, 12, 31)].name == "盘点"
    assert days[date(2026, 11, 21)].kind == "free"
    assert days[date(2026, 11, 18)].is_today
    assert shown.hours == sum(day.hours for day in days.values())


@pytest.fixture
def enter(client):
    with clock.standing_at(NOW):

        def as_(user):
            client.force_login(user)
            return client

        yield as_


def test_the_pages_show_the_year_and_the_administrator_sets_a_day(enter):
    row, client = added(), enter(cast.administrator())

    assert client.get(reverse("calendars:list")).status_code == 200
    text = client.get(reverse("calendars:year", args=[row.pk, 2026])).content.decode()
    day = reverse("calendars:day", args=[row.pk, "2026-11-18"])
    assert client.get(day).status_code == 200
    assert client.post(day, {"kind": "hours", "hours": "9-12", "note": ""}).status_code == 422
    assert (
        client.post(
            day, {"kind": "hours", "hours": "09：00-12：00，13：00-14:00", "note": "盘点"}
        ).status_code
        == 303
    )
    assert client.post(reverse("calendars:confirmation", args=[row.pk, 2027])).status_code == 303

    assert 'data-is="make-up"' in text
    assert Override.objects.get().hours == ["09:00-12:00", "13:00-14:00"]
    assert client.post(day, {"kind": ""}).status_code == 303
    assert not Override.objects.exists()


def test_the_administrator_writes_and_changes_a_calendar(enter):
    client = enter(cast.administrator())
    typed = {
        "version": "0", "name": "台北客服", "zone": "Asia/Taipei", "country": "tw", "subdivision": "",
        "mon": "09:00-18:00", "sat": "",
    }  # fmt: skip

    assert client.get(reverse("calendars:new")).status_code == 200
    assert client.post(reverse("calendars:new"), typed | {"mon": "18:00"}).status_code == 422
    assert client.post(reverse("calendars:new"), typed).status_code == 303
    row = WorkCalendar.objects.get()
    edit = reverse("calendars:edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    assert (
        client.post(edit, typed | {"version": "1", "is_default": "on", "tue": "10:00-12:00"}).status_code
        == 303
    )

    row.refresh_from_db()
    assert (row.country, row.pattern["mon"], row.pattern["tue"]) == ("TW", ["09:00-18:00"], ["10:00-12:00"])


def test_staff_may_look_and_strangers_may_not(enter, client):
    row = added()

    assert client.get(reverse("calendars:list")).status_code == 302
    zhou = enter(cast.zhou_min())
    assert zhou.get(reverse("calendars:year", args=[row.pk, 2026])).status_code == 200
    assert zhou.get(reverse("calendars:edit", args=[row.pk])).status_code == 403
    assert zhou.get(reverse("calendars:year", args=[row.pk, 1900])).status_code == 404
    assert zhou.get(reverse("calendars:year", args=[row.pk + 1000, 2026])).status_code == 404
