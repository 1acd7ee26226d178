"""What is done with a file after it was kept: the scanner's look, small copies of pictures."""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction

from tightrope import timeline
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import declare, faultpoint
from tightrope.files import pictures, scanner, storage
from tightrope.files.actions.storing import scanner_address
from tightrope.files.events import AttachmentRefused
from tightrope.files.models import Attachment

COPIED = declare("files.copied", "the copies of a picture are written and its row does not name them yet")

State = Attachment.State


def prepare_file(attachment_id: int, *, at: datetime) -> Attachment | None:
    """Let the scanner look at a new file, then draw its copies. Saying it twice is not an error.

    Raises scanner.Unreachable; the file stays in quarantine then. None when the file is gone.
    """
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None:
        return None
    if attachment.state == State.QUARANTINED:
        # Nothing of the database is held while another process is asked.
        attachment = _judged(attachment, _verdict(attachment), at=at)
    if attachment.state == State.CLEAN and attachment.kind == Attachment.Kind.IMAGE:
        return _with_copies(attachment)
    return attachment


def _verdict(attachment: Attachment) -> scanner.Verdict:
    address = scanner_address()
    if not address:
        return scanner.Verdict(is_clean=True)  # the administrator has taken the scanner out of the house
    return scanner.scan(storage.chunks(attachment.storage_key), address=address)


@transaction.atomic
def _judged(attachment: Attachment, verdict: scanner.Verdict, *, at: datetime) -> Attachment:
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.state != State.QUARANTINED:
        return attachment
    attachment.state = State.CLEAN if verdict.is_clean else State.REFUSED
    attachment.save(update_fields=["state"])
    if not verdict.is_clean:
        event = AttachmentRefused(name=attachment.name, found=verdict.found)
        timeline.record(attachment, event, by=SYSTEM, at=at, account_id=attachment.account_id)
    return attachment


def _with_copies(attachment: Attachment) -> Attachment:
    if attachment.thumbnail_key:
        return attachment
    copies = pictures.copies_of(storage.read(attachment.storage_key))
    if copies is None:
        return attachment
    keys = [_written(copies.thumbnail), _written(copies.shown)]
    faultpoint(COPIED)
    with transaction.atomic():
        attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if not attachment.thumbnail_key:
            attachment.thumbnail_key, attachment.shown_key = keys
            attachment.save(update_fields=["thumbnail_key", "shown_key"])
    return attachment


def _written(content: bytes) -> str:
    key = storage.new_key()
    storage.write(io.BytesIO(content), key, at_most=len(content))
    return key
