"""Raw bytes to `ParsedMail`. Pure and linear; run it through `child.py` for mail from outside."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tightrope.channels.mail.addresses import read_addresses, read_message_ids
from tightrope.channels.mail.automatic import automatic_marks
from tightrope.channels.mail.bodies import read_content
from tightrope.channels.mail.bounce import read_bounce
from tightrope.channels.mail.language import guess_language
from tightrope.channels.mail.parsed import Address, ParsedMail, Unreadable
from tightrope.channels.mail.scan import Part, Verdict, scan
from tightrope.channels.mail.strip import strip_text
from tightrope.channels.mail.words import decode_header, words_charset

PARSER_VERSION = 1


def parse_mail(raw: bytes) -> ParsedMail | Unreadable:
    """Read a mail. A mail beyond the scanner's limits is Unreadable, and says why; nothing is raised.

    `clean_html` stays empty here: sanitising is `html.sanitise`, which belongs in the child process.
    """
    verdict = scan(raw)
    if verdict.refused:
        return Unreadable(verdict.refused)
    root = verdict.root
    content = read_content(raw, verdict)
    hint = content.charset or words_charset(root.header("subject")) or words_charset(root.header("from"))
    subject = _subject(root, hint)
    sender = _sender(root, hint)
    stripped = strip_text(content.text)
    bounce = read_bounce(raw, verdict, sender=sender, subject=subject, text=content.text)
    marks = automatic_marks(
        root,
        sender=sender,
        subject=subject,
        report_type=root.content_type.word("report-type")
        if root.content_type.mime == "multipart/report"
        else "",
        calendar_method=_calendar_method(verdict),
    )
    return ParsedMail(
        sender=sender,
        to=_addresses(root, "to", hint),
        cc=_addresses(root, "cc", hint),
        reply_to=_addresses(root, "reply-to", hint),
        delivered_to=(
            *_addresses(root, "delivered-to", hint),
            *_addresses(root, "x-original-to", hint),
            *_addresses(root, "envelope-to", hint),
        ),
        subject=subject,
        message_id=next(iter(read_message_ids(root.header("message-id"))), ""),
        in_reply_to=read_message_ids(root.header("in-reply-to")),
        references=read_message_ids(root.header("references")),
        date_claimed=_date(root),
        text=content.text,
        html=content.html,
        clean_html="",
        new_text=stripped.new_text,
        quoted_text=stripped.quoted_text,
        signature=stripped.signature,
        clean_new_html="",
        attachments=content.attachments,
        automatic=marks,
        bounce=bounce,
        language=guess_language(f"{subject}\n{content.text}"),
        charset=content.charset,
        cuts=(*verdict.cuts, *content.cuts),
    )


def _subject(root: Part, hint: str) -> str:
    header = next((header for header in root.headers if header.name == "subject"), None)
    return decode_header(header.value, hint=hint, was_cut=header.was_cut) if header else ""


def _sender(root: Part, hint: str) -> Address:
    for name in ("from", "sender", "reply-to", "return-path"):
        for address in _addresses(root, name, hint):
            if address.email:
                return address
    named = _addresses(root, "from", hint)
    return named[0] if named else Address()


def _addresses(root: Part, name: str, hint: str) -> tuple[Address, ...]:
    found: list[Address] = []
    for value in root.headers_named(name)[:20]:
        found += read_addresses(value, hint=hint)
    return tuple(dict.fromkeys(found))


def _date(root: Part) -> datetime | None:
    """What the Date header claims, in UTC; a date without a zone is read as UTC."""
    value = (root.header("date") or b"").decode("ascii", "ignore").strip()[:100]
    try:
        claimed = parsedate_to_datetime(value)
        return claimed.replace(tzinfo=UTC) if claimed.tzinfo is None else claimed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _calendar_method(verdict: Verdict) -> str:
    part = next((part for part in verdict.parts if part.content_type.mime == "text/calendar"), None)
    return part.content_type.word("method") if part else ""
