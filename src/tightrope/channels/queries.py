"""Reading what was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from tightrope.channels.models import Conversation, Direction, Message, MessageState
from tightrope.core.statements import Given, written

_TAKES_PART = """
SELECT DISTINCT m.conversation_id FROM channels_message m
WHERE m.conversation_id = ANY(%s) AND (lower(m.sender) = %s OR EXISTS (
  SELECT 1 FROM jsonb_array_elements_text(m.recipients) r WHERE lower(r) = %s))
"""


def messages_of(
    conversation: Conversation, *, before: tuple[datetime, int] | None = None, limit: int = 200
) -> list[Message]:
    """What both sides can read of a conversation, oldest first: the newest `limit`, or those before (at, id).

    What can still be taken back is not there yet, what was taken back is gone. HTML is left in the database (it is
    shown by `frame_url` only).
    """
    if before is not None:
        at, message_id = before
        rows = _said_in(conversation.pk, conversation.opened_at).exclude(state=MessageState.HELD)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=message_id), at__lte=at)
        return list(reversed(rows.order_by("-at", "-id")[:limit]))
    newest = written(
        ("messages of", limit),
        lambda: (
            _said_in(Given("conversation"), Given("since"))
            .exclude(state=MessageState.HELD)
            .order_by("-at", "-id")[:limit]
        ),
    )
    return newest.all(conversation=conversation.pk, since=conversation.opened_at)[::-1]


def messages_for_staff(conversation: Conversation, *, limit: int = 200) -> list[Message]:
    """The same as we see it: with what can still be taken back, which nobody else may read."""
    newest = written(
        ("messages for staff", limit),
        lambda: _said_in(Given("conversation"), Given("since")).order_by("-at", "-id")[:limit],
    )
    return newest.all(conversation=conversation.pk, since=conversation.opened_at)[::-1]


def _said_in(conversation_id: int | Given, since: datetime | Given) -> QuerySet[Message]:
    """PostgreSQL plans over every month that a statement does not exclude, which takes longer than to answer it."""
    rows = light(Message.objects.filter(conversation_id=conversation_id, at__gte=since))
    return rows.exclude(state=MessageState.TAKEN_BACK)


def light(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Messages without the weight of their HTML, knowing whether they have any."""
    has_html = ExpressionWrapper(~Q(html=""), output_field=BooleanField())
    return rows.defer("html").annotate(has_html=has_html)


def pending_of(conversation: Conversation) -> list[Message]:
    """What is said and has not left yet: held back for a moment, or waiting for the mail server."""
    rows = light(Message.objects.filter(conversation_id=conversation.pk, at__gte=conversation.opened_at))
    waiting = rows.filter(state__in=(MessageState.HELD, MessageState.QUEUED, MessageState.SENDING))
    return list(waiting.order_by("at", "id")[:200])


def first_words(conversation: Conversation) -> str:
    """What the customer said first; never a word of ours, which may not have left yet."""
    rows = Message.objects.filter(conversation_id=conversation.pk, at__gte=conversation.opened_at)
    return (
        rows.filter(direction=Direction.IN).order_by("at", "id").values_list("text", flat=True).first() or ""
    )


def message(message_id: int, *, at: datetime) -> Message:
    """The message with this id; `at` names the month it lies in. Raises Message.DoesNotExist."""
    return Message.objects.get(id=message_id, at=at)


def conversations_with(address: str, conversation_ids: Iterable[int]) -> set[int]:
    """In which of these conversations somebody with this address has written or was written to."""
    wanted = list(conversation_ids)
    if not wanted or not address:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_TAKES_PART, [wanted, address.lower(), address.lower()])
        return {int(row[0]) for row in cursor.fetchall()}
