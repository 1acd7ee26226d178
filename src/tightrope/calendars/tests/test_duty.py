"""Who is on duty: every week, once, with a stand-in, and where nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from tests import cast

from tightrope.calendars import actions, duty
from tightrope.calendars.access import Can
from tightrope.calendars.models import Duty
from tightrope.calendars.templatetags.calendars import duty_hours
from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Scope
from tightrope.core.paging import BadCursor
from tightrope.people.access import Denied
from tightrope.people.lines import wording_of
from tightrope.people.models import User
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
NOW = cast.NOW
"""A Wednesday, 10:00 in Shanghai."""


@pytest.fixture
def desk():
    cast.zhou_min()
    cast.chen_gang()
    return cast.team("desk")


def weekly(team, **facts):
    usual = {
        "user": cast.zhou_min(), "stand_in": None, "weekdays": [2], "from_time": time(9), "until_time": time(18),
        "by": SYSTEM, "at": NOW,
    }  # fmt: skip
    return actions.plan_weekly_duty(team, **usual | facts)


def once(team, hours, *, user=None, **facts):
    begins = NOW + timedelta(hours=hours)
    usual = {
        "user": user or cast.chen_gang(), "stand_in": None, "starts_at": begins,
        "ends_at": begins + timedelta(hours=2), "by": SYSTEM, "at": NOW,
    }  # fmt: skip
    return actions.plan_duty(team, **usual | facts)


def names_at(team, at):
    on = duty.on_duty(team.pk, at=at)
    return on and [one.name for one in (on.first, on.second) if one]


def shanghai(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_a_weekly_duty_holds_from_its_beginning_until_its_end_by_the_clock_of_the_company(desk):
    weekly(desk)

    assert names_at(desk, shanghai(18, 8, 59)) is None
    assert names_at(desk, shanghai(18, 9)) == ["周敏"]
    assert names_at(desk, shanghai(18, 17, 59)) == ["周敏"]
    assert names_at(desk, shanghai(18, 18)) is None
    assert names_at(desk, shanghai(19, 10)) is None
    assert names_at(desk, shanghai(25, 10)) == ["周敏"]


def test_a_night_passes_midnight_also_from_sunday_to_monday(desk):
    weekly(desk, weekdays=[6], from_time=time(20), until_time=time(8))

    assert names_at(desk, shanghai(22, 23)) == ["周敏"]
    assert names_at(desk, shanghai(23, 7, 59)) == ["周敏"]
    assert names_at(desk, shanghai(23, 8)) is None


def test_hours_that_end_as_they_begin_are_a_whole_day(desk):
    weekly(desk, from_time=time(8), until_time=time(8))

    assert names_at(desk, shanghai(18, 8)) == names_at(desk, shanghai(19, 7, 59)) == ["周敏"]
    assert names_at(desk, shanghai(19, 8)) is None


def test_what_is_said_once_counts_before_what_holds_every_week(desk):
    weekly(desk)
    once(desk, 0)

    assert names_at(desk, NOW) == ["陈刚"]
    assert names_at(desk, NOW + timedelta(hours=2)) == ["周敏"]


def test_who_stands_in_is_next_and_first_when_the_other_has_left(desk):
    weekly(desk, stand_in=cast.chen_gang())
    assert names_at(desk, NOW) == ["周敏", "陈刚"]

    User.objects.filter(name="周敏").update(is_active=False)
    assert names_at(desk, NOW) == ["陈刚"]
    User.objects.filter(name="陈刚").update(is_active=False)
    assert names_at(desk, NOW) is None


@pytest.mark.parametrize(
    ("weekdays", "from_time", "until_time"),
    [
        ([2], time(17), time(20)),
        ([1], time(20), time(10)),
        ([2, 3], time(9), time(18)),
        ([], time(1), time(2)),
    ],
)
def test_two_weekly_duties_do_not_meet(desk, weekdays, from_time, until_time):
    weekly(desk)

    with pytest.raises(actions.BadDuty):
        weekly(desk, weekdays=weekdays, from_time=from_time, until_time=until_time)
    assert Duty.objects.count() == 1


def test_duties_may_follow_each_other(desk):
    weekly(desk)
    weekly(desk, from_time=time(18), until_time=time(9), user=cast.chen_gang())
    once(desk, 0)
    once(desk, 2, user=cast.zhou_min())

    assert names_at(desk, shanghai(18, 18)) == ["陈刚"]
    assert Duty.objects.count() == 4


def test_two_duties_of_one_time_do_not_meet_not_even_behind_the_back_of_the_program(desk):
    made = once(desk, 0)

    with pytest.raises(actions.BadDuty):
        once(desk, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(team=desk, user=made.user, starts_at=made.starts_at, ends_at=made.ends_at)


def test_a_duty_that_is_over_or_of_a_stranger_is_refused(desk):
    for wrong in (
        lambda: once(desk, -5),
        lambda: once(desk, 1, ends_at=NOW),
        lambda: once(desk, 1, user=cast.wu_qiang()),
        lambda: weekly(desk, stand_in=cast.wu_qiang()),
        lambda: weekly(desk, stand_in=cast.zhou_min()),
    ):
        with pytest.raises(actions.BadDuty):
            wrong()
    assert not Duty.objects.exists()


def test_the_roster_of_another_team_is_not_his_to_plan(desk):
    lead = replace(cast.actor(cast.chen_gang()), grants={Can.PLAN_DUTY.value: Scope.TEAM})

    weekly(desk, by=lead)
    with pytest.raises(Denied):
        weekly(cast.team("suzhou"), user=cast.wu_qiang(), by=lead)
    with pytest.raises(Denied):
        actions.end_duty(Duty.objects.get(), by=cast.actor(cast.zhou_min()), at=NOW)
    assert Duty.objects.count() == 1


def test_planning_and_ending_stand_on_the_teams_line_once(desk):
    [made] = weekly(desk, weekdays=[2], stand_in=cast.chen_gang())
    actions.end_duty(made, by=SYSTEM, at=NOW)
    actions.end_duty(Duty(pk=999, team=desk, user=cast.zhou_min()), by=SYSTEM, at=NOW)

    events, _older = events_of("team", desk.pk, by=SYSTEM)
    told = [event for event in events if event.kind.startswith("duty.")]
    assert [event.kind for event in told] == ["duty.ended", "duty.planned"]
    assert told[1].facts == {"person": "周敏", "stand_in": "陈刚", "team": "Desk", "when": "3 09:00-18:00"}


def test_the_line_names_the_days_of_the_week_and_who_did_it_in_the_readers_language(desk):
    weekly(desk, weekdays=[2, 4])
    events, _older = events_of("team", desk.pk, by=SYSTEM)
    planned = next(event for event in events if event.kind == "duty.planned")

    assert "on duty for Desk: Wednesday, Friday 09:00-18:00" in wording_of(planned)
    with translation.override("zh-hans"):
        assert wording_of(planned) == "走钢丝 安排 周敏 在 Desk 值班：星期三、星期五 09:00-18:00"


def test_what_is_planned_once_pages_by_key(desk):
    made = [once(desk, 2 * place) for place in range(5)]

    first = duty.once_of(desk.pk, at=NOW, size=3)
    rest = duty.once_of(desk.pk, at=NOW, after=first.next, size=3)

    assert [*first.rows, *rest.rows] == made
    with pytest.raises(BadCursor):
        duty.once_of(desk.pk, at=NOW, after="x")


def test_the_lead_plans_and_ends_duties_on_the_page(client, desk):
    client.force_login(cast.chen_gang())
    page = reverse("calendars:duty_of_team", args=[desk.pk])
    zhou = cast.zhou_min()
    week = {
        "user": zhou.pk,
        "stand_in": "",
        "weekdays": ["0", "2"],
        "from_time": "09:00",
        "until_time": "18:00",
    }
    day = {"user": zhou.pk, "starts_at": "2026-11-20T18:00", "ends_at": "2026-11-21T09:00"}

    with clock.standing_at(NOW):
        assert client.get(page).status_code == 200
        assert client.post(reverse("calendars:weekly_duty", args=[desk.pk]), week).status_code == 303
        assert client.post(reverse("calendars:weekly_duty", args=[desk.pk]), week).status_code == 422
        assert client.post(reverse("calendars:duty_once", args=[desk.pk]), day).status_code == 303
        assert (
            client.post(reverse("calendars:duty_once", args=[desk.pk]), day | {"ends_at": "x"}).status_code
            == 422
        )
        shown = client.get(reverse("calendars:duty")).content.decode()
        gone = reverse("calendars:duty_end", args=[Duty.objects.filter(weekday=0).get().pk])
        assert client.post(gone).status_code == 303
        assert client.post(gone).status_code == 404
        assert client.get(page + "?after=x").status_code == 400

    assert "周敏" in shown
    assert Duty.objects.count() == 2
    assert Duty.objects.exclude(starts_at=None).get().starts_at.isoformat() == "2026-11-20T10:00:00+00:00"


def test_two_instants_of_a_duty_are_told_as_days_are_told_everywhere():
    with clock.standing_at(NOW), translation.override("zh-hans"):
        said = duty_hours("2026-11-20 18:00 – 2026-11-21 09:00")

    assert said == "11月20日 周五 18:00 – 11月21日 周六 09:00"


def test_everybody_of_the_staff_reads_the_roster_and_only_planners_change_it(client, desk):
    weekly(desk)
    client.force_login(cast.zhou_min())

    with clock.standing_at(NOW):
        page = client.get(reverse("calendars:duty_of_team", args=[desk.pk])).content.decode()
        refused = client.post(reverse("calendars:weekly_duty", args=[desk.pk]), {})

    assert "周敏" in page
    assert reverse("calendars:weekly_duty", args=[desk.pk]) not in page
    assert refused.status_code == 403
    assert client.get(reverse("calendars:duty_of_team", args=[999])).status_code == 404


def test_the_roster_costs_the_same_for_one_team_and_for_many(client, desk, django_assert_max_num_queries):
    for number in range(8):
        team = cast.team(f"team-{number}")
        user = cast.person(f"p{number}@hengyuan.example", f"同事{number}", "service", team)
        weekly(team, user=user)
    client.force_login(cast.chen_gang())

    with clock.standing_at(NOW):
        client.get(reverse("calendars:duty"))
        with django_assert_max_num_queries(10):
            client.get(reverse("calendars:duty"))
