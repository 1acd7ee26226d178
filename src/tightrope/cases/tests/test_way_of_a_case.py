"""From the first word to "solved, thank you", and what each step does to clocks, letters and the queue."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case, IllegalMove
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.people.access import Denied
from tightrope.promises.models import Promise, PromiseKind, State, What

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


def at(hours: float) -> object:
    return cast.NOW + timedelta(hours=hours)


def test_a_case_is_received_with_a_number_and_a_promise_from_when_the_customer_spoke():
    case = factories.case(told_at=at(-1))

    first = Promise.objects.get(subject_id=case.pk, kind=PromiseKind.CUSTOMER, what=What.FIRST_RESPONSE)
    assert case.number.startswith("C-")
    assert case.status == Case.Status.RECEIVED
    assert first.starts_at == at(-1)
    assert case.next_due_at == first.due_at
    assert case.light(cast.NOW) == "received"


def test_the_acknowledgement_names_the_promised_time_in_the_customers_language_once():
    case = factories.case()

    with clock.standing_at(cast.NOW):
        jobs.run_due()
        jobs.run_due()

    letter = Message.objects.get(conversation_id=case.conversation_id, direction="out")
    assert letter.is_automatic
    assert letter.recipients == ["wang.lei@hengtong.example"]
    assert case.number in letter.text
    assert "/s/" in letter.text
    assert case.title not in letter.text


def test_the_whole_way_ends_with_a_beaten_promise():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())
    wang = actor_of_contact(factories.wang_lei())

    case = actions.accept_case(case, by=zhou, at=at(0.1))
    actions.send_reply(case, text="请先关闭 2 号机。", by=zhou, at=at(0.2))
    case = actions.wait_for_customer(case, waiting_for="机房照片", by=zhou, at=at(0.3))
    assert case.light(at(30)) == "waiting"
    word = Message.objects.filter(conversation_id=case.conversation_id).first()
    case = actions.hear_from_customer(case, message=word, by=wang, at=at(1))
    assert case.status == Case.Status.ACCEPTED
    case = actions.solve_case(case, solution="answer", by=zhou, at=at(2))
    case = actions.confirm_case(case, by=wang, at=at(3))

    assert case.status == Case.Status.CLOSED
    assert case.is_confirmed is True
    solved = Promise.objects.get(subject_id=case.pk, kind=PromiseKind.CUSTOMER, what=What.RESOLUTION)
    assert solved.state == State.KEPT
    assert solved.is_beaten
    assert solved.margin_working_seconds > 0
    assert not Promise.objects.filter(subject_id=case.pk, state=State.RUNNING).exists()
    with clock.standing_at(at(3)):
        jobs.run_due(only=["channels.let_go", "cases.tell_solved"])
    assert verify.differences() == []


def test_not_solved_reopens_with_the_same_number_and_a_promise_of_its_own():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())
    wang = actor_of_contact(factories.wang_lei())
    actions.accept_case(case, by=zhou, at=at(0.1))
    actions.solve_case(case, solution="answer", by=zhou, at=at(1))

    reopened = actions.reopen_case(case, reason="还在漏", by=wang, at=at(2))

    assert reopened.number == case.number
    assert reopened.light(at(2)) == "reopened"
    running = Promise.objects.filter(subject_id=case.pk, what=What.RESOLUTION, kind="customer", kept_at=None)
    assert running.get().starts_at == at(2)


def test_silence_after_solving_closes_with_a_letter():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())
    actions.accept_case(case, by=zhou, at=at(0.1))
    actions.solve_case(case, solution="phone", by=zhou, at=at(1))

    early = actions.close_silent_case(case, by=SYSTEM, at=at(24))
    late = actions.close_silent_case(case, by=SYSTEM, at=at(24 * 6))

    assert early.status == Case.Status.SOLVED
    assert late.status == Case.Status.CLOSED
    assert late.is_confirmed is None


def test_silence_while_waiting_is_reminded_twice_and_then_closed():
    case = factories.case()
    actions.wait_for_customer(case, waiting_for="照片", by=cast.actor(cast.zhou_min()), at=at(0.5))

    from tightrope.cases import tasks

    for day in range(1, 9):
        with clock.standing_at(at(24 * day)):
            tasks.look_at_silence()

    case.refresh_from_db()
    assert case.reminded == 2
    assert case.status == Case.Status.CLOSED


def test_the_last_reminder_names_a_day_to_come_also_when_nothing_ran_for_weeks():
    case = factories.case()
    actions.wait_for_customer(case, waiting_for="照片", by=cast.actor(cast.zhou_min()), at=at(0.5))

    from tightrope.cases import tasks

    for day in (20, 22):
        with clock.standing_at(at(24 * day + 1)):
            tasks.look_at_silence()
            tasks.look_at_silence()
    case.refresh_from_db()

    assert (case.reminded, case.status) == (2, Case.Status.WAITING)
    assert case.look_again_at == at(24 * 24 + 1)
    with clock.standing_at(at(24 * 25)):
        tasks.look_at_silence()
    case.refresh_from_db()
    assert case.status == Case.Status.CLOSED


def test_the_second_of_two_who_accept_is_told_who_was_quicker():
    case = factories.case()
    actions.accept_case(case, by=cast.actor(cast.zhou_min()), at=at(0.1))

    with pytest.raises(actions.AlreadyAccepted, match="周敏"):
        actions.accept_case(case, by=cast.actor(cast.chen_gang()), at=at(0.2))


def test_saying_it_twice_is_not_an_error():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())

    once = actions.accept_case(case, by=zhou, at=at(0.1))
    twice = actions.accept_case(case, by=zhou, at=at(0.2))

    assert once.accepted_at == twice.accepted_at


def test_a_received_case_cannot_be_confirmed():
    case = factories.case()

    with pytest.raises(IllegalMove):
        actions.confirm_case(case, by=actor_of_contact(factories.wang_lei()), at=at(1))


def test_ola_may_do_nothing():
    case = factories.case()
    ola = cast.actor(cast.ola())

    for act in (
        lambda: actions.accept_case(case, by=ola, at=at(1)),
        lambda: actions.send_reply(case, text="x", by=ola, at=at(1)),
        lambda: actions.solve_case(case, solution="answer", by=ola, at=at(1)),
        lambda: actions.confirm_case(case, by=ola, at=at(1)),
        lambda: actions.reject_case(case, reason="x", by=ola, at=at(1)),
    ):
        with pytest.raises(Denied):
            act()
    assert not Case.objects.visible_to(ola).exists()


def test_a_note_is_no_message():
    case = factories.case()

    actions.add_note(case, text="同批次已有 7 起 E3", by=cast.actor(cast.zhou_min()), at=at(1))
    with clock.standing_at(at(2)):
        jobs.run_due()

    assert not Message.objects.filter(text__contains="同批次").exists()


def test_a_complaint_is_solved_only_with_cause_and_prevention():
    case = factories.case(case_type=Case.Type.COMPLAINT)
    zhou = cast.actor(cast.zhou_min())
    actions.accept_case(case, by=zhou, at=at(0.1))

    with pytest.raises(actions.NoCause):
        actions.solve_case(case, solution="phone", by=zhou, at=at(1))
    actions.record_cause(case, cause="备件发错", prevention="出库扫码", by=zhou, at=at(1))
    solved = actions.solve_case(case, solution="phone", by=zhou, at=at(1))

    assert solved.status == Case.Status.SOLVED


def test_a_complaint_cannot_go_to_the_department_it_is_about():
    case = factories.case()
    gang = cast.actor(cast.chen_gang())
    accused = cast.team("suzhou")
    wu = cast.wu_qiang()
    case = actions.make_complaint(case, accused=accused, reason="态度", by=gang, at=at(0.2))

    with pytest.raises(actions.NotAssignable):
        actions.assign_case(case, owner=wu, team=None, version=case.version, by=gang, at=at(0.3))
    with pytest.raises(actions.NotAssignable):
        actions.hand_over_case(case, team=accused, reason="请处理", by=gang, at=at(0.3))
