"""The ten seconds in which an answer, and "it is solved", are ours alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from tightrope.cases.models import Case
from tightrope.core import jobs
from tightrope.core.idempotency import once

HOLD = timedelta(seconds=10)
"""How long what we say is held back before it leaves, so that it can be taken back."""


class Ending(StrEnum):
    """What became of a solving."""

    TOLD = "told"
    TAKEN_BACK = "taken back"


def queue_telling(case: Case, *, solved_at: datetime) -> None:
    """Queue the job that tells the customer that it is solved. Part of another act."""
    jobs.enqueue(
        "cases.tell_solved",
        start_at=solved_at + HOLD,
        case_id=case.pk,
        solved_at=solved_at.isoformat(),
    )


def end_hold(
    case: Case, ending: Ending, act: Callable[[], object], *, solved_at: datetime, at: datetime
) -> Ending:
    """Do what ends the holding of a solving, unless it has ended: whoever comes first decides, also of two who do
    not know of each other. Returns how it has ended. Part of another act."""

    def ended() -> dict[str, str]:
        act()
        return {"ending": ending}

    decided, _is_new = once("cases.solving", f"{case.pk}:{solved_at.isoformat()}", ended, at=at)
    return Ending(decided["ending"])
