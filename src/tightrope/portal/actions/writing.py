"""The customer's word on a case, with what he attaches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import actions as cases
from tightrope.cases.access import require_voice
from tightrope.cases.models import Case, IllegalMove
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.core import throttle
from tightrope.core.actor import Actor
from tightrope.files import actions as files
from tightrope.portal.queries import may_reopen

MOST_WORDS_AN_HOUR = 60
MOST_FOLLOWING_A_DAY = 5
"""Of one case, whoever asks: its private link may be anybody's, a program's too."""


class NothingToSay(ValueError):
    """Neither a word nor a file."""


@transaction.atomic
def write_on_case(
    case: Case, *, text: str, uploads: Iterable[UploadedFile[Any]], by: Actor, at: datetime
) -> Message:
    """Say something on a case, with files or files alone. Waiting for the customer ends by it.

    Raises NothingToSay, throttle.TooMany, files.TooMany, files.TooLarge, files.EmptyFile, Denied.
    """
    case = Case.objects.lock(case.pk)
    require_voice(by, case)
    throttle.allow(f"portal.words:{case.pk}", at_most=MOST_WORDS_AN_HOUR, within=timedelta(hours=1), at=at)
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
    """Open a new case that follows one closed too long ago to be reopened.

    Raises NothingToSay, IllegalMove while the old one goes on or can be reopened, throttle.TooMany, Denied.
    """
    case = Case.objects.lock(case.pk)
    require_voice(by, case)
    if case.status != Case.Status.CLOSED or may_reopen(case, at=at):
        raise IllegalMove(case, Case.Status.RECEIVED)
    text = text.replace("\x00", "").strip()
    if not text:
        raise NothingToSay(_("Write something or add a file."))
    name = f"portal.following:{case.pk}"
    throttle.allow(name, at_most=MOST_FOLLOWING_A_DAY, within=timedelta(days=1), at=at)
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
