"""Reads: reports to customers that were promised and not given, by how long they are overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases.models import Case, Rules
from tightrope.cases.queries import alarms_due
from tightrope.promises.models import Promise, What


def unheard(*, at: datetime, limit: int = 1_000) -> list[Case]:
    """Cases whose customer should have heard from us and has not for so long that who leads is to be told now."""
    allowed = Rules.in_force().silent_after_minutes
    owed = Promise.objects.running().filter(
        subject_type="case",
        what=What.UPDATE,
        paused_at=None,
        due_at__lte=at - timedelta(minutes=allowed),
    )
    late = dict(owed.order_by("due_at", "pk").values_list("subject_id", "due_at")[:limit])
    cases = Case.objects.filter(pk__in=late).order_by("pk")
    return [
        case
        for case in cases
        if alarms_due(overdue_minutes(late[case.pk], at=at), allowed) > case.update_alarms
    ]


def report_due_at(case: Case) -> datetime | None:
    """By when the customer of this case should have heard from us; None while nothing of the kind is owed."""
    owed = Promise.objects.about("case", case.pk).running().filter(what=What.UPDATE, paused_at=None)
    return owed.order_by("due_at").values_list("due_at", flat=True).first()


def overdue_minutes(due_at: datetime, *, at: datetime) -> float:
    """Working minutes since then."""
    return worktime.working_seconds_between(worktime_of(None), start=due_at, end=at) / 60
