from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.channels import verify
from tightrope.channels.models import Conversation, Message, RawMail
from tightrope.channels.tests.factories import arrive, conversation, deliver, letter, mail
from tightrope.core import clock
from tightrope.files.storage import path_of

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_mail_in_and_out_contradicts_nothing(outside):
    arrive(mail())
    letter()
    deliver()

    assert verify.contradictions() == []


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (lambda: Message.objects.filter(direction="out").update(conversation_id=10**9), "does not exist"),
        (lambda: Message.objects.filter(direction="out").update(account_id=99), "hangs on account"),
        (lambda: Conversation.objects.update(opened_at=clock.now() + A_DAY), "earlier than the beginning"),
        (lambda: Message.objects.filter(direction="in").delete(), "neither a message nor a bounce"),
        (lambda: path_of(RawMail.objects.get().storage_key).write_bytes(b"other bytes"), "hash differs"),
        (lambda: path_of(RawMail.objects.get().storage_key).unlink(), "lost its content"),
        (lambda: Message.objects.filter(direction="in").update(raw_id=10**9), "does not exist"),
    ],
)
def test_what_was_lost_or_altered_is_named(what, says):
    arrive(mail())
    letter(conversation())

    what()

    with clock.standing_at(clock.now()):
        assert any(says in sentence for sentence in verify.contradictions())
