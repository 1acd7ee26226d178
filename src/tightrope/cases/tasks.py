"""Job entry points of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from tightrope.cases import actions, overdue, queries
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.core.jobs import job


@job("cases.look_at_silence")
def look_at_silence() -> None:
    """Remind the silent, close what silence has answered."""
    now = clock.now()
    for case in queries.to_look_at_again(at=now):
        if case.status == Case.Status.WAITING:
            before = case.reminded
            case = actions.remind_customer(case, by=SYSTEM, at=now)
            if case.reminded != before:
                continue
        actions.close_silent_case(case, by=SYSTEM, at=now)


@job("cases.let_go", queue="urgent")
def let_go(*, message_id: int, message_at: str) -> None:
    """The ten seconds of an answer are over."""
    actions.let_go(message_id, message_at=datetime.fromisoformat(message_at), at=clock.now())


@job("cases.look_after", attempts=1)
def look_after() -> None:
    """Alarm about what nobody looks at and who hears nothing; let go what is still held because its job was lost."""
    now = clock.now()
    for case in queries.untriaged(at=now):
        actions.alarm_untriaged(case, at=now)
    for case in overdue.unheard(at=now):
        actions.alarm_unheard(case, at=now)
    for message in queries.still_held(since=now - timedelta(hours=1), until=now - timedelta(minutes=1)):
        actions.let_go(message.pk, message_at=message.at, at=now)
