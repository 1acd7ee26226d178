"""Mails made to stop a reader: each ends as text or as Unreadable, in bounded time and memory."""

import base64
import time
from collections.abc import Callable, Iterator

import pytest

from tightrope.channels.mail.parsed import ParsedMail, Unreadable
from tightrope.channels.mail.reader import MailReader
from tightrope.channels.mail.tests.mails import html_mail, mail

MB = 1024 * 1024
MULTIPART = b"Content-Type: multipart/mixed; boundary=x"

READABLE: dict[str, Callable[[], bytes]] = {
    "subject of 20,000 encoded words": lambda: mail(b"Subject: " + b" ".join([b"=?utf-8?B?5bm/5bGF?="] * 20_000)),
    "folded subject of 20,000 words": lambda: mail(b"Subject: " + b"\r\n ".join([b"=?utf-8?Q?=E5=B9=BF?="] * 20_000)),
    "half-finished encoded words": lambda: mail(b"Subject: " + b"=?utf-8?B?" * 50_000),
    "subject of 1 MB": lambda: mail(b"Subject: " + b"x" * MB),
    "20,000 Content-Type parameters": lambda: mail(
        b"Content-Type: text/plain; " + b"".join(b"a%d=b; " % n for n in range(20_000))
    ),
    "20,000 continued parameters": lambda: mail(
        b"Content-Type: text/plain; " + b"".join(b"name*%d*=%%41; " % n for n in range(20_000))
    ),
    "500 nested comments": lambda: b"From: " + b"(" * 500 + b")" * 500 + b" a@b.cn\r\n\r\nhello",
    "10,000 open comments": lambda: b"From: " + b"(" * 10_000 + b" a@b.cn\r\n\r\nhello",
    "10,000 addresses": lambda: mail(b"Cc: " + b", ".join(b"u%d@example.cn" % n for n in range(10_000))),
    "100,000 headers": lambda: mail(b"\r\n".join(b"X-%d: y" % n for n in range(100_000))),
    "1,000 nested messages": lambda: mail(b"Content-Type: message/rfc822\r\n\r\n" * 1_000),
    "a boundary that never ends": lambda: mail(MULTIPART, b"--x\r\n\r\nhello"),
    "50 MB of base64": lambda: mail(
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64",
        base64.encodebytes(b"abc" * 12_800_000),
    ),
    "50 MB of text": lambda: mail(b"", b"> hello world\r\n" * 3_400_000),
    "50 MB of false GBK": lambda: mail(b"Content-Type: text/plain; charset=big5", "空调坏了，".encode("gbk") * 5_000_000),
    "100,000 nested div": lambda: html_mail("<div>" * 100_000 + "hello"),
    "a million nested div": lambda: html_mail("hello " + "<div>" * 800_000),
    "200,000 attributes": lambda: html_mail("<p " + "".join(f"a{n}=1 " for n in range(200_000)) + ">hello"),
    "a million entities": lambda: html_mail("hello " + "&amp;" * 800_000),
    "a million angle brackets": lambda: html_mail("hello " + "<" * 1_000_000),
    "open quotes in tags": lambda: html_mail("hello " + '<a "' * 500_000),
    "open comments": lambda: html_mail("hello " + "<!--" * 500_000),
    "misnested formatting": lambda: html_mail("hello " + "<b><p></b>" * 30_000),
    "links in links": lambda: html_mail("hello " + "<a href=x>" * 90_000),
    "nested tables": lambda: html_mail("<table><tr><td>" * 20_000 + "hello"),
}  # fmt: skip

REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "100,000 parts": (
        "too-many-parts",
        lambda: mail(MULTIPART, b"--x\r\n\r\nhello\r\n" * 100_000 + b"--x--"),
    ),
    "3,000 nested multiparts": (
        "too-deep",
        lambda: (
            mail(
                b"X: y",
                b"",
            ).replace(b"\r\n\r\n", b"\r\n")
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)
            )
        ),
    ),
    "17 million header lines": ("too-many-header-lines", lambda: mail(b"a:\r\n" * 10_000_000)),
    "17 million delimiters": ("too-many-boundaries", lambda: mail(MULTIPART, b"--\n" * 17_000_000)),
    "more than 50 MB": ("too-big", lambda: b"x" * (50 * MB + 1)),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[MailReader]:
    with MailReader() as shared:
        yield shared


@pytest.mark.parametrize("name", READABLE)
def test_a_bomb_is_read_within_the_limits(name: str, reader: MailReader) -> None:
    raw = READABLE[name]()
    began = time.monotonic()

    result = reader.read(raw)

    # The child has 512 MB and 10 s by its own limits; a few tenths go to starting the next one.
    assert time.monotonic() - began < 11
    assert isinstance(result, ParsedMail)
    assert "hello" in result.text or result.attachments or "空调坏了" in result.text


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_beyond_the_limits_is_refused_by_name(name: str, reader: MailReader) -> None:
    reason, make = REFUSED[name]
    raw = make()
    began = time.monotonic()

    result = reader.read(raw)

    assert time.monotonic() - began < 11
    assert result == Unreadable(reason)


def test_a_good_mail_behind_a_bomb_is_read_at_once(reader: MailReader) -> None:
    reader.read(READABLE["100,000 nested div"]())

    result = reader.read(mail(b"Subject: good"))

    assert isinstance(result, ParsedMail)
    assert result.subject == "good"
