"""Saying something, in either direction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.channels.actions.delivering import queue_delivery
from tightrope.channels.mail.tokens import new_message_id
from tightrope.channels.models import Conversation, Message, MessageState
from tightrope.channels.storable import one_line, storable
from tightrope.core import partitions
from tightrope.core.actor import Actor
from tightrope.files import actions as files

MOST_TEXT = 1_000_000
"""More than any form lets through."""


class TooLate(Exception):
    """The message has left; it cannot be taken back any more."""


def open_conversation(*, account_id: int | None, by: Actor, at: datetime) -> Conversation:
    """Begin an exchange with a customer (or with somebody who is not yet joined to one).

    `at` is when its first word was said, which may be long before it was written down here.
    """
    return Conversation.objects.create(account_id=account_id, opened_at=at)


@transaction.atomic
def post_message(
    conversation: Conversation, *, text: str, author: Actor | str, direction: str, channel: str, at: datetime,
    to: str = "", subject: str = "", attachments: Iterable[Any] = (), is_automatic: bool = False,
    send_at: datetime | None = None,
) -> Message:  # fmt: skip
    """Add one public word. Outgoing mail is queued for `send_at` (now when not given) or kept without a server.

    Without an address in `to` there is nowhere to send it: it is there to be read in the portal.
    """
    is_mail_out = direction == "out" and channel == "mail"
    if direction == "in":
        state = MessageState.RECEIVED
    elif not is_mail_out or not to:
        state = MessageState.SHOWN
    else:
        state = MessageState.QUEUED if settings.MAIL_OUT_HOST else MessageState.KEPT
    partitions.ensure_month("channels_message", at)
    reach_back(conversation, at)
    message = Message.objects.create(
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
        send_at=(send_at or at) if state == MessageState.QUEUED else None,
        message_id=new_message_id(settings.MAIL_DOMAIN) if is_mail_out else "",
    )
    for attachment in attachments:
        files.attach(
            attachment,
            subject_type="message",
            subject_id=message.pk,
            account_id=conversation.account_id,
            is_public=True,
        )
    if state == MessageState.QUEUED:
        queue_delivery(message)
    return message


@transaction.atomic
def take_back(message: Message, *, by: Actor, at: datetime) -> Message:
    """Take a message back that has not left yet. Raises TooLate."""
    message = Message.objects.select_for_update().get(id=message.pk, at=message.at)
    if message.state == MessageState.TAKEN_BACK:
        return message
    if message.state != MessageState.QUEUED:
        raise TooLate(_("This has already been sent."))
    message.state = MessageState.TAKEN_BACK
    message.save(update_fields=["state"])
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
