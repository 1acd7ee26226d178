"""Complaints: owned outside the department they are about, and closed only with cause and prevention."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.people.models import Team
from tightrope.promises.models import What


class NoCause(ValueError):
    """A complaint ends with what caused it and what keeps it from happening again."""


class ConflictOfInterest(ValueError):
    """The owner belongs to the department that is complained about."""


@transaction.atomic
def make_complaint(case: Case, *, accused: Team | None, reason: str, by: Actor, at: datetime) -> Case:
    """Treat a case as a complaint from now on, with its own clocks. The owner steps aside if he is of the
    accused department. Raises Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.type == Case.Type.COMPLAINT and case.accused_team_id == (accused.pk if accused else None):
        return case
    case.type = Case.Type.COMPLAINT
    case.accused_team = accused
    if accused is not None and case.owner is not None:
        if case.owner.memberships.filter(team=accused).exists():
            case.owner = None
            case.team = None
    elif accused is not None and case.team_id == accused.pk:
        case.team = None
    case.version += 1
    case.save()
    clocks.start(case, What.FIRST_RESPONSE, What.RESOLUTION, told_at=at, by=by, at=at)
    clocks.refresh(case)
    case.save(update_fields=["next_due_at"])
    record(
        case,
        events.BecameComplaint(accused=accused.name if accused else "", reason=reason),
        by=by,
        at=at,
    )
    return case


@transaction.atomic
def record_cause(case: Case, *, cause: str, prevention: str, by: Actor, at: datetime) -> Case:
    """Write down why it came to this and what keeps it from happening again. Raises NoCause, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    case.cause, case.prevention = cause.strip(), prevention.strip()
    require_cause(case)
    case.version += 1
    case.save()
    record(case, events.CauseRecorded(cause=case.cause, prevention=case.prevention), by=by, at=at)
    return case


def require_cause(case: Case) -> None:
    """Raises NoCause while a complaint lacks its cause or its prevention."""
    if not case.cause or not case.prevention:
        raise NoCause(_("A complaint needs its cause and what prevents it before it is solved."))
