"""What reading a mail gives: plain frozen values that can cross a process border as JSON."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with the name shown beside it. `email` is lower-case in its domain, or empty."""

    name: str = ""
    email: str = ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the raw mail, by its offsets there; `content_of` reads it.

    Name and type are the sender's claims: sniff before trusting them.
    """

    name: str
    claimed_type: str
    start: int
    end: int
    encoding: str
    size_bytes: int
    sha256: str
    cid: str = ""
    is_inline: bool = False


class Mark(StrEnum):
    """Why a mail counts as written by a machine."""

    AUTO_SUBMITTED = "auto-submitted"
    PRECEDENCE = "precedence"
    LIST = "list"
    AUTO_REPLY_HEADER = "auto-reply-header"
    SUPPRESS = "suppress"
    NULL_RETURN_PATH = "null-return-path"
    DELIVERY_REPORT = "delivery-report"
    READ_RECEIPT = "read-receipt"
    CALENDAR_REPLY = "calendar-reply"
    ROBOT_ADDRESS = "robot-address"
    SUBJECT = "subject"
    LOOP_HEADER = "loop-header"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One address that a delivery report is about."""

    email: str
    status: str
    is_permanent: bool
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail of ours was not delivered (or is late: then nothing here is permanent)."""

    recipients: tuple[FailedRecipient, ...]
    original_message_id: str = ""

    @property
    def is_permanent(self) -> bool:
        return any(recipient.is_permanent for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read. Everything in it, the sender and the date too, is only what the mail claims.

    `text` is the whole message; `new_text` is it without quotation and signature. `html` is raw and never
    to be shown; `clean_html` is, in a sandboxed frame, and `clean_new_html` is it without the quotation
    ("" if there is nothing to leave out).
    """

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    subject: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date_claimed: datetime | None
    text: str
    html: str
    clean_html: str
    new_text: str
    quoted_text: str
    signature: str
    clean_new_html: str
    attachments: tuple[Attachment, ...]
    automatic: tuple[Mark, ...]
    bounce: Bounce | None
    language: str
    charset: str
    cuts: tuple[str, ...]

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Every address the mail names as receiving it, the transport's own record first."""
        return tuple(dict.fromkeys((*self.delivered_to, *self.to, *self.cc)))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read, and why, as a short fixed word. The raw mail is to be kept and
    shown to a person."""

    reason: str
