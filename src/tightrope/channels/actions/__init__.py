"""Everything that changes a conversation; import the acts from here."""

from tightrope.channels.actions.delivering import (
    SENDABLE_AGAIN,
    SENDING,
    SENT,
    NoServer,
    begin_delivery,
    end_delivery,
    send_again,
    smtp_settings,
    take_up_again,
)
from tightrope.channels.actions.forgetting import forget_personal_letters, forget_raw_mails
from tightrope.channels.actions.holding import TooLate, let_go, let_go_again, take_back_message
from tightrope.channels.actions.reading import READ, take_in_mail
from tightrope.channels.actions.receiving import (
    STORED,
    Forgotten,
    move_originals,
    read_again,
    read_what_was_left,
    receive_mail,
    vouch_for,
)
from tightrope.channels.actions.speaking import (
    join_conversation,
    move_message,
    open_conversation,
    post_message,
)

__all__ = [
    "READ",
    "SENDABLE_AGAIN",
    "SENDING",
    "SENT",
    "STORED",
    "Forgotten",
    "NoServer",
    "TooLate",
    "begin_delivery",
    "end_delivery",
    "forget_personal_letters",
    "forget_raw_mails",
    "join_conversation",
    "let_go",
    "let_go_again",
    "move_message",
    "move_originals",
    "open_conversation",
    "post_message",
    "read_again",
    "read_what_was_left",
    "receive_mail",
    "send_again",
    "smtp_settings",
    "take_back_message",
    "take_in_mail",
    "take_up_again",
    "vouch_for",
]
