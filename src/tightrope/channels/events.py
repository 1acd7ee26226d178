"""What can have happened to a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class MessageReceived(Event):
    """A mail was read. Who reacts decides what it means. `at` names the month the message lies in."""

    kind: ClassVar[str] = "message.received"
    at: str
    conversation_id: int | None
    sender_address: str
    sender_name: str
    channel: str
    subject: str
    language: str
    is_automatic: bool
    why_automatic: str


@dataclass(frozen=True)
class MessageUnreadable(Event):
    """A mail could not be read. Its subject is the raw mail, which is kept."""

    kind: ClassVar[str] = "message.unreadable"
    sender_address: str
    reason: str


@dataclass(frozen=True)
class MessageFailed(Event):
    """A mail of ours will not be tried again."""

    kind: ClassVar[str] = "message.failed"
    conversation_id: int | None
    address: str
    reason: str


@dataclass(frozen=True)
class MessageBounced(Event):
    """The other side reported that a mail of ours did not arrive, or is late."""

    kind: ClassVar[str] = "message.bounced"
    conversation_id: int | None
    address: str
    reason: str
    is_permanent: bool


@dataclass(frozen=True)
class MessageSentAgain(Event):
    """A person queued a mail once more that had failed, come back or been kept."""

    kind: ClassVar[str] = "message.sent_again"
    conversation_id: int | None
    address: str


@dataclass(frozen=True)
class MailReadAgain(Event):
    """A person had a raw mail read once more; `is_vouched` when he said that a person wrote it."""

    kind: ClassVar[str] = "mail.read_again"
    sender_address: str
    is_vouched: bool
