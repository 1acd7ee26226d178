"""A new case that nobody looks at is heard of by whoever leads."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries, tasks
from tightrope.cases.models import Case, Rules
from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.notices.models import Notice
from tightrope.people.models import Membership
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def after(**time):
    return cast.NOW + timedelta(**time)


def round_at(at):
    with clock.standing_at(at):
        tasks.look_after()
        jobs.run_due(only=["timeline.react"])


def told(user):
    return list(Notice.objects.filter(user=user, kind="case.untriaged").order_by("pk"))


@pytest.fixture
def gang():
    cast.zhou_min()
    gang = cast.chen_gang()
    Membership.objects.filter(user=gang).update(is_lead=True)
    return gang


def test_the_teams_lead_is_told_once_when_the_allowed_minutes_are_over(gang):
    case = factories.case(team=cast.team("desk"))

    round_at(after(minutes=14))
    assert told(gang) == []
    round_at(after(minutes=15))
    round_at(after(minutes=16))

    [notice] = told(gang)
    assert case.number in notice.title
    assert notice.url.endswith(f"/cases/{case.public_id}/")
    case.refresh_from_db()
    assert case.is_overlooked
    assert told(cast.zhou_min()) == []


def test_it_is_said_again_each_time_the_wait_has_doubled_and_then_to_the_managers(gang):
    manager = cast.gu_wei()
    factories.case(team=cast.team("desk"))

    for minutes in range(15, 61, 5):
        round_at(after(minutes=minutes))

    # At 15, 30 and 60 minutes.
    assert sum(notice.times for notice in told(gang)) == 3
    assert len(told(manager)) == 2


def test_the_minutes_are_those_of_the_rules_and_of_working_time(gang):
    Rules.objects.create(untriaged_after_minutes=40)
    evening = cast.NOW + timedelta(hours=7, minutes=50)  # ten to six in Shanghai
    case = factories.case(team=cast.team("desk"), at=evening)

    round_at(evening + timedelta(hours=12))
    case.refresh_from_db()
    assert not case.is_overlooked
    round_at(cast.NOW + timedelta(days=1))

    case.refresh_from_db()
    assert case.is_overlooked


def test_what_somebody_took_alarms_nobody(gang):
    case = factories.case(team=cast.team("desk"))
    actions.accept_case(case, by=cast.actor(cast.zhou_min()), at=after(minutes=1))

    round_at(after(hours=2))

    assert told(gang) == []
    assert not any(event.kind == "case.untriaged" for event in _events(case))


def test_without_a_team_all_who_lead_are_told(gang):
    case = factories.case(team=None)

    round_at(after(minutes=20))

    assert len(told(gang)) == 1
    assert _events(case)[0].kind == "case.untriaged"
    assert verify.differences() == []


def test_taken_between_alarm_and_telling_nobody_is_told(gang):
    case = factories.case(team=cast.team("desk"))
    actions.alarm_untriaged(case, at=after(minutes=20))
    actions.accept_case(case, by=cast.actor(cast.zhou_min()), at=after(minutes=20))

    with clock.standing_at(after(minutes=20)):
        jobs.run_due(only=["timeline.react"])

    assert told(gang) == []


def test_the_desk_marks_it(gang, client):
    case = factories.case(team=cast.team("desk"))
    round_at(after(minutes=20))
    client.force_login(gang)

    with clock.standing_at(after(minutes=21)):
        page = client.get("/cases/").content.decode()

    assert case.number in page
    assert "case-overlooked" in page
    assert Case.objects.get().alarms == 1


def _events(case):
    from tightrope.core.actor import SYSTEM

    return events_of("case", case.pk, by=SYSTEM, limit=30)[0]


def test_cases_of_which_somebody_was_told_stand_in_no_others_way(gang):
    told_of = [factories.case() for _time in range(3)]
    for case in told_of:
        actions.alarm_untriaged(case, at=after(minutes=20))
    newer = factories.case(at=after(minutes=1))

    assert queries.untriaged(at=after(minutes=21), limit=2) == [newer]
