"""Which conversation does a mail belong to? Decided from facts alone.

Anyone can write anything into a subject, a From and a References header; help desks that believed them let
outsiders read and write in other people's tickets. Only a token that we keyed proves that its bearer was
written to; ids of our mails count for people who take part already; a number in a subject counts for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tightrope.channels.mail.parsed import Address
from tightrope.channels.mail.tokens import read_reply_token, token_in_address


class Ground(StrEnum):
    """On what ground a mail was placed."""

    REPLY_ADDRESS = "reply-address"
    MESSAGE_ID = "message-id"
    NEW = "new"
    FORGED_ADDRESS = "forged-reply-address"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A mail of ours that headers refer to: its conversation and who takes part there."""

    conversation_public_id: str
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placement:
    """The conversation a mail joins, or "" for a new one. For a stranger who knows one of our Message-IDs,
    `related_to` names that conversation, so that a person may look; nothing is joined by it."""

    conversation_public_id: str
    ground: Ground
    related_to: str = ""

    @property
    def is_new(self) -> bool:
        return not self.conversation_public_id


def conversation_for(
    *,
    sender: Address,
    recipients: Iterable[Address],
    referred_ids: Iterable[str],
    known_messages: Mapping[str, KnownMessage],
    keys: Iterable[bytes],
    domain: str,
) -> Placement:
    """Place an incoming mail.

    `recipients` are the envelope's, where there is one, and those in the headers. `referred_ids` are
    In-Reply-To and References; `known_messages` holds those of them that we sent or received ourselves.
    """
    keys = tuple(keys)
    saw_bad_token = False
    for recipient in recipients:
        token = token_in_address(recipient.email, domain=domain)
        if not token:
            continue
        public_id = read_reply_token(token, keys)
        if public_id is not None:
            return Placement(public_id, Ground.REPLY_ADDRESS)
        saw_bad_token = True
    related = ""
    for message_id in referred_ids:
        known = known_messages.get(message_id)
        if known is None:
            continue
        if sender.email and sender.email.lower() in {one.lower() for one in known.participants}:
            return Placement(known.conversation_public_id, Ground.MESSAGE_ID)
        related = related or known.conversation_public_id
    if saw_bad_token:
        return Placement("", Ground.FORGED_ADDRESS, related)
    return Placement("", Ground.STRANGER if related else Ground.NEW, related)
