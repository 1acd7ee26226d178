from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection

from tightrope.channels import actions, tasks, verify
from tightrope.channels.models import Message, MessageState
from tightrope.channels.reasons import why_not_there
from tightrope.channels.tests.factories import (
    CUSTOMER,
    NOW,
    arrive,
    at,
    conversation,
    deliver,
    fresh,
    letter,
    mail,
)
from tightrope.core import clock, faults
from tightrope.core.actor import SYSTEM
from tightrope.files import actions as files
from tightrope.files.models import Attachment
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def happened(message: Message) -> list[str]:
    return [one.kind for one in events_of("message", message.pk, by=SYSTEM)[0]]


def test_a_letter_leaves_with_our_id_and_an_address_to_answer_to(outside):
    ours = letter()

    deliver()

    sent = message_from_bytes(outside.mails[0])
    assert sent["Message-ID"] == f"<{ours.message_id}>"
    assert "reply+" in sent["Reply-To"]
    assert (fresh(ours).state, fresh(ours).sent_at) == (MessageState.SENT, NOW)


def test_an_answer_names_the_mail_before_it_and_no_broken_ids(outside):
    about = conversation()
    arrive(mail(message_id="<first@hengtong.example>"))
    first = Message.objects.get()
    actions.move_message(first, about, at=NOW)
    Message.objects.create(
        at=at(1), conversation_id=about.pk, account_id=7, direction="in", channel="mail", author_kind="contact",
        author_name="x", state="received", message_id="not an id, with ä and blanks",
    )  # fmt: skip
    letter(about, minutes=2)

    deliver(2)

    assert message_from_bytes(outside.mails[0])["References"] == "<first@hengtong.example>"


@pytest.mark.parametrize("point", [actions.SENDING, actions.SENT])
def test_whoever_dies_while_sending_sends_again_under_the_same_id(outside, point):
    ours = letter()
    faults.arm(point)
    with pytest.raises(faults.InjectedFault):
        _deliver_committing(ours)
    assert fresh(ours).state == MessageState.SENDING

    _deliver_committing(ours)

    ids = {message_from_bytes(one)["Message-ID"] for one in outside.mails}
    assert ids == {f"<{ours.message_id}>"}
    assert (fresh(ours).state, fresh(ours).facts["uncertain"]) == (MessageState.SENT, 1)


def _deliver_committing(message: Message) -> None:
    """As the worker does it: each step in a transaction of its own."""
    with clock.standing_at(at(0)):
        tasks.deliver(message_id=message.pk, message_at=message.at.isoformat())


def test_passing_trouble_is_tried_again_later(outside):
    outside.answers = ["451 4.3.0 come back later"]
    ours = letter()

    deliver()
    assert fresh(ours).state == MessageState.QUEUED
    assert fresh(ours).send_at == NOW + timedelta(minutes=1)
    deliver(0.5)
    assert outside.mails == []
    deliver(2)

    assert fresh(ours).state == MessageState.SENT
    assert fresh(ours).attempts == 2


def test_lasting_trouble_ends_with_an_event_and_a_person_may_send_it_again(outside):
    outside.answers = ["554 5.7.1 no"]
    ours = letter()
    deliver()
    assert (fresh(ours).state, fresh(ours).outcome) == (MessageState.FAILED, "554 5.7.1 no")
    assert happened(ours) == ["message.failed"]

    actions.send_again(ours, by=SYSTEM, at=at(5))
    actions.send_again(ours, by=SYSTEM, at=at(5))
    deliver(5)

    assert fresh(ours).state == MessageState.SENT
    assert happened(ours) == ["message.sent_again", "message.failed"]
    assert len(outside.mails) == 1


def test_an_address_that_is_none_fails_at_once(outside):
    ours = letter(to="not an address")

    deliver()

    assert fresh(ours).state == MessageState.FAILED
    assert happened(ours) == ["message.failed"]


def test_line_breaks_in_a_subject_or_a_name_add_no_header(outside):
    letter(subject="hi\r\nBcc: victim@x.example\x85\u2028more", author="Eve\r\nX-Evil: 1")

    deliver()

    sent = message_from_bytes(outside.mails[0])
    assert sent["Bcc"] is sent["X-Evil"] is None
    assert outside.envelopes[0].rcpt_tos == [CUSTOMER]


def test_without_a_server_mail_is_kept_and_sent_when_there_is_one(settings):
    ours = letter()
    assert ours.state == MessageState.KEPT
    with pytest.raises(actions.NoServer):
        actions.send_again(ours, by=SYSTEM, at=at(1))


def test_what_a_person_writes_is_never_held_back(outside):
    about = conversation()
    for _number in range(15):
        letter(about)
    deliver()

    assert len(outside.mails) == 15


def test_a_report_of_non_delivery_marks_the_letter(outside):
    ours = letter()
    deliver()
    report = (
        "From: MAILER-DAEMON@hengtong.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nsorry\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        f"Final-Recipient: rfc822; {CUSTOMER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{ours.message_id}>\r\n\r\nx\r\n--B--\r\n"
    )

    arrive(report.encode(), envelope_from="", minutes=1)

    assert fresh(ours).state == MessageState.BOUNCED
    assert happened(ours) == ["message.bounced"]
    assert not Message.objects.filter(direction="in").exists()
    actions.send_again(ours, by=SYSTEM, at=at(2))
    deliver(2)
    assert fresh(ours).state == MessageState.SENT


def test_a_lost_delivery_job_is_taken_up_again_and_not_for_ever(outside):
    ours = letter()

    def lose_jobs() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")

    lose_jobs()
    with clock.standing_at(at(60)):
        assert len(verify.contradictions()) == 1
    for round_number in range(1, 15):
        actions.take_up_again(at=at(20 * round_number))
        lose_jobs()

    assert fresh(ours).state == MessageState.FAILED
    assert verify.contradictions() == []


@pytest.fixture
def enclosed(settings, outside):
    """A letter with a file, in a house whose virus scanner does not answer."""
    settings.FILES_SCANNER = "127.0.0.1:9"
    kept = files.store_file(b"E3 log", name="log.txt", account_id=7, by=SYSTEM, at=at(0))
    return letter(attachments=[kept]), kept


def test_a_letter_waits_until_its_file_was_checked(enclosed, settings, outside):
    ours, kept = enclosed
    deliver()
    waiting = fresh(ours)
    assert outside.mails == []
    assert (waiting.state, waiting.outcome, waiting.send_at) == (MessageState.QUEUED, "file-unchecked", at(1))

    settings.FILES_SCANNER = ""
    files.prepare_file(kept.pk, at=at(0.5))
    deliver(1)

    assert fresh(ours).state == MessageState.SENT
    assert b"log.txt" in outside.mails[0]


def test_a_letter_does_not_leave_without_the_file_that_it_speaks_of(enclosed, outside):
    ours, kept = enclosed
    kept.state = Attachment.State.REFUSED
    kept.save()

    deliver()

    withheld = fresh(ours)
    assert outside.mails == []
    assert (withheld.state, withheld.outcome) == (MessageState.WITHHELD, "file-refused")
    assert "virus" in why_not_there(withheld, now=at(0))
