"""Mail that goes out: sent from a job, after the commit, at most once as far as the receiver can see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tightrope import timeline
from tightrope.channels import events, keys
from tightrope.channels.mail import loops
from tightrope.channels.mail.build import Automatic, BuiltMail, OutgoingFile, OutgoingMail, build_mail
from tightrope.channels.mail.parsed import Address
from tightrope.channels.mail.smtp_out import Encryption, Result, SendOutcome, SmtpSettings
from tightrope.channels.mail.tokens import reply_address
from tightrope.channels.models import Conversation, Message, MessageState
from tightrope.core import jobs
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import declare, faultpoint
from tightrope.files import queries as files

SENDING = declare("mail.sending", "a mail is marked as being sent and has not left")
SENT = declare("mail.sent", "a mail has left and its row does not say so yet")
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=6)


@transaction.atomic
def begin_delivery(message_id: int, *, message_at: datetime, at: datetime) -> BuiltMail | None:
    """Mark a queued mail as being sent and build it; None when there is nothing (more) to send.

    The mark is committed before the mail leaves. If we die in between, the next attempt carries the same
    Message-ID, by which receivers know it again.
    """
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    if message.state not in {MessageState.QUEUED, MessageState.SENDING}:
        return None
    refusal = _refusal(message, at=at)
    if refusal:
        message.state = MessageState.FAILED
        message.outcome = refusal
        message.save(update_fields=["state", "outcome"])
        return None
    message.state = MessageState.SENDING
    message.attempts += 1
    message.save(update_fields=["state", "attempts"])
    faultpoint(SENDING)
    return build_mail(_outgoing(message, at=at))


def _refusal(message: Message, *, at: datetime) -> str:
    """Why this automatic mail must not leave; empty when it may. Two robots end here, whatever they say."""
    if not message.is_automatic or message.conversation_id is None:
        return ""
    to = message.recipients[0] if message.recipients else ""
    sent = Message.objects.filter(direction="out", is_automatic=True, state=MessageState.SENT)
    of_conversation = Message.objects.filter(conversation_id=message.conversation_id)
    day, ten_minutes = at - timedelta(days=1), at - timedelta(minutes=10)
    automatic_here = of_conversation.filter(
        direction="out", is_automatic=True, state=MessageState.SENT, sent_at__gte=day
    )
    mails = of_conversation.filter(channel="mail").filter(Q(direction="in") | Q(sent_at__isnull=False))
    decision = loops.may_reply_automatically(
        loops.ReplyFacts(
            sender_email=to,
            own_addresses=frozenset({settings.MAIL_FROM}),
            replies_in_conversation_24h=automatic_here.count(),
            mails_of_conversation_in_10_minutes=mails.filter(at__gte=ten_minutes).count(),
            replies_to_sender_24h=sent.filter(sent_at__gte=day, recipients__contains=[to]).count(),
            replies_in_last_minute=sent.filter(sent_at__gte=at - timedelta(minutes=1)).count(),
        )
    )
    return ", ".join(refusal.value for refusal in decision.refusals)


def _outgoing(message: Message, *, at: datetime) -> OutgoingMail:
    sender_name = settings.COMPANY_NAME
    if not message.is_automatic and message.author_name:
        sender_name = f"{message.author_name} · {settings.COMPANY_NAME}"
    conversation = Conversation.objects.filter(pk=message.conversation_id).first()
    before = _ids_before(message) if conversation else []
    address = settings.MAIL_FROM
    if conversation is not None:
        address = reply_address(conversation.public_id, key=keys.reply_keys()[0], domain=settings.MAIL_DOMAIN)
    return OutgoingMail(
        sender=Address(name=sender_name, email=settings.MAIL_FROM),
        to=tuple(Address(email=recipient) for recipient in message.recipients),
        subject=message.subject or settings.COMPANY_NAME,
        text=message.text,
        html=message.html,
        message_id=message.message_id.strip("<>"),
        at=at,
        reply_to=Address(name=settings.COMPANY_NAME, email=address),
        in_reply_to=before[-1] if before else "",
        references=tuple(before),
        automatic=Automatic.GENERATED if message.is_automatic else Automatic.NO,
        files=tuple(
            OutgoingFile(
                name=attachment.name,
                content=files.content_of(attachment),
                content_type=attachment.content_type,
            )
            for attachment in files.attachments_of("message", [message.pk]).get(message.pk, [])
        ),
    )


def _ids_before(message: Message) -> list[str]:
    rows = Message.objects.filter(conversation_id=message.conversation_id, at__lte=message.at).exclude(
        id=message.pk
    )
    ids = rows.exclude(message_id="").order_by("-at", "-id").values_list("message_id", flat=True)[:20]
    return [one.strip("<>") for one in reversed(ids)]


@transaction.atomic
def end_delivery(message_id: int, outcome: SendOutcome, *, message_at: datetime, at: datetime) -> Message:
    """Write down what became of a mail; try again later when the server asks for it."""
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    if message.state != MessageState.SENDING:
        return message
    message.outcome = f"{outcome.code} {outcome.message}".strip()[:500]
    if outcome.result is Result.ACCEPTED:
        message.state = MessageState.SENT
        message.sent_at = at
    elif outcome.result is Result.TEMPORARY and message.attempts < MOST_ATTEMPTS:
        message.state = MessageState.QUEUED
        message.send_at = at + min(timedelta(minutes=2**message.attempts / 2), LONGEST_PAUSE)
        jobs.enqueue(
            "channels.deliver",
            start_at=message.send_at,
            message_id=message.pk,
            message_at=message.at.isoformat(),
        )
    else:
        message.state = MessageState.FAILED
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
    message.save()
    return message


@transaction.atomic
def send_again(message: Message, *, at: datetime) -> Message:
    """Queue a mail once more that failed or was kept because no server was set up."""
    message = Message.objects.select_for_update().get(id=message.pk, at=message.at)
    if message.state not in {MessageState.FAILED, MessageState.KEPT, MessageState.BOUNCED}:
        return message
    if not settings.MAIL_OUT_HOST:
        return message
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.send_at = at
    message.save(update_fields=["state", "attempts", "send_at"])
    jobs.enqueue("channels.deliver", message_id=message.pk, message_at=message.at.isoformat())
    return message


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
