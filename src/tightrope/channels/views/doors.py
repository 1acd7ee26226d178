"""From what stands in an address to the row itself, or to "there is no such page"."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from tightrope.channels import access, lists
from tightrope.channels.models import Message, RawMail
from tightrope.core.actor import Actor
from tightrope.ui.onward import doer

LARGEST_NUMBER = 2**63 - 1


def letter_or_404(request: HttpRequest, message_id: int) -> Message:
    """The message, for those who operate the mail."""
    try:
        return access.letter_for(doer(request), min(message_id, LARGEST_NUMBER))
    except Message.DoesNotExist:
        raise Http404("message") from None


def raw_or_404(request: HttpRequest, raw_id: int) -> RawMail:
    """The raw mail, for those who operate the mail."""
    try:
        return access.raw_for(doer(request), min(raw_id, LARGEST_NUMBER))
    except RawMail.DoesNotExist:
        raise Http404("raw mail") from None


def tabs(by: Actor, current: str) -> list[dict[str, object]]:
    """The views of mail out and in, with how many wait in those that a person looks after."""
    counted = lists.counts(by=by)
    outbox, inbox = reverse("channels:outbox"), reverse("channels:inbox")
    words = [
        (outbox, "sent", pgettext("mail", "Sent")),
        (outbox, "waiting", pgettext("mail", "Waiting to leave")),
        (outbox, "trouble", pgettext("mail", "Not delivered")),
        (outbox, "kept", pgettext("mail", "Kept")),
        (inbox, "quarantine", pgettext("mail", "Unreadable")),
        (inbox, "machines", pgettext("mail", "From machines")),
        (inbox, "new", pgettext("mail", "Not read yet")),
        (inbox, "refused", pgettext("mail", "Doubles and refused")),
        (inbox, "all", pgettext("mail", "All incoming")),
    ]
    return [
        {
            "label": word,
            "url": f"{place}?view={key}",
            "current": key == current,
            "count": _up_to_99(counted.get(key, 0)),
        }
        for place, key, word in words
    ]


def _up_to_99(number: int) -> str:
    return "" if not number else "99+" if number >= lists.COUNT_AT_MOST else str(number)
