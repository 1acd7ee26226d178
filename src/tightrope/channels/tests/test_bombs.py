"""Mails made to hurt end as a message or in quarantine, quickly, and the mail behind them is read."""

from __future__ import annotations

import base64
import time

import pytest

from tightrope.channels import actions, originals
from tightrope.channels.models import Message, RawMail
from tightrope.channels.tests.factories import NOW, OURS, arrive, at, mail
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db

HEAD = b"From: wang@x.example\r\nTo: service@hengyuan.example\r\nMIME-Version: 1.0\r\n"


def _nested(depth: int) -> bytes:
    parts = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)]
    return HEAD + b"".join(parts) + b"\r\ndeep\r\n"


def _encoded_words(size: int) -> bytes:
    word = b"=?utf-8?B?" + base64.b64encode("漏水".encode()) + b"?="
    return b"Subject: " + b"\r\n ".join([word] * (size // len(word))) + b"\r\n" + HEAD + b"\r\nhello\r\n"


def _many_parts(count: int) -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n"
        + b"--B\r\n\r\nx\r\n" * count
        + b"--B--\r\n"
    )


BOMBS = {
    "half a megabyte of encoded words": lambda: _encoded_words(500_000),
    "100,000 parts": lambda: _many_parts(100_000),
    "3,000 deep": lambda: _nested(3_000),
    "html of nested boxes": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "51 MB": lambda: HEAD + b"\r\n" + b"x" * (51 * 1024 * 1024),
    "a false charset": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n\xff\xfe\x00+ADw-\r\n",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_ends_soon_and_blocks_nothing(kind):
    bomb = BOMBS[kind]()
    began = time.monotonic()
    row = actions.receive_mail(bomb, mailbox="box", uid="1", at=NOW)
    good = actions.receive_mail(mail(), mailbox="box", uid="2", at=NOW)
    with clock.standing_at(NOW):
        jobs.run_due(only=OURS)
    took = time.monotonic() - began

    row.refresh_from_db()
    assert row.state in {RawMail.State.READ, RawMail.State.UNREADABLE}
    assert row.state == RawMail.State.READ or row.reason
    assert originals.content_of(row) == bomb
    assert Message.objects.filter(raw_id=good.pk).exists()
    assert took < 30


def test_what_cannot_be_read_says_so_and_may_be_read_again():
    raw = arrive(_many_parts(2_000))
    assert (raw.state, raw.reason) == (RawMail.State.UNREADABLE, "too-many-parts")
    assert [one.kind for one in events_of("rawmail", raw.pk, by=SYSTEM)[0]] == ["message.unreadable"]

    actions.read_again(raw, by=SYSTEM, at=at(1))
    actions.read_again(raw, by=SYSTEM, at=at(1))
    with clock.standing_at(at(1)):
        assert jobs.run_due(only=OURS) == 1

    raw.refresh_from_db()
    assert raw.state == RawMail.State.UNREADABLE
