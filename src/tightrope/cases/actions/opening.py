"""The first word: a case exists within seconds, whoever was told and wherever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tightrope.cases import events, indexing
from tightrope.cases.access import Can
from tightrope.cases.actions import clocks
from tightrope.cases.actions.recurring import link_recurrence
from tightrope.cases.models import Case, Category, PrivateLink, Stint
from tightrope.cases.priority import priority_of
from tightrope.channels import actions as channels
from tightrope.channels.models import Conversation
from tightrope.core.actor import Actor
from tightrope.core.adding import add
from tightrope.core.db import joining
from tightrope.customers.models import Account, Contact
from tightrope.files.models import Attachment
from tightrope.people.access import require
from tightrope.people.models import Team, User
from tightrope.promises import actions as promises
from tightrope.promises.models import What
from tightrope.promises.queries import first_due


class NoTitle(ValueError):
    """A case needs a few words that say what it is about."""


class ToldInFuture(ValueError):
    """A customer cannot have spoken later than now."""


class ToldTooLongAgo(ValueError):
    """A year was mistyped: no clock reaches back so far."""


LONGEST_AGO = timedelta(days=20 * 366)


@joining
def open_case(
    *,
    title: str,
    text: str,
    channel: str,
    account: Account | None,
    contact: Contact | None,
    by: Actor,
    at: datetime,
    told_at: datetime | None = None,
    category: Category | None = None,
    case_type: str | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    answers: Mapping[str, Any] | None = None,
    form_version: int | None = None,
    attachments: Iterable[Attachment] = (),
    language: str | None = None,
    owner: User | None = None,
    team: Team | None = None,
    tags: Iterable[str] = (),
    conversation: Conversation | None = None,
    is_answerable: bool = True,
) -> Case:
    """Open a case and start its clocks where the customer spoke (`told_at`), not where we saved it.

    With a `conversation` the first word is already in it (mail); else `text` becomes it. Priority follows
    from impact, urgency and the customer; the team from the category.

    Raises NoTitle, ToldInFuture, ToldTooLongAgo, Denied.
    """
    if not (by.is_customer or by.is_system):
        require(by, Can.OPEN)
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Say in a few words what this is about."))
    told_at = told_at or at
    if told_at > at + timedelta(minutes=1):
        raise ToldInFuture(_("The customer cannot have told us in the future."))
    if told_at < at - LONGEST_AGO:
        raise ToldTooLongAgo(_("The customer cannot have told us so long ago; look at the year."))
    if contact is not None and account is None:
        account = contact.account
    impact = impact or (category.impact if category else Case.Level.MEDIUM)
    urgency = urgency or (category.urgency if category else Case.Level.MEDIUM)
    if conversation is None:
        conversation = channels.open_conversation(
            account_id=account.pk if account else None, by=by, at=min(told_at, at)
        )
        channels.post_message(
            conversation,
            text=text,
            author=by if by.is_customer else (contact.name if contact else by),
            direction="in",
            channel=channel,
            attachments=attachments,
            at=told_at,
        )
    case = Case(
        type=case_type or (category.type if category else Case.Type.REQUEST),
        title=title,
        account=account,
        contact=contact,
        conversation=conversation,
        category=category,
        answers=dict(answers or {}),
        form_version=form_version,
        tags=list(tags),
        channel=channel,
        language=language or (contact.language if contact else account.language if account else by.language),
        impact=impact,
        urgency=urgency,
        priority=priority_of(
            impact=impact, urgency=urgency, importance=account.importance if account else 1
        ).value,
        owner=owner,
        team=team or (category.team if category else None),
        reported_by_id=by.user_id,
        told_at=told_at,
        received_at=at,
        heard_at=told_at,
    )
    promised = clocks.ready(case, What.FIRST_RESPONSE, What.RESOLUTION, told_at=told_at, by=by, at=at)
    case.next_due_at = first_due(promised)
    add(case)
    add(Stint(case=case, team=case.team, owner=case.owner, from_at=told_at))
    add(PrivateLink(case=case, contact=contact, made_at=at))
    opened = events.CaseOpened(
        number=case.number,
        title=case.title,
        channel=channel,
        type=case.type,
        told_at=told_at.isoformat(),
        contact_id=case.contact_id,
        is_answerable=is_answerable,
    )
    promises.run_clocks(case, promised, account_id=case.account_id, by=by, at=at, after=[opened])
    indexing.index_case(case, text=text)
    link_recurrence(case, by=by, at=at)
    return case
