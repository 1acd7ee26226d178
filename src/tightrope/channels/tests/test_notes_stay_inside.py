"""A note for colleagues has no way into any message or mail: the types leave no door, and none is found."""

from __future__ import annotations

import inspect

import pytest

from tightrope import channels, timeline
from tightrope.channels import actions, backend, budgets, lists, outgoing, placing, queries
from tightrope.channels.models import Message
from tightrope.channels.tests.factories import NOW, conversation, deliver, letter
from tightrope.core.actor import SYSTEM
from tightrope.timeline.models import Note

SECRET = "the customer is wrong, be kind"


def test_no_function_of_channels_takes_a_note():
    for room in (actions, backend, budgets, lists, outgoing, placing, queries):
        for name, function in inspect.getmembers(room, inspect.isfunction):
            if function.__module__.startswith(channels.__name__):
                types = " ".join(str(one) for one in inspect.get_annotations(function).values())
                assert "Note" not in types, name


def test_no_file_of_channels_knows_of_notes():
    rooms = (actions.delivering, actions.reading, actions.speaking, backend, outgoing, queries)
    for room in rooms:
        assert "Note" not in vars(room)
        assert "notes_of" not in vars(room)


def test_a_message_cannot_be_made_of_a_note():
    fields = {field.name for field in Message._meta.get_fields()}

    assert not any("note" in name for name in fields)
    assert not issubclass(Note, Message)


@pytest.mark.django_db
def test_what_is_noted_is_in_no_message_and_no_mail(outside):
    about = conversation()
    timeline.add_note(about, SECRET, by=SYSTEM, at=NOW)
    letter(about)
    deliver()

    assert not any(SECRET in message.text for message in Message.objects.all())
    assert outside.mails
    assert not any(SECRET.encode() in mail for mail in outside.mails)
