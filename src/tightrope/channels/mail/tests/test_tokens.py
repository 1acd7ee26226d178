"""The keyed token in reply addresses: only ours are read, whatever a mail server does to the case."""

import secrets
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.channels.mail.tests.mails import patient
from tightrope.channels.mail.tokens import (
    UnusableId,
    is_own_message_id,
    new_message_id,
    read_reply_token,
    reply_address,
    reply_token,
    token_in_address,
)

KEY = b"k" * 32
OTHER = b"o" * 32
DOMAIN = "tightrope.example"
IDS = [secrets.token_hex(16), str(uuid.uuid4()), secrets.token_urlsafe(16), "AbC-09_zZ", "x"]


@pytest.mark.parametrize("public_id", IDS, ids=map(str, range(len(IDS))))
def test_a_token_leads_back_to_its_conversation(public_id: str) -> None:
    address = reply_address(public_id, key=KEY, domain=DOMAIN)

    assert len(address.partition("@")[0]) <= 64
    for seen in (address, address.upper(), address.replace("reply", "Reply")):
        assert read_reply_token(token_in_address(seen, domain=DOMAIN), [OTHER, KEY]) == public_id


def test_a_token_of_another_key_is_nothing() -> None:
    assert read_reply_token(reply_token(IDS[0], OTHER), [KEY]) is None


@patient
@given(st.data())
def test_a_changed_token_is_nothing(data: st.DataObject) -> None:
    token = reply_token(IDS[2], KEY)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    changed = token[:at] + letter + token[at + 1 :]

    assert (read_reply_token(changed, [KEY]) == IDS[2]) == (changed == token)


@patient
@given(st.text(max_size=100))
def test_any_text_as_a_token_is_nothing(text: str) -> None:
    assert read_reply_token(text, [KEY]) is None
    assert token_in_address(f"reply+{text}@elsewhere.example", domain=DOMAIN) == ""


@pytest.mark.parametrize("public_id", ["", "x" * 23, "名字", "a\nb"])
def test_an_id_that_does_not_fit_is_refused(public_id: str) -> None:
    with pytest.raises(UnusableId):
        reply_token(public_id, KEY)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        reply_token(IDS[0], b"short")


def test_our_own_message_ids_are_known() -> None:
    assert is_own_message_id(new_message_id(DOMAIN), domain=DOMAIN)
    assert not is_own_message_id(new_message_id("elsewhere.example"), domain=DOMAIN)
    assert not is_own_message_id("tightrope.x@" + DOMAIN, domain=DOMAIN)
