"""The customer's word on a case, with what he attaches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import actions as cases
from tightrope.cases.access import require_voice
from tightrope.cases.models import Case
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.core.actor import Actor
from tightrope.files import actions as files


class NothingToSay(ValueError):
    """Neither a word nor a file."""


@transaction.atomic
def write_on_case(
    case: Case, *, text: str, uploads: Iterable[UploadedFile[Any]], by: Actor, at: datetime
) -> Message:
    """Say something on a case, with files or files alone. Waiting for the customer ends by it.

    Raises NothingToSay, files.TooMany, files.TooLarge, files.EmptyFile, Denied.
    """
    case = Case.objects.lock(case.pk)
    require_voice(by, case)
    attachments = files.store_files(uploads, account_id=case.account_id, by=by, at=at)
    text = text.replace("\x00", "").strip()
    if not text and not attachments:
        raise NothingToSay(_("Write something or add a file."))
    message = channels.post_message(
        case.conversation,
        text=text,
        author=by,
        direction="in",
        channel=Case.Channel.PORTAL,
        attachments=attachments,
        at=at,
    )
    cases.hear_from_customer(case, message=message, by=by, at=at)
    return message


@transaction.atomic
def follow_up_case(
    case: Case, *, text: str, uploads: Iterable[UploadedFile[Any]], by: Actor, at: datetime
) -> Case:
    """Open a new case that follows one closed too long ago to be reopened. Raises NothingToSay, Denied."""
    require_voice(by, case)
    text = text.replace("\x00", "").strip()
    if not text:
        raise NothingToSay(_("Write something or add a file."))
    following = cases.open_following_case(
        case, text=text, conversation=None, channel=Case.Channel.PORTAL, by=by, at=at
    )
    attachments = files.store_files(uploads, account_id=case.account_id, by=by, at=at)
    if attachments:
        channels.post_message(
            following.conversation,
            text="",
            author=by,
            direction="in",
            channel=Case.Channel.PORTAL,
            attachments=attachments,
            at=at,
        )
    return following
