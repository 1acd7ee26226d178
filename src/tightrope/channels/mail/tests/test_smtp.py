"""Sending and receiving over real SMTP on the loopback, and what is said when something fails."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tightrope.channels.mail.build import BuiltMail
from tightrope.channels.mail.smtp_in import ReceivedMail, Receiver, ReceiverSettings
from tightrope.channels.mail.smtp_out import Result, SmtpSettings, send_mail
from tightrope.channels.mail.tests.mails import mail
from tightrope.channels.mail.tls import Encryption


class Store:
    """Keeps mails, or fails as told."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.error: Exception | None = None

    def __call__(self, received: ReceivedMail) -> None:
        if self.error is not None:
            raise self.error
        self.mails.append(received)


@contextmanager
def receiving(store: Store, *, max_bytes: int = 100_000, max_connections: int = 50) -> Iterator[Receiver]:
    settings = ReceiverSettings(port=0, max_bytes=max_bytes, max_connections=max_connections)
    receiver = Receiver(
        settings, is_recipient=lambda email: email.endswith("@tightrope.example"), store=store
    )
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


def to(receiver_port: int) -> SmtpSettings:
    return SmtpSettings(
        "127.0.0.1", receiver_port, Encryption.NONE, own_hostname="client.example", timeout_seconds=5
    )


def built(*recipients: str, raw: bytes = mail(b"Subject: x"), sender: str = "wang@example.cn") -> BuiltMail:
    return BuiltMail(raw, sender, recipients or ("support@tightrope.example",), "one@example.cn")


def test_a_mail_sent_is_stored_byte_for_byte_with_its_envelope() -> None:
    store = Store()
    raw = mail(b"Subject: x", b"one\r\n.dot\r\n\xb0\xa1 " + b"long" * 2_000 + b"\r\n")
    with receiving(store) as receiver:
        outcome = send_mail(built(raw=raw), settings=to(receiver.port))

    assert outcome.result is Result.ACCEPTED
    assert [one.raw for one in store.mails] == [raw]
    received = store.mails[0]
    assert received.envelope_sender == "wang@example.cn"
    assert received.envelope_recipients == ("support@tightrope.example",)
    assert (received.peer_address, received.helo) == ("127.0.0.1", "client.example")


def test_the_null_sender_of_automatic_mail_arrives_empty() -> None:
    store = Store()
    with receiving(store) as receiver:
        send_mail(built(sender=""), settings=to(receiver.port))

    assert store.mails[0].envelope_sender == ""


def test_a_mail_that_could_not_be_stored_is_to_be_sent_again() -> None:
    store = Store()
    store.error = OSError("disk full")
    with receiving(store) as receiver:
        failed = send_mail(built(), settings=to(receiver.port))
        store.error = None
        again = send_mail(built(), settings=to(receiver.port))

    assert (failed.result, failed.code) == (Result.TEMPORARY, 451)
    assert again.result is Result.ACCEPTED
    assert len(store.mails) == 1


def test_unknown_recipients_are_refused_and_the_others_get_the_mail() -> None:
    store = Store()
    with receiving(store) as receiver:
        none = send_mail(built("a@elsewhere.example"), settings=to(receiver.port))
        some = send_mail(
            built("a@elsewhere.example", "support@tightrope.example"), settings=to(receiver.port)
        )

    assert (none.result, none.code) == (Result.PERMANENT, 550)
    assert some.result is Result.ACCEPTED
    assert some.refused["a@elsewhere.example"][0] == 550
    assert [one.envelope_recipients for one in store.mails] == [("support@tightrope.example",)]


def test_a_recipient_check_that_fails_is_temporary() -> None:
    def broken(email: str) -> bool:
        raise ConnectionError("database gone")

    receiver = Receiver(ReceiverSettings(port=0), is_recipient=broken, store=lambda _: None)
    receiver.start()
    try:
        outcome = send_mail(built(), settings=to(receiver.port))
    finally:
        receiver.stop()

    assert (outcome.result, outcome.code) == (Result.TEMPORARY, 451)


def test_a_mail_beyond_the_size_limit_is_refused_for_good_also_if_its_size_is_not_announced() -> None:
    store = Store()
    big = mail(b"Subject: big", b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 3_000)
    with receiving(store) as receiver:
        announced = send_mail(built(raw=big), settings=to(receiver.port))
        with smtplib.SMTP("127.0.0.1", receiver.port, timeout=5) as client:
            client.helo("x")
            client.mail("wang@example.cn")
            client.rcpt("support@tightrope.example")
            code, _ = client.data(big)

    assert (announced.result, announced.code) == (Result.PERMANENT, 552)
    assert code == 552
    assert store.mails == []


def test_too_many_connections_are_told_to_come_back() -> None:
    with (
        receiving(Store(), max_connections=1) as receiver,
        smtplib.SMTP("127.0.0.1", receiver.port, timeout=5),
    ):
        outcome = send_mail(built(), settings=to(receiver.port))

    assert (outcome.result, outcome.code) == (Result.TEMPORARY, 421)


def test_a_smuggled_second_mail_stays_inside_the_first() -> None:
    store = Store()
    with (
        receiving(store) as receiver,
        socket.create_connection(("127.0.0.1", receiver.port), timeout=5) as raw,
    ):
        file = raw.makefile("rb")
        file.readline()
        for command in (b"HELO x", b"MAIL FROM:<a@b.cn>", b"RCPT TO:<support@tightrope.example>", b"DATA"):
            raw.sendall(command + b"\r\n")
            file.readline()
        raw.sendall(
            b"Subject: x\r\n\r\nhello\n.\nMAIL FROM:<evil@b.cn>\r\nRCPT TO:<x@tightrope.example>\r\nDATA\r\nbad\r\n.\r\n"
        )
        file.readline()

    assert len(store.mails) <= 1
    assert all(one.envelope_sender == "a@b.cn" for one in store.mails)


def test_no_server_is_temporary_and_quick() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = send_mail(built(), settings=to(unused.getsockname()[1]))

    assert outcome.result is Result.TEMPORARY
    assert not outcome.is_uncertain


def _scripted_server(answers: list[bytes], *, hangs: bool) -> tuple[int, threading.Thread]:
    """A server that gives these answers line by line and then closes or hangs."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, listener:
            file = connection.makefile("rb")
            connection.sendall(answers[0])
            for answer in answers[1:]:
                file.readline()
                connection.sendall(answer)
            while file.readline() not in (b".\r\n", b""):
                pass
            if hangs:
                time.sleep(1.5)

    thread = threading.Thread(target=serve)
    thread.start()
    return listener.getsockname()[1], thread


@pytest.mark.parametrize("hangs", [True, False])
def test_a_connection_lost_after_the_mail_was_handed_over_is_uncertain(hangs: bool) -> None:
    answers = [b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 go\r\n"]
    port, thread = _scripted_server(answers, hangs=hangs)
    settings = SmtpSettings("127.0.0.1", port, Encryption.NONE, own_hostname="x", timeout_seconds=0.7)

    outcome = send_mail(built(), settings=settings)
    thread.join()

    assert outcome.result is Result.TEMPORARY
    assert outcome.is_uncertain


@pytest.mark.parametrize(
    ("answer", "result"),
    [(b"550 5.7.1 refused\r\n", Result.PERMANENT), (b"421 4.3.2 busy\r\n", Result.TEMPORARY)],
)
def test_what_the_server_says_to_the_sender_decides(answer: bytes, result: Result) -> None:
    port, thread = _scripted_server([b"220 x\r\n", b"250 x\r\n", answer, b"221 bye\r\n"], hangs=False)

    outcome = send_mail(built(), settings=to(port))
    thread.join()

    assert outcome.result is result
