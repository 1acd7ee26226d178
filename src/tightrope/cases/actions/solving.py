"""The end of a case, and the way back when it was none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, may, require, require_voice
from tightrope.cases.actions import clocks
from tightrope.cases.actions.calling import drop_call
from tightrope.cases.actions.causes import require_cause
from tightrope.cases.actions.families import end_over_children, must_wait_for_children
from tightrope.cases.actions.holding import queue_telling
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.returning import (
    CALL_AGAIN,
    call_the_silent,
    forget_return_call,
    must_wait_for_call,
    owe_return_call,
)
from tightrope.cases.actions.routing import is_accused
from tightrope.cases.models import Case, IllegalMove, Rules
from tightrope.core.actor import Actor
from tightrope.promises import actions as promises
from tightrope.promises.models import What
from tightrope.promises.queries import running_of

KEPT_BY_SOLVING_ALONE = (What.HAND_OVER, What.RESOLUTION)
KEPT_BY_SOLVING = (What.FIRST_RESPONSE, What.NEXT_RESPONSE, What.UPDATE, *KEPT_BY_SOLVING_ALONE)
"""An answer keeps the first of these as well; of both, said at once, it is the answer that did."""
CHILDREN_AGAIN = timedelta(days=1)
"""When a parent that waits for its children to end is looked at again."""
HEARD_AGAIN = timedelta(days=1)
"""When a solved case is looked at again whose customer has said something that nobody has answered."""


class TooLate(Exception):
    """The case was closed too long ago to be reopened; a new one follows it."""


@transaction.atomic
def solve_case(case: Case, *, solution: str, by: Actor, at: datetime, despite_children: str = "") -> Case:
    """Say that it is solved: the promise of a solution is kept, silence begins to count. The customer is told when
    the seconds are over in which it can be taken back.

    Raises NoCause for a complaint without cause and prevention, OpenChildren while cases below it are open and
    `despite_children` does not say why that does not matter, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.status == Case.Status.SOLVED:
        return case
    before = standing_of(case)
    if case.status in {Case.Status.RECEIVED, Case.Status.REOPENED}:
        case.move_to(Case.Status.ACCEPTED)
        case.accepted_at = case.accepted_at or at
        if case.owner_id is None and not is_accused(case, by.user_id):
            case.owner_id = by.user_id
    if case.type == Case.Type.COMPLAINT:
        require_cause(case)
    end_over_children(case, despite=despite_children, by=by, at=at)
    if case.status == Case.Status.WAITING:
        promises.resume_promises(case, by=by, at=at)
    case.move_to(Case.Status.SOLVED)
    case.solution = Case.Solution(solution)
    case.solved_at = at
    case.answered_at = case.answered_at or at
    case.waiting_since = None
    case.waiting_for = ""
    case.heard_at = None
    case.is_confirmed = None
    case.look_again_at = at + timedelta(days=Rules.in_force().close_solved_after_days)
    _end_report_begun_now(case, by=by, at=at)
    for what in KEPT_BY_SOLVING:
        promises.keep_promises(case, what, by=by, at=at)
    case.next_due_at = None
    case.update_alarms = 0
    owe_return_call(case, by=by, at=at)
    case.save()
    queue_telling(case, solved_at=at)
    record(case, events.CaseSolved(solution=case.solution, solver_id=by.user_id, before=before), by=by, at=at)
    return case


def _end_report_begun_now(case: Case, *, by: Actor, at: datetime) -> None:
    """The answer sent with the solution has promised the next report; of what is solved none is owed."""
    if any(one.what == What.UPDATE and one.starts_at == at for one in running_of(case)):
        reason = _("It was solved in the same breath.")
        promises.withdraw_promises(case, reason=reason, what=What.UPDATE, by=by, at=at)


def standing_of(case: Case) -> dict[str, Any]:
    """Where a case stands, in plain values, so that solving it can be taken back."""
    return {name: _plain(getattr(case, name)) for name in CHANGED_BY_SOLVING}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


CHANGED_BY_SOLVING = (
    "status", "owner_id", "accepted_at", "answered_at", "heard_at", "waiting_since", "waiting_for", "look_again_at",
    "solution", "solved_at", "is_confirmed", "ended_over_children", "return_call", "update_alarms",
)  # fmt: skip


@transaction.atomic
def confirm_case(case: Case, *, by: Actor, at: datetime) -> Case:
    """The customer says "solved, thank you". Saying it twice is not an error. Raises IllegalMove, Denied."""
    case = Case.objects.lock(case.pk)
    if not may(by, Can.WORK, case):
        require_voice(by, case)
    if case.status == Case.Status.CLOSED:
        return case
    if case.status != Case.Status.SOLVED:
        raise IllegalMove(case, Case.Status.CLOSED)
    if case.is_confirmed:
        return case
    case.is_confirmed = True
    record(case, events.CaseConfirmed(), by=by, at=at)
    if must_wait_for_children(case):
        # His word is kept; the case is closed when the last child has ended.
        case.look_again_at = at + CHILDREN_AGAIN
        case.save(update_fields=["is_confirmed", "look_again_at"])
        return case
    if must_wait_for_call(case):
        # His word is kept; the case is closed when somebody has called him, or tried as often as the rules say.
        case.look_again_at = at + CALL_AGAIN
        case.save(update_fields=["is_confirmed", "look_again_at"])
        return case
    return _close(case, reason="confirmed", by=by, at=at)


@transaction.atomic
def close_silent_case(case: Case, *, by: Actor, at: datetime) -> Case:
    """Close a case about which the customer was silent for as long as the rules say; he is told. Who spoke after
    the solution was not silent: he may have said that it is none, so somebody reads it first.
    """
    case = Case.objects.lock(case.pk)
    if case.look_again_at is None or case.look_again_at > at:
        return case
    if must_wait_for_children(case):
        case.look_again_at = at + CHILDREN_AGAIN
        case.save(update_fields=["look_again_at"])
        return case
    if case.status == Case.Status.SOLVED:
        if case.heard_at is not None and not case.is_confirmed:
            case.look_again_at = at + HEARD_AGAIN
            case.save(update_fields=["look_again_at"])
            return case
        if must_wait_for_call(case):
            case.look_again_at = at + CALL_AGAIN
            case.save(update_fields=["look_again_at"])
            return case
        reason = "confirmed" if case.is_confirmed else "silent after solving"
        return _close(case, reason=reason, by=by, at=at)
    if case.status == Case.Status.WAITING and case.reminded >= Rules.in_force().remind_times:
        if case.type == Case.Type.COMPLAINT:
            return call_the_silent(case, by=by, at=at)
        promises.withdraw_promises(case, reason="silent while waiting", by=by, at=at)
        case.waiting_since = None
        return _close(case, reason="silent while waiting", by=by, at=at)
    return case


_OUTCOMES = {
    "confirmed": Case.Outcome.AGREED,
    "silent after solving": Case.Outcome.UNOPPOSED,
    "silent while waiting": Case.Outcome.UNANSWERED,
}


def _close(case: Case, *, reason: str, by: Actor, at: datetime) -> Case:
    case.move_to(Case.Status.CLOSED)
    case.closed_at = at
    case.outcome = _OUTCOMES[reason]
    if reason == "confirmed" and by.is_customer:
        case.end_told = Case.EndTold.HIMSELF
    drop_call(case, reason=_("The case is closed."), by=by, at=at)
    case.look_again_at = None
    case.next_due_at = None
    case.heard_at = None  # a word that comes from now on is a new one
    case.save()
    record(case, events.CaseClosed(reason=reason), by=by, at=at)
    return case


@transaction.atomic
def reopen_case(case: Case, *, reason: str, by: Actor, at: datetime) -> Case:
    """ "Not solved": the same number, the history kept, a promise of its own. Raises TooLate, IllegalMove, Denied."""
    case = Case.objects.lock(case.pk)
    if not may(by, Can.WORK, case):
        require_voice(by, case)
    if case.status == Case.Status.REOPENED:
        return case
    if case.status not in {Case.Status.SOLVED, Case.Status.CLOSED}:
        raise IllegalMove(case, Case.Status.REOPENED)
    within = timedelta(days=Rules.in_force().reopen_within_days)
    if case.closed_at is not None and at - case.closed_at > within:
        raise TooLate(_("This was closed long ago. Please open a new request; we link it to this one."))
    solver_id = case.owner_id
    case.move_to(Case.Status.REOPENED)
    case.closed_at = None
    case.solved_at = None
    case.is_confirmed = False
    case.reopenings += 1
    case.ended_over_children = ""
    case.outcome = case.end_told = ""
    forget_return_call(case, by=by, at=at)
    case.heard_at = at
    case.look_again_at = None
    clocks.start(case, What.RESOLUTION, What.NEXT_RESPONSE, told_at=at, by=by, at=at)
    clocks.refresh(case)
    case.save()
    record(case, events.CaseReopened(reason=reason[:500], solver_id=solver_id), by=by, at=at)
    return case
