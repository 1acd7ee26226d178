"""What can have happened to a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class MessageReceived(Event):
    """A mail was read. Who reacts decides what it means."""

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
    kind: ClassVar[str] = "message.unreadable"
    sender_address: str
    reason: str


@dataclass(frozen=True)
class MessageFailed(Event):
    kind: ClassVar[str] = "message.failed"
    conversation_id: int | None
    address: str
    reason: str


@dataclass(frozen=True)
class MessageBounced(Event):
    kind: ClassVar[str] = "message.bounced"
    conversation_id: int | None
    address: str
    reason: str
    is_permanent: bool
