"""Mail that goes out: sent from a job, after the commit, at most once as far as the receiver can see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tightrope import timeline
from tightrope.channels import events
from tightrope.channels.budgets import LONGEST_WAIT, judge
from tightrope.channels.enclosed import of_enclosed
from tightrope.channels.mail.build import BuiltMail
from tightrope.channels.mail.smtp_out import Encryption, Result, SendOutcome, SmtpSettings
from tightrope.channels.models import Message, MessageState
from tightrope.channels.outgoing import written
from tightrope.channels.screens import tell_screens
from tightrope.core import jobs
from tightrope.core.actor import SYSTEM, Actor
from tightrope.core.faults import declare

SENDING = declare("mail.sending", "a mail is marked as being sent and has not left")
SENT = declare("mail.sent", "a mail has left and its row does not say so yet")
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=6)
WAITS_SINCE = "waits_since"
LOST_AFTER = timedelta(minutes=15)
"""Later than any job that is still alive would have looked at it again."""


@transaction.atomic
def begin_delivery(message_id: int, *, message_at: datetime, at: datetime) -> BuiltMail | None:
    """Mark a queued mail as being sent and build it; None when there is nothing (more) to send.

    The mark is committed before the mail leaves. If we die in between, the next attempt carries the same
    Message-ID, by which receivers know it again, and the message says that it may have arrived twice.
    """
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    if not message.is_waiting:
        return None
    if message.state == MessageState.SENDING:
        message.facts["uncertain"] = message.facts.get("uncertain", 0) + 1
    verdict = of_enclosed(message, at=at) or judge(message, at=at)
    if verdict.why_not:
        message.outcome = verdict.why_not
        if verdict.leaves_at is not None and verdict.leaves_at <= _waiting_since(message, at) + LONGEST_WAIT:
            _later(message, verdict.leaves_at)
        else:
            _withhold(message)
        return None
    try:
        mail = written(message, at=at)
    except ValueError as refusal:
        fail(message, str(refusal), at=at)
        return None
    message.state = MessageState.SENDING
    message.outcome = ""
    message.send_at = at
    message.attempts += 1
    message.facts.pop(WAITS_SINCE, None)
    message.save(update_fields=["state", "outcome", "send_at", "attempts", "facts"])
    return mail


def _waiting_since(message: Message, at: datetime) -> datetime:
    """Since when it has been too early for this letter; from now on when nobody has found so before."""
    return datetime.fromisoformat(message.facts.setdefault(WAITS_SINCE, at.isoformat()))


def _withhold(message: Message) -> None:
    """It does not leave by itself any more; a person sees it and may send it all the same."""
    message.state = MessageState.WITHHELD
    message.facts.pop(WAITS_SINCE, None)
    message.save(update_fields=["state", "outcome", "facts"])


def _later(message: Message, at: datetime) -> None:
    message.state = MessageState.QUEUED
    message.send_at = at
    message.save(update_fields=["state", "outcome", "send_at", "facts"])
    queue_delivery(message)


def queue_delivery(message: Message) -> None:
    """Queue the job that sends this message when its time has come."""
    jobs.enqueue(
        "channels.deliver",
        start_at=message.send_at,
        message_id=message.pk,
        message_at=message.at.isoformat(),
    )


def fail(message: Message, reason: str, *, at: datetime) -> None:
    """Give a mail up, and let those who react know. Part of another act."""
    message.state = MessageState.FAILED
    message.outcome = reason[:500]
    message.save(update_fields=["state", "outcome", "facts"])
    timeline.record(
        message,
        events.MessageFailed(
            conversation_id=message.conversation_id,
            address=", ".join(message.recipients),
            reason=message.outcome,
        ),
        by=SYSTEM,
        at=at,
    )


@transaction.atomic
def end_delivery(message_id: int, outcome: SendOutcome, *, message_at: datetime, at: datetime) -> Message:
    """Write down what became of a mail; try again later when the server asks for it."""
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    if message.state != MessageState.SENDING:
        return message
    message.outcome = _outcome_text(outcome)
    if outcome.is_uncertain:
        message.facts["uncertain"] = message.facts.get("uncertain", 0) + 1
    if outcome.result is Result.ACCEPTED:
        message.state = MessageState.SENT
        message.sent_at = at
    elif outcome.result is Result.TEMPORARY and message.attempts < MOST_ATTEMPTS:
        _later(message, at + min(timedelta(minutes=2**message.attempts / 2), LONGEST_PAUSE))
    else:
        fail(message, message.outcome, at=at)
    message.save(update_fields=["state", "outcome", "sent_at", "facts"])
    tell_screens(message)
    return message


def _outcome_text(outcome: SendOutcome) -> str:
    said = f"{outcome.code or ''} {outcome.message}".strip()
    refused = "; ".join(f"{email}: {code} {text}" for email, (code, text) in outcome.refused.items())
    return (f"{said} ({refused})" if refused and refused not in said else said)[:500]


class NoServer(Exception):
    """No mail server is set up, so nothing can be sent."""


@transaction.atomic
def send_again(message: Message, *, by: Actor, at: datetime) -> Message:
    """Queue a mail once more that failed, came back, was held back or kept. Saying it twice is not an error.

    It carries the same Message-ID: a receiver who has it already knows it again. Raises NoServer.
    """
    message = Message.objects.select_for_update().get(id=message.pk, at=message.at)
    if message.state not in SENDABLE_AGAIN:
        return message
    if not settings.MAIL_OUT_HOST:
        raise NoServer
    message.state = MessageState.QUEUED
    message.outcome = ""
    message.attempts = 0
    message.send_at = at
    message.sent_at = None
    message.save(update_fields=["state", "outcome", "attempts", "send_at", "sent_at"])
    queue_delivery(message)
    timeline.record(
        message,
        events.MessageSentAgain(
            conversation_id=message.conversation_id, address=", ".join(message.recipients)
        ),
        by=by,
        at=at,
    )
    return message


SENDABLE_AGAIN = frozenset(
    {MessageState.FAILED, MessageState.KEPT, MessageState.BOUNCED, MessageState.WITHHELD}
)


@transaction.atomic
def take_up_again(*, at: datetime, limit: int = 200) -> int:
    """Queue mails anew whose job was lost (given up, deleted by hand) and that still wait. Returns how many.

    Each time counts as an attempt, so one that can never be prepared ends as failed and not in a circle.
    """
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        state__in=(MessageState.QUEUED, MessageState.SENDING), send_at__lt=at - LOST_AFTER
    )
    found = list(waiting.order_by("send_at")[:limit])
    for message in found:
        if message.attempts >= MOST_ATTEMPTS:
            fail(message, "gave up preparing it", at=at)
            continue
        message.attempts += 1
        message.send_at = at
        message.save(update_fields=["attempts", "send_at"])
        queue_delivery(message)
    return len(found)


def smtp_settings() -> SmtpSettings:
    """The server that sends for us, as the administrator configured it."""
    encryption = {"tls": Encryption.TLS, "none": Encryption.NONE}.get(
        settings.MAIL_OUT_SECURITY, Encryption.STARTTLS
    )
    return SmtpSettings(
        host=settings.MAIL_OUT_HOST,
        port=settings.MAIL_OUT_PORT,
        encryption=encryption,
        username=settings.MAIL_OUT_USER,
        password=settings.MAIL_OUT_PASSWORD,
        own_hostname=settings.MAIL_DOMAIN,
    )
