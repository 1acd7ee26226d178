"""A new case is heard of at once by whoever is on duty for its team."""

from datetime import time, timedelta

import pytest
from tests import cast

from tightrope.calendars import actions as calendars
from tightrope.cases import actions, reactions, tasks
from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.notices.actions import set_quiet_hours
from tightrope.notices.models import Notice
from tightrope.people.models import Membership
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gang():
    gang = cast.chen_gang()
    Membership.objects.filter(user=gang).update(is_lead=True)
    return gang


@pytest.fixture
def zhou():
    """周敏 is on duty every day, 陈刚 stands in."""
    zhou, gang = cast.zhou_min(), cast.chen_gang()
    calendars.plan_weekly_duty(
        cast.team("desk"), user=zhou, stand_in=gang, weekdays=range(7), from_time=time(8), until_time=time(20),
        by=SYSTEM, at=cast.NOW,
    )  # fmt: skip
    return zhou


def react(at=cast.NOW):
    with clock.standing_at(at):
        jobs.run_due(only=["timeline.react"])


def told(user, kind="case.duty_alarmed"):
    return list(Notice.objects.filter(user=user, kind=kind).order_by("pk"))


def kinds_of(case):
    return [event.kind for event in events_of("case", case.pk, by=SYSTEM, limit=30)[0]]


def test_whoever_is_on_duty_is_told_at_once_and_nobody_else(zhou, gang):
    case = factories.case(team=cast.team("desk"))

    react()

    [notice] = told(zhou)
    assert case.number in notice.title
    assert notice.is_urgent
    assert told(gang) == []
    assert "case.duty_alarmed" in kinds_of(case)
    assert verify.differences() == []


def test_it_is_said_once_though_the_job_runs_twice(zhou):
    case = factories.case(team=cast.team("desk"))
    react()
    [opened] = [
        event for event in events_of("case", case.pk, by=SYSTEM, limit=30)[0] if event.kind == "case.opened"
    ]

    reactions.alarm_duty(opened)
    react()

    assert kinds_of(case).count("case.duty_alarmed") == 1
    assert [notice.times for notice in told(zhou)] == [1]


def test_where_nobody_is_on_duty_the_lead_is_told_as_ever(gang):
    cast.zhou_min()
    case = factories.case(team=cast.team("desk"))
    react()
    assert "case.duty_alarmed" not in kinds_of(case)

    with clock.standing_at(cast.NOW + timedelta(minutes=20)):
        tasks.look_after()
    react(cast.NOW + timedelta(minutes=20))

    assert len(told(gang, "case.untriaged")) == 1
    assert not Notice.objects.filter(kind="case.duty_alarmed").exists()


def test_what_waits_too_long_goes_to_the_lead_and_to_who_stands_in(zhou):
    xu = cast.person("xu@hengyuan.example", "徐丽", "lead", cast.team("desk"))
    Membership.objects.filter(user=xu).update(is_lead=True)
    Membership.objects.filter(user=cast.chen_gang()).update(is_lead=False)
    cast.chen_gang().roles.clear()
    factories.case(team=cast.team("desk"))

    with clock.standing_at(cast.NOW + timedelta(minutes=20)):
        tasks.look_after()
    react(cast.NOW + timedelta(minutes=20))

    assert len(told(xu, "case.untriaged")) == len(told(cast.chen_gang(), "case.untriaged")) == 1
    assert told(zhou, "case.untriaged") == []


def test_who_took_it_before_the_alarm_was_told_is_left_in_peace(zhou):
    case = factories.case(team=cast.team("desk"))
    actions.accept_case(case, by=cast.actor(zhou), at=cast.NOW)

    react()

    assert told(zhou) == []
    assert "case.duty_alarmed" not in kinds_of(case)


def test_a_case_of_another_team_or_of_none_alarms_nobody_on_duty_here(zhou):
    factories.case(team=cast.team("experts", tier=2))
    factories.case(team=None)

    react()

    assert told(zhou) == []


def test_the_alarm_comes_through_quiet_hours(zhou):
    set_quiet_hours(zhou, from_time=time(0), until_time=time(23, 59))
    factories.case(team=cast.team("desk"))
    react()

    with clock.standing_at(cast.NOW):
        jobs.run_due(only=["notices.mail"])

    assert [notice.mailed_at for notice in told(zhou)] == [cast.NOW]
