"""A complaint that comes again: the earlier one is linked, and it says how often it has come (R149)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from tightrope.cases import events
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case, Rules
from tightrope.core.actor import Actor
from tightrope.customers.queries import family_of


def link_recurrence(case: Case, *, by: Actor, at: datetime) -> None:
    """Link a complaint to the latest one of the same customer about the same, if it is not too long ago.

    The case must be locked or new. Saying it twice changes nothing. Part of another act.
    """
    if case.type != Case.Type.COMPLAINT or case.again_of_id is not None:
        return
    earlier = _earlier(case)
    if earlier is None:
        return
    case.again_of = earlier
    case.again_times = earlier.again_times + 1
    case.save(update_fields=["again_of", "again_times"])
    days = (case.told_at - earlier.told_at).days
    event = events.ComplaintAgain(earlier=earlier.number, days=days, times=case.again_times)
    record(case, event, by=by, at=at)


def _earlier(case: Case) -> Case | None:
    """The latest complaint of the same customer, and of the same category when both have one."""
    if case.account_id is not None:
        theirs = Q(account_id__in=family_of(case.account_id))
    elif case.contact_id is not None:
        theirs = Q(contact_id=case.contact_id)
    else:
        return None
    since = case.told_at - timedelta(days=Rules.in_force().recurrence_days)
    rows = Case.objects.filter(
        theirs, type=Case.Type.COMPLAINT, told_at__gte=since, told_at__lt=case.told_at
    ).exclude(status__in=[Case.Status.MERGED, Case.Status.REJECTED])
    if case.category_id is not None:
        rows = rows.filter(Q(category_id=case.category_id) | Q(category=None))
    return rows.exclude(pk=case.pk).order_by("-told_at", "-pk").first()
