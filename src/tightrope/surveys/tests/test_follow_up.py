"""A low score is followed by a call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories as case_factories
from tightrope.core import jobs
from tightrope.core.actor import SYSTEM
from tightrope.notices.models import Notice
from tightrope.people.access import Denied
from tightrope.people.models import Membership
from tightrope.promises.models import Promise, State, What
from tightrope.surveys import actions
from tightrope.surveys.models import FollowUp
from tightrope.surveys.tests import factories
from tightrope.surveys.verify import contradictions

pytestmark = pytest.mark.django_db


def lead_of_the_desk():
    chen = cast.chen_gang()
    Membership.objects.filter(user=chen, team=cast.team("desk")).update(is_lead=True)
    return chen


def test_a_low_score_promises_a_call_by_the_lead_within_one_working_day():
    case_factories.policies()
    chen = lead_of_the_desk()
    factories.rated(2, "等太久")

    jobs.run_due()

    call = FollowUp.objects.get()
    promise = Promise.objects.get(what=What.FOLLOW_UP)
    assert call.owner == chen
    assert promise.user == chen
    assert promise.kind == "customer"
    assert (
        call.due_at == promise.due_at == cast.NOW + timedelta(days=1)
    )  # eight working hours from Wednesday 10:00
    assert Notice.objects.get(user=chen).url == f"/surveys/calls/{call.public_id}/"
    assert contradictions() == []


@pytest.mark.parametrize("score", [3, 4, 5])
def test_a_fair_score_calls_for_no_call(score):
    factories.rated(score)

    jobs.run_due()

    assert not FollowUp.objects.exists()


def test_the_call_is_opened_once_however_often_the_job_runs():
    survey = factories.rated(1)

    for _ in range(3):
        actions.open_follow_up(survey, by=SYSTEM, at=cast.NOW)

    assert FollowUp.objects.count() == 1
    assert Promise.objects.filter(what=What.FOLLOW_UP).count() == 1


def test_a_call_that_settles_it_keeps_the_promise_and_notes_the_score_after():
    chen = cast.actor(lead_of_the_desk())
    call = actions.open_follow_up(factories.rated(1), by=SYSTEM, at=cast.NOW)

    actions.note_call(
        call, outcome="settled", note="道歉并说明", score_after=4, by=chen, at=cast.NOW + timedelta(hours=3)
    )

    call.refresh_from_db()
    assert call.closed_by == "陈刚"
    assert call.score_after == 4
    assert Promise.objects.get(what=What.FOLLOW_UP).state == State.KEPT
    assert contradictions() == []
    with pytest.raises(actions.AlreadyClosed):
        actions.note_call(call, outcome="settled", note="再次", score_after=None, by=chen, at=cast.NOW)


def test_whoever_was_not_reached_is_called_again_until_it_is_given_up():
    chen = cast.actor(lead_of_the_desk())
    call = actions.open_follow_up(factories.rated(1), by=SYSTEM, at=cast.NOW)
    for _ in range(2):
        call = actions.note_call(call, outcome="not_reached", note="", score_after=None, by=chen, at=cast.NOW)
    assert call.is_open
    assert Promise.objects.get(what=What.FOLLOW_UP).is_running

    call = actions.note_call(
        call, outcome="given_up", note="三次未接", score_after=None, by=chen, at=cast.NOW
    )

    assert call.attempts == 3
    assert not call.is_open
    assert Promise.objects.get(what=What.FOLLOW_UP).state == State.WITHDRAWN
    assert contradictions() == []


def test_a_call_may_take_the_case_up_again():
    case_factories.policies()
    chen = cast.actor(lead_of_the_desk())
    survey = factories.rated(1)
    call = actions.open_follow_up(survey, by=SYSTEM, at=cast.NOW)

    actions.note_call(call, outcome="taken_up", note="还在漏水", score_after=None, by=chen, at=cast.NOW)

    assert Case.objects.get(pk=survey.case_id).status == Case.Status.REOPENED


def test_only_who_may_follow_up_notes_a_call_and_says_what_was_said():
    call = actions.open_follow_up(factories.rated(1), by=SYSTEM, at=cast.NOW)

    with pytest.raises(Denied):
        actions.note_call(
            call, outcome="settled", note="x", score_after=None, by=cast.actor(cast.he_yong()), at=cast.NOW
        )
    with pytest.raises(actions.NothingNoted):
        actions.note_call(
            call, outcome="settled", note=" ", score_after=None, by=cast.actor(cast.gu_wei()), at=cast.NOW
        )
    call.refresh_from_db()
    assert call.is_open
