"""What a mail says, read as its sender meant it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.channels.mail.addresses import read_addresses, read_message_ids
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import Address, Mark, ParsedMail, Unreadable
from tightrope.channels.mail.tests.mails import mail, patient
from tightrope.channels.mail.words import decode_header


def parsed(headers: bytes = b"", body: bytes = b"hello\r\n") -> ParsedMail:
    result = parse_mail(mail(headers, body))
    assert isinstance(result, ParsedMail)
    return result


@patient
@given(st.binary(max_size=3_000))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    assert isinstance(parse_mail(raw), ParsedMail | Unreadable)


FRAGMENTS = [
    b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=x\r\n", b"--x\r\n", b"--x--\r\n",
    b"Content-Type: text/html\r\n", b"Content-Type: message/delivery-status\r\n", b"=?gb2312?B?", b"=?big5?Q?=A4=E9?=",
    b"?=", b"\r\n", b"\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n", b"filename*0*=", b"'''", b'"', b"(", b"<a@b>",
    b"\x1b$B", b"\xb0\xa1", b"\xff\xfe", b"<blockquote>", b"</div>", b"\xe5\x9c\xa8", b"wrote:\n> ", b"Final-Recipient: ",
    b"Date: ", b"-- \n", b"Content-Disposition: attachment; ", b"Message-ID: ", b"&#x110000;", b"charset=utf-16\r\n",
]  # fmt: skip


@patient
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=20)), max_size=60))
def test_any_heap_of_mail_fragments_is_read_without_an_error(pieces: list[bytes]) -> None:
    assert isinstance(parse_mail(b"".join(pieces)), ParsedMail | Unreadable)


def test_headers_are_read() -> None:
    result = parsed(
        b"Cc: =?gb2312?B?zfXA2g==?= <Wang@Example.CN>, \"Li, Na\" <li@example.cn>\r\n"
        b"Reply-To: desk@example.cn\r\nMessage-ID: <one@example.cn>\r\nIn-Reply-To: <a@b>\r\n"
        b"References: <x@y>\r\n <a@b>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0800\r\nDelivered-To: support@here.example"
    )  # fmt: skip

    assert result.sender == Address("Wang Lei", "wang@example.cn")
    assert result.cc == (Address("王磊", "Wang@example.cn"), Address("Li, Na", "li@example.cn"))
    assert result.reply_to == (Address("", "desk@example.cn"),)
    assert result.recipients[0].email == "support@here.example"
    assert (result.message_id, result.in_reply_to, result.references) == (
        "one@example.cn",
        ("a@b",),
        ("x@y", "a@b"),
    )
    assert result.date_claimed == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [b"yesterday", b"Fri, 99 Nov 99999 10:00:00 +0800", b"", b"Mon, 31 Dec 9999 23:59:59 -2359"]
)
def test_a_date_that_is_none_is_none(value: bytes) -> None:
    assert parsed(b"Date: " + value).date_claimed is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a@b.cn", [("", "a@b.cn")]),
        (b"<a@b.cn>", [("", "a@b.cn")]),
        (b"a@b.cn (Wang (the (first)) Lei)", [("Wang (the (first)) Lei", "a@b.cn")]),
        (b'"a@evil.cn" <real@b.cn>', [("a@evil.cn", "real@b.cn")]),
        (b'"quoted \\" name" <a@b.cn>', [('quoted " name', "a@b.cn")]),
        (b"team: a@b.cn, c@d.cn; e@f.cn", [("", "a@b.cn"), ("", "c@d.cn"), ("", "e@f.cn")]),
        (b"undisclosed-recipients:;", []),
        (b"Wang, Lei <a@b.cn>", [("Wang", ""), ("Lei", "a@b.cn")]),
        ("王磊 <a@b.cn>".encode("gbk"), [("王磊", "a@b.cn")]),
        ("王磊＜a@b.cn＞".encode(), [("王磊", "a@b.cn")]),
        (b'"=?utf-8?B?546L56OK?=" <a@b.cn>', [("王磊", "a@b.cn")]),
        (b"=?utf-8?Q?Wang=2C_Lei?= <a@b.cn>", [("Wang, Lei", "a@b.cn")]),
        (b"no address at all", [("no address at all", "")]),
        (b"<@relay.cn:a@b.cn>", [("", "a@b.cn")]),
        (b"<a@b.cn", [("", "a@b.cn")]),
    ],
)  # fmt: skip
def test_address_lists_are_read(value: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(address.name, address.email) for address in read_addresses(value)] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"=?utf-8?B?5L2g?= =?utf-8?B?5aW9?=", "你好"),
        (b"=?utf-8?B?5L0=?= =?utf-8?B?oOWlvQ==?=", "你好"),
        (b"Re: =?gb2312?Q?=B6=A9=B5=A5?= 17", "Re: 订单 17"),
        (b"=?iso-2022-jp?B?GyRCPSRNfRsoQg==?=", "修理"),
        (b"=?utf-8*zh?B?5L2g?=", "你"),
        (b"=?utf-8?B?5L2g5aW9", "=?utf-8?B?5L2g5aW9"),
        (b"=?nonsense?B?5L2g?=", "你"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        (b"plain =?utf-8?Q?=C3=A9t=C3=A9?= text", "plain été text"),
        (b"=?utf-8?B?!!!5L2g?=", "你"),
        (b"one\r\n two", "one two"),
    ],
)
def test_encoded_words_are_read(value: bytes, expected: str) -> None:
    assert decode_header(value) == expected


def test_an_encoded_subject_cannot_bring_line_breaks() -> None:
    assert decode_header(b"=?utf-8?Q?a=0D=0ABcc:_x@y.cn=00?=") == "a Bcc: x@y.cn"


def test_message_ids_are_read_without_brackets() -> None:
    assert read_message_ids(b"<a@b> comment <c@d>\t<a@b>") == ("a@b", "c@d")
    assert read_message_ids(b"bare@id") == ("bare@id",)
    assert read_message_ids(b"no id") == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b'attachment; filename="=?gb2312?B?t6LGsS5wZGY=?="', "发票.pdf"),
        (b"attachment; filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        (b"attachment; filename*0*=gb2312''%B7%A2; filename*1*=%C6%B1; filename*2=.pdf", "发票.pdf"),
        (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ('attachment; filename="发票.pdf"'.encode("gbk"), "发票.pdf"),
        (b'attachment; filename="C:\\\\fakepath\\\\a.pdf"', "a.pdf"),
        (b'attachment; filename="../../etc/passwd"', "passwd"),
        (b"attachment; filename*=utf-8''a%E2%80%AEfdp.exe", "afdp.exe"),
        (b"attachment; filename*=utf-8''a%00b%0D%0A.pdf", "ab.pdf"),
        (b'attachment; filename="a; b.pdf"', "a; b.pdf"),
        (b"attachment", "document.pdf"),
        (b'attachment; filename=" .. "', "document.pdf"),
    ],
)
def test_file_names_are_read_and_defused(header: bytes, expected: str) -> None:
    result = parsed(b"Content-Type: application/pdf\r\nContent-Disposition: " + header)

    assert result.attachments[0].name == expected


def test_a_very_long_file_name_keeps_its_ending() -> None:
    name = parsed(b'Content-Type: application/pdf; name="' + b"a" * 5_000 + b'.pdf"').attachments[0].name

    assert len(name) <= 200
    assert name.endswith(".pdf")


def test_the_plain_text_of_an_alternative_is_the_text() -> None:
    result = parsed(
        b"Content-Type: multipart/alternative; boundary=x",
        b"--x\r\n\r\nplain words\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>html words\r\n--x--",
    )

    assert result.text == "plain words"
    assert result.html == "<p>html words"


def test_text_is_taken_from_html_when_there_is_nothing_else() -> None:
    html = (
        b"<head><title>no</title><style>p{}</style></head><body><!-- no --><p>Hello &amp; <b>good</b>"
        b" day</p>5 < 6<ul><li>one<li>two</ul><script>no()</script><td>a<td>b</body>"
    )
    result = parsed(b"Content-Type: text/html", html)

    assert result.text == "Hello & good day\n\n5 < 6\n- one\n- two\na b"


def test_an_empty_plain_part_beside_html_counts_as_none() -> None:
    result = parsed(
        b"Content-Type: multipart/alternative; boundary=x",
        b"--x\r\n\r\n \r\n--x\r\nContent-Type: text/html\r\n\r\n<p>words\r\n--x--",
    )

    assert result.text == "words"


def test_text_around_a_picture_stays_together_and_a_nested_mail_is_a_file() -> None:
    result = parsed(
        b"Content-Type: multipart/mixed; boundary=x",
        b"--x\r\n\r\nabove\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <p1>\r\n\r\npng\r\n"
        b"--x\r\n\r\nbelow\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner text\r\n"
        b"--x\r\nContent-Type: application/ms-tnef\r\n\r\ntnef\r\n"
        b"--x\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--x--",
    )

    assert result.text == "above\n\nbelow"
    names = [(one.name, one.cid, one.is_inline) for one in result.attachments]
    assert names == [
        ("picture.png", "p1", True), ("message.eml", "", False), ("winmail.dat", "", False), ("invitation.ics", "", False),
    ]  # fmt: skip


def test_flowed_text_is_joined() -> None:
    result = parsed(b"Content-Type: text/plain; format=flowed", b"one \r\ntwo\r\n> q1 \r\n> q2\r\n-- \r\nsig")

    assert result.text == "one two\n> q1 q2\n-- \nsig"


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        (b"Auto-Submitted: auto-replied", Mark.AUTO_SUBMITTED),
        (b"Auto-Submitted: auto-generated (rejected)", Mark.AUTO_SUBMITTED),
        (b"Precedence: bulk", Mark.PRECEDENCE),
        (b"List-Id: <dev.example.cn>", Mark.LIST),
        (b"X-Autoreply: yes", Mark.AUTO_REPLY_HEADER),
        (b"X-POST-MessageClass: 9; Autoresponder", Mark.AUTO_REPLY_HEADER),
        (b"X-Auto-Response-Suppress: OOF, AutoReply", Mark.SUPPRESS),
        (b"Return-Path: <>", Mark.NULL_RETURN_PATH),
        (b"Content-Type: multipart/report; report-type=disposition-notification", Mark.READ_RECEIPT),
        (b"Content-Type: text/calendar; method=REPLY", Mark.CALENDAR_REPLY),
        (b"Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmgqjlpb0=?=", Mark.SUBJECT),
        (b"Subject: Out of Office: Re: lift", Mark.SUBJECT),
        (b"X-Loop: support@example.cn", Mark.LOOP_HEADER),
    ],
)
def test_automatic_mail_is_known_and_says_why(headers: bytes, mark: Mark) -> None:
    assert parsed(headers).automatic == (mark,)


@pytest.mark.parametrize(
    "headers",
    [b"Auto-Submitted: no", b"X-Auto-Response-Suppress: DR, RN", b"Return-Path: <wang@example.cn>", b"Precedence: normal"],
)  # fmt: skip
def test_a_person_is_not_taken_for_a_robot(headers: bytes) -> None:
    assert parsed(headers).automatic == ()


@pytest.mark.parametrize(
    "address", ["MAILER-DAEMON@x.cn", "no-reply@x.cn", "noreply+17@x.cn", "postmaster@x.cn"]
)
def test_robots_are_known_by_their_address(address: str) -> None:
    result = parse_mail(f"From: {address}\r\n\r\nhello".encode())

    assert isinstance(result, ParsedMail)
    assert result.automatic == (Mark.ROBOT_ADDRESS,)


def report(action: bytes, status: bytes) -> ParsedMail:
    return parsed(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        b"--x\r\n\r\nIt failed.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example.cn\r\n\r\nFinal-Recipient: rfc822; Li@Example.CN\r\n"
        b"Action: " + action + b"\r\nStatus: " + status + b"\r\nDiagnostic-Code: smtp; 550 no such\r\n user\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@tightrope.example>\r\n\r\nhi\r\n--x--",
    )  # fmt: skip


def test_a_delivery_report_names_recipient_mail_and_permanence() -> None:
    bounce = report(b"failed", b"5.1.1").bounce

    assert bounce is not None
    assert bounce.original_message_id == "ours@tightrope.example"
    assert [(one.email, one.status, one.is_permanent) for one in bounce.recipients] == [
        ("Li@example.cn", "5.1.1", True)
    ]
    assert bounce.recipients[0].diagnostic == "smtp; 550 no such user"


@pytest.mark.parametrize(("action", "status"), [(b"delayed", b"4.4.1"), (b"failed", b"4.2.2")])
def test_a_late_mail_is_not_permanently_failed(action: bytes, status: bytes) -> None:
    bounce = report(action, status).bounce

    assert bounce is not None
    assert not bounce.is_permanent


def test_a_report_of_success_is_no_bounce() -> None:
    result = report(b"delivered", b"2.0.0")

    assert result.bounce is None
    assert Mark.DELIVERY_REPORT in result.automatic


def test_a_bounce_in_a_providers_own_words_is_read() -> None:
    text = "很抱歉，您的邮件无法投递到 li@example.cn 。\r\n550 User not found\r\nMessage-ID: <ours@tightrope.example>"
    raw = (
        "From: postmaster@qq.example\r\nSubject: 系统退信\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
        + text
    )

    result = parse_mail(raw.encode("gbk"))

    assert isinstance(result, ParsedMail)
    assert result.bounce is not None
    assert result.bounce.original_message_id == "ours@tightrope.example"
    assert [(one.email, one.is_permanent) for one in result.bounce.recipients] == [("li@example.cn", True)]
