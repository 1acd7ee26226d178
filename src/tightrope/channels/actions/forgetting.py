"""What need not be kept for ever: raw mails that were read, and the text of letters to one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from tightrope.channels import originals
from tightrope.channels.models import Direction, Message, MessageState, RawMail

PERSONAL_KEPT = timedelta(days=7)
"""A sign-in code or a reset link is worth nothing to its owner by then, and should not be to others."""


def forget_raw_mails(*, at: datetime, limit: int = 500) -> int:
    """Drop the content of read mails after the time the company set; the hash stays. Returns how many.

    What waits for a person (could not be read) is kept until he has looked.
    """
    before = at - timedelta(days=getattr(settings, "MAIL_RAW_DAYS", 180))
    done = (RawMail.State.READ, RawMail.State.DUPLICATE)
    rows = RawMail.objects.filter(forgotten_at=None, received_at__lt=before, state__in=done)
    keys = dict(rows.order_by("received_at").values_list("pk", "storage_key")[:limit])
    with transaction.atomic():
        # Waits for whoever moves one of them to the storage at this moment.
        locked = RawMail.objects.select_for_update().filter(pk__in=keys, forgotten_at=None)
        keys = dict(locked.values_list("pk", "storage_key"))
        RawMail.objects.filter(pk__in=keys).update(content=b"", storage_key="", forgotten_at=at)
        # The rows go first: a content without a row is swept, a row without its content would be a loss.
        transaction.on_commit(partial(originals.drop, list(keys.values())))
    return len(keys)


@transaction.atomic
def forget_personal_letters(*, at: datetime, limit: int = 500) -> int:
    """Drop the words of letters that a library wrote to one person (codes, resets). Returns how many."""
    rows = Message.objects.filter(
        conversation_id=None, direction=Direction.OUT, at__lt=at - PERSONAL_KEPT
    ).exclude(text="", html="")
    rows = rows.exclude(state__in=(MessageState.QUEUED, MessageState.SENDING))
    numbers = list(rows.order_by("at").values_list("id", flat=True)[:limit])
    return Message.objects.filter(id__in=numbers).update(text="", html="")
