"""Saying something, in either direction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tightrope.channels.actions.delivering import queue_delivery
from tightrope.channels.actions.holding import queue_letting_go, way_out
from tightrope.channels.mail.tokens import new_message_id
from tightrope.channels.models import Conversation, Message, MessageState
from tightrope.channels.storable import one_line, storable
from tightrope.core import partitions
from tightrope.core.actor import Actor
from tightrope.core.adding import add
from tightrope.core.db import joining
from tightrope.files import actions as files

MOST_TEXT = 1_000_000
"""More than any form lets through."""


def open_conversation(*, account_id: int | None, by: Actor, at: datetime) -> Conversation:
    """Begin an exchange with a customer (or with somebody who is not yet joined to one).

    `at` is when its first word was said, which may be long before it was written down here.
    """
    return add(Conversation(account_id=account_id, opened_at=at))


@joining
def post_message(
    conversation: Conversation, *, text: str, author: Actor | str, direction: str, channel: str, at: datetime,
    to: str = "", subject: str = "", attachments: Iterable[Any] = (), is_automatic: bool = False,
    send_at: datetime | None = None, language: str = "",
) -> Message:  # fmt: skip
    """Add one public word. Outgoing mail is queued, or kept without a server; without an address in `to` there is
    nowhere to send it, and it is there to be read in the portal.

    `language` is the reader's, in which a mail to him is signed. Until `send_at` it is held back, whichever way it
    goes: it is ours alone and can be taken back.
    """
    state = MessageState.RECEIVED
    if direction == "out":
        is_early = send_at is not None and send_at > at
        state = MessageState.HELD if is_early else way_out(channel, [to] if to else [])
    partitions.ensure_month("channels_message", at)
    reach_back(conversation, at)
    message = Message(
        at=at,
        conversation_id=conversation.pk,
        account_id=conversation.account_id,
        direction=direction,
        channel=channel,
        author_kind=author.kind.value if isinstance(author, Actor) else "contact",
        author_id=author.id if isinstance(author, Actor) else None,
        author_name=one_line(author.name if isinstance(author, Actor) else author, 200),
        recipients=[to] if to else [],
        subject=one_line(subject, 500),
        text=storable(text, MOST_TEXT),
        is_automatic=is_automatic,
        state=state,
        send_at={MessageState.HELD: send_at, MessageState.QUEUED: at}.get(state),
        facts={"language": language} if language else {},
        message_id=new_message_id(settings.MAIL_DOMAIN) if (direction, channel) == ("out", "mail") else "",
    )
    add(message)
    for attachment in attachments:
        files.attach(
            attachment,
            subject_type="message",
            subject_id=message.pk,
            account_id=conversation.account_id,
            is_public=True,
        )
    if state == MessageState.HELD:
        queue_letting_go(message)
    elif state == MessageState.QUEUED:
        queue_delivery(message)
    return message


@transaction.atomic
def join_conversation(conversation: Conversation, *, account_id: int, at: datetime) -> None:
    """The exchange turned out to be with this account, and so do its messages."""
    Conversation.objects.filter(pk=conversation.pk).update(account_id=account_id)
    Message.objects.filter(conversation_id=conversation.pk).update(account_id=account_id)


@transaction.atomic
def move_message(message: Message, conversation: Conversation, *, at: datetime) -> None:
    """Put a message that belonged to no exchange, or to one that has ended, into this one."""
    reach_back(conversation, message.at)
    Message.objects.filter(id=message.pk, at=message.at).update(
        conversation_id=conversation.pk, account_id=conversation.account_id
    )


def reach_back(conversation: Conversation, at: datetime) -> None:
    """A word from before the exchange began makes it begin with that word (see `Conversation`)."""
    if at < conversation.opened_at:
        Conversation.objects.filter(pk=conversation.pk, opened_at__gt=at).update(opened_at=at)
        conversation.opened_at = at
