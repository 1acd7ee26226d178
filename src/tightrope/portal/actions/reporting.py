"""A problem is reported, by somebody we know or by somebody who says who he is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import actions as cases
from tightrope.cases.models import Case, Category
from tightrope.core import jobs
from tightrope.core.actor import SYSTEM, Actor, Kind
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact
from tightrope.files import actions as files


@dataclass(frozen=True)
class Reporter:
    """Who somebody says he is; nothing of it is proven."""

    name: str
    mail: str = ""
    phone: str = ""
    language: str = "zh-hans"
    time_zone: str = "Asia/Shanghai"


@transaction.atomic
def report_problem(
    *, title: str, text: str, category: Category, answers: Mapping[str, Any], form_version: int | None,
    uploads: Iterable[UploadedFile[Any]], channel: str, reporter: Reporter | None, by: Actor, at: datetime,
) -> Case:  # fmt: skip
    """Open a case for what was filled in. Without a sign-in, `reporter` says whose it is.

    His mailbox is not written on file yet and nothing of ours goes to it but a link by which its owner can
    say that he wrote this: the address may be another's. Whether we know it makes no difference to what
    happens here. Raises cases.NoTitle, files.TooMany, files.TooLarge, BadAddress for an unusable phone.
    """
    contact = Contact.objects.select_related("account").get(pk=by.contact) if by.contact else None
    if contact is None:
        assert reporter is not None
        contact = customers.add_contact(
            None,
            name=reporter.name,
            language=reporter.language,
            time_zone=reporter.time_zone,
            addresses=[("phone", reporter.phone)] if reporter.phone else [],
            by=SYSTEM,
            at=at,
        )
        by = Actor(
            kind=Kind.LINK,
            id=None,
            name=contact.name,
            contact=contact.pk,
            language=contact.language,
            time_zone=contact.time_zone,
        )
    account = contact.account
    attachments = files.store_files(uploads, account_id=account.pk if account else None, by=by, at=at)
    case = cases.open_case(
        title=title,
        text=text.replace("\x00", "").strip(),
        channel=channel,
        account=account,
        contact=contact,
        category=category,
        answers=answers,
        form_version=form_version,
        attachments=attachments,
        language=contact.language,
        is_answerable=reporter is None,
        by=by,
        at=at,
    )
    if reporter is not None and reporter.mail:
        timeline.add_note(
            case,
            _("Reported without signing in. Given address, not confirmed yet: %(mail)s")
            % {"mail": reporter.mail},
            by=SYSTEM,
            at=at,
        )
        jobs.enqueue("portal.ask_for_proof", case_id=case.pk, address=reporter.mail, at=at.isoformat())
    return case
