"""A message with a time to leave is ours alone until then, whichever way it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tightrope.channels import actions, queries, tasks, verify
from tightrope.channels.models import Message, MessageState
from tightrope.channels.tests.factories import NOW, at, conversation, deliver, fresh, letter
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM

pytestmark = pytest.mark.django_db
SOON, LATER = 0.1, 0.3
MEANT = {
    "with a server": ({"channel": "mail"}, "127.0.0.1", MessageState.QUEUED),
    "without one": ({"channel": "mail"}, "", MessageState.KEPT),
    "without an address": ({"channel": "mail", "to": ""}, "127.0.0.1", MessageState.SHOWN),
    "in the portal": ({"channel": "web", "to": ""}, "", MessageState.SHOWN),
}


def let_go(minutes: float) -> None:
    with clock.standing_at(at(minutes)):
        jobs.run_due(only=["channels.let_go"], until=at(minutes))


@pytest.mark.parametrize(("facts", "server", "meant"), MEANT.values(), ids=MEANT)
def test_it_settles_by_itself_when_its_time_has_come_and_not_before(settings, facts, server, meant):
    settings.MAIL_OUT_HOST = server
    about = conversation()
    ours = letter(about, send_at=at(0.2), **facts)

    let_go(SOON)
    assert fresh(ours).state == MessageState.HELD
    assert queries.messages_of(about) == []
    assert [one.pk for one in queries.messages_for_staff(about)] == [ours.pk]
    assert [one.pk for one in queries.pending_of(about)] == [ours.pk]
    let_go(LATER)
    let_go(LATER)

    assert fresh(ours).state == meant
    assert [one.pk for one in queries.messages_of(about)] == [ours.pk]
    with clock.standing_at(at(LATER)):
        assert verify.contradictions() == []


def test_mail_leaves_once_when_it_is_let_go(outside):
    ours = letter(send_at=at(0.2))
    let_go(SOON)
    deliver(SOON)
    assert outside.mails == []

    let_go(LATER)
    deliver(LATER)

    assert len(outside.mails) == 1
    assert fresh(ours).state == MessageState.SENT


def test_taken_back_it_is_gone_for_good(outside):
    about = conversation()
    ours = letter(about, send_at=at(0.2))

    for _time in range(2):
        actions.take_back_message(ours, by=SYSTEM, at=at(SOON))
    let_go(LATER)
    deliver(LATER)

    assert fresh(ours).state == MessageState.TAKEN_BACK
    assert outside.mails == []
    assert queries.messages_for_staff(about) == []


@pytest.mark.parametrize("send_at", [None, NOW, NOW - timedelta(seconds=1), at(0.2)])
def test_what_has_left_is_not_taken_back(send_at):
    ours = letter(send_at=send_at)
    let_go(LATER)

    with pytest.raises(actions.TooLate):
        actions.take_back_message(ours, by=SYSTEM, at=at(LATER))

    assert fresh(ours).state == MessageState.KEPT


def test_a_word_of_the_customer_is_never_held():
    word = letter(direction="in", send_at=at(0.2))

    assert word.state == MessageState.RECEIVED


def test_what_is_held_is_let_go_by_the_round_when_its_job_was_lost():
    ours = letter(send_at=at(0.2))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    with clock.standing_at(at(40)):
        assert [str(ours.pk) in sentence for sentence in verify.contradictions()] == [True]
        tasks.look_after()

        assert verify.contradictions() == []
    assert Message.objects.get(id=ours.pk).state == MessageState.KEPT
