"""Delivery reports: which address failed, for how long, and which of our mails it was (RFC 3464)."""

import re
from typing import Final

from tightrope.channels.mail.addresses import normal_address, read_message_ids
from tightrope.channels.mail.bodies import decoded_bytes
from tightrope.channels.mail.parsed import Address, Bounce, FailedRecipient
from tightrope.channels.mail.scan import Part, Verdict, scan

MAX_REPORT_BYTES: Final = 256 * 1024
MAX_RECIPIENTS: Final = 200

_REPORTS: Final = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+=~-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|report)|returned mail|mail delivery (?:failed|subsystem)|failure notice"
    r"|unzustellbar|non remis|退信|无法投递|投递失败|無法投遞|未送達|配信不能|配信失敗|返送",
    re.IGNORECASE,
)
_BOUNCE_SENDER = re.compile(r"(?:mailer-?daemon|postmaster)\b", re.IGNORECASE)


def read_bounce(raw: bytes, verdict: Verdict, *, sender: Address, subject: str, text: str) -> Bounce | None:
    """The delivery report in this mail, or None. Reports without the standard form, as several Chinese
    providers send them, are recognised by sender and subject and read from their text."""
    report = next((part for part in verdict.parts if part.content_type.mime in _REPORTS), None)
    if report is not None:
        recipients = _recipients(_part_text(raw, report))
        if recipients:
            return Bounce(recipients, _original_message_id(raw, verdict, text))
    header = verdict.root.header("x-failed-recipients")
    is_by_daemon = _BOUNCE_SENDER.match(sender.email.rpartition("@")[0]) or not sender.email
    if header is None and not (is_by_daemon and _BOUNCE_SUBJECT.search(subject)):
        return None
    named = _EMAIL.findall(header.decode("ascii", "ignore")) if header else _EMAIL.findall(text[:20_000])
    failed = [email for email in dict.fromkeys(named) if email.lower() != sender.email.lower()]
    status = _STATUS.search(text[:20_000])
    code = _REPLY_CODE.search(text[:20_000])
    is_permanent = not ((status and status[1] == "4") or (not status and code and code[1].startswith("4")))
    return Bounce(
        tuple(
            FailedRecipient(email, status.group() if status else "", is_permanent, text.strip()[:500])
            for email in failed[:1]
        ),
        _original_message_id(raw, verdict, text),
    )


def _recipients(report: str) -> tuple[FailedRecipient, ...]:
    found: list[FailedRecipient] = []
    for block in re.split(r"\n[ \t]*\n", report)[: MAX_RECIPIENTS + 1]:
        fields = _fields(block)
        address = fields.get("final-recipient") or fields.get("original-recipient")
        if not address:
            continue
        action = fields.get("action", "").lower()
        match = _STATUS.search(fields.get("status", "")) or _STATUS.search(fields.get("diagnostic-code", ""))
        is_permanent = action == "failed" and not (match and match[1] == "4")
        if action in ("delivered", "relayed", "expanded"):
            continue
        email = normal_address(address.rpartition(";")[2].strip(" <>")) or address[:200]
        diagnostic = fields.get("diagnostic-code", "")[:500]
        found.append(FailedRecipient(email, match.group() if match else "", is_permanent, diagnostic))
    return tuple(found[:MAX_RECIPIENTS])


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n")[:200]:
        if line[:1] in (" ", "\t") and name:
            fields[name] += " " + line.strip()
            continue
        before, colon, after = line.partition(":")
        if colon:
            name = before.strip().lower()
            fields.setdefault(name, after.strip())
    return fields


def _part_text(raw: bytes, part: Part) -> str:
    body = raw[part.body_start : min(part.body_end, part.body_start + MAX_REPORT_BYTES)]
    encoding = (part.header("content-transfer-encoding") or b"").decode("ascii", "ignore").strip().lower()
    return decoded_bytes(body, encoding).decode("utf-8", "replace").replace("\r\n", "\n")


def _original_message_id(raw: bytes, verdict: Verdict, text: str) -> str:
    for part in verdict.parts[1:]:
        if part.content_type.mime in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            original = scan(_part_text(raw, part).encode("utf-8", "replace"))
            ids = read_message_ids(original.root.header("message-id")) if original.parts else ()
            if ids:
                return ids[0]
    match = re.search(r"(?im)^>?[ \t]*message-id:[ \t]*<([^<>\s]{3,990})>", text[:100_000])
    if match:
        return match[1]
    ids = read_message_ids(verdict.root.header("in-reply-to")) or read_message_ids(
        verdict.root.header("references")
    )
    return ids[-1] if ids else ""
