"""Outgoing mail: readable by us and by the standard library, and closed to injected headers."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.channels.mail.bodies import content_of
from tightrope.channels.mail.build import (
    Automatic,
    HeaderInjection,
    OutgoingFile,
    OutgoingMail,
    build_mail,
    encoded_text,
)
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import Address, Mark, ParsedMail
from tightrope.channels.mail.tests.mails import patient
from tightrope.channels.mail.tokens import new_message_id
from tightrope.channels.mail.words import decode_header

MAIL = OutgoingMail(
    sender=Address("走钢丝 服务台", "support@tightrope.example"),
    to=(Address("王磊", "wang@example.cn"),),
    subject="您的报修 C-10293",
    text="您好",
    message_id="one@tightrope.example",
    at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
)

BREAKS = ["\r", "\n", "\r\n", "\x00", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"]
line_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=150)


def read(mail: OutgoingMail) -> ParsedMail:
    parsed = parse_mail(build_mail(mail).raw)
    assert isinstance(parsed, ParsedMail)
    return parsed


@patient
@given(
    subject=line_text,
    name=line_text,
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
)
def test_what_is_written_is_what_is_read(subject: str, name: str, text: str) -> None:
    mail = replace(MAIL, subject=subject, to=(Address(name, "wang@example.cn"),), text=text)
    built = build_mail(mail)

    parsed = parse_mail(built.raw)
    by_library = email.message_from_bytes(built.raw, policy=email.policy.default)

    assert isinstance(parsed, ParsedMail)
    assert parsed.subject == decode_header(subject.encode())
    assert parsed.to[0].email == "wang@example.cn"
    assert parsed.text.split() == "\n".join(text.splitlines()).split()
    assert by_library["Message-ID"] == "<one@tightrope.example>"
    assert all(len(line) <= 998 for line in built.raw.split(b"\r\n"))
    assert built.raw.isascii()
    assert b"\n" not in built.raw.replace(b"\r\n", b"")


@patient
@given(line_text)
def test_folded_header_lines_are_short_and_none_is_blank(text: str) -> None:
    lines = encoded_text(text).split("\r\n")

    assert all(len(line) <= 78 for line in lines)
    assert all(line.strip() for line in lines[1:])


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize(
    "field",
    [
        "subject",
        "sender",
        "to",
        "reply_to",
        "message_id",
        "in_reply_to",
        "references",
        "language",
        "file",
        "unsubscribe",
        "address",
    ],
)
def test_a_line_break_in_a_header_is_refused(field: str, line_break: str) -> None:
    bad = f"a{line_break}Bcc: victim@example.cn"
    changes: dict[str, object] = {
        "subject": {"subject": bad},
        "sender": {"sender": Address(bad, "a@b.cn")},
        "to": {"to": (Address(bad, "a@b.cn"),)},
        "reply_to": {"reply_to": Address(bad, "a@b.cn")},
        "message_id": {"message_id": bad},
        "in_reply_to": {"in_reply_to": bad},
        "references": {"references": (bad,)},
        "language": {"language": bad},
        "file": {"files": (OutgoingFile(bad, b"x"),)},
        "unsubscribe": {"list_unsubscribe": bad},
        "address": {"to": (Address("", bad),)},
    }  # fmt: skip

    with pytest.raises(HeaderInjection):
        build_mail(replace(MAIL, **changes[field]))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["", "a", "a@b@c d", "a b@c.cn", "王@b.cn", "a@b.cn, c@d.cn", "<a@b.cn>"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        build_mail(replace(MAIL, to=(Address("", address),)))


def test_an_automatic_mail_says_so_and_has_the_null_sender() -> None:
    answer = build_mail(replace(MAIL, automatic=Automatic.REPLIED))
    person = build_mail(MAIL)

    assert answer.envelope_sender == ""
    assert b"Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n" in answer.raw
    assert person.envelope_sender == "support@tightrope.example"
    assert b"Auto-Submitted: no\r\n" in person.raw
    parsed = parse_mail(answer.raw)
    assert isinstance(parsed, ParsedMail)
    assert Mark.AUTO_SUBMITTED in parsed.automatic


def test_threads_copies_and_files_arrive() -> None:
    files = (
        OutgoingFile(
            "发票 2026年11月 关于三楼空调维修的一份名称很长的文件.pdf", b"%PDF" * 100, "application/pdf"
        ),
        OutgoingFile("photo.png", b"\x89PNG", "image/png", cid="p1@tightrope.example"),
        OutgoingFile("mail.eml", b"x", "message/rfc822"),
    )
    mail = replace(
        MAIL,
        html='<p>您好 <img src="cid:p1@tightrope.example"></p>',
        cc=(Address("", "li@example.cn"),),
        bcc=(Address("", "boss@example.cn"),),
        in_reply_to="b@x",
        references=("a@x", "b@x"),
        files=files,
    )
    built = build_mail(mail)

    parsed = parse_mail(built.raw)
    by_library = email.message_from_bytes(built.raw, policy=email.policy.default)

    assert isinstance(parsed, ParsedMail)
    assert built.recipients == ("wang@example.cn", "li@example.cn", "boss@example.cn")
    assert b"boss" not in built.raw
    assert (parsed.in_reply_to, parsed.references) == (("b@x",), ("a@x", "b@x"))
    assert {one.name: content_of(built.raw, one) for one in parsed.attachments} == {
        file.name: file.content for file in files
    }
    assert [part.get_filename() for part in by_library.walk() if part.get_filename()] == [
        "photo.png", files[0].name, "mail.eml",
    ]  # fmt: skip
    assert parsed.text == "您好"


def test_long_threads_keep_their_root_and_their_end() -> None:
    ids = tuple(f"{number}@x" for number in range(100))

    references = read(replace(MAIL, references=ids)).references

    assert (references[0], references[-1], len(references)) == ("0@x", "99@x", 20)


def test_message_ids_are_ours_and_never_repeat() -> None:
    assert len({new_message_id("tightrope.example") for _ in range(1_000)}) == 1_000
