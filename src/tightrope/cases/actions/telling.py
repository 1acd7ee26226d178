"""Telling the customer that it is solved, once that can be taken back no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tightrope.cases import events, letters
from tightrope.cases.actions.holding import HOLD, Ending, end_hold
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case
from tightrope.core.actor import SYSTEM


@transaction.atomic
def tell_solved(case: Case, *, solved_at: datetime, at: datetime) -> Case:
    """Tell the customer that it is solved, and how to say that it is not. May run twice.

    A solving that was taken back, or that the customer contradicted meanwhile, is told to nobody.
    """
    case = Case.objects.lock(case.pk)
    if case.solved_at == solved_at and at >= solved_at + HOLD:
        end_hold(case, Ending.TOLD, lambda: _tell(case, at=solved_at + HOLD), solved_at=solved_at, at=at)
    return case


def _tell(case: Case, *, at: datetime) -> None:
    """It stands on the line where its time came, however late the job was. Who has confirmed by then needs no letter."""
    has_confirmed = case.closed_at is not None and case.closed_at < at
    is_sent = not has_confirmed and letters.send(case, "solved", at=at)
    record(case, events.CustomerToldSolved(by_letter=is_sent), by=SYSTEM, at=at)
