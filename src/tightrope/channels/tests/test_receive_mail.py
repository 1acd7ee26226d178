from __future__ import annotations

import random

import pytest
from django.db import connection

from tightrope.channels import actions, originals
from tightrope.channels.models import Message, RawMail
from tightrope.channels.tests.factories import NOW, OURS, arrive, at, letter, mail, message_of
from tightrope.core import clock, faults, jobs
from tightrope.core.actor import SYSTEM
from tightrope.files import storage

pytestmark = pytest.mark.django_db


def test_a_mail_is_kept_before_anything_reads_it():
    row = actions.receive_mail(mail(), mailbox="box", uid="1", at=NOW)

    assert row.state == RawMail.State.NEW
    assert originals.content_of(row) == mail()
    assert not Message.objects.exists()


def test_a_fault_after_keeping_loses_nothing_and_doubles_nothing():
    faults.arm(actions.STORED)
    with pytest.raises(faults.InjectedFault):
        actions.receive_mail(mail(), mailbox="box", uid="1", at=NOW)

    arrive(mail(), uid="1")

    assert RawMail.objects.count() == Message.objects.count() == 1


def test_many_mails_delivered_up_to_three_times_are_one_each():
    choose = random.Random(5)
    deliveries = [
        (str(number), mail(f"text {number}", message_id=f"<{number}@x.example>"))
        for number in range(30)
        for _time in range(choose.randint(1, 3))
    ]
    choose.shuffle(deliveries)

    for uid, raw in deliveries:
        actions.receive_mail(raw, mailbox="box", uid=uid, at=NOW)
    with clock.standing_at(NOW):
        jobs.run_due(only=OURS)

    assert Message.objects.count() == 30


def test_an_equal_id_with_another_body_is_another_mail():
    arrive(mail("one"), uid="1")
    arrive(mail("two"), uid="2", minutes=1)

    assert [m.text.strip() for m in Message.objects.order_by("at")] == ["one", "two"]


def test_an_equal_place_with_another_content_is_another_mail():
    arrive(mail("one", message_id="<a@x.example>"), uid="1")
    arrive(mail("two", message_id="<b@x.example>"), uid="1", minutes=1)

    assert Message.objects.count() == 2


def test_the_same_mail_by_two_ways_is_one():
    first = arrive(mail(), uid="1", mailbox="a")
    second = arrive(b"Received: by another way\r\n" + mail(), uid="9", mailbox="b", minutes=1)

    assert (first.state, second.state) == (RawMail.State.READ, RawMail.State.DUPLICATE)
    assert Message.objects.count() == 1


def test_nobody_silences_another_by_sending_his_id_and_text_before_him():
    arrive(mail(sender="mallory@evil.example"), uid="1")
    real = arrive(mail(), uid="2", minutes=1)

    assert real.state == RawMail.State.READ


def test_our_own_mail_that_comes_back_is_not_taken(outside):
    ours = letter()

    echo = arrive(mail(message_id=f"<{ours.message_id}>"))

    assert (echo.state, echo.reason) == (RawMail.State.REFUSED, "own-message")


def test_a_mail_from_the_null_sender_counts_as_a_machines():
    assert message_of(arrive(mail(), envelope_from="")).is_automatic
    person = mail("hello", message_id="<two@x.example>")
    assert not message_of(arrive(person, uid="2", envelope_from="wang@x.example")).is_automatic


def test_without_an_envelope_nothing_is_concluded_from_it():
    assert not message_of(arrive(mail())).is_automatic


def test_a_mail_from_our_own_address_counts_as_a_machines():
    read = message_of(arrive(mail(sender="service+x@hengyuan.example")))

    assert read.facts["marks"] == ["own-address"]


def test_a_person_may_say_that_a_person_wrote_it():
    raw = arrive(mail(headers="Precedence: bulk"))
    machine = message_of(raw)
    assert machine.is_automatic

    actions.vouch_for(machine, by=SYSTEM, at=at(5))
    actions.vouch_for(machine, by=SYSTEM, at=at(5))
    with clock.standing_at(at(5)):
        jobs.run_due(only=OURS)

    again = message_of(raw)
    assert again.pk != machine.pk
    assert not again.is_automatic


def test_a_mail_without_any_sender_is_set_apart():
    raw = arrive(b"Subject: nobody\r\n\r\nhello\r\n")

    assert (raw.state, raw.reason) == (RawMail.State.UNREADABLE, "no-sender")


def test_what_the_database_cannot_hold_is_replaced():
    read = message_of(arrive(mail("zero \x00 byte", subject="a\x00b")))

    assert "\x00" not in read.text + read.subject


def test_only_the_beginning_of_a_huge_mail_is_read_and_said_so():
    whole = (
        b"From: wang@x.example\r\nTo: service@hengyuan.example\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nsee the film\r\n"
        b"--B\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"AAAA"
        * 5000
    )

    read = message_of(arrive(whole, full_size=80_000_000))

    assert read.text.strip() == "see the film"
    assert "too big" in read.facts["cuts"]
    assert [one["left_out"] for one in read.left_out] == ["cut-off"]


def test_a_file_that_is_too_large_is_named_on_the_message(settings):
    settings.FILES_LARGEST_BYTES = 10
    raw = (
        b"From: wang@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
        b"--B\r\n\r\nhello\r\n--B\r\nContent-Type: text/plain; name=log.txt\r\n"
        b"Content-Disposition: attachment; filename=log.txt\r\n\r\n0123456789ABCDEF\r\n--B--\r\n"
    )

    read = message_of(arrive(raw))

    assert [(one["name"], one["left_out"]) for one in read.left_out] == [("log.txt", "too-large")]


def test_a_lost_reading_job_is_taken_up_again():
    actions.receive_mail(mail(), mailbox="box", uid="1", at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    assert actions.read_what_was_left(at=at(5)) == 0
    assert actions.read_what_was_left(at=at(20)) == 1


def test_old_raw_mails_keep_only_their_hash(django_capture_on_commit_callbacks):
    raw = arrive(mail())
    lies_at = storage.path_of(raw.storage_key)

    assert actions.forget_raw_mails(at=at(60)) == 0
    assert lies_at.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget_raw_mails(at=at(60 * 24 * 181)) == 1
    raw.refresh_from_db()
    assert (originals.content_of(raw), lies_at.exists()) == (b"", False)
    assert len(raw.sha256) == 64
    with pytest.raises(actions.Forgotten):
        RawMail.objects.filter(pk=raw.pk).update(state=RawMail.State.UNREADABLE)
        actions.read_again(raw, by=SYSTEM, at=at(60))
