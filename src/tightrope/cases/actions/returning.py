"""The return call after the solution of a complaint, without which it does not close (R149)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases import events
from tightrope.cases.actions import clocks
from tightrope.cases.actions.calling import begin_call, drop_call
from tightrope.cases.actions.informing import end_wait
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Call, Case, Rules
from tightrope.core.actor import SYSTEM, Actor
from tightrope.promises import actions as promises
from tightrope.promises.models import PromiseKind, What

CALL_AGAIN = timedelta(days=1)
"""When a complaint that only its return call keeps open is looked at again."""
SETTLED = frozenset({Case.ReturnCall.DONE, Case.ReturnCall.GIVEN_UP})


def owe_return_call(case: Case, *, by: Actor, at: datetime) -> None:
    """A complaint was solved: the customer is promised a call, by the policies' time or the usual one. The case
    must be locked; the caller saves it. Part of another act."""
    if case.type != Case.Type.COMPLAINT:
        return
    drop_call(case, reason=_("The complaint is solved; the return call takes its place."), by=by, at=at)
    made = clocks.start(case, What.RETURN_CALL, told_at=at, by=by, at=at)
    promise = min(made, key=lambda one: one.due_at, default=None)
    if promise is None:
        promise = promises.make_promise(
            case,
            account_id=case.account_id,
            kind=PromiseKind.CUSTOMER,
            what=What.RETURN_CALL,
            due_at=usual_due(at=at),
            text="",
            user_id=case.owner_id,
            team_id=case.team_id,
            by=SYSTEM,
            at=at,
        )
    begin_call(case, purpose=Call.Purpose.RETURN, due_at=promise.due_at, promise=promise, by=by, at=at)
    case.return_call = Case.ReturnCall.OWED


def usual_due(*, at: datetime) -> datetime:
    """By when a call is made that the rules ask for."""
    seconds = Rules.in_force().return_call_hours * 3600
    return worktime.add_working(worktime_of(None), start=at, seconds=seconds)


def forget_return_call(case: Case, *, by: Actor, at: datetime) -> None:
    """The case is open again: what was called about it does not end it a second time. The case must be locked;
    the caller saves it. Part of another act."""
    if case.return_call == Case.ReturnCall.OWED:
        drop_call(case, reason=_("The case is open again."), by=by, at=at)
    case.return_call = Case.ReturnCall.NONE


def must_wait_for_call(case: Case) -> bool:
    """Whether a complaint may not be closed yet: its return call is neither made nor tried in vain to the end."""
    return case.type == Case.Type.COMPLAINT and case.return_call not in SETTLED


def call_the_silent(case: Case, *, by: Actor, at: datetime) -> Case:
    """A complaint whose customer does not answer in writing is not closed for that: its clocks run on and he is
    called. The case must be locked. Part of another act."""
    end_wait(case, by=by, at=at)
    record(case, events.CaseResumed(), by=by, at=at)
    begin_call(case, purpose=Call.Purpose.SILENT, due_at=usual_due(at=at), promise=None, by=by, at=at)
    clocks.refresh(case)
    case.save()
    return case
