"""Job entry points of the desk."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from tightrope.cases import actions, indexing, overdue, queries
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.core.jobs import each_apart, enqueue, job

INDEXED_AT_ONCE = 200


@job("cases.look_at_silence")
def look_at_silence() -> None:
    """Remind the silent, close what silence has answered."""
    now = clock.now()
    each_apart(queries.to_look_at_again(at=now), partial(_look_again, at=now))


def _look_again(case: Case, *, at: datetime) -> None:
    if case.status == Case.Status.WAITING:
        before = case.reminded
        case = actions.remind_customer(case, by=SYSTEM, at=at)
        if case.reminded != before:
            return
    actions.close_silent_case(case, by=SYSTEM, at=at)


@job("cases.tell_solved", queue="urgent")
def tell_solved(*, case_id: int, solved_at: str) -> None:
    """The time to take a solving back is over."""
    case = Case.objects.get(pk=case_id)
    actions.tell_solved(case, solved_at=datetime.fromisoformat(solved_at), at=clock.now())


@job("cases.index_again", queue="slow")
@transaction.atomic
def index_again(*, after: int = 0) -> None:
    """Make the search index of all cases anew, in batches; each queues the next one.

    People work meanwhile: each batch is a short transaction, and what changes behind it indexes itself.
    """
    last = indexing.index_again(after=after, limit=INDEXED_AT_ONCE)
    if last is not None:
        enqueue("cases.index_again", after=last)


@job("cases.look_after", attempts=1)
def look_after() -> None:
    """Alarm about what nobody looks at and who hears nothing."""
    now = clock.now()
    alarms = [(actions.alarm_untriaged, case) for case in queries.untriaged(at=now)]
    alarms += [(actions.alarm_unheard, case) for case in overdue.unheard(at=now)]
    each_apart(alarms, lambda alarm: alarm[0](alarm[1], at=now))
