"""Clearing away what nobody holds: contents without a row, files that were given and never used."""

from __future__ import annotations

from datetime import datetime, timedelta

from tightrope.core import jobs
from tightrope.files import queries, storage
from tightrope.files.models import Attachment

ORPHAN_AFTER = timedelta(hours=24)
"""An act that has written a content commits its row within seconds; a day leaves room for any clock."""
LOOSE_FOR = timedelta(days=7)
WAITING_FOR = timedelta(minutes=30)
AT_ONCE = 1000


def sweep_orphans(*, at: datetime) -> int:
    """Delete contents that no row names and that are older than a day. Returns how many."""
    deleted, old = 0, []
    for key, written_at in storage.everything():
        if at - written_at > ORPHAN_AFTER:
            old.append(key)
        if len(old) >= AT_ONCE:
            deleted, old = deleted + _delete_unknown(old), []
    return deleted + _delete_unknown(old)


def _delete_unknown(keys: list[str]) -> int:
    unknown = set(keys) - queries.known_keys(keys)
    for key in unknown:
        storage.delete(key)
    return len(unknown)


def sweep_loose(*, at: datetime) -> int:
    """Delete files that were given a week ago and hang on nothing. Returns how many.

    The rows go first: a content without a row is swept, a row without its content would be a loss.
    """
    loose = Attachment.objects.filter(subject_id__isnull=True, at__lt=at - LOOSE_FOR).order_by("at")[:AT_ONCE]
    deleted = 0
    for attachment in loose:
        gone, _by_model = Attachment.objects.filter(pk=attachment.pk, subject_id__isnull=True).delete()
        if gone:
            for key in filter(None, (attachment.storage_key, attachment.thumbnail_key, attachment.shown_key)):
                storage.delete(key)
            deleted += 1
    return deleted


def ask_again(*, at: datetime) -> int:
    """Queue the scanner's look once more for what has waited for it too long. Returns how many."""
    waiting = Attachment.objects.filter(state=Attachment.State.QUARANTINED, at__lt=at - WAITING_FOR)
    rows = [{"attachment_id": pk} for pk in waiting.order_by("at").values_list("pk", flat=True)[:AT_ONCE]]
    jobs.enqueue_many("files.prepare", rows)
    return len(rows)
