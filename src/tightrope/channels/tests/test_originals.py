"""The bytes of mails lie in the storage of files: whole before their row, known to sweep, proof and backup."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tightrope.channels import actions, originals, verify
from tightrope.channels.models import RawMail
from tightrope.channels.tests.factories import NOW, arrive, mail, message_of
from tightrope.core import clock, faults
from tightrope.files import actions as files
from tightrope.files import storage
from tightrope.files import verify as files_verify

pytestmark = pytest.mark.django_db
LATER = datetime.now(UTC) + timedelta(days=3)


def receive(raw: bytes, uid: str = "1") -> RawMail:
    return actions.receive_mail(raw, mailbox="box", uid=uid, at=NOW)


def test_a_mail_lies_under_a_random_name_and_not_in_the_table(settings):
    row = receive(mail())

    row.refresh_from_db()
    assert bytes(row.content) == b""
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}", row.storage_key)
    assert storage.path_of(row.storage_key).read_bytes() == mail()
    assert (originals.head_of(row, 4), originals.content_of(row)) == (mail()[:4], mail())


def test_the_same_bytes_lie_there_once():
    first, again = receive(mail()), receive(mail(), uid="2")

    assert first.pk == again.pk
    assert [key for key, _at in storage.everything()] == [first.storage_key]


def test_an_empty_mail_needs_no_content_and_contradicts_nothing():
    row = arrive(b"")

    assert (row.storage_key, originals.content_of(row)) == ("", b"")
    assert verify.contradictions() == []


def test_bytes_whose_row_never_came_are_swept_and_those_of_a_mail_stay():
    kept = receive(mail())
    faults.arm("mail.written")
    with pytest.raises(faults.InjectedFault):
        receive(mail(message_id="<lost@x.example>"), uid="2")
    assert len(list(storage.everything())) == 2

    assert files.sweep_orphans(at=LATER) == 1

    assert [key for key, _at in storage.everything()] == [kept.storage_key]
    with clock.standing_at(LATER):
        assert files_verify.contradictions() == []


def test_mails_of_before_move_out_of_the_table_one_by_one():
    old = [arrive(mail(message_id=f"<{n}@x.example>"), uid=str(n)) for n in range(3)]
    for row in old:
        content = originals.content_of(row)
        storage.delete(row.storage_key)
        RawMail.objects.filter(pk=row.pk).update(content=content, storage_key="")
    assert originals.content_of(RawMail.objects.get(pk=old[0].pk)) == mail(message_id="<0@x.example>")
    assert verify.contradictions() == []

    assert [actions.move_originals(limit=2) for _ in range(3)] == [2, 1, 0]

    for number, row in enumerate(old):
        row.refresh_from_db()
        assert bytes(row.content) == b""
        assert storage.read(row.storage_key) == mail(message_id=f"<{number}@x.example>")
    assert verify.contradictions() == []


def test_a_mail_that_lay_in_the_table_is_read_all_the_same():
    row = receive(mail())
    RawMail.objects.filter(pk=row.pk).update(content=mail(), storage_key="")

    read = arrive(mail())

    assert message_of(read).text.strip() == "三楼漏水"
