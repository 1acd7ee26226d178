"""A new case that nobody looks at, a customer who hears nothing: whoever leads is told, and told again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tightrope.calendars.duty import on_duty
from tightrope.cases import events, overdue, queries
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case, Rules
from tightrope.core.actor import SYSTEM
from tightrope.people.models import User


@transaction.atomic
def alarm_duty(case: Case, *, at: datetime) -> User | None:
    """Say who is on duty for the team of a new case, to be told of it first. Returns him; None where nobody is,
    and for a case that somebody took or rejected meanwhile: whoever leads hears of it if it waits too long.
    """
    case = Case.objects.lock(case.pk)
    if case.team_id is None or case.status != Case.Status.RECEIVED or case.owner_id is not None:
        return None
    on = on_duty(case.team_id, at=at)
    if on is None:
        return None
    record(case, events.DutyAlarmed(user_id=on.first.pk, name=on.first.name), by=SYSTEM, at=at)
    return on.first


@transaction.atomic
def alarm_untriaged(case: Case, *, at: datetime) -> Case:
    """Say once that nobody has looked at a case for as long as the rules allow; then each time twice as much
    working time has passed. A case that somebody took or rejected meanwhile alarms nobody.
    """
    case = Case.objects.lock(case.pk)
    if case.status != Case.Status.RECEIVED or case.owner_id is not None:
        return case
    waited = queries.waited_minutes(case, at=at)
    times = queries.alarms_due(waited, Rules.in_force().untriaged_after_minutes)
    if times <= case.alarms:
        return case
    case.alarms = times
    case.save(update_fields=["alarms"])
    event = events.CaseUntriaged(minutes=int(waited), times=times, team_id=case.team_id)
    record(case, event, by=SYSTEM, at=at)
    return case


@transaction.atomic
def alarm_unheard(case: Case, *, at: datetime) -> Case:
    """Say that the report promised to the customer was not given: his owner was told when it fell due, now it is
    who leads; then each time twice as much working time has passed. Who has spoken meanwhile alarms nobody.
    """
    case = Case.objects.lock(case.pk)
    due_at = overdue.report_due_at(case)
    if due_at is None or case.is_finished:
        return case
    silent = overdue.overdue_minutes(due_at, at=at)
    times = queries.alarms_due(silent, Rules.in_force().silent_after_minutes)
    if times <= case.update_alarms:
        return case
    case.update_alarms = times
    case.save(update_fields=["update_alarms"])
    event = events.ReportMissed(minutes=int(silent), times=times, team_id=case.team_id)
    record(case, event, by=SYSTEM, at=at)
    return case
