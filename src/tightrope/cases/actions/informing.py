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


def promise_next_word(case: Case, *, by: Actor, at: datetime) -> None:
    """A person spoke to the customer: the promised report is kept and the next one begins, if the policies give
    this case one. While the next step is the customer's, none begins. Part of another act."""
    promises.keep_promises(case, What.UPDATE, by=by, at=at)
    case.update_alarms = 0
    if not case.is_finished and case.status != Case.Status.WAITING:
        clocks.start(case, What.UPDATE, told_at=at, by=by, at=at)


def begin_reports(case: Case, *, by: Actor, at: datetime) -> None:
    """From now on the customer of this case hears from us again and again, if the policies say so: it has become
    grave, or goes on after waiting. Until the first answer that one is owed. Part of another act."""
    if case.answered_at is not None and case.status in {Case.Status.ACCEPTED, Case.Status.REOPENED}:
        clocks.start(case, What.UPDATE, told_at=at, by=by, at=at)


def end_wait(case: Case, *, by: Actor, at: datetime) -> None:
    """The next step is no longer the customer's: the clocks run on, and he hears from us again. The case must be
    locked and waiting; the caller saves it. Part of another act."""
    case.move_to(Case.Status.ACCEPTED)
    case.waiting_since = None
    case.waiting_for = ""
    case.look_again_at = None
    promises.resume_promises(case, by=by, at=at)
    begin_reports(case, by=by, at=at)


def forget_word(case: Case, *, said_at: datetime, by: Actor, at: datetime) -> None:
    """A word to the customer was taken back: the report that it began is not owed, the one it kept is owed again.
    Part of another act."""
    if promises.unkeep_promises(case, [What.UPDATE], kept_at=said_at, by=by, at=at):
        return
    owed = [promise for promise in running_of(case) if promise.what == What.UPDATE]
    if any(promise.starts_at == said_at for promise in owed):
        reason = _("The word that it was to follow was taken back.")
        promises.withdraw_promises(case, reason=reason, what=What.UPDATE, by=by, at=at)
