"""The words of the mail pages: states with their lights, reasons, facts as pairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tightrope.channels import fetcher, receiver
from tightrope.channels.models import Message, MessageState, RawMail
from tightrope.channels.reasons import REASONS, in_words, why_not_there
from tightrope.core.models import Heartbeat
from tightrope.files.models import Attachment
from tightrope.ui import format as shown_as

LIGHTS = {
    MessageState.RECEIVED: "accepted",
    MessageState.HELD: "received",
    MessageState.QUEUED: "received",
    MessageState.SENDING: "accepted",
    MessageState.SENT: "solved",
    MessageState.SHOWN: "solved",
    MessageState.KEPT: "waiting",
    MessageState.WITHHELD: "late",
    MessageState.FAILED: "late",
    MessageState.BOUNCED: "late",
    MessageState.TAKEN_BACK: "received",
}
SILENT_AFTER = timedelta(minutes=5)


def state_of(message: Message, *, now: datetime) -> dict[str, str]:
    """The state as light and word, and why."""
    return {
        "light": LIGHTS[MessageState(message.state)],
        "word": str(MessageState(message.state).label),
        "why": why_not_there(message, now=now),
    }


def facts_of(message: Message, *, now: datetime) -> list[dict[str, Any]]:
    """A message's headers and fate as pairs."""
    pairs = [
        (_("From"), message.sender or message.signed_by),
        (_("To"), ", ".join(message.recipients)),
        (_("Written"), shown_as.moment(message.at, now=now)),
        (pgettext("mail", "Sent"), shown_as.moment(message.sent_at, now=now) if message.sent_at else ""),
        (_("Next attempt"), _next_attempt(message, now)),
        (_("Attempts"), str(message.attempts) if message.attempts else ""),
        (_("What the mail server said"), message.outcome if _is_of_server(message) else ""),
        (_("Signs of a machine"), ", ".join(message.facts.get("marks", ()))),
        ("Message-ID", message.message_id),
        ("In-Reply-To", message.in_reply_to),
    ]
    facts: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in pairs if value]
    facts += [
        {"label": _("Left out"), "value": in_words("html" if cut.startswith("html-") else cut)}
        for cut in message.facts.get("cuts", ())
    ]
    if message.raw_id is not None:
        url = reverse("channels:raw", args=[message.raw_id])
        facts.append({"label": _("Original"), "value": _("the mail as it came in"), "url": url})
    return facts


def _is_of_server(message: Message) -> bool:
    """Whether the outcome is a word of the other side; a reason of ours stands beside the state."""
    return message.direction == "out" and message.outcome.partition(", ")[0] not in REASONS


def _next_attempt(message: Message, now: datetime) -> str:
    if message.state not in {MessageState.HELD, MessageState.QUEUED} or message.send_at is None:
        return ""
    return shown_as.moment(message.send_at, now=now)


def facts_of_raw(raw: RawMail, *, now: datetime) -> list[dict[str, Any]]:
    """What is known of a mail as it came, as pairs."""
    sender = _("nobody (as machines send)") if raw.envelope_from == "<>" else raw.envelope_from
    pairs = [
        (_("State"), raw.get_state_display()),
        (_("Reason"), reason_of(raw)),
        (_("Came in"), shown_as.moment(raw.received_at, now=now)),
        (_("Mailbox"), raw.mailbox),
        (_("Size"), shown_as.file_size(raw.size)),
        (_("Sent by"), sender),
        (_("Sent to"), ", ".join(raw.envelope_to)),
        ("Message-ID", raw.message_id),
        ("SHA-256", raw.sha256),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def reason_of(raw: RawMail) -> str:
    """Why a mail is no message, in words."""
    if raw.state == RawMail.State.DUPLICATE:
        return _("The same mail came in before: %(place)s.") % {"place": raw.reason}
    return in_words(raw.reason) if raw.reason else ""


def files_of(message: Message, kept: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What was enclosed: the files that are kept, and the names of those that are not, with the reason."""
    shown: list[dict[str, Any]] = [
        {"name": one.name, "url": _download(one), "size_bytes": one.size} for one in kept
    ]
    shown += [{"name": one["name"], "error": in_words(one["left_out"])} for one in message.left_out]
    return shown


def _download(attachment: Attachment) -> str:
    try:
        return reverse("files:download", args=[attachment.public_id, attachment.name])
    except NoReverseMatch:
        return ""


def listeners(now: datetime) -> list[dict[str, Any]]:
    """What listens for mail, when it was last heard of and what troubles it."""
    wanted = [(fetcher.PART, _("Mailbox"), bool(settings.MAIL_IMAP_URL))]
    wanted.append((receiver.PART, _("Mail receiver"), bool(settings.MAIL_IN_LISTEN)))
    beats = {
        beat.part: beat for beat in Heartbeat.objects.filter(part__in=[part for part, _w, _on in wanted])
    }
    found = []
    for part, word, is_on in wanted:
        if not is_on:
            continue
        beat = beats.get(part)
        found.append(
            {
                "word": word,
                "place": (beat.facts.get("mailbox") or beat.facts.get("listen", "")) if beat else "",
                "at": beat.at if beat else None,
                "trouble": beat.facts.get("trouble", "") if beat else "",
                "is_silent": beat is None or now - beat.at > SILENT_AFTER,
            }
        )
    return found
