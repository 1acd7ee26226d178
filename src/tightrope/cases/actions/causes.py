"""What a complaint teaches: its cause, and what keeps it from happening again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case
from tightrope.core.actor import Actor


class NoCause(ValueError):
    """A complaint ends with what caused it and what keeps it from happening again."""


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
