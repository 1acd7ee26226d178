"""Proof that every file is there and is what was given."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from tightrope.core import clock
from tightrope.files import queries, storage
from tightrope.files.actions.sweeping import ORPHAN_AFTER
from tightrope.files.models import Attachment

SLACK = timedelta(hours=25)
"""The sweep comes by every hour."""


def contradictions() -> list[str]:
    """A sentence for each row without its content, each content without a row, and each content that differs."""
    return [*_lost_or_different(), *_orphans()]


def _lost_or_different() -> list[str]:
    found = []
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        name = f"File {attachment.public_id} ({attachment.name})"
        if not storage.path_of(attachment.storage_key).is_file():
            found.append(f"{name} has lost its content {attachment.storage_key}.")
        elif _digest(attachment.storage_key) != attachment.sha256:
            found.append(f"{name} is not what was given: its hash differs.")
        for key in filter(None, (attachment.thumbnail_key, attachment.shown_key)):
            if not storage.path_of(key).is_file():
                found.append(f"{name} has lost its small copy {key}.")
    return found


def _orphans() -> list[str]:
    now = clock.now()
    assert SLACK > ORPHAN_AFTER
    old = [key for key, written_at in storage.everything() if now - written_at > SLACK]
    return [f"Content {key} belongs to no file." for key in sorted(set(old) - queries.known_keys(old))]


def _digest(key: str) -> str:
    digest = hashlib.sha256()
    for chunk in storage.chunks(key):
        digest.update(chunk)
    return digest.hexdigest()
