"""Where a mail belongs: by our key, or by our mails among people who take part; never by what it claims."""

from tightrope.channels.mail.parsed import Address
from tightrope.channels.mail.threading import Ground, KnownMessage, Placement, conversation_for
from tightrope.channels.mail.tokens import reply_address

KEY = b"k" * 32
DOMAIN = "tightrope.example"
CASE = "0f" * 16
WANG = Address("Wang", "Wang@example.cn")
MALLORY = Address("Wang", "mallory@evil.example")
OURS = {"m1@tightrope.example": KnownMessage(CASE, frozenset({"wang@example.cn"}))}


def place(sender: Address, *recipients: str, refers_to: tuple[str, ...] = ()) -> Placement:
    return conversation_for(
        sender=sender,
        recipients=[Address("", one) for one in ("support@tightrope.example", *recipients)],
        referred_ids=refers_to,
        known_messages=OURS,
        keys=[KEY],
        domain=DOMAIN,
    )


def test_a_keyed_address_joins_its_conversation_whoever_writes() -> None:
    address = reply_address(CASE, key=KEY, domain=DOMAIN)

    assert place(MALLORY, address) == Placement(CASE, Ground.REPLY_ADDRESS)


def test_a_participant_who_refers_to_our_mail_joins() -> None:
    assert place(WANG, refers_to=("x@y", "m1@tightrope.example")) == Placement(CASE, Ground.MESSAGE_ID)


def test_a_stranger_who_refers_to_our_mail_gets_a_new_conversation_with_a_hint_for_us() -> None:
    placement = place(MALLORY, refers_to=("m1@tightrope.example",))

    assert placement == Placement("", Ground.STRANGER, related_to=CASE)
    assert placement.is_new


def test_a_forged_token_gets_a_new_conversation() -> None:
    forged = reply_address(CASE, key=b"m" * 32, domain=DOMAIN)

    assert place(MALLORY, forged).ground is Ground.FORGED_ADDRESS
    assert place(MALLORY, forged).is_new


def test_a_participant_with_a_damaged_token_still_joins_by_our_mail() -> None:
    assert (
        place(WANG, "reply+damaged@tightrope.example", refers_to=("m1@tightrope.example",)).ground
        is Ground.MESSAGE_ID
    )


def test_a_token_at_another_domain_counts_for_nothing() -> None:
    elsewhere = reply_address(CASE, key=KEY, domain="evil.example")

    assert place(MALLORY, elsewhere) == Placement("", Ground.NEW)


def test_unknown_references_and_no_sender_give_a_new_conversation() -> None:
    assert place(WANG, refers_to=("nobody@knows",)) == Placement("", Ground.NEW)
    assert place(Address(), refers_to=("m1@tightrope.example",)).is_new
