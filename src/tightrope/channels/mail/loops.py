"""May a machine answer this mail? Decided from facts alone.

Headers say most of it (RFC 3834), but a robot need not send any, and may change its address by a letter
each time. So there are budgets that look at no header: whatever the mails say, two robots talking to each
other stop after a few.
"""

from dataclasses import dataclass
from enum import StrEnum

from tightrope.channels.mail.parsed import Mark


class Refusal(StrEnum):
    """Why no automatic answer goes out."""

    AUTOMATIC = "automatic"
    OWN_ADDRESS = "own-address"
    OWN_MESSAGE = "own-message"
    NO_SENDER = "no-sender"
    SENDER_BUDGET = "sender-budget"
    CONVERSATION_BUDGET = "conversation-budget"
    CONVERSATION_RATE = "conversation-rate"
    SENDER_RATE = "sender-rate"
    DOMAIN_RATE = "domain-rate"
    MINUTE_RATE = "minute-rate"


TOO_EARLY = frozenset({Refusal.SENDER_RATE, Refusal.DOMAIN_RATE, Refusal.MINUTE_RATE})
"""So many in so much time: what is refused for nothing else may go out later. All others mean never."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """How many mails are too many, whatever they say of themselves."""

    replies_per_sender_and_conversation_per_day: int = 1
    replies_per_conversation_per_day: int = 5
    mails_per_conversation_in_10_minutes: int = 10
    replies_per_sender_per_day: int = 10
    replies_per_domain_per_hour: int = 60
    replies_per_minute: int = 120


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """What is known when an automatic answer is about to be written.

    Counts are of the time before this mail; `mails_of_conversation_in_10_minutes` counts both directions
    and this mail too. Replies are automatic ones that went out.
    """

    sender_email: str
    marks: tuple[Mark, ...] = ()
    own_addresses: frozenset[str] = frozenset()
    has_null_envelope_sender: bool = False
    is_own_message_id: bool = False
    replies_to_sender_in_conversation_24h: int = 0
    replies_in_conversation_24h: int = 0
    mails_of_conversation_in_10_minutes: int = 1
    replies_to_sender_24h: int = 0
    replies_to_domain_1h: int = 0
    replies_in_last_minute: int = 0


@dataclass(frozen=True, slots=True)
class ReplyDecision:
    """Whether an automatic answer may go out, and every reason why not."""

    refusals: tuple[Refusal, ...] = ()

    @property
    def may_reply(self) -> bool:
        return not self.refusals

    @property
    def is_only_early(self) -> bool:
        return bool(self.refusals) and TOO_EARLY.issuperset(self.refusals)


_DEFAULT_BUDGETS = Budgets()


def may_reply_automatically(facts: ReplyFacts, *, budgets: Budgets = _DEFAULT_BUDGETS) -> ReplyDecision:
    """Decide on one automatic answer: an acknowledgement, a reminder, an out-of-hours notice."""
    email = facts.sender_email.lower()
    own = {address.lower() for address in facts.own_addresses}
    day = budgets.replies_per_sender_and_conversation_per_day
    found = {
        Refusal.NO_SENDER: not email,
        Refusal.AUTOMATIC: bool(facts.marks) or facts.has_null_envelope_sender,
        Refusal.OWN_ADDRESS: email in own or without_tag(email) in own,
        Refusal.OWN_MESSAGE: facts.is_own_message_id,
        Refusal.SENDER_BUDGET: facts.replies_to_sender_in_conversation_24h >= day,
        Refusal.CONVERSATION_BUDGET: facts.replies_in_conversation_24h
        >= budgets.replies_per_conversation_per_day,
        Refusal.CONVERSATION_RATE: (
            facts.mails_of_conversation_in_10_minutes >= budgets.mails_per_conversation_in_10_minutes
        ),
        Refusal.SENDER_RATE: facts.replies_to_sender_24h >= budgets.replies_per_sender_per_day,
        Refusal.DOMAIN_RATE: facts.replies_to_domain_1h >= budgets.replies_per_domain_per_hour,
        Refusal.MINUTE_RATE: facts.replies_in_last_minute >= budgets.replies_per_minute,
    }
    return ReplyDecision(tuple(refusal for refusal, applies in found.items() if applies))


def without_tag(email: str) -> str:
    """`support+anything@x` is `support@x`, so our own reply addresses count as our own."""
    local, _, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
