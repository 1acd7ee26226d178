"""Whether a letter may leave with what is enclosed in it: not before the virus scanner has looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from tightrope.channels.budgets import Verdict
from tightrope.channels.models import Message
from tightrope.files import queries as files
from tightrope.files.models import Attachment

UNCHECKED, INFECTED = "file-unchecked", "file-refused"
CHECK_AGAIN = timedelta(minutes=1)


def of_enclosed(message: Message, *, at: datetime) -> Verdict | None:
    """Why it may not leave because of a file; None when nothing is in its way.

    Without a file that was refused it would leave as well, and its reader would look for what the words promise:
    whoever wrote it learns of that instead.
    """
    states = files.states_of("message", message.pk)
    if Attachment.State.REFUSED in states:
        return Verdict(INFECTED)
    if Attachment.State.QUARANTINED in states:
        return Verdict(UNCHECKED, at + CHECK_AGAIN)
    return None
