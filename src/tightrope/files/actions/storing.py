"""Keeping a file that somebody gave us."""

from __future__ import annotations

import io
from datetime import datetime
from typing import BinaryIO

from django.conf import settings

from tightrope.core.actor import Actor
from tightrope.core.faults import declare, faultpoint
from tightrope.files import kinds, names, storage
from tightrope.files.models import Attachment

WRITTEN = declare("files.written", "a file's content is written and its row is not yet committed")
HEAD = 4096


class NotAllowed(ValueError):
    """Files of this kind are not taken."""


def store_file(
    content: BinaryIO | bytes, *, name: str, account_id: int | None, by: Actor, at: datetime
) -> Attachment:
    """Keep a file: content first, then its row, so that a row never lacks its file.

    Its type is told by looking inside. Raises TooLarge, EmptyFile.
    """
    if isinstance(content, bytes):
        content = io.BytesIO(content)
    head = content.read(HEAD)
    content.seek(0)
    name = names.safe_name(name)
    content_type, kind = kinds.kind_of(head, name)
    key = storage.new_key()
    size, digest = storage.write(content, key, at_most=settings.FILES_LARGEST_BYTES)
    faultpoint(WRITTEN)
    return Attachment.objects.create(
        name=name,
        kind=kind,
        content_type=content_type,
        size=size,
        sha256=digest,
        storage_key=key,
        account_id=account_id,
        by_kind=by.kind.value,
        by_id=by.id,
        by_name=by.name[:200],
        at=at,
    )
