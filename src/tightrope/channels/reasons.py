"""Why something of a mail is missing, or not there yet, in the reader's words. The database keeps the code."""

from __future__ import annotations

import math
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tightrope.channels.models import Message, MessageState
from tightrope.ui import format as shown_as

REASONS = {
    # why a raw mail is no message
    "time": gettext_lazy("It would have taken too long to read."),
    "memory": gettext_lazy("It would have taken too much memory to read."),
    "crash": gettext_lazy("The reading program ended over it."),
    "gone": gettext_lazy("The reading program ended over it."),
    "garbled": gettext_lazy("The reading program ended over it."),
    "too-big": gettext_lazy("It is too big."),
    "too-deep": gettext_lazy("Its parts are nested too deeply."),
    "too-many-parts": gettext_lazy("It has too many parts."),
    "too-many-boundaries": gettext_lazy("It has too many parts."),
    "too-many-header-lines": gettext_lazy("Its header is too long."),
    "no-sender": gettext_lazy("It does not say who sent it."),
    "own-message": gettext_lazy("It is a mail of ours that came back to us."),
    "bounce": gettext_lazy("It reports that a mail of ours did not arrive."),
    # why a letter was held back, or waits
    "own-address": gettext_lazy("It would have gone to ourselves."),
    "conversation-budget": gettext_lazy("Too many automatic letters in this conversation within a day."),
    "conversation-rate": gettext_lazy("Too many mails in this conversation within ten minutes."),
    "sender-rate": gettext_lazy("Too many automatic letters to this address within a day."),
    "domain-rate": gettext_lazy("Too many automatic letters to addresses of this kind within an hour."),
    "minute-rate": gettext_lazy("Too many automatic letters within a minute."),
    "in-turn": gettext_lazy("What was said before it in the conversation leaves first."),
    "file-unchecked": gettext_lazy("A file enclosed in it has not been checked for viruses yet."),
    "file-refused": gettext_lazy("The virus scanner refused a file enclosed in it. Write again without it."),
    # why an enclosed file was left out
    "too-large": gettext_lazy("The file is larger than allowed."),
    "not-allowed": gettext_lazy("Files of this kind are not taken."),
    "empty": gettext_lazy("There is nothing in it."),
    "too-many": gettext_lazy("There were too many files."),
    "cut-off": gettext_lazy("The mail was too big; the file was not fetched to its end."),
    # what of a mail was cut
    "too big": gettext_lazy("The mail was too big: only its beginning was fetched."),
    "html": gettext_lazy("Its HTML could not be cleaned safely; the plain text is shown."),
    "long text": gettext_lazy("The text was very long and is cut; the original has all of it."),
}


def in_words(code: str) -> str:
    """A reason in words; one that is not ours (what another server said) as it is."""
    return str(REASONS.get(code, code))


def why_not_there(message: Message, *, now: datetime) -> str:
    """Why a message of ours did not arrive, or not yet, and when it leaves; empty when there is nothing to say."""
    if message.state not in _TO_EXPLAIN:
        return ""
    sentences = [in_words(part) for part in message.outcome.split(", ")] if message.outcome else []
    if message.send_at is not None and message.send_at > now:
        if message.state == MessageState.HELD:
            seconds = math.ceil((message.send_at - now).total_seconds())
            sentences.append(
                _("It leaves in %(seconds)s s; until then it can be taken back.") % {"seconds": seconds}
            )
        elif message.state == MessageState.QUEUED:
            sentences.append(_("It leaves %(when)s.") % {"when": shown_as.moment(message.send_at, now=now)})
    return " ".join(sentences)


_TO_EXPLAIN = {
    MessageState.HELD,
    MessageState.QUEUED,
    MessageState.WITHHELD,
    MessageState.FAILED,
    MessageState.BOUNCED,
}
