"""Reading what was attached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from tightrope.core.statements import Given, written
from tightrope.files import storage
from tightrope.files.models import Attachment

AT_ONCE = 1000

_holders: list[Callable[[list[str]], set[str]]] = []


def register_holder(known: Callable[[list[str]], set[str]]) -> None:
    """Make rows of a higher capability known that name contents of their own; `known` says which of some keys.

    Without it the sweep would take their contents for nobody's.
    """
    if known not in _holders:
        _holders.append(known)


def attachments_of(subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of these subjects, by subject, in the order in which they came."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = written(
        "files of subjects",
        lambda: (
            Attachment.objects.filter(subject_type=Given("subject_type"), subject_id__any_of=Given("ids"))
            .exclude(state=Attachment.State.REFUSED)
            .order_by("pk")
        ),
    )
    for attachment in rows.all(subject_type=subject_type, ids=list(subject_ids)):
        found[attachment.subject_id or 0].append(attachment)
    return found


def states_of(subject_type: str, subject_id: int) -> set[str]:
    """In which states the files of a subject are, the refused ones too."""
    rows = Attachment.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return set(rows.values_list("state", flat=True))


def content_of(attachment: Attachment) -> bytes:
    """The whole content, for putting it into a mail."""
    return storage.read(attachment.storage_key)


def known_keys(keys: Collection[str]) -> set[str]:
    """Which of these contents some row names."""
    wanted = list(keys)
    found: set[str] = set()
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        rows = Attachment.objects.filter(
            Q(storage_key__in=some) | Q(thumbnail_key__in=some) | Q(shown_key__in=some)
        )
        for row in rows.values_list("storage_key", "thumbnail_key", "shown_key"):
            found.update(filter(None, row))
        for known in _holders:
            found |= known(some)
    return found & set(wanted)


def shown(attachment: Attachment) -> dict[str, Any]:
    """A file in the shape of the list `ui/components/files.html` and of `files/_list.html`."""
    facts: dict[str, Any] = {
        "name": attachment.name,
        "kind": attachment.kind,
        "content_type": attachment.content_type,
        "size_bytes": attachment.size,
        "url": "",
        "note": "",
    }
    if attachment.state != Attachment.State.CLEAN:
        return {**facts, "note": attachment.get_state_display()}
    facts["url"] = reverse("files:download", args=[attachment.public_id, attachment.name])
    if attachment.thumbnail_key:
        facts["thumbnail_url"] = reverse("files:thumbnail", args=[attachment.public_id])
        facts["picture_url"] = reverse("files:picture", args=[attachment.public_id])
    return facts
