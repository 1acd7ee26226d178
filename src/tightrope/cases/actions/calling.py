"""The phone as the step up: a call that must happen, every try, and the talk itself (R012, R020)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.calendars.queries import worktime_of
from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.answering import EmptyText
from tightrope.cases.actions.informing import promise_next_word
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.routing import NoReason
from tightrope.cases.models import Attempt, Call, Case, IllegalMove, Rules
from tightrope.cases.retries import next_try
from tightrope.core.actor import SYSTEM, Actor
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, PromiseKind, What

IN_VAIN = frozenset({Attempt.Outcome.NO_ANSWER, Attempt.Outcome.BUSY, Attempt.Outcome.WRONG_NUMBER})
GONE = frozenset({Case.Status.MERGED, Case.Status.REJECTED})


class NoSuchTry(ValueError):
    """A try like this cannot be written down here."""


def open_call_of(case: Case) -> Call | None:
    """The call that is still to be made on this case; there is at most one."""
    return Call.objects.filter(case=case, outcome=Call.Outcome.OPEN).first()


@transaction.atomic
def plan_call(case: Case, *, due_at: datetime, text: str, by: Actor, at: datetime) -> Call:
    """Somebody will call the customer by then. A call that is already planned is planned anew, with its tries.

    Raises DueInPast, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.status in GONE:
        raise IllegalMove(case, case.status)
    call = open_call_of(case) or Call(case=case, account_id=case.account_id, opened_at=at)
    call.text = text.strip()[:500] or call.text
    call.owner_id = by.user_id or case.owner_id
    if call.promise_id is not None:
        _withdraw(call, case, reason=_("The call is planned anew."), by=by, at=at)
    call.promise = _promised(call, case, due_at=due_at, by=by, at=at)
    call.due_at = due_at
    call.save()
    _order(case, call)
    record(case, events.CallPlanned(due_at=due_at.isoformat(), text=call.text), by=by, at=at)
    return call


def begin_call(
    case: Case, *, purpose: str, due_at: datetime, promise: Promise | None, by: Actor, at: datetime
) -> Call:
    """A call that the company's rules ask for, in place of one that was planned. The case must be locked; the
    caller saves it. Part of another act."""
    drop_call(case, reason=_("Another call takes its place."), by=by, at=at)
    call = Call(
        case=case,
        account_id=case.account_id,
        purpose=purpose,
        owner_id=case.owner_id,
        opened_at=at,
        due_at=due_at,
    )
    call.promise = promise or _promised(call, case, due_at=due_at, by=SYSTEM, at=at)
    call.save()
    case.call_due_at = due_at
    record(case, events.CallPlanned(due_at=due_at.isoformat(), text=call.text), by=by, at=at)
    return call


def drop_call(case: Case, *, reason: str, by: Actor, at: datetime) -> None:
    """The call is not needed any more. The case must be locked; the caller saves it. Part of another act."""
    call = open_call_of(case)
    case.call_due_at = None
    if call is None:
        return
    _withdraw(call, case, reason=reason, by=by, at=at)
    _end(call, Call.Outcome.DROPPED, reason=reason, at=at)
    record(case, events.CallDropped(purpose=call.purpose, reason=call.reason), by=by, at=at)


@transaction.atomic
def log_call(
    case: Case, *, outcome: str, text: str, by: Actor, at: datetime, later_at: datetime | None = None
) -> Case:
    """Write down a try to call the customer. Reached, it counts as a word to him and ends the call; in vain, the
    next try is promised by the company's schedule; after the last one it is given up, with the reason, and the
    customer is written to.

    Raises EmptyText without what was said, NoReason for a last try without one, DueInPast for a later time that
    has passed, NoSuchTry, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.status in GONE:
        raise IllegalMove(case, case.status)
    outcome, text = Attempt.Outcome(outcome), text.strip()
    _refuse_untrue(case, outcome, text)
    call = open_call_of(case) or Call.objects.create(
        case=case, account_id=case.account_id, owner_id=by.user_id, opened_at=at, due_at=at
    )
    tried = _next_step(call, outcome, text, later_at=later_at, at=at)
    tried.number = call.tries.count() + 1
    tried.by_name = by.name[:200]
    promises.keep_promises(case, _what(call), by=by, at=at)
    if outcome == Attempt.Outcome.REACHED:
        _reached(case, call, text, by=by, at=at)
    elif tried.next_at is None:
        _give_up(case, call, text, by=by, at=at)
    else:
        timeline.add_note(case, _note_of(tried, call), by=by, at=at)
        call.promise = _promised(call, case, due_at=tried.next_at, by=SYSTEM, at=at)
        call.due_at = tried.next_at
    tried.save()
    call.save()
    _order(case, call)
    event = events.CustomerCalled(
        was_reached=outcome == Attempt.Outcome.REACHED,
        attempt=call.attempts + 1 if outcome == Attempt.Outcome.REACHED else call.attempts,
        outcome=outcome,
        purpose=call.purpose,
        next_at=tried.next_at.isoformat() if tried.next_at else "",
    )
    record(case, event, by=by, at=at)
    if call.outcome == Call.Outcome.GIVEN_UP:
        gone = events.CallGivenUp(attempts=call.tries.count(), purpose=call.purpose, reason=call.reason)
        record(case, gone, by=by, at=at)
    return case


def _refuse_untrue(case: Case, outcome: str, text: str) -> None:
    if outcome == Attempt.Outcome.REACHED and not text:
        raise EmptyText(_("Say in a few words what was agreed on the phone."))
    if outcome == Attempt.Outcome.NO_NUMBER and has_number(case):
        raise NoSuchTry(_("There is a number on file; try it first."))


def has_number(case: Case) -> bool:
    """Whether we know a telephone number of the contact."""
    return case.contact is not None and case.contact.addresses.filter(kind="phone").exists()


def _next_step(call: Call, outcome: str, text: str, *, later_at: datetime | None, at: datetime) -> Attempt:
    """What one try leads to: by when the next, if any. Raises NoReason, DueInPast."""
    tried = Attempt(call=call, outcome=outcome, text=text, at=at)
    if outcome in IN_VAIN:
        call.attempts += 1
        schedule = Rules.in_force().call_retries
        contact = call.case.contact
        tried.next_at = next_try(
            schedule,
            vain=call.attempts,
            at=at,
            calendar=worktime_of(None),
            zone=contact.time_zone if contact else "",
        )
    elif outcome == Attempt.Outcome.LATER:
        if later_at is None or later_at <= at:
            raise promises.DueInPast(_("Say when the customer wants to be called."))
        tried.next_at = later_at
    elif outcome == Attempt.Outcome.NO_NUMBER:
        call.attempts += 1
    is_last = outcome != Attempt.Outcome.REACHED and tried.next_at is None
    if is_last and not text:
        raise NoReason(_("This was the last try. Say what is known, before the customer is written to."))
    return tried


def _reached(case: Case, call: Call, text: str, *, by: Actor, at: datetime) -> None:
    for what in (What.FIRST_RESPONSE, What.NEXT_RESPONSE):
        promises.keep_promises(case, what, by=by, at=at)
    case.answered_at = case.answered_at or at
    case.heard_at = None
    promise_next_word(case, by=by, at=at)
    timeline.add_note(case, _("On the phone: %(text)s") % {"text": text}, by=by, at=at)
    _end(call, Call.Outcome.REACHED, reason="", at=at)
    _settle_return(case, Case.ReturnCall.DONE, at=at)


def _give_up(case: Case, call: Call, reason: str, *, by: Actor, at: datetime) -> None:
    said = _("Called %(times)s times in vain. %(reason)s") % {"times": call.attempts, "reason": reason}
    timeline.add_note(case, said, by=by, at=at)
    _end(call, Call.Outcome.GIVEN_UP, reason=reason, at=at)
    if call.purpose == Call.Purpose.RETURN:
        _settle_return(case, Case.ReturnCall.GIVEN_UP, at=at)


def _settle_return(case: Case, how: str, *, at: datetime) -> None:
    """What was owed after the solution of a complaint is done; whoever agreed already need not wait longer."""
    if case.return_call != Case.ReturnCall.OWED:
        return
    case.return_call = how
    if case.is_confirmed:
        case.look_again_at = at


def _note_of(tried: Attempt, call: Call) -> str:
    said = _("Called: %(outcome)s (try %(number)s).") % {
        "outcome": tried.get_outcome_display(),
        "number": tried.number,
    }
    return f"{said} {tried.text}".strip()


def _what(call: Call) -> What:
    """A return call is owed to the customer like a solution; another call is somebody's word to make it."""
    return What.RETURN_CALL if call.purpose == Call.Purpose.RETURN else What.CALL


def _promised(call: Call, case: Case, *, due_at: datetime, by: Actor, at: datetime) -> Promise:
    return promises.make_promise(
        case,
        account_id=case.account_id,
        kind=PromiseKind.INTERNAL,
        what=_what(call),
        due_at=due_at,
        text=call.text,
        user_id=call.owner_id or case.owner_id,
        team_id=None if call.owner_id or case.owner_id else case.team_id,
        by=by,
        at=at,
    )


def _withdraw(call: Call, case: Case, *, reason: str, by: Actor, at: datetime) -> None:
    promises.withdraw_promises(case, reason=reason, what=_what(call), by=by, at=at)


def _end(call: Call, outcome: str, *, reason: str, at: datetime) -> None:
    call.outcome = outcome
    call.reason = reason.strip()[:500]
    call.closed_at = at
    call.save()


def _order(case: Case, call: Call) -> None:
    """The list of calls and the queue are ordered by what is due now."""
    case.call_due_at = call.due_at if call.is_open else None
    if not case.is_finished:
        clocks.refresh(case)
    case.version += 1
    case.save()
