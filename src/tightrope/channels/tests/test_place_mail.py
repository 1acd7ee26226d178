"""Nobody gets into another's conversation by what he writes into headers."""

from __future__ import annotations

import pytest

from tightrope.channels import keys
from tightrope.channels.mail.tokens import reply_address
from tightrope.channels.tests.factories import CUSTOMER, arrive, conversation, letter, mail, message_of

pytestmark = pytest.mark.django_db


def token_of(about, key=None) -> str:
    return reply_address(about.public_id, key=key or keys.reply_keys()[0], domain="hengyuan.example")


def test_an_answer_to_the_keyed_address_joins_whoever_writes():
    about = conversation()

    read = message_of(arrive(mail(to=token_of(about), sender="colleague@hengtong.example")))

    assert (read.conversation_id, read.account_id) == (about.pk, 7)


def test_the_envelope_counts_where_the_header_says_nothing():
    about = conversation()

    read = message_of(arrive(mail(), envelope_from=CUSTOMER, envelope_to=[token_of(about)]))

    assert read.conversation_id == about.pk


def test_a_forged_mark_joins_nothing():
    about = conversation()

    read = message_of(arrive(mail(to=token_of(about, key=b"guess" * 8))))

    assert read.conversation_id is None
    assert read.facts["ground"] == "forged-reply-address"


def test_a_participant_joins_by_our_id_and_a_stranger_does_not(outside):
    about = conversation()
    ours = letter(about)
    refers = f"In-Reply-To: <{ours.message_id}>\r\nReferences: <{ours.message_id}>"

    own = message_of(arrive(mail(headers=refers, sender=CUSTOMER.upper()), uid="1"))
    strangers = message_of(
        arrive(
            mail("let me in", headers=refers, sender="mallory@evil.example", message_id="<m@evil.example>"),
            uid="2",
        )
    )

    assert own.conversation_id == about.pk
    assert strangers.conversation_id is None
    assert strangers.facts["related_to"] == about.public_id


def test_a_number_in_the_subject_joins_nothing():
    letter(conversation())

    assert message_of(arrive(mail(subject="Re: [C-1] E3"))).conversation_id is None


def test_a_mail_naming_hundreds_of_ids_is_placed_by_few_questions(django_assert_max_num_queries):
    about = conversation()
    for minute in range(30):
        letter(about, minutes=minute)
    ours = letter(about, minutes=40)
    many = " ".join(f"<{number}@evil.example>" for number in range(300))

    with django_assert_max_num_queries(45):
        read = message_of(arrive(mail(headers=f"References: {many} <{ours.message_id}>"), minutes=50))

    assert read.conversation_id == about.pk
