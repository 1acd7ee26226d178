"""Who may see what went in and out."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.channels.models import Conversation, Message, RawMail
from tightrope.core.actor import Actor, Scope
from tightrope.people.access import Audience, Denied, declare
from tightrope.people.access import Can as People


class Can(StrEnum):
    OPERATE = "message.operate"


declare(Can, {Can.OPERATE: _("See mail that was sent, kept or could not be read")})

ROUTES: dict[str, dict[str, Any]] = {
    "channels:outbox": {"GET": Can.OPERATE},
    "channels:letter": {"GET": Can.OPERATE},
    "channels:sending": {"POST": Can.OPERATE},
    "channels:vouching": {"POST": Can.OPERATE},
    "channels:inbox": {"GET": Can.OPERATE},
    "channels:raw": {"GET": Can.OPERATE},
    "channels:original": {"GET": Can.OPERATE},
    "channels:reading": {"POST": Can.OPERATE},
    # A reader of the conversation, whoever he is (private link too), is let in by `may_read` inside; others see 404.
    "channels:frame": {"GET": Audience.ANYONE},
}

Reader = Callable[[Actor, int], bool]
_readers: list[Reader] = []


def register_reader(reader: Reader) -> Reader:
    """Let whoever `reader(by, conversation_id)` says yes to read a conversation. The owners of conversations
    (cases) say it; channels know no cases."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def operates(by: Actor) -> bool:
    """Whether the doer may see all mail. It hangs on nobody's team or region, so a narrower grant reaches none."""
    return by.scope(Can.OPERATE) is Scope.ALL


def require(by: Actor) -> None:
    """Raises Denied unless the doer may see all mail."""
    if not operates(by):
        raise Denied(str(Can.OPERATE))


def may_read(by: Actor, conversation_id: int | None) -> bool:
    """Whether the doer may read what is said in this conversation."""
    if operates(by):
        return True
    return conversation_id is not None and any(reader(by, conversation_id) for reader in _readers)


def may_read_words(by: Actor, message: Message) -> bool:
    """Whether the doer may read the words of this message. A letter to one person holds his sign-in code or his
    reset link: whoever reads it could become him, so only those who manage people may, to hand it on. What can
    still be taken back, or was, is nobody's but ours."""
    if message.is_personal:
        return operates(by) and by.may(People.MANAGE_PEOPLE)
    if message.is_ours_alone and not by.is_staff:
        return False
    return may_read(by, message.conversation_id)


def may_read_message(by: Actor, message_id: int) -> bool:
    """The same by id, for files that hang on a message."""
    message = Message.objects.filter(id=message_id).defer("text", "quoted", "html").first()
    return message is not None and may_read_words(by, message)


def may_follow(by: Actor, public_id: str) -> bool:
    """Whether the doer may be told live that something happened in this conversation."""
    number = Conversation.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    return number is not None and may_read(by, number)


def message_for(by: Actor, message_id: int) -> Message:
    """The door to one message for whoever may read its conversation. Raises Message.DoesNotExist."""
    message = Message.objects.get(id=message_id)
    if not may_read_words(by, message):
        raise Message.DoesNotExist
    return message


def letter_for(by: Actor, message_id: int) -> Message:
    """The door to any message for those who operate the mail; its words may still be closed to them.
    Raises Denied, Message.DoesNotExist."""
    require(by)
    return Message.objects.get(id=message_id)


def raw_for(by: Actor, raw_id: int) -> RawMail:
    """The door to a raw mail. Raises Denied, RawMail.DoesNotExist."""
    require(by)
    return RawMail.objects.get(pk=raw_id)
