from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tightrope.channels import actions, queries, verify
from tightrope.channels.models import Conversation
from tightrope.channels.tests.factories import NOW, arrive, at, conversation, letter, mail, message_of

pytestmark = pytest.mark.django_db
A_MONTH = 60 * 24 * 30


def begun(one: Conversation):
    return Conversation.objects.get(pk=one.pk).opened_at


def test_a_word_from_before_the_exchange_makes_it_begin_with_that_word():
    exchange = conversation()

    earlier = letter(exchange, minutes=-2 * A_MONTH)
    later = letter(exchange, minutes=5)

    assert begun(exchange) == at(-2 * A_MONTH)
    assert [one.pk for one in queries.messages_of(exchange)] == [earlier.pk, later.pk]
    assert verify.contradictions() == []


def test_a_message_that_is_moved_is_read_in_its_new_exchange_though_it_is_older():
    exchange = conversation()
    message = message_of(arrive(mail(), minutes=-A_MONTH))

    actions.move_message(message, exchange, at=NOW)

    assert begun(exchange) == message.at
    assert [one.pk for one in queries.messages_of(exchange)] == [message.pk]


def test_a_later_word_leaves_the_beginning_where_it_is():
    exchange = conversation()

    with CaptureQueriesContext(connection) as sent:
        letter(exchange, minutes=5)

    assert begun(exchange) == NOW
    assert not [one for one in sent if "channels_conversation" in one["sql"]]


def test_who_holds_an_older_copy_of_the_exchange_never_moves_its_beginning_forward():
    exchange = conversation()
    copy = Conversation.objects.get(pk=exchange.pk)
    letter(exchange, minutes=-60)

    letter(copy, minutes=-30)

    assert begun(exchange) == at(-60)
