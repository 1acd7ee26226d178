"""Job entry points of the desk."""

from __future__ import annotations

from tightrope.cases import actions, queries
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
