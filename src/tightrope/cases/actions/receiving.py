"""The reception: who came or called, for what, to whom, and what came of it (R003)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import events
from tightrope.cases.access import Can
from tightrope.cases.actions.answering import EmptyText
from tightrope.cases.actions.opening import ToldInFuture
from tightrope.cases.models import Case, Reception
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.people.access import require
from tightrope.people.models import User


@transaction.atomic
def log_reception(
    *,
    way: str,
    visitor: str,
    company: str,
    purpose: str,
    host: User | None,
    outcome: str,
    note: str,
    account: Account | None,
    case: Case | None,
    came_at: datetime,
    by: Actor,
    at: datetime,
) -> Reception:
    """Write down who was received. What became of it is said at once; a case it led to is named.

    Raises EmptyText without a visitor or a purpose, or when it became a case and none is named; ToldInFuture, Denied.
    """
    require(by, Can.OPEN)
    visitor, purpose = " ".join(visitor.split())[:120], " ".join(purpose.split())[:300]
    if not visitor or not purpose:
        raise EmptyText(_("Say who came, and what for."))
    if came_at > at + timedelta(minutes=1):
        raise ToldInFuture(_("Nobody has come in the future."))
    outcome = Reception.Outcome(outcome)
    if outcome == Reception.Outcome.CASE and case is None:
        raise EmptyText(_("Name the case that it became."))
    reception = Reception.objects.create(
        way=Reception.Way(way),
        visitor=visitor,
        company=" ".join(company.split())[:200],
        account=account or (case.account if case is not None else None),
        purpose=purpose,
        host=host,
        outcome=outcome,
        note=note.strip()[:500],
        case=case,
        came_at=came_at,
        logged_by_id=by.user_id,
    )
    event = events.VisitorReceived(
        way=reception.way,
        visitor=visitor,
        purpose=purpose,
        host=host.name if host else "",
        outcome=outcome,
        case=case.number if case else "",
    )
    timeline.record(reception, event, by=by, at=at)
    return reception
