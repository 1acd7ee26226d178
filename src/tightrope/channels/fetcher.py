"""Fetching mail by IMAP, for ever, in a thread of the worker."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.db import OperationalError, connection

from tightrope.channels import heartbeats
from tightrope.channels.actions import receive_mail
from tightrope.channels.mail.imap import (
    FetchedMail,
    FetchRound,
    ImapSettings,
    MailboxTrouble,
    Position,
    watch,
)
from tightrope.channels.mail.tls import Encryption
from tightrope.core import clock

PART = "mail.fetch"


class BrokenAddress(ValueError):
    """TIGHTROPE_IMAP_URL names no mailbox; the message says what is missing and never the password."""


def imap_settings(url: str) -> ImapSettings:
    """`imaps://user:password@host:993/INBOX` (TLS) or `imap://…:143/…` (STARTTLS). Raises BrokenAddress.

    Special characters in user and password are written as %40 and so on. `?security=none` leaves a connection
    inside one's own network open; `?certificate=any` takes a server's own certificate.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"}:
        raise BrokenAddress("TIGHTROPE_IMAP_URL must begin with imaps:// or imap://.")
    if not parts.hostname or not parts.username:
        raise BrokenAddress("TIGHTROPE_IMAP_URL needs a user and a host: imaps://user:password@host/INBOX.")
    asked = parse_qs(parts.query)
    encryption = Encryption.TLS if parts.scheme == "imaps" else Encryption.STARTTLS
    if asked.get("security") == ["none"]:
        encryption = Encryption.NONE
    try:
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError:
        raise BrokenAddress("TIGHTROPE_IMAP_URL has a port that is no number from 1 to 65535.") from None
    return ImapSettings(
        host=parts.hostname,
        port=port,
        username=unquote(parts.username),
        password=unquote(parts.password or ""),
        encryption=encryption,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        verify_certificate=asked.get("certificate") != ["any"],
    )


def run(should_stop: Callable[[], bool]) -> None:
    """Fetch until told to stop. Trouble with the mailbox is noted and tried again. Raises BrokenAddress."""
    mailbox = imap_settings(settings.MAIL_IMAP_URL)

    def note_round(done: FetchRound) -> None:
        heartbeats.beat(
            PART,
            at=clock.now(),
            facts={
                "mailbox": mailbox.mailbox,
                "uid_validity": done.position.uid_validity,
                "last_uid": done.position.last_uid,
            },
        )

    def note_trouble(trouble: MailboxTrouble) -> None:
        heartbeats.trouble(PART, str(trouble), at=clock.now())

    try:
        watch(
            mailbox,
            store=_store,
            should_stop=should_stop,
            position=_position_of(mailbox),
            on_round=note_round,
            on_trouble=note_trouble,
        )
    finally:
        connection.close()


def _store(mail: FetchedMail) -> None:
    """Commit the raw mail; only then is it marked as seen. A lost database connection is opened anew next time."""
    try:
        receive_mail(
            mail.raw,
            mailbox=mail.key.mailbox,
            uid_validity=mail.key.uid_validity,
            uid=str(mail.key.uid),
            full_size=mail.size_bytes if mail.is_truncated else None,
            at=clock.now(),
        )
    except OperationalError:
        connection.close()
        raise


def _position_of(mailbox: ImapSettings) -> Position | None:
    """How far this mailbox was read before; another mailbox begins with what nobody has seen."""
    facts = heartbeats.facts_of(PART)
    if facts.get("mailbox") != mailbox.mailbox or "last_uid" not in facts:
        return None
    return Position(uid_validity=int(facts["uid_validity"]), last_uid=int(facts["last_uid"]))
