"""The readable text of a mail: which parts are the message, which are files, and what each says."""

import binascii
import hashlib
import re
from dataclasses import dataclass
from html import escape
from typing import Final

from tightrope.channels.mail.charsets import decode, decode_with_charset
from tightrope.channels.mail.html_lines import text_of_html
from tightrope.channels.mail.parameters import EncodedValue, read_parameters
from tightrope.channels.mail.parsed import Attachment
from tightrope.channels.mail.scan import Part, Verdict
from tightrope.channels.mail.words import base64_bytes, decode_header

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
MAX_TEXT_CHARACTERS: Final = 1_000_000
MAX_HTML_CHARACTERS: Final = 4_000_000
MAX_NAME_CHARACTERS: Final = 200

_NAMES: Final = {
    "application/ms-tnef": "winmail.dat", "text/calendar": "invitation.ics", "message/rfc822": "message.eml",
    "text/rfc822-headers": "headers.txt", "message/delivery-status": "delivery-status.txt",
    "application/pkcs7-signature": "smime.p7s", "application/pkcs7-mime": "smime.p7m",
    "application/pgp-signature": "signature.asc", "application/pdf": "document.pdf",
    "image/jpeg": "picture.jpg", "image/png": "picture.png", "image/gif": "picture.gif",
    "image/webp": "picture.webp", "image/heic": "picture.heic", "text/vcard": "card.vcf",
    "text/x-vcard": "card.vcf", "text/html": "page.html", "text/plain": "text.txt", "text/csv": "table.csv",
    "audio/amr": "voice.amr", "audio/mpeg": "voice.mp3", "video/mp4": "video.mp4",
}  # fmt: skip
# Controls, path separators and the marks that turn the reading direction of a name ("gpj.exe").
_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f/\\\\\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_CHARSET_IN_HTML = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE)


@dataclass(slots=True)
class Body:
    """One piece of the message: plain text, HTML, or both in an alternative."""

    text: str | None = None
    html: str | None = None
    alternative: int = -1


@dataclass(frozen=True, slots=True)
class Content:
    """All of a mail's readable text, its files, and the charset that most of it was in."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]
    charset: str
    cuts: tuple[str, ...]


def read_content(raw: bytes, verdict: Verdict) -> Content:
    """Read the bodies and list the files of a scanned mail."""
    bodies: list[Body] = []
    attachments: list[Attachment] = []
    cuts: list[str] = []
    charset = ""
    for index, part in enumerate(verdict.parts):
        if part.is_container:
            continue
        kind = _body_kind(part)
        if kind is None:
            attachments.append(_attachment(raw, part, hint=charset))
            continue
        content = decoded_bytes(raw[part.body_start : part.body_end], _encoding(part))
        if len(content) > MAX_BODY_BYTES:
            content = content[:MAX_BODY_BYTES]
            cuts.append(f"{kind} body")
        label = part.content_type.word("charset")
        if kind == "html" and not label:
            match = _CHARSET_IN_HTML.search(content[:4_000])
            label = match.group(1).decode("ascii").lower() if match else ""
        text, found = decode_with_charset(content, label, hint=charset)
        if found != "utf-8" or not content.isascii():
            charset = charset or found
        if kind == "text" and part.content_type.word("format") == "flowed":
            text = unflowed(text, is_delsp=part.content_type.word("delsp") == "yes")
        _place(bodies, kind, text, _alternative_of(verdict, index))
    text, html = _joined(bodies)
    if len(text) > MAX_TEXT_CHARACTERS or len(html) > MAX_HTML_CHARACTERS:
        cuts.append("long text")
    return Content(
        text[:MAX_TEXT_CHARACTERS], html[:MAX_HTML_CHARACTERS], tuple(attachments), charset, tuple(cuts)
    )


def content_of(raw: bytes, attachment: Attachment) -> bytes:
    """The bytes of an attachment, out of the same raw mail that was parsed."""
    return decoded_bytes(raw[attachment.start : attachment.end], attachment.encoding)


def decoded_bytes(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding. Broken input gives what can be saved of it, never an error."""
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return base64_bytes(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("uuencode", "x-uuencode", "x-uue", "uue"):
        return _uudecoded(body)
    return body


def _uudecoded(body: bytes) -> bytes:
    out = bytearray()
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)


def unflowed(text: str, *, is_delsp: bool) -> str:
    """Join the soft line breaks of `format=flowed` (RFC 3676) within one level of quotation."""
    out: list[str] = []
    is_open = False
    depth_before = 0
    for line in text.split("\n"):
        quotes = len(line) - len(line.lstrip(">"))
        content = line[quotes:].removeprefix(" ")
        is_soft = content.endswith(" ") and content != "-- "
        if is_open and quotes == depth_before and content != "-- ":
            out[-1] += content
        else:
            out.append(">" * quotes + (" " if quotes else "") + content)
        if is_soft and is_delsp:
            out[-1] = out[-1][:-1]
        is_open, depth_before = is_soft, quotes
    return "\n".join(out)


def file_name(part: Part, *, hint: str = "") -> str:
    """The name a part claims, decoded and without what could mislead; "" if it claims none."""
    disposition = part.header("content-disposition")
    named: EncodedValue | None = None
    if disposition:
        named = read_parameters(disposition)[1].get("filename")
    named = named or part.content_type.parameters.get("name")
    if named is None:
        return ""
    if named.is_extended and (named.charset or not named.value.isascii()):
        text = decode(named.value, named.charset, hint=hint)
    else:
        text = decode_header(named.value, hint=hint)
    # Windows programs used to send the whole path; its last step is the name.
    clean = _NOT_IN_NAMES.sub("", re.split(r"[\\/]", text.strip())[-1]).strip(" .")
    if len(clean) <= MAX_NAME_CHARACTERS:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[: MAX_NAME_CHARACTERS - 20]}{dot}{suffix[:15]}" if dot else clean[:MAX_NAME_CHARACTERS]


def _encoding(part: Part) -> str:
    value = part.header("content-transfer-encoding") or b""
    return value.decode("ascii", "ignore").split(";")[0].strip().lower()


def _disposition(part: Part) -> str:
    value = part.header("content-disposition") or b""
    return value.decode("ascii", "ignore").split(";")[0].strip().lower()


def _body_kind(part: Part) -> str | None:
    mime = part.content_type.mime
    if mime.startswith("multipart/"):
        return "text"  # A multipart in which no boundary was ever found is its own text.
    if mime not in ("text/plain", "text/html", "text/enriched", "text/richtext"):
        return None
    if _disposition(part) == "attachment" or file_name(part):
        return None
    return "html" if mime == "text/html" else "text"


def _attachment(raw: bytes, part: Part, *, hint: str) -> Attachment:
    encoding = _encoding(part)
    content = decoded_bytes(raw[part.body_start : part.body_end], encoding)
    mime = part.content_type.mime
    cid = (part.header("content-id") or b"").decode("ascii", "ignore").strip(" <>")[:200]
    default = _NAMES.get(mime, "file.bin")
    return Attachment(
        name=file_name(part, hint=hint) or default,
        claimed_type=mime,
        start=part.body_start,
        end=part.body_end,
        encoding=encoding,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        cid=cid,
        is_inline=_disposition(part) == "inline" or (bool(cid) and _disposition(part) != "attachment"),
    )


def _alternative_of(verdict: Verdict, index: int) -> int:
    """The nearest enclosing multipart/alternative, or -1."""
    parent = verdict.parts[index].parent
    while parent >= 0:
        if verdict.parts[parent].content_type.mime == "multipart/alternative":
            return parent
        parent = verdict.parts[parent].parent
    return -1


def _place(bodies: list[Body], kind: str, text: str, alternative: int) -> None:
    body = next((b for b in bodies if alternative >= 0 and b.alternative == alternative), None)
    if body is None:
        body = Body(alternative=alternative)
        bodies.append(body)
    if kind == "html":
        body.html = text if body.html is None else body.html + text
    else:
        body.text = text if body.text is None else f"{body.text}\n{text}"


def _joined(bodies: list[Body]) -> tuple[str, str]:
    texts = []
    htmls = []
    has_html = any(body.html for body in bodies)
    for body in bodies:
        text = body.text or ""
        if not text.strip() and body.html:
            text = text_of_html(body.html)
        texts.append(text.strip("\n"))
        if has_html:
            htmls.append(body.html or f"<pre>{escape(text)}</pre>")
    return "\n\n".join(text for text in texts if text.strip()), "\n".join(htmls)
