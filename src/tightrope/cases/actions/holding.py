"""The ten seconds in which an answer is ours alone: taken back by then, the customer has not seen it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tightrope.cases.actions.recording import topics_of
from tightrope.cases.models import Case
from tightrope.cases.queries import HELD
from tightrope.channels.models import Message, MessageState
from tightrope.core import jobs, live

HOLD = timedelta(seconds=10)
"""How long an answer is held back before it leaves, so that it can be taken back."""


def hold(message: Message, *, until: datetime) -> None:
    """Hold an answer back, whichever way it goes. Part of another act.

    Mail waits in its queue by itself. What is only shown in the portal, or kept because there is no mail
    server, has nothing to wait for and is given the same queue to wait in.
    """
    message.facts[HELD] = message.state
    if message.state in {MessageState.SHOWN, MessageState.KEPT}:
        message.state = MessageState.QUEUED
        message.send_at = until
    message.save(update_fields=["facts", "state", "send_at"])
    jobs.enqueue("cases.let_go", start_at=until, message_id=message.pk, message_at=message.at.isoformat())


@transaction.atomic
def let_go(message_id: int, *, message_at: datetime, at: datetime) -> Message:
    """The time to take it back is over: the customer may read it. May run twice."""
    message = Message.objects.select_for_update().get(id=message_id, at=message_at)
    meant = message.facts.pop(HELD, None)
    if meant is None or message.state == MessageState.TAKEN_BACK:
        return message
    if message.state == MessageState.QUEUED and meant != MessageState.QUEUED:
        message.state = meant
        message.send_at = None
    message.save(update_fields=["facts", "state", "send_at"])
    case = Case.objects.filter(conversation_id=message.conversation_id).first()
    if case is not None:
        live.announce(*topics_of(case))
    return message


def let_go_at_once(case: Case, *, at: datetime) -> None:
    """Whoever says that it is solved has said what went before: the letter about it leaves now. Part of that act."""
    held = Message.objects.filter(
        conversation_id=case.conversation_id, at__gte=at - HOLD, at__lte=at, facts__has_key=HELD
    )
    for message in held.exclude(state=MessageState.TAKEN_BACK).order_by("at", "id"):
        let_go(message.pk, message_at=message.at, at=at)
