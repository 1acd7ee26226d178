"""Who may have which file. Files know nothing of what they hang on: its owner says who may read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tightrope.core.actor import Actor
from tightrope.files.models import Attachment
from tightrope.people.access import Audience

# Every reader of a subject, whoever he is, is let in by `may_read` inside; all others see 404.
_ANYONE: dict[str, Any] = {"GET": Audience.ANYONE}
ROUTES: dict[str, dict[str, Any]] = {
    "files:download": _ANYONE,
    "files:thumbnail": _ANYONE,
    "files:picture": _ANYONE,
}

Reader = Callable[[Actor, int], bool]
_readers: dict[str, Reader] = {}


def register(subject_type: str, can_read: Reader) -> Reader:
    """Let whoever may read such a subject (`can_read(by, subject_id)`) have the files that hang on it."""
    _readers[subject_type] = can_read
    return can_read


def may_read(by: Actor, attachment: Attachment) -> bool:
    """Whether the doer may have this file. What hangs on nothing yet is its giver's alone."""
    if attachment.state != Attachment.State.CLEAN:
        return False
    if attachment.subject_id is None:
        return by.is_system or (
            by.id is not None and (by.kind, by.id) == (attachment.by_kind, attachment.by_id)
        )
    if by.is_customer and not attachment.is_public:
        return False
    can_read = _readers.get(attachment.subject_type)
    return can_read is not None and can_read(by, attachment.subject_id)


def attachment_for(by: Actor, public_id: str) -> Attachment:
    """The one door to a file named in an address. Raises Attachment.DoesNotExist for what the doer may not have."""
    attachment = Attachment.objects.get(public_id=public_id)
    if not may_read(by, attachment):
        raise Attachment.DoesNotExist
    return attachment
