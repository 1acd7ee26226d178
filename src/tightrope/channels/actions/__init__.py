"""Everything that changes a conversation; import the acts from here."""

from tightrope.channels.actions.delivering import (
    SENT,
    begin_delivery,
    end_delivery,
    send_again,
    smtp_settings,
)
from tightrope.channels.actions.receiving import receive_mail, take_in_mail
from tightrope.channels.actions.speaking import (
    TooLate,
    join_conversation,
    move_message,
    open_conversation,
    post_message,
    take_back,
)

__all__ = [
    "SENT",
    "TooLate",
    "begin_delivery",
    "end_delivery",
    "join_conversation",
    "move_message",
    "open_conversation",
    "post_message",
    "receive_mail",
    "send_again",
    "smtp_settings",
    "take_back",
    "take_in_mail",
]
