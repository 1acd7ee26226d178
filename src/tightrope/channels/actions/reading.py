"""From a raw mail that was read to a message in its conversation."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from tightrope import timeline
from tightrope.channels import events, originals
from tightrope.channels.actions.bounces import take_bounce
from tightrope.channels.actions.receiving import NOBODY_SENT
from tightrope.channels.actions.speaking import reach_back
from tightrope.channels.budgets import is_own
from tightrope.channels.mail.bodies import content_of
from tightrope.channels.mail.parsed import Mark, ParsedMail, Unreadable
from tightrope.channels.mail.threading import Placement
from tightrope.channels.mail.tokens import is_own_message_id
from tightrope.channels.models import Conversation, Message, MessageState, RawMail
from tightrope.channels.placing import place_of
from tightrope.channels.storable import one_line, storable
from tightrope.core import partitions
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import declare, faultpoint
from tightrope.files import actions as files

READ = declare("mail.read", "a mail is read and its message not yet committed")
READER_VERSION = 2
MOST_TEXT = 200_000
MOST_FILES = 100
NULL_SENDER, OWN_ADDRESS = "null-envelope-sender", "own-address"


@transaction.atomic
def take_in_mail(raw: RawMail, parsed: ParsedMail | Unreadable, *, at: datetime) -> Message | None:
    """Make a message of a mail that was read, or say why there is none. May run twice."""
    raw = RawMail.objects.select_for_update().defer("content").get(pk=raw.pk)
    if raw.state != RawMail.State.NEW:
        return None
    raw.reader_version = READER_VERSION
    if isinstance(parsed, Unreadable):
        _set_apart(raw, parsed.reason, sender=raw.envelope_from, at=at)
        return None
    raw.message_id = one_line(parsed.message_id, 300)
    content = originals.content_of(raw)
    raw.body_sha256 = _hash_of_body(content)
    sender = one_line(parsed.sender.email, 320) or raw.envelope_from.strip("<>")
    if not sender and parsed.bounce is None:
        _set_apart(raw, "no-sender", sender="", at=at)
        return None
    if _is_our_own_mail(raw):
        _end(raw, RawMail.State.REFUSED, "own-message")
        return None
    if (first := _same_mail_before(raw, sender)) is not None:
        _end(raw, RawMail.State.DUPLICATE, f"{first.mailbox} {first.uid}")
        return None
    if parsed.bounce is not None and take_bounce(parsed, at=at):
        _end(raw, RawMail.State.READ, "bounce")
        return None
    message = _message(raw, parsed, sender, place_of(raw, parsed))
    _keep_files(raw, content, parsed, message, at=at)
    _end(raw, RawMail.State.READ, "")
    _record(message, parsed, at=at)
    faultpoint(READ)
    return message


def _set_apart(raw: RawMail, reason: str, *, sender: str, at: datetime) -> None:
    _end(raw, RawMail.State.UNREADABLE, reason)
    event = events.MessageUnreadable(sender_address=sender.strip("<>"), reason=raw.reason)
    timeline.record(raw, event, by=SYSTEM, at=at)


def _end(raw: RawMail, state: RawMail.State, reason: str) -> None:
    raw.state = state
    raw.reason = reason[:500]
    raw.save(update_fields=["state", "reason", "reader_version", "message_id", "body_sha256"])


def _is_our_own_mail(raw: RawMail) -> bool:
    """A mail of ours that came back to us: answering it would be talking to ourselves."""
    if not is_own_message_id(raw.message_id, domain=settings.MAIL_DOMAIN):
        return False
    return Message.objects.filter(message_id=raw.message_id, direction="out").exists()


def _same_mail_before(raw: RawMail, sender: str) -> RawMail | None:
    """The same mail delivered to us by another way (two mailboxes, an alias): same id, same body, same sender.

    An equal id alone says nothing: anyone may write any. The lock lets two readers of one mail queue up.
    """
    if not raw.message_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [raw.message_id])
    rows = RawMail.objects.filter(
        message_id=raw.message_id, body_sha256=raw.body_sha256, state=RawMail.State.READ
    )
    for other in rows.exclude(pk=raw.pk).defer("content").order_by("pk")[:5]:
        if Message.objects.filter(raw_id=other.pk, sender=sender).exists():
            return other
    return None


def _hash_of_body(raw: bytes) -> str:
    """Of what follows the header: the way a mail took is written into its header."""
    ends = [(raw.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    start = min((place + length for place, length in ends if place >= 0), default=0)
    return hashlib.sha256(memoryview(raw)[start:]).hexdigest()


def _message(raw: RawMail, parsed: ParsedMail, sender: str, placement: Placement) -> Message:
    conversation = Conversation.objects.filter(public_id=placement.conversation_public_id).first()
    partitions.ensure_month("channels_message", raw.received_at)
    if conversation is not None:
        reach_back(conversation, raw.received_at)
    marks = _marks_of_machine(raw, parsed, sender)
    text = parsed.new_text or parsed.text
    cuts = [*parsed.cuts, *(["long text"] if len(text) > MOST_TEXT else ())]
    if raw.is_truncated:
        cuts.append("too big")
    return Message.objects.create(
        at=raw.received_at,
        conversation_id=conversation.pk if conversation else None,
        account_id=conversation.account_id if conversation else None,
        direction="in",
        channel="mail",
        author_kind="contact",
        author_name=one_line(parsed.sender.name, 200) or sender[:200],
        sender=sender,
        recipients=[one_line(address.email, 320) for address in parsed.recipients][:50],
        subject=one_line(parsed.subject, 500),
        text=storable(text, MOST_TEXT),
        quoted=storable(parsed.quoted_text, MOST_TEXT),
        html=storable(parsed.clean_new_html or parsed.clean_html, 4_000_000),
        is_automatic=bool(marks),
        state=MessageState.RECEIVED,
        message_id=raw.message_id,
        in_reply_to=one_line(parsed.in_reply_to[0] if parsed.in_reply_to else "", 300),
        raw_id=raw.pk,
        facts={
            "marks": marks,
            "cuts": cuts,
            "ground": placement.ground.value,
            "related_to": placement.related_to,
        },
    )


def _marks_of_machine(raw: RawMail, parsed: ParsedMail, sender: str) -> list[str]:
    if raw.is_vouched:
        return []
    marks = [mark.value for mark in parsed.automatic]
    if parsed.bounce is not None and Mark.DELIVERY_REPORT not in marks:
        marks.append(Mark.DELIVERY_REPORT.value)  # one about no mail of ours, in no standard form
    if raw.envelope_from == NOBODY_SENT:
        marks.append(NULL_SENDER)
    if is_own(sender):
        marks.append(OWN_ADDRESS)
    return marks


def _keep_files(raw: RawMail, content: bytes, parsed: ParsedMail, message: Message, *, at: datetime) -> None:
    """Keep what was enclosed; what cannot be kept is named on the message with the reason."""
    noted: list[dict[str, Any]] = []
    for number, enclosed in enumerate(parsed.attachments):
        note: dict[str, Any] = {"name": one_line(enclosed.name, 200) or "file", "cid": enclosed.cid[:200]}
        if number >= MOST_FILES:
            note["left_out"] = "too-many"
        elif raw.is_truncated and enclosed.end >= len(content) - 2:
            note["left_out"] = "cut-off"
        else:
            note |= _kept(content_of(content, enclosed), note["name"], message, at=at)
        noted.append(note)
        if number > MOST_FILES + 20:
            break
    if noted:
        message.facts["files"] = noted
        Message.objects.filter(id=message.pk, at=message.at).update(facts=message.facts)


def _kept(content: bytes, name: str, message: Message, *, at: datetime) -> dict[str, Any]:
    try:
        kept = files.store_file(
            io.BytesIO(content), name=name, account_id=message.account_id, by=SYSTEM, at=at
        )
    except files.TooLarge:
        return {"left_out": "too-large"}
    except files.NotAllowed:
        return {"left_out": "not-allowed"}
    except files.EmptyFile:
        return {"left_out": "empty"}
    files.attach(
        kept, subject_type="message", subject_id=message.pk, account_id=message.account_id, is_public=True
    )
    return {"attachment": kept.pk}


def _record(message: Message, parsed: ParsedMail, *, at: datetime) -> None:
    timeline.record(
        message,
        events.MessageReceived(
            at=message.at.isoformat(),
            conversation_id=message.conversation_id,
            sender_address=message.sender,
            sender_name=one_line(parsed.sender.name, 200),
            channel="mail",
            subject=message.subject,
            language=parsed.language,
            is_automatic=message.is_automatic,
            why_automatic=",".join(message.facts["marks"]),
        ),
        by=SYSTEM,
        at=at,
    )
