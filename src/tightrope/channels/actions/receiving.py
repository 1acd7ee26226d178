"""Mail that comes in: kept raw first, in a committed row of its own, never lost and never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from tightrope import timeline
from tightrope.channels import events, originals
from tightrope.channels.models import Message, RawMail
from tightrope.channels.storable import one_line
from tightrope.core import jobs
from tightrope.core.actor import Actor
from tightrope.core.faults import declare, faultpoint

WRITTEN = declare("mail.written", "a mail's bytes are written and no row names them yet")
STORED = declare("mail.stored", "a mail is stored raw and the mailbox does not know it yet")
NOBODY_SENT = "<>"
"""The envelope sender of machines; "" is an envelope that nobody told us."""

LOST_AFTER = timedelta(minutes=15)
MOVED_AT_ONCE = 50


def receive_mail(
    raw: bytes, *, mailbox: str, uid: str, at: datetime, uid_validity: int = 0,
    envelope_from: str | None = None, envelope_to: Iterable[str] = (), full_size: int | None = None,
) -> RawMail:  # fmt: skip
    """Keep a mail as it came, before anything tries to read it; the same one twice is one.

    Equal places in the mailbox with another content are two mails: some servers give their numbers anew.
    `full_size` is given when only the beginning was fetched. `envelope_from` is None where there is no envelope.
    """
    digest = hashlib.sha256(raw).hexdigest()
    row = _kept_already(mailbox, digest)
    if row is None:
        sender = "" if envelope_from is None else one_line(envelope_from, 320) or NOBODY_SENT
        key = originals.keep(raw)  # for good before its row is: a row never lacks its mail
        faultpoint(WRITTEN)
        with transaction.atomic():
            row = _first_of(mailbox, digest) or RawMail.objects.create(
                mailbox=mailbox[:200],
                uid_validity=uid_validity,
                uid=_free_place(mailbox, uid_validity, uid, digest),
                sha256=digest,
                size=full_size or len(raw),
                storage_key=key,
                is_truncated=full_size is not None and full_size > len(raw),
                envelope_from=sender,
                envelope_to=[one_line(address, 320) for address in envelope_to][:100],
                received_at=at,
            )
            if row.storage_key == key:
                jobs.enqueue("channels.read_mail", raw_id=row.pk)
        if row.storage_key != key:
            originals.drop([key])
    faultpoint(STORED)
    return row


def _kept_already(mailbox: str, digest: str) -> RawMail | None:
    """The row of the same bytes."""
    rows = RawMail.objects.filter(mailbox=mailbox[:200], sha256=digest).defer("content")
    return rows.exclude(state=RawMail.State.DUPLICATE).first()


def _first_of(mailbox: str, digest: str) -> RawMail | None:
    """The same, asked while a second deliverer of the same mail waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{mailbox[:200]}:{digest}"])
    return _kept_already(mailbox, digest)


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

    Only for a mail that has no conversation; nobody has seen it in one, so its row may go. One that stands in a
    conversation is left there: read again it would be said twice. Raises Forgotten, RawMail.DoesNotExist.
    """
    raw = RawMail.objects.select_for_update().get(pk=message.raw_id or 0)
    if raw.is_vouched or Message.objects.filter(raw_id=raw.pk, conversation_id__isnull=False).exists():
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


def move_originals(*, limit: int = MOVED_AT_ONCE) -> int:
    """Bring the bytes of mails that lie in the table to the storage, each in a transaction of its own.

    May run twice and beside itself. Returns how many were moved.
    """
    left = RawMail.objects.filter(storage_key="", forgotten_at=None, size__gt=0).exclude(content=b"")
    numbers = list(left.order_by("id").values_list("pk", flat=True)[:limit])
    return sum(_moved(number) for number in numbers)


@transaction.atomic
def _moved(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")  # 50 MB come slowly out of a table
    raw = RawMail.objects.select_for_update(skip_locked=True).filter(pk=number, storage_key="").first()
    if raw is None or not raw.content:
        return False
    raw.storage_key = originals.keep(bytes(raw.content))
    raw.content = b""
    raw.save(update_fields=["storage_key", "content"])
    return True
