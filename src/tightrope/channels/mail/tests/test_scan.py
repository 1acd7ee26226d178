"""The walker against the standard library on ordinary mails, and at its edges."""

import email
import email.policy
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from tightrope.channels.mail.bodies import decoded_bytes
from tightrope.channels.mail.scan import MAX_HEADER_BYTES, MAX_HEADERS, scan
from tightrope.channels.mail.tests.mails import mail, patient

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200)
files = st.lists(st.binary(max_size=300), max_size=4)


@patient
@given(plain=texts, html=st.one_of(st.none(), texts), attached=files, nest=st.booleans())
def test_ordinary_mails_have_the_parts_that_the_standard_library_finds(
    plain: str, html: str | None, attached: list[bytes], nest: bool
) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = "x"
    message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for content in attached:
        message.add_attachment(content, maintype="application", subtype="pdf", filename="a.pdf")
    if nest:
        inner = EmailMessage(policy=email.policy.SMTP)
        inner.set_content("inner")
        message.add_attachment(inner)
    raw = message.as_bytes()

    verdict = scan(raw)

    parsed = email.message_from_bytes(raw)
    wanted = [part for part in _leaves(parsed) if part.get_content_type() != "message/rfc822"]
    found = [part for part in verdict.parts if not part.is_container]
    contents = [
        decoded_bytes(
            raw[part.body_start : part.body_end], _encoding(part.header("content-transfer-encoding"))
        )
        for part in found
        if part.content_type.mime != "message/rfc822"
    ]
    assert verdict.refused == ""
    assert contents == [part.get_payload(decode=True) for part in wanted]


def _leaves(message: object) -> list[email.message.Message]:
    assert isinstance(message, email.message.Message)
    if message.get_content_type() == "message/rfc822":
        return [message]
    if message.is_multipart():
        payload = message.get_payload()
        assert isinstance(payload, list)
        return [leaf for part in payload for leaf in _leaves(part)]
    return [message]


def _encoding(value: bytes | None) -> str:
    return (value or b"").decode().lower()


@patient
@given(st.binary(max_size=2_000))
def test_any_bytes_are_scanned_without_an_error(raw: bytes) -> None:
    verdict = scan(raw)

    assert all(part.start <= part.body_start <= part.body_end <= len(raw) for part in verdict.parts)


def test_long_headers_and_too_many_are_cut_and_said() -> None:
    verdict = scan(mail(b"Subject: " + b"x" * 20_000 + b"\r\n" + b"\r\n".join([b"X-A: b"] * 1_500)))

    subject = verdict.root.header("subject")
    assert subject is not None
    assert len(subject) <= MAX_HEADER_BYTES
    assert len(verdict.root.headers) == MAX_HEADERS
    assert verdict.cuts == ("header subject", "headers")


def test_a_missing_closing_boundary_of_an_inner_multipart_ends_at_the_outer_one() -> None:
    raw = mail(
        b"Content-Type: multipart/mixed; boundary=outer",
        b"preamble\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
        b"--inner\r\n\r\nplain\r\n--inner\r\nContent-Type: text/html\r\n\r\n<p>\r\n"
        b"--outer\r\nContent-Type: image/png\r\n\r\npicture\r\n--outer--\r\nepilogue",
    )

    verdict = scan(raw)

    bodies = [raw[p.body_start : p.body_end] for p in verdict.parts if not p.is_container]
    assert bodies == [b"plain", b"<p>", b"picture"]
    assert [part.depth for part in verdict.parts] == [0, 1, 2, 2, 1]


def test_a_boundary_that_begins_like_another_is_not_taken_for_it() -> None:
    raw = mail(
        b"Content-Type: multipart/mixed; boundary=a",
        b"--a\r\n\r\nfirst\r\n--ab\r\nstill first\r\n--a--\r\n",
    )

    verdict = scan(raw)

    assert [raw[p.body_start : p.body_end] for p in verdict.parts[1:]] == [b"first\r\n--ab\r\nstill first"]


def test_a_mail_without_any_header_is_all_body() -> None:
    raw = b"just some words\r\nand more"

    assert scan(raw).root.body_start == 0


def test_the_first_line_of_a_mailbox_file_is_no_header() -> None:
    verdict = scan(b"From wang@example.cn Fri Nov 20 10:00:00 2026\nSubject: x\n\nhello")

    assert verdict.root.header("subject") == b"x"
