"""Which open screens show a conversation: its own topic, and those its owner names. Channels know no cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tightrope.channels.models import Conversation, Message
from tightrope.core import live

Topics = Callable[[int], Iterable[str]]
_owners: list[Topics] = []


def register_screens(topics_of: Topics) -> Topics:
    """Let the owner of conversations name the topics of the screens that show one (by its id)."""
    if topics_of not in _owners:
        _owners.append(topics_of)
    return topics_of


def tell_screens(message: Message) -> None:
    """Screens that show the conversation learn that a message of it stands otherwise."""
    if message.conversation_id is None:
        return
    names = Conversation.objects.filter(pk=message.conversation_id).values_list("public_id", flat=True)
    topics = [f"conversation:{name}" for name in names]
    live.announce(*topics, *(topic for owner in _owners for topic in owner(message.conversation_id)))
