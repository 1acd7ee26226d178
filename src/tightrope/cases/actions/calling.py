"""The phone as the step up: a call that must happen, its attempts, and the talk itself (R012)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.answering import EmptyText
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.promises.queries import running_of

RETRIES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
"""How long after each vain attempt the next one is due; the last pause repeats."""


def planned_calls(case: Case) -> list[Promise]:
    """The calls somebody planned on this case that are still to be made, the next one first."""
    return [
        promise
        for promise in running_of(case)
        if promise.what == What.FOLLOW_UP
        and promise.kind == PromiseKind.INTERNAL
        and promise.maker_id is not None
    ]


@transaction.atomic
def plan_call(case: Case, *, due_at: datetime, text: str, by: Actor, at: datetime) -> Promise:
    """Somebody will call the customer by then. Raises DueInPast, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    promise = _planned(case, due_at=due_at, text=text, by=by, at=at)
    record(case, events.CallPlanned(due_at=due_at.isoformat(), text=promise.text), by=by, at=at)
    return promise


def _planned(case: Case, *, due_at: datetime, text: str, by: Actor, at: datetime) -> Promise:
    promise = promises.make_promise(
        case,
        account_id=case.account_id,
        kind=PromiseKind.INTERNAL,
        what=What.FOLLOW_UP,
        due_at=due_at,
        text=text.strip() or _("Call the customer"),
        user_id=by.user_id or case.owner_id,
        team_id=None if by.user_id or case.owner_id else case.team_id,
        by=by,
        at=at,
    )
    clocks.refresh(case)
    case.save(update_fields=["next_due_at"])
    return promise


@transaction.atomic
def log_call(case: Case, *, was_reached: bool, text: str, attempt: int, by: Actor, at: datetime) -> Case:
    """Write down a call. Reached, it counts as a word to the customer and ends the planned calls; not reached,
    the next attempt is planned by the schedule. `attempt` counts from one. Raises EmptyText, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    text = text.strip()
    if was_reached and not text:
        raise EmptyText(_("Say in a few words what was agreed on the phone."))
    planned = planned_calls(case)
    if was_reached:
        for promise in planned:
            promises.keep_promise(promise, case, by=by, at=at)
        promises.keep_promises(case, What.FIRST_RESPONSE, by=by, at=at)
        promises.keep_promises(case, What.NEXT_RESPONSE, by=by, at=at)
        case.answered_at = case.answered_at or at
        case.heard_at = None
        timeline.add_note(case, _("On the phone: %(text)s") % {"text": text}, by=by, at=at)
    else:
        said = _("Called, nobody answered (attempt %(attempt)s).") % {"attempt": attempt}
        timeline.add_note(case, f"{said} {text}".strip(), by=by, at=at)
        if not any(promise.due_at > at for promise in planned):
            pause = RETRIES[min(max(attempt, 1), len(RETRIES)) - 1]
            _planned(case, due_at=at + pause, text=_("Call again"), by=by, at=at)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, events.CustomerCalled(was_reached=was_reached, attempt=attempt), by=by, at=at)
    return case
