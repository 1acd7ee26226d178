"""The threads of the worker: a mailbox at Debian's dovecot, and our own SMTP receiver."""

from __future__ import annotations

import os
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tightrope.channels import fetcher, heartbeats, receiver
from tightrope.channels.listening import start_in_background
from tightrope.channels.mail.tests.test_imap import DOVECOT, server  # noqa: F401 - the fixture
from tightrope.channels.mail.tls import Encryption
from tightrope.channels.models import Message, RawMail
from tightrope.channels.tests.factories import CUSTOMER, OURS, SERVICE, mail
from tightrope.core import jobs
from tightrope.core.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)

with_dovecot = [
    pytest.mark.imap,
    pytest.mark.skipif(not Path(DOVECOT).exists(), reason="Debian's dovecot is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="dovecot drops privileges and so must be started by root"),
]


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def smtp_port(settings) -> Iterator[int]:
    settings.MAIL_IMAP_URL = ""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.MAIL_IN_LISTEN = f"127.0.0.1:{port}"
    listening = start_in_background()
    wait_until(lambda: Heartbeat.objects.filter(part=receiver.PART).exists())
    yield port
    listening.stop()
    assert not any(thread.is_alive() for thread in listening.threads)


def test_mail_by_smtp_is_answered_only_when_it_is_kept(smtp_port):
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as sender:
        sender.sendmail(CUSTOMER, [SERVICE], mail())
        sender.sendmail(CUSTOMER, [SERVICE], mail())

    raw = RawMail.objects.get()
    assert (raw.envelope_from, raw.envelope_to) == (CUSTOMER, [SERVICE])
    jobs.run_due(only=OURS)
    assert Message.objects.get().text.strip() == "三楼漏水"


def test_mail_from_nobody_is_known_as_such(smtp_port):
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as sender:
        sender.sendmail("", [SERVICE], mail())

    assert RawMail.objects.get().envelope_from == "<>"


def test_mail_for_others_is_refused_at_once(smtp_port):
    with (
        smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as sender,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):
        sender.sendmail(CUSTOMER, ["somebody@elsewhere.example"], mail())

    assert not RawMail.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        (SERVICE, True),
        ("SERVICE+x@hengyuan.example", True),
        ("reply+outdated@hengyuan.example", True),
        ("postmaster@hengyuan.example", True),
        ("wang@hengyuan.example", False),
        ("service@elsewhere.example", False),
    ],
)
def test_we_take_mail_for_ourselves_alone(address, is_ours):
    assert receiver.is_recipient(address) is is_ours


@pytest.mark.parametrize("listen", ["nonsense", "host:", "host:99999", ":x"])
def test_a_broken_address_to_listen_at_is_named(listen):
    with pytest.raises(receiver.BrokenAddress):
        receiver.receiver_settings(listen)


def test_a_broken_address_ends_the_thread_and_tells_the_operator(settings):
    settings.MAIL_IMAP_URL, settings.MAIL_IN_LISTEN = "pop3://x", ""

    listening = start_in_background()
    wait_until(lambda: not listening.threads[0].is_alive())

    assert "imaps://" in heartbeats.facts_of(fetcher.PART)["trouble"]


def test_nothing_listens_when_nothing_is_set_up(settings):
    settings.MAIL_IMAP_URL = settings.MAIL_IN_LISTEN = ""

    assert start_in_background().threads == []


def test_an_imap_address_says_all():
    found = fetcher.imap_settings("imaps://us%40x.example:p%2Fw@mail.x.example/Support%20Desk")
    assert (found.username, found.password) == ("us@x.example", "p/w")
    assert (found.port, found.folder, found.encryption) == (993, "Support Desk", Encryption.TLS)
    plain = fetcher.imap_settings("imap://u:p@h?security=none")
    assert (plain.port, plain.folder, plain.encryption) == (143, "INBOX", Encryption.NONE)
    assert fetcher.imap_settings("imap://u:p@h").encryption is Encryption.STARTTLS


@pytest.mark.parametrize("url", ["pop3://u:secret@h", "imaps://h/INBOX", "imaps://u:secret@h:99999/"])
def test_a_broken_imap_address_is_named_without_its_password(url):
    with pytest.raises(fetcher.BrokenAddress) as refusal:
        fetcher.imap_settings(url)
    assert "secret" not in str(refusal.value)


class TestMailbox:
    pytestmark = with_dovecot

    def test_mail_in_a_mailbox_becomes_messages_once(self, settings, server):  # noqa: F811
        gb = "发件：三楼漏水".encode("gb18030")
        head = f"From: {CUSTOMER}\r\nContent-Type: text/plain; charset=gb2312\r\nMessage-ID: <gb@x.example>\r\n\r\n"
        server.deliver(head.encode() + gb + b"\r\n")
        server.deliver(mail(message_id="<two@x.example>"))
        settings.MAIL_IN_LISTEN = ""
        settings.MAIL_IMAP_URL = f"imap://support:secret@127.0.0.1:{server.port}/INBOX?security=none"

        listening = start_in_background()
        wait_until(lambda: RawMail.objects.count() == 2)
        server.deliver(mail("by idle", message_id="<three@x.example>"))
        wait_until(lambda: RawMail.objects.count() == 3)
        wait_until(lambda: server.unseen() == 0)
        listening.stop()
        server.renumber()
        again = start_in_background()
        wait_until(lambda: heartbeats.facts_of(fetcher.PART).get("last_uid", 0) > 0)
        again.stop()

        jobs.run_due(only=OURS)
        assert sorted(m.text.strip() for m in Message.objects.all()) == [
            "by idle",
            "三楼漏水",
            "发件：三楼漏水",
        ]

    def test_a_wrong_password_is_shown_to_the_operator(self, settings, server):  # noqa: F811
        settings.MAIL_IN_LISTEN = ""
        settings.MAIL_IMAP_URL = f"imap://support:wrong@127.0.0.1:{server.port}/INBOX?security=none"

        listening = start_in_background()
        wait_until(lambda: "trouble" in heartbeats.facts_of(fetcher.PART))
        listening.stop()

        assert "wrong" not in heartbeats.facts_of(fetcher.PART)["trouble"]
