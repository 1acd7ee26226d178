"""An outgoing mail as bytes, with our Message-ID, the keyed reply address and the headers of RFC 3834.

Written by hand rather than by the standard library, whose header folding loses spaces between encoded
words and lets a line break in a quoted name through (Python CVE-2024-6923).
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from tightrope.channels.mail.addresses import normal_address
from tightrope.channels.mail.parsed import Address

MAX_SUBJECT_CHARACTERS: Final = 250
MAX_REFERENCES: Final = 20

_LINE_BREAKING = re.compile("[\x00\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ .-]*")
_MIME = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")


class HeaderInjection(ValueError):
    """A value for a header holds a line break or NUL; writing it would let its author add headers."""


class Automatic(StrEnum):
    """How far a mail is a machine's: RFC 3834, `Auto-Submitted`."""

    NO = "no"
    GENERATED = "auto-generated"
    REPLIED = "auto-replied"


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to attach; with a `cid` it is a picture that the HTML shows."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    cid: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """Everything that one mail to send says. Message-IDs are without angle brackets."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    at: datetime
    html: str = ""
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: Automatic = Automatic.NO
    files: tuple[OutgoingFile, ...] = ()
    language: str = ""
    list_unsubscribe: str = ""
    envelope_sender: str = ""


@dataclass(frozen=True, slots=True)
class BuiltMail:
    """Bytes ready to send, with their envelope. An empty envelope sender is the null sender `<>`."""

    raw: bytes = field(repr=False)
    envelope_sender: str
    recipients: tuple[str, ...]
    message_id: str


def build_mail(mail: OutgoingMail) -> BuiltMail:
    """Write the mail. Raises HeaderInjection for a line break in any header value, and ValueError for an
    address that is none or a mail to nobody."""
    addressed = (*mail.to, *mail.cc, *mail.bcc)
    if not addressed:
        raise ValueError("A mail needs at least one recipient.")
    recipients = tuple(dict.fromkeys(_checked_email(address) for address in addressed))
    lines = _header_lines(mail)
    content_type, extra, body = _content(mail)
    lines += [f"Content-Type: {content_type}", *extra]
    raw = "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
    is_automatic = mail.automatic is not Automatic.NO
    envelope_sender = "" if is_automatic else mail.envelope_sender or mail.sender.email
    return BuiltMail(raw, envelope_sender, recipients, mail.message_id)


def _header_lines(mail: OutgoingMail) -> list[str]:
    lines = [
        f"Date: {format_datetime(mail.at)}",
        f"From: {formatted_address(mail.sender)}",
        _folded("To", [formatted_address(address) for address in mail.to] or ["undisclosed-recipients:;"]),
    ]
    if mail.cc:
        lines.append(_folded("Cc", [formatted_address(address) for address in mail.cc]))
    if mail.reply_to is not None:
        lines.append(f"Reply-To: {formatted_address(mail.reply_to)}")
    lines.append(f"Subject: {encoded_text(mail.subject[:MAX_SUBJECT_CHARACTERS])}")
    lines.append(f"Message-ID: <{_checked_id(mail.message_id)}>")
    if mail.in_reply_to:
        lines.append(f"In-Reply-To: <{_checked_id(mail.in_reply_to)}>")
    if mail.references:
        # The first id is the root of the thread and the last ones lead to it: the middle may go.
        shown = mail.references
        if len(shown) > MAX_REFERENCES:
            shown = (shown[0], *shown[-MAX_REFERENCES + 1 :])
        lines.append("References: " + "\r\n ".join(f"<{_checked_id(one)}>" for one in shown))
    lines.append(f"Auto-Submitted: {mail.automatic.value}")
    if mail.automatic is not Automatic.NO:
        lines.append("X-Auto-Response-Suppress: All")
    else:
        lines.append("X-Auto-Response-Suppress: OOF, AutoReply")
    if mail.language:
        lines.append(f"Content-Language: {_checked(mail.language)}")
    if mail.list_unsubscribe:
        link = _checked(mail.list_unsubscribe)
        lines.append(f"List-Unsubscribe: <{quote(link, safe=':/?#[]@!$&()*+,;=%~')}>")
        if link.startswith("https:"):
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    lines.append("MIME-Version: 1.0")
    return lines


def formatted_address(address: Address) -> str:
    """`=?utf-8?B?...?= <name@example>`, quoted or encoded as the name needs."""
    email = _checked_email(address)
    name = " ".join(_checked(address.name).split())[:100]
    if not name:
        return email
    if name.isascii() and name.isprintable() and "=?" not in name:
        if "." not in name and _ATOM.fullmatch(name):
            return f"{name} <{email}>"
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{email}>'
    return f"{_encoded_words(name)} <{email}>"


def encoded_text(text: str) -> str:
    """A header text in ASCII, folded; what is not plain goes into encoded words of at most 75 characters."""
    text = _checked(text).strip()
    words = text.split(" ")
    if text.isascii() and text.isprintable() and "=?" not in text and all(len(word) < 70 for word in words):
        lines = [""]
        for number, word in enumerate(words):
            # An empty word is a second space, which must not stand alone at the start of a line.
            if number and word and len(lines[-1]) + len(word) > 66 and not lines[-1].endswith(" "):
                lines.append(word)
            else:
                lines[-1] += (" " if number else "") + word
        return "\r\n ".join(lines)
    return _encoded_words(text)


def _encoded_words(text: str) -> str:
    words: list[str] = []
    chunk = b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > 39:
            words.append(chunk.decode("utf-8"))
            chunk = b""
        chunk += encoded
    words.append(chunk.decode("utf-8"))
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(word.encode()).decode('ascii')}?=" for word in words)


def _folded(name: str, values: list[str]) -> str:
    return f"{name}: " + ",\r\n ".join(values)


def _checked(value: str) -> str:
    if _LINE_BREAKING.search(value):
        raise HeaderInjection("A line break is not allowed here.")
    return value


def _checked_email(address: Address) -> str:
    email = normal_address(_checked(address.email))
    if not email:
        raise ValueError("This is not a mail address.")
    local, _, domain = email.rpartition("@")
    if not local.isascii():
        raise ValueError("Mail addresses with other than ASCII letters before the @ are not supported.")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _checked_id(message_id: str) -> str:
    if not re.fullmatch(r"[!-;=?-~]{3,900}", _checked(message_id)):
        raise ValueError("This is not a Message-ID.")
    return message_id


def _content(mail: OutgoingMail) -> tuple[str, list[str], bytes]:
    content = _text_part("plain", mail.text)
    if mail.html:
        pictures = [file for file in mail.files if file.cid]
        html = _text_part("html", mail.html)
        if pictures:
            html = _multipart("related", [html, *(_file_part(file) for file in pictures)])
        content = _multipart("alternative", [content, html])
    files = [file for file in mail.files if not (file.cid and mail.html)]
    if files:
        content = _multipart("mixed", [content, *(_file_part(file) for file in files)])
    return content


def _multipart(subtype: str, parts: list[tuple[str, list[str], bytes]]) -> tuple[str, list[str], bytes]:
    boundary = f"=_{secrets.token_hex(16)}"
    body = bytearray()
    for content_type, extra, content in parts:
        head = "\r\n".join([f"Content-Type: {content_type}", *extra])
        body += f"--{boundary}\r\n{head}\r\n\r\n".encode("ascii") + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode("ascii")
    return f'multipart/{subtype};\r\n boundary="{boundary}"', [], bytes(body)


def _text_part(subtype: str, text: str) -> tuple[str, list[str], bytes]:
    lines = "\n".join(text.splitlines())
    raw = lines.replace("\n", "\r\n").encode("utf-8", "replace") + b"\r\n"
    if raw.isascii() and b"\x00" not in raw and all(len(line) <= 990 for line in raw.split(b"\r\n")):
        encoding, body = "7bit", raw
    elif sum(byte > 127 for byte in raw) * 6 < len(raw):
        encoding = "quoted-printable"
        body = b"\r\n".join(binascii.b2a_qp(line, istext=False) for line in raw.split(b"\r\n"))
        body = body.replace(b"=\n", b"=\r\n")
    else:
        encoding, body = "base64", _base64_lines(raw)
    return f"text/{subtype}; charset=utf-8", [f"Content-Transfer-Encoding: {encoding}"], body


def _base64_lines(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n").rstrip()


def _file_part(file: OutgoingFile) -> tuple[str, list[str], bytes]:
    content_type = file.content_type.lower()
    if _MIME.fullmatch(content_type) is None or content_type.startswith(("multipart/", "message/")):
        content_type = "application/octet-stream"
    name = _checked(file.name).strip() or "file"
    disposition = "inline" if file.cid else "attachment"
    extra = ["Content-Transfer-Encoding: base64"]
    extra.append(f"Content-Disposition: {disposition}" + "".join(_name_parameters(name)))
    if file.cid:
        extra.append(f"Content-ID: <{_checked_id(file.cid)}>")
    return content_type, extra, _base64_lines(file.content)


def _name_parameters(name: str) -> list[str]:
    """`filename` for all, and by RFC 2231 where it is not plain; long names go over several sections."""
    if name.isascii() and name.isprintable() and len(name) <= 60:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f';\r\n filename="{escaped}"']
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    if len(encoded) <= 60:
        return [f";\r\n filename*=utf-8''{encoded}"]
    # Sections end between characters' escapes, so that a reader may decode each by itself.
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", encoded)
    return [
        f";\r\n filename*{number}*={'utf-8' + chr(39) * 2 if number == 0 else ''}{piece}"
        for number, piece in enumerate(pieces)
    ]
