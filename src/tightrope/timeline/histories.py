"""Reading what happened to many subjects at once: for figures, which are made anew from what is on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from tightrope.timeline.models import Entry
from tightrope.timeline.queries import Happening, as_happening


def events_about(
    subject_type: str, subject_ids: Iterable[int], *, kinds: Collection[str], since: datetime
) -> dict[int, list[Happening]]:
    """What of these kinds happened to each of these subjects from `since` on, the oldest first."""
    rows = Entry.objects.filter(
        subject_type=subject_type, subject_id__in=list(subject_ids), kind__in=list(kinds), at__gte=since
    )
    found: dict[int, list[Happening]] = defaultdict(list)
    for entry in rows.order_by("at", "id"):
        found[entry.subject_id].append(as_happening(entry))
    return found


def touched_after(subject_type: str, *, after: int, limit: int) -> tuple[set[int], int]:
    """The subjects of the next events behind this id, and the id up to which that is told.

    Ids are given before the commit: whoever reads on from the last one may miss an act that took longer. He looks
    again from where he stood one look earlier, and does what he does so that twice is no harm.
    """
    rows = list(
        Entry.objects.filter(id__gt=after)
        .order_by("id")
        .values_list("id", "subject_type", "subject_id")[:limit]
    )
    touched = {subject_id for _id, word, subject_id in rows if word == subject_type}
    return touched, rows[-1][0] if rows else after


def newest_event() -> int:
    """The id of the newest event; 0 while there is none."""
    newest: int | None = Entry.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0
