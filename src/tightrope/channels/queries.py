"""Reading what was said."""

from __future__ import annotations

from datetime import datetime

from tightrope.channels.models import Conversation, Message, MessageState


def messages_of(conversation: Conversation, *, limit: int = 200) -> list[Message]:
    """The public words of a conversation, oldest first; at most the newest `limit`. What was taken back is gone."""
    rows = Message.objects.filter(conversation_id=conversation.pk)
    rows = rows.exclude(state=MessageState.TAKEN_BACK)
    return list(reversed(rows.order_by("-at", "-id")[:limit]))


def first_words(conversation: Conversation) -> str:
    """What the conversation began with."""
    first = Message.objects.filter(conversation_id=conversation.pk).order_by("at", "id").first()
    return first.text if first else ""


def message(message_id: int, *, at: datetime) -> Message:
    """The message with this id; `at` names the month it lies in. Raises Message.DoesNotExist."""
    return Message.objects.get(id=message_id, at=at)
