"""Mail that comes in: raw first, read afterwards, never lost and never twice."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from tightrope import timeline
from tightrope.channels import events, keys
from tightrope.channels.actions.bounces import take_bounce
from tightrope.channels.mail.bodies import content_of
from tightrope.channels.mail.parsed import Address, ParsedMail, Unreadable
from tightrope.channels.mail.threading import KnownMessage, Placement, conversation_for
from tightrope.channels.models import Conversation, Message, MessageState, RawMail
from tightrope.core import jobs, partitions
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import declare, faultpoint
from tightrope.files import actions as files

if TYPE_CHECKING:
    from collections.abc import Iterable

STORED = declare("mail.stored", "a mail is stored raw and the mailbox does not know it yet")
READ = declare("mail.read", "a mail is read and its message not yet committed")
READER_VERSION = 1


@transaction.atomic
def receive_mail(
    raw: bytes, *, mailbox: str, uid: str, at: datetime, uid_validity: int = 0,
    envelope_from: str = "", envelope_to: Iterable[str] = (),
) -> RawMail:  # fmt: skip
    """Keep a mail as it came, before anything tries to read it; the same one twice is one.

    Equal places in the mailbox with another content are two mails: some servers give their numbers anew.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = (
        RawMail.objects.filter(mailbox=mailbox, sha256=digest).exclude(state=RawMail.State.DUPLICATE).first()
    )
    if known is not None:
        return known
    row, is_new = RawMail.objects.get_or_create(
        mailbox=mailbox,
        uid_validity=uid_validity,
        uid=uid,
        defaults={
            "sha256": digest,
            "size": len(raw),
            "content": raw,
            "envelope_from": envelope_from[:320],
            "envelope_to": list(envelope_to)[:50],
            "received_at": at,
        },
    )
    if not is_new and row.sha256 != digest:
        row = RawMail.objects.create(
            mailbox=mailbox,
            uid_validity=uid_validity,
            uid=f"{uid}:{digest[:16]}",
            sha256=digest,
            size=len(raw),
            content=raw,
            envelope_from=envelope_from[:320],
            envelope_to=list(envelope_to)[:50],
            received_at=at,
        )
        is_new = True
    if is_new:
        jobs.enqueue("channels.read_mail", raw_id=row.pk)
    faultpoint(STORED)
    return row


@transaction.atomic
def take_in_mail(raw: RawMail, parsed: ParsedMail | Unreadable, *, at: datetime) -> Message | None:
    """Make a message of a mail that was read, or say that it could not be. May run twice."""
    raw = RawMail.objects.select_for_update().get(pk=raw.pk)
    if raw.state != RawMail.State.NEW:
        return None
    raw.reader_version = READER_VERSION
    if isinstance(parsed, Unreadable):
        return _unreadable(raw, parsed.reason, at=at)
    if parsed.bounce is not None and take_bounce(parsed, at=at):
        raw.state = RawMail.State.READ
        raw.save()
        return None
    placement = _placement(raw, parsed)
    conversation = Conversation.objects.filter(public_id=placement.conversation_public_id).first()
    at_claimed = raw.received_at
    partitions.ensure_month("channels_message", at_claimed)
    message = Message.objects.create(
        at=at_claimed,
        conversation_id=conversation.pk if conversation else None,
        account_id=conversation.account_id if conversation else None,
        direction="in",
        channel="mail",
        author_kind="contact",
        author_name=(parsed.sender.name or parsed.sender.email)[:200],
        sender=parsed.sender.email[:320],
        recipients=[address.email for address in parsed.recipients][:50],
        subject=parsed.subject[:500],
        text=parsed.new_text or parsed.text,
        quoted=parsed.quoted_text,
        html=parsed.clean_new_html or parsed.clean_html,
        is_automatic=bool(parsed.automatic),
        state=MessageState.RECEIVED,
        message_id=parsed.message_id[:300],
        in_reply_to=(parsed.in_reply_to[0] if parsed.in_reply_to else "")[:300],
        raw_id=raw.pk,
    )
    _keep_files(bytes(raw.content), parsed, message, at=at)
    raw.state = RawMail.State.READ
    raw.save()
    timeline.record(
        message,
        events.MessageReceived(
            at=message.at.isoformat(),
            conversation_id=message.conversation_id,
            sender_address=message.sender,
            sender_name=parsed.sender.name,
            channel="mail",
            subject=message.subject,
            language=parsed.language,
            is_automatic=message.is_automatic,
            why_automatic=",".join(mark.value for mark in parsed.automatic),
        ),
        by=SYSTEM,
        at=at,
    )
    faultpoint(READ)
    return message


def _unreadable(raw: RawMail, reason: str, *, at: datetime) -> None:
    raw.state = RawMail.State.UNREADABLE
    raw.reason = reason[:500]
    raw.save()
    timeline.record(
        raw, events.MessageUnreadable(sender_address=raw.envelope_from, reason=reason), by=SYSTEM, at=at
    )


def _placement(raw: RawMail, parsed: ParsedMail) -> Placement:
    """Which conversation the mail belongs to: by our keyed address, or by our Message-ID for a participant."""
    referred = [*parsed.in_reply_to, *parsed.references][:50]
    known = {}
    for ours in Message.objects.filter(message_id__in=referred, conversation_id__isnull=False):
        conversation = Conversation.objects.get(pk=ours.conversation_id)
        people = Message.objects.filter(conversation_id=conversation.pk).values_list("sender", "recipients")
        participants = {
            address for sender, recipients in people for address in (sender, *recipients) if address
        }
        known[ours.message_id] = KnownMessage(conversation.public_id, frozenset(participants))
    envelope = tuple(Address(email=address) for address in raw.envelope_to)
    return conversation_for(
        sender=parsed.sender,
        recipients=(*envelope, *parsed.recipients),
        referred_ids=referred,
        known_messages=known,
        keys=keys.reply_keys(),
        domain=settings.MAIL_DOMAIN,
    )


def _keep_files(raw: bytes, parsed: ParsedMail, message: Message, *, at: datetime) -> None:
    for attachment in parsed.attachments:
        try:
            kept = files.store_file(
                io.BytesIO(content_of(raw, attachment)),
                name=attachment.name or "file",
                account_id=message.account_id,
                by=SYSTEM,
                at=at,
            )
        except (files.TooLarge, files.NotAllowed, files.EmptyFile):
            continue  # the raw mail is kept and says what was in it
        files.attach(
            kept, subject_type="message", subject_id=message.pk, account_id=message.account_id, is_public=True
        )
