"""Ten seconds in which an answer can be taken back, with a mail server and without."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.channels.access import may_read_message
from tightrope.channels.models import Message, MessageState
from tightrope.channels.queries import messages_of
from tightrope.config import verify
from tightrope.core import clock, jobs, live
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.promises.models import Promise, State, What
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
TOLD = cast.NOW
SENT = TOLD + timedelta(minutes=20)
SOON = SENT + timedelta(seconds=8)
LATER = SENT + timedelta(seconds=11)


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


def answered(case=None, *, text="发错了的话", at=SENT):
    case = case or factories.case()
    message = actions.send_reply(case, text=text, by=cast.actor(cast.zhou_min()), at=at)
    case.refresh_from_db()
    return case, message


def work(now):
    with clock.standing_at(now):
        jobs.run_due()


def read_by_customer(case):
    case = Case.objects.get(pk=case.pk)
    turns = queries.conversation_of(case, by=actor_of_contact(factories.wang_lei()))
    return [turn.message.text for turn in turns if turn.message.direction == "out"]


def hears(case, at):
    wang = actor_of_contact(factories.wang_lei())
    word = channels.post_message(
        case.conversation, text="还在漏", author=wang, direction="in", channel="web", at=at
    )
    return actions.hear_from_customer(case, message=word, by=wang, at=at)


def running(case, what=What.FIRST_RESPONSE):
    return list(Promise.objects.about("case", case.pk).running().filter(what=what))


def take_back(case, message, at=SOON):
    actions.take_back_reply(case, message, by=cast.actor(cast.zhou_min()), at=at)
    case.refresh_from_db()


@pytest.mark.parametrize("server", ["", "mail.example"])
def test_nobody_outside_reads_an_answer_before_its_ten_seconds_are_over(settings, server):
    settings.MAIL_OUT_HOST = server
    case, message = answered()

    work(SOON)
    assert "发错了的话" not in read_by_customer(case)
    assert message.state == MessageState.HELD
    with clock.standing_at(LATER):
        jobs.run_due(only=["channels.let_go"])

    assert "发错了的话" in read_by_customer(case)


def test_without_a_server_it_is_kept_after_ten_seconds_and_not_before():
    _case, message = answered()

    work(SOON)
    assert Message.objects.get(pk=message.pk).state == MessageState.HELD
    work(LATER)

    kept = Message.objects.get(pk=message.pk)
    assert kept.state == MessageState.KEPT
    assert kept.send_at is None
    assert kept.facts == {"language": "zh-hans"}


def test_what_is_only_shown_in_the_portal_is_held_too():
    contact = factories.wang_lei()
    contact.addresses.all().delete()
    case, message = answered(factories.case(contact=contact))

    work(SOON)
    assert "发错了的话" not in read_by_customer(case)
    work(LATER)

    assert Message.objects.get(pk=message.pk).state == MessageState.SHOWN
    assert "发错了的话" in read_by_customer(case)


def test_the_promise_runs_on_as_if_nobody_had_answered():
    case = factories.case()
    before = Promise.objects.get(subject_id=case.pk, what=What.FIRST_RESPONSE)
    due = case.next_due_at
    case, message = answered(case)

    take_back(case, message)

    [after] = running(case)
    assert (after.pk, after.due_at, after.state) == (before.pk, before.due_at, State.RUNNING)
    assert Promise.objects.filter(subject_id=case.pk, what=What.FIRST_RESPONSE).count() == 1
    assert (case.answered_at, case.heard_at, case.next_due_at) == (None, TOLD, due)
    work(LATER)
    assert "发错了的话" not in read_by_customer(case)
    assert Message.objects.get(pk=message.pk).state == MessageState.TAKEN_BACK
    assert verify.differences() == []


def test_the_line_says_that_it_was_answered_and_taken_back():
    case, message = answered()

    take_back(case, message)

    events, _older = events_of("case", case.pk, by=SYSTEM, limit=20)
    kinds = [event.kind for event in events]
    assert kinds[:2] == ["case.reply_taken_back", "promise.unkept"]
    assert "case.answered" in kinds
    assert "promise.kept" in kinds


def test_what_the_customer_can_read_is_not_taken_back():
    case, message = answered()
    work(LATER)

    with pytest.raises(channels.TooLate):
        take_back(case, message, at=LATER)

    assert running(case) == []


def test_a_word_of_the_customer_in_between_starts_no_second_clock():
    case, message = answered()
    hears(case, SENT + timedelta(seconds=3))
    assert len(running(case, What.NEXT_RESPONSE)) == 1

    take_back(case, message)

    assert len(running(case)) == 1
    assert running(case, What.NEXT_RESPONSE) == []
    assert case.heard_at == TOLD
    assert verify.differences() == []


def test_of_two_answers_the_one_that_stands_has_kept_the_promise():
    case, first = answered()
    second_at = SENT + timedelta(seconds=4)
    case, _second = answered(case, text="请先关闭 2 号机。", at=second_at)

    take_back(case, first)

    promise = Promise.objects.get(subject_id=case.pk, what=What.FIRST_RESPONSE)
    assert (promise.state, promise.kept_at) == (State.KEPT, second_at)
    assert case.answered_at == second_at
    assert case.heard_at is None
    work(second_at + timedelta(seconds=11))
    assert verify.differences() == []


def test_answer_and_wait_taken_back_waits_no_more():
    case, message = answered()
    actions.wait_for_customer(case, waiting_for="照片", by=cast.actor(cast.zhou_min()), at=SENT)

    take_back(case, message)

    assert case.status == Case.Status.ACCEPTED
    assert len(running(case)) == 1
    assert not Promise.objects.filter(subject_id=case.pk, paused_at__isnull=False).exists()
    assert verify.differences() == []


def test_an_answer_given_while_waiting_taken_back_leaves_the_clock_standing():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())
    actions.accept_case(case, by=zhou, at=TOLD)
    actions.wait_for_customer(case, waiting_for="照片", by=zhou, at=TOLD + timedelta(minutes=1))
    case, message = answered(case)

    take_back(case, message)

    assert case.status == Case.Status.WAITING
    [promise] = running(case)
    assert promise.is_paused
    assert verify.differences() == []


def test_a_next_answer_taken_back_is_owed_from_when_the_customer_spoke():
    case, _first = answered()
    spoke = SENT + timedelta(hours=1)
    hears(case, spoke)
    [owed] = running(case, What.NEXT_RESPONSE)
    case, second = answered(case, text="马上来", at=spoke + timedelta(minutes=5))

    take_back(case, second, at=spoke + timedelta(minutes=5, seconds=5))

    [again] = running(case, What.NEXT_RESPONSE)
    assert (again.pk, again.due_at) == (owed.pk, owed.due_at)
    assert case.heard_at == spoke
    assert case.answered_at == SENT


def test_a_held_answer_is_nobody_elses_in_page_interface_frame_and_file(client):
    case, message = answered()
    wang = actor_of_contact(factories.wang_lei())
    portal_page = f"/s/{case.links.get().token}/"

    assert "发错了的话" not in client.get(portal_page).content.decode()
    assert message.pk not in [word.pk for word in messages_of(case.conversation)]
    assert not may_read_message(wang, message.pk)
    assert may_read_message(cast.actor(cast.zhou_min()), message.pk)
    work(LATER)

    assert "发错了的话" in client.get(portal_page).content.decode()
    assert may_read_message(wang, message.pk)


def test_open_screens_of_the_case_are_told_when_an_answer_is_let_go(monkeypatch):
    case, message = answered()
    told: list[str] = []
    monkeypatch.setattr(live, "announce", lambda *topics: told.extend(topics))

    channels.let_go(message.pk, message_at=message.at, at=LATER)

    assert f"case:{case.public_id}" in told
