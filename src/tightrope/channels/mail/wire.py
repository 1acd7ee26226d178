"""Parsed mails as JSON, for the pipe between the reading process and its parent. Nothing here can make the
parent run anything: fields are read by name into known types."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tightrope.channels.mail.parsed import (
    Address,
    Attachment,
    Bounce,
    FailedRecipient,
    Mark,
    ParsedMail,
    Unreadable,
)


def to_json(result: ParsedMail | Unreadable) -> bytes:
    if isinstance(result, Unreadable):
        return json.dumps({"unreadable": result.reason}).encode()
    fields = asdict(result)
    fields["date_claimed"] = result.date_claimed.isoformat() if result.date_claimed else None
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def from_json(content: bytes) -> ParsedMail | Unreadable:
    """Raises ValueError, KeyError or TypeError if this is not what `to_json` writes."""
    fields: dict[str, Any] = json.loads(content)
    if "unreadable" in fields:
        return Unreadable(str(fields["unreadable"])[:100])
    bounce = fields.pop("bounce")
    date = fields.pop("date_claimed")
    for name in ("to", "cc", "reply_to", "delivered_to"):
        fields[name] = tuple(Address(**address) for address in fields[name])
    for name in ("in_reply_to", "references", "cuts"):
        fields[name] = tuple(fields[name])
    fields["sender"] = Address(**fields["sender"])
    fields["attachments"] = tuple(Attachment(**attachment) for attachment in fields["attachments"])
    fields["automatic"] = tuple(Mark(mark) for mark in fields["automatic"])
    return ParsedMail(
        **fields,
        date_claimed=datetime.fromisoformat(date) if date else None,
        bounce=None if bounce is None else _bounce(bounce),
    )


def _bounce(fields: dict[str, Any]) -> Bounce:
    recipients = tuple(FailedRecipient(**recipient) for recipient in fields["recipients"])
    return Bounce(recipients, fields["original_message_id"])
