"""Keeping a file that somebody gave us."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tightrope.core import jobs
from tightrope.core.actor import Actor
from tightrope.core.faults import declare, faultpoint
from tightrope.files import kinds, limits, names, places, storage
from tightrope.files.models import Attachment

WRITTEN = declare("files.written", "a file's content is written and its row is not yet committed")
HEAD = 4096
MOST_AT_ONCE = 10


class NotAllowed(ValueError):
    """Files of this kind are not taken."""


class TooMany(ValueError):
    """More files at once than one message carries."""


def store_files(
    uploads: Iterable[UploadedFile[Any]], *, account_id: int | None, by: Actor, at: datetime
) -> list[Attachment]:
    """Keep what was uploaded with one message, never a part of it. Raises TooMany and what storing one raises."""
    uploads = list(uploads)
    if len(uploads) > MOST_AT_ONCE:
        raise TooMany(_("At most %(count)s files at once.") % {"count": MOST_AT_ONCE})
    return [
        store_file(cast(BinaryIO, upload.file), name=upload.name or "", account_id=account_id, by=by, at=at)
        for upload in uploads
    ]


def store_file(
    content: BinaryIO | bytes, *, name: str, account_id: int | None, by: Actor, at: datetime
) -> Attachment:
    """Keep a file: content first, then its row, so that a row never lacks its file.

    Its type is told by looking inside; a picture loses the place where it was taken. With a virus scanner in
    the house it waits until that has looked at it. Raises TooLarge, EmptyFile, NotAllowed for a program.
    """
    if isinstance(content, bytes):
        content = io.BytesIO(content)
    head = content.read(HEAD)
    content.seek(0)
    name = names.safe_name(name)
    if kinds.is_program(head):
        raise NotAllowed(_("“%(name)s” is a program. Programs are not taken.") % {"name": name})
    content_type, kind = kinds.kind_of(head, name)
    at_most = limits.largest(kind)
    key = storage.new_key()
    try:
        if kind == Attachment.Kind.IMAGE:
            content = io.BytesIO(places.without_place(content.read(at_most + 1)))
        size, digest = storage.write(content, key, at_most=at_most)
    except storage.TooLarge:
        raise storage.TooLarge(
            _("“%(name)s” is too large. A file of its kind may have %(size)s.")
            % {"name": name, "size": filesizeformat(at_most)}
        ) from None
    except storage.EmptyFile:
        raise storage.EmptyFile(_("There is nothing in “%(name)s”.") % {"name": name}) from None
    faultpoint(WRITTEN)
    state = Attachment.State.QUARANTINED if scanner_address() else Attachment.State.CLEAN
    with transaction.atomic():
        attachment = Attachment.objects.create(
            name=name,
            kind=kind,
            content_type=content_type,
            size=size,
            sha256=digest,
            storage_key=key,
            state=state,
            account_id=account_id,
            by_kind=by.kind.value,
            by_id=by.id,
            by_name=by.name[:200],
            at=at,
        )
        if kind == Attachment.Kind.IMAGE or state == Attachment.State.QUARANTINED:
            jobs.enqueue("files.prepare", attachment_id=attachment.pk)
    return attachment


def scanner_address() -> str:
    """Where the virus scanner listens; empty for a house without one."""
    return str(getattr(settings, "FILES_SCANNER", ""))
