"""A complaint closes with its cause, what prevents it, and the return call; by no way without."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import cast

from tightrope.cases import actions, tasks
from tightrope.cases.models import Call, Case, Rules
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.promises.models import Policy, Promise, PromiseKind, State, Target, What

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


@pytest.fixture
def wang():
    return actor_of_contact(factories.wang_lei())


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


def solved(by, **facts) -> Case:
    case = factories.case(case_type=Case.Type.COMPLAINT, **facts)
    actions.accept_case(case, by=by, at=at(0.1))
    actions.record_cause(case, cause="备件发错", prevention="出库扫码", by=by, at=at(0.5))
    return actions.solve_case(case, solution="phone", by=by, at=at(1))


def called(case, outcome, when, by, text="") -> Case:
    return actions.log_call(case, outcome=outcome, text=text, by=by, at=when)


def test_a_solved_complaint_owes_the_customer_a_call_within_one_working_day(zhou):
    case = solved(zhou)

    promise = Promise.objects.get(subject_id=case.pk, what=What.RETURN_CALL)
    assert promise.kind == PromiseKind.CUSTOMER
    assert promise.due_at == case.call_due_at == at(25)
    assert case.return_call == Case.ReturnCall.OWED
    assert Call.objects.get(case=case).purpose == Call.Purpose.RETURN
    assert verify.differences() == []


def test_a_policy_says_how_soon_the_return_call_is_due(zhou):
    policy = Policy.objects.create(name="投诉", case_types=["complaint"])
    Target.objects.create(
        policy=policy, what=What.RETURN_CALL, kind=PromiseKind.CUSTOMER, working_seconds=3600
    )

    case = solved(zhou)

    assert case.call_due_at == at(2)


def test_silence_does_not_close_a_complaint_before_its_return_call(zhou):
    case = solved(zhou)

    waiting = actions.close_silent_case(case, by=SYSTEM, at=at(24 * 6))
    assert waiting.status == Case.Status.SOLVED

    called(case, "reached", at(24 * 6 + 1), zhou, "已恢复，客户满意")
    closed = actions.close_silent_case(case, by=SYSTEM, at=at(24 * 8))

    assert closed.status == Case.Status.CLOSED
    assert closed.outcome == Case.Outcome.UNOPPOSED
    assert verify.differences() == []


def test_the_customers_word_is_kept_and_closes_the_complaint_with_the_call(zhou, wang):
    case = actions.confirm_case(solved(zhou), by=wang, at=at(2))
    assert (case.status, case.is_confirmed) == (Case.Status.SOLVED, True)

    called(case, "reached", at(3), zhou, "客户确认")
    with clock.standing_at(at(3.1)):
        tasks.look_at_silence()

    case.refresh_from_db()
    assert case.status == Case.Status.CLOSED
    assert case.outcome == Case.Outcome.AGREED
    kept = Promise.objects.get(subject_id=case.pk, what=What.RETURN_CALL, kind=PromiseKind.CUSTOMER)
    assert kept.state == State.KEPT


def test_tries_used_up_with_a_reason_let_it_close(zhou):
    case = solved(zhou)
    for hours in (2, 3, 6):
        called(case, "no_answer", at(hours), zhou)
    assert actions.close_silent_case(case, by=SYSTEM, at=at(24 * 6)).status == Case.Status.SOLVED
    called(case, "no_answer", at(24 * 6), zhou, "出国，一直无人接听")

    closed = actions.close_silent_case(case, by=SYSTEM, at=at(24 * 8))

    assert closed.status == Case.Status.CLOSED
    assert closed.return_call == Case.ReturnCall.GIVEN_UP
    assert verify.differences() == []


def test_not_solved_after_all_drops_the_call_and_asks_for_another(zhou, wang):
    case = solved(zhou)
    called(case, "reached", at(2), zhou, "还在漏")

    case = actions.reopen_case(case, reason="还在漏", by=wang, at=at(3))
    assert case.return_call == ""
    case = actions.solve_case(case, solution="phone", by=zhou, at=at(4))

    assert case.return_call == Case.ReturnCall.OWED
    assert Call.objects.filter(case=case).count() == 2
    reopened = actions.reopen_case(case, reason="又漏", by=wang, at=at(5))
    assert reopened.call_due_at is None
    assert not Promise.objects.filter(subject_id=case.pk, what=What.RETURN_CALL).running().exists()
    assert verify.differences() == []


def test_who_complains_and_does_not_answer_is_called_and_not_closed(zhou):
    case = factories.case(case_type=Case.Type.COMPLAINT)
    actions.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(0.5))
    for day in range(1, 9):
        with clock.standing_at(at(24 * day)):
            tasks.look_at_silence()

    case.refresh_from_db()

    assert case.status == Case.Status.ACCEPTED
    assert case.call_due_at is not None
    assert Call.objects.get(case=case).purpose == Call.Purpose.SILENT
    assert Promise.objects.filter(subject_id=case.pk, what=What.RESOLUTION, paused_at=None).running().exists()
    assert verify.differences() == []


def test_the_letter_that_says_solved_names_the_day_of_the_call(zhou):
    case = solved(zhou)

    with clock.standing_at(at(1.1)):
        jobs.run_due()

    letter = Message.objects.filter(conversation_id=case.conversation_id, direction="out").latest("at")
    assert "11月19日" in letter.text


def test_the_database_itself_refuses_a_complaint_closed_without_its_call(zhou):
    case = solved(zhou)

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            status=Case.Status.CLOSED, closed_at=at(9), outcome=Case.Outcome.UNOPPOSED
        )


def test_a_planned_call_gives_way_to_the_return_call(zhou):
    case = factories.case(case_type=Case.Type.COMPLAINT)
    actions.accept_case(case, by=zhou, at=at(0.1))
    actions.plan_call(case, due_at=at(5), text="先问一下", by=zhou, at=at(0.2))
    actions.record_cause(case, cause="a", prevention="b", by=zhou, at=at(0.5))

    case = actions.solve_case(case, solution="phone", by=zhou, at=at(1))

    assert [one.outcome for one in Call.objects.filter(case=case)] == [Call.Outcome.DROPPED, ""]
    assert not Promise.objects.filter(subject_id=case.pk, what=What.CALL).running().exists()
    assert Rules.in_force().return_call_hours == 8


def test_a_request_needs_no_return_call(zhou, wang):
    case = factories.case()
    actions.accept_case(case, by=zhou, at=at(0.1))
    actions.solve_case(case, solution="answer", by=zhou, at=at(1))

    closed = actions.confirm_case(case, by=wang, at=at(2))

    assert closed.status == Case.Status.CLOSED
    assert closed.return_call == ""
