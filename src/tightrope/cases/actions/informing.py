"""The next word to the customer: promised anew with each word to him, as often as his case's class deserves."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tightrope.cases.actions import clocks
from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.promises import actions as promises
from tightrope.promises.models import What
from tightrope.promises.queries import running_of

UNDER_WAY = frozenset({Case.Status.RECEIVED, Case.Status.ACCEPTED, Case.Status.REOPENED, Case.Status.WAITING})


def promise_next_word(case: Case, *, by: Actor, at: datetime) -> None:
    """A person spoke to the customer: the promised report is kept and the next one begins, if the policies give
    this case one. Part of another act."""
    promises.keep_promises(case, What.UPDATE, by=by, at=at)
    case.update_alarms = 0
    if case.status in UNDER_WAY:
        clocks.start(case, What.UPDATE, told_at=at, by=by, at=at)


def begin_reports(case: Case, *, by: Actor, at: datetime) -> None:
    """The case has become one whose customer hears from us by himself again and again: from now on. Until the
    first answer that one is owed. Part of another act."""
    if case.answered_at is not None and case.status in {Case.Status.ACCEPTED, Case.Status.REOPENED}:
        clocks.start(case, What.UPDATE, told_at=at, by=by, at=at)


def forget_word(case: Case, *, said_at: datetime, by: Actor, at: datetime) -> None:
    """A word to the customer was taken back: the report that it began is not owed, the one it kept is owed again.
    Part of another act."""
    if promises.unkeep_promises(case, [What.UPDATE], kept_at=said_at, by=by, at=at):
        return
    owed = [promise for promise in running_of(case) if promise.what == What.UPDATE]
    if any(promise.starts_at == said_at for promise in owed):
        reason = _("The word that it was to follow was taken back.")
        promises.withdraw_promises(case, reason=reason, what=What.UPDATE, by=by, at=at)
