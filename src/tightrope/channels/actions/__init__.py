"""Everything that changes a conversation; import the acts from here."""

from tightrope.channels.actions.speaking import (
    TooLate,
    join_conversation,
    move_message,
    open_conversation,
    post_message,
    take_back,
)

__all__ = [
    "TooLate",
    "join_conversation",
    "move_message",
    "open_conversation",
    "post_message",
    "take_back",
]
