"""Reading what was attached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tightrope.files import storage
from tightrope.files.models import Attachment


def attachments_of(subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of these subjects, by subject, in the order in which they came."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = Attachment.objects.filter(subject_type=subject_type, subject_id__in=list(subject_ids))
    for attachment in rows.exclude(state=Attachment.State.REFUSED).order_by("pk"):
        found[attachment.subject_id or 0].append(attachment)
    return found


def content_of(attachment: Attachment) -> bytes:
    """The whole content, for putting it into a mail."""
    return storage.read(attachment.storage_key)
