"""The time in which a message is ours alone: taken back by then, nobody outside has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.channels.actions.delivering import LOST_AFTER, queue_delivery
from tightrope.channels.models import Message, MessageState
from tightrope.channels.screens import tell_screens
from tightrope.core import jobs
from tightrope.core.actor import Actor


class TooLate(Exception):
    """The message has left; it cannot be taken back any more."""


def queue_letting_go(message: Message) -> None:
    """Queue the job that lets a held message go when its time has come."""
    jobs.enqueue(
        "channels.let_go",
        start_at=message.send_at,
        message_id=message.pk,
        message_at=message.at.isoformat(),
    )


@transaction.atomic
def let_go(message_id: int, *, message_at: datetime, at: datetime) -> Message:
    """The time to take it back is over: it leaves by its way, and the customer may read it. May run twice."""
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    if message.state != MessageState.HELD or message.send_at is None or message.send_at > at:
        return message
    message.state = way_out(message.channel, message.recipients)
    message.send_at = at if message.state == MessageState.QUEUED else None
    message.save(update_fields=["state", "send_at"])
    if message.state == MessageState.QUEUED:
        queue_delivery(message)
    tell_screens(message)
    return message


def way_out(channel: str, recipients: Sequence[str]) -> MessageState:
    """Which way a message of ours goes: into the queue of the mail server, to be kept where there is none, or, with
    nowhere to send it, to be read in the portal."""
    if channel != "mail" or not recipients:
        return MessageState.SHOWN
    return MessageState.QUEUED if settings.MAIL_OUT_HOST else MessageState.KEPT


@transaction.atomic
def take_back_message(message: Message, *, by: Actor, at: datetime) -> Message:
    """Take a message back while it is held. Saying it twice is not an error. Raises TooLate."""
    message = Message.objects.select_for_update().get(id=message.pk, at=message.at)
    if message.state == MessageState.TAKEN_BACK:
        return message
    if message.state != MessageState.HELD:
        raise TooLate(_("The customer can read this already."))
    message.state = MessageState.TAKEN_BACK
    message.save(update_fields=["state"])
    return message


def let_go_again(*, at: datetime, limit: int = 200) -> int:
    """Let messages go whose time is long over: their job was lost. Returns how many."""
    lost = Message.objects.filter(state=MessageState.HELD, send_at__lt=at - LOST_AFTER).order_by("send_at")
    found = list(lost.values_list("id", "at")[:limit])
    for message_id, message_at in found:
        let_go(message_id, message_at=message_at, at=at)
    return len(found)
