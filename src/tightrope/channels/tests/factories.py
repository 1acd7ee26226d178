"""Mails and conversations that the tests are about, made here byte by byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tightrope.channels import actions
from tightrope.channels.models import Conversation, Message, RawMail
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
SERVICE = "service@hengyuan.example"
CUSTOMER = "wang.lei@hengtong.example"
OURS = ("channels.read_mail", "channels.deliver")


def at(minutes: float) -> datetime:
    """So many minutes after ten o'clock."""
    return NOW + timedelta(minutes=minutes)


def mail(
    text: str = "三楼漏水", *, subject: str = "E3", sender: str = f"Wang Lei <{CUSTOMER}>", to: str = SERVICE,
    message_id: str = "<one@hengtong.example>", headers: str = "",
) -> bytes:  # fmt: skip
    """A small mail."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Message-ID: {message_id}"] if message_id else []
    lines += [headers.rstrip("\r\n")] if headers else []
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\r\n".join(lines).encode()


def arrive(raw: bytes, *, uid: str = "1", minutes: float = 0, mailbox: str = "box", **facts: Any) -> RawMail:
    """Let a mail come in and be read, at a minute; what reacts to it is not run."""
    with clock.standing_at(at(minutes)):
        row = actions.receive_mail(raw, mailbox=mailbox, uid=uid, at=at(minutes), **facts)
        jobs.run_due(only=OURS)
    return RawMail.objects.get(pk=row.pk)


def message_of(raw: RawMail) -> Message:
    """The message that was read from a raw mail."""
    return Message.objects.get(raw_id=raw.pk)


def conversation(account_id: int | None = 7) -> Conversation:
    return actions.open_conversation(account_id=account_id, by=SYSTEM, at=NOW)


def letter(about: Conversation | None = None, *, minutes: float = 0, **facts: Any) -> Message:
    """A mail of ours to the customer."""
    chosen: dict[str, Any] = {
        "text": "请发一张照片。",
        "author": SYSTEM,
        "direction": "out",
        "channel": "mail",
        "to": CUSTOMER,
        "subject": "[C-1] E3",
        "at": at(minutes),
    } | facts
    return actions.post_message(about or conversation(), **chosen)


def deliver(minutes: float = 0) -> None:
    """Run the delivery jobs that are due at a minute."""
    with clock.standing_at(at(minutes)):
        jobs.run_due(only=OURS, until=at(minutes))


def fresh(message: Message) -> Message:
    return Message.objects.get(id=message.pk, at=message.at)
