"""Mail that comes in: kept raw first, in a committed row of its own, never lost and never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from tightrope import timeline
from tightrope.channels import events
from tightrope.channels.models import Message, RawMail
from tightrope.channels.storable import one_line
from tightrope.core import jobs
from tightrope.core.actor import Actor
from tightrope.core.faults import declare, faultpoint

STORED = declare("mail.stored", "a mail is stored raw and the mailbox does not know it yet")
NOBODY_SENT = "<>"
"""The envelope sender of machines; "" is an envelope that nobody told us."""

LOST_AFTER = timedelta(minutes=15)
LARGE_BYTES = 1024 * 1024


def receive_mail(
    raw: bytes, *, mailbox: str, uid: str, at: datetime, uid_validity: int = 0,
    envelope_from: str | None = None, envelope_to: Iterable[str] = (), full_size: int | None = None,
) -> RawMail:  # fmt: skip
    """Keep a mail as it came, before anything tries to read it; the same one twice is one.

    Equal places in the mailbox with another content are two mails: some servers give their numbers anew.
    `full_size` is given when only the beginning was fetched. `envelope_from` is None where there is no envelope.
    """
    digest = hashlib.sha256(raw).hexdigest()
    sender = "" if envelope_from is None else one_line(envelope_from, 320) or NOBODY_SENT
    with transaction.atomic():
        _take_time_for(raw)
        row = _kept_already(mailbox, digest)
        if row is None:
            row = RawMail.objects.create(
                mailbox=mailbox[:200],
                uid_validity=uid_validity,
                uid=_free_place(mailbox, uid_validity, uid, digest),
                sha256=digest,
                size=full_size or len(raw),
                content=raw,
                is_truncated=full_size is not None and full_size > len(raw),
                envelope_from=sender,
                envelope_to=[one_line(address, 320) for address in envelope_to][:100],
                received_at=at,
            )
            jobs.enqueue("channels.read_mail", raw_id=row.pk)
    faultpoint(STORED)
    return row


def _take_time_for(raw: bytes) -> None:
    """A mail of 50 MB takes longer to write than the five seconds that a statement has otherwise."""
    if len(raw) > LARGE_BYTES:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")


def _kept_already(mailbox: str, digest: str) -> RawMail | None:
    """The row of the same bytes. The lock lets a second deliverer of the same mail wait for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{mailbox[:200]}:{digest}"])
    rows = RawMail.objects.filter(mailbox=mailbox[:200], sha256=digest).defer("content")
    return rows.exclude(state=RawMail.State.DUPLICATE).first()


def _free_place(mailbox: str, uid_validity: int, uid: str, digest: str) -> str:
    taken = RawMail.objects.filter(mailbox=mailbox[:200], uid_validity=uid_validity, uid=uid[:100])
    return f"{uid[:100]}:{digest[:16]}" if taken.exists() else uid[:100]


class Forgotten(Exception):
    """Only the hash of this mail is kept any more."""


@transaction.atomic
def read_again(raw: RawMail, *, by: Actor, at: datetime) -> RawMail:
    """Read a mail once more that could not be read or was refused. Others stay as they are. Raises Forgotten."""
    raw = RawMail.objects.select_for_update().get(pk=raw.pk)
    if raw.state not in {RawMail.State.UNREADABLE, RawMail.State.REFUSED}:
        return raw
    return _queued_anew(raw, by=by, at=at)


@transaction.atomic
def vouch_for(message: Message, *, by: Actor, at: datetime) -> RawMail:
    """A person says that a person wrote this: it is read again and goes the way of all customers' mail.

    Only for a mail that has no conversation; nobody has seen it in one, so its row may go.
    Raises Forgotten, RawMail.DoesNotExist.
    """
    raw = RawMail.objects.select_for_update().get(pk=message.raw_id or 0)
    if raw.is_vouched:
        return raw
    if raw.forgotten_at is not None:
        raise Forgotten
    Message.objects.filter(id=message.pk, at=message.at, conversation_id=None).delete()
    raw.is_vouched = True
    return _queued_anew(raw, by=by, at=at)


def _queued_anew(raw: RawMail, *, by: Actor, at: datetime) -> RawMail:
    if raw.forgotten_at is not None:
        raise Forgotten
    raw.state = RawMail.State.NEW
    raw.reason = ""
    raw.save(update_fields=["state", "reason", "is_vouched"])
    jobs.enqueue("channels.read_mail", raw_id=raw.pk)
    timeline.record(
        raw, events.MailReadAgain(sender_address=raw.envelope_from, is_vouched=raw.is_vouched), by=by, at=at
    )
    return raw


def read_what_was_left(*, at: datetime, limit: int = 200) -> int:
    """Queue raw mails whose reading job was lost. Reading twice is harmless. Returns how many."""
    left = RawMail.objects.filter(state=RawMail.State.NEW, received_at__lt=at - LOST_AFTER)
    numbers = list(left.order_by("-received_at", "-id").values_list("pk", flat=True)[:limit])
    jobs.enqueue_many("channels.read_mail", [{"raw_id": number} for number in numbers])
    return len(numbers)
