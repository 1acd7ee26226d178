"""Return calls: a low score is a promise to speak with the customer within one working day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline, worktime
from tightrope.calendars.queries import in_force
from tightrope.cases import actions as cases
from tightrope.cases.actions import clocks
from tightrope.cases.models import Case
from tightrope.core.actor import SYSTEM, Actor
from tightrope.people.access import Belonging, require
from tightrope.people.models import User
from tightrope.promises import actions as promises
from tightrope.promises import queries as ledger
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.surveys import events
from tightrope.surveys.access import Can
from tightrope.surveys.models import FollowUp, Survey

WITHIN_WORKING_SECONDS = 8 * 3600
MOST_ATTEMPTS = 5


class AlreadyClosed(ValueError):
    """Somebody has noted how this call ended."""


class NothingNoted(ValueError):
    """A call that ended has something to say to the next reader."""


@transaction.atomic
def open_follow_up(survey: Survey, *, by: Actor, at: datetime) -> FollowUp | None:
    """Promise the customer a call after a low score, within one working day, by the lead of the desk.

    None when the score is not low any more. A call that was opened is not opened again.
    """
    case = Case.objects.lock(survey.case_id)
    survey = Survey.objects.lock(survey.pk)
    known = FollowUp.objects.filter(survey=survey).first()
    if known is not None or not survey.is_low:
        return known
    caller = _caller(survey)
    promise = _promised(case, survey, caller, by=by, at=at)
    follow_up = FollowUp.objects.create(
        survey=survey,
        case=case,
        contact_id=survey.contact_id,
        account_id=survey.account_id,
        owner=caller,
        team_id=survey.team_id,
        opened_at=at,
        due_at=promise.due_at,
    )
    _refresh(case)
    assert survey.score is not None
    opened = events.FollowUpOpened(
        follow_up_id=follow_up.pk,
        score=survey.score,
        question=survey.kind,
        due_at=promise.due_at.isoformat(),
        who=caller.name if caller else "",
    )
    timeline.record(case, opened, by=by, at=at)
    return follow_up


def _caller(survey: Survey) -> User | None:
    """The lead of whoever did the work: a score is not talked over with the person it is about alone."""
    people = ledger.people_to_warn(["lead"], user_id=survey.owner_id, team_id=survey.team_id)
    return people[0] if people else survey.owner


def _promised(case: Case, survey: Survey, caller: User | None, *, by: Actor, at: datetime) -> Promise:
    """The ledger's policies may say how soon; without a word of theirs it is one working day."""
    made = promises.start_clocks(
        case,
        account_id=case.account_id,
        policy_facts=clocks.facts_of(case),
        told_at=at,
        user_id=caller.pk if caller else None,
        team_id=survey.team_id,
        what=[What.FOLLOW_UP],
        by=by,
        at=at,
    )
    if made:
        return min(made, key=lambda promise: promise.due_at)
    due_at = worktime.add_working(in_force(None).worktime, start=at, seconds=WITHIN_WORKING_SECONDS)
    return promises.make_promise(
        case,
        account_id=case.account_id,
        kind=PromiseKind.CUSTOMER,
        what=What.FOLLOW_UP,
        due_at=due_at,
        text="",
        user_id=caller.pk if caller else None,
        team_id=survey.team_id,
        by=SYSTEM,
        at=at,
    )


def _refresh(case: Case) -> None:
    """A case that is open again is ordered by what is owed, the call included."""
    if not case.is_finished:
        clocks.refresh(case)
        case.save(update_fields=["next_due_at"])


@transaction.atomic
def note_call(
    follow_up: FollowUp, *, outcome: str, note: str, score_after: int | None, by: Actor, at: datetime
) -> FollowUp:
    """Write down what came of a return call, and the score the customer gives afterwards.

    "Taken up again" reopens the case with the note as its reason. Raises AlreadyClosed, NothingNoted,
    cases.TooLate, Denied.
    """
    case = Case.objects.lock(follow_up.case_id)
    follow_up = FollowUp.objects.lock(follow_up.pk)
    require(by, Can.FOLLOW_UP, Belonging(user_id=follow_up.owner_id, team_id=follow_up.team_id))
    if follow_up.closed_at is not None:
        raise AlreadyClosed(_("How this call ended was noted already."))
    outcome = FollowUp.Outcome(outcome)
    note = note.replace("\x00", "").strip()
    if not note and outcome in {FollowUp.Outcome.SETTLED, FollowUp.Outcome.TAKEN_UP}:
        raise NothingNoted(_("Write down what was said."))
    follow_up.outcome = outcome
    follow_up.note = note
    follow_up.score_after = score_after
    follow_up.attempts = min(follow_up.attempts + 1, MOST_ATTEMPTS * 10)
    if outcome != FollowUp.Outcome.NOT_REACHED:
        follow_up.closed_at, follow_up.closed_by = at, by.name[:200]
    follow_up.save()
    _settle(case, outcome, note, by=by, at=at)
    called = events.FollowUpCalled(
        follow_up_id=follow_up.pk,
        outcome=outcome,
        attempts=follow_up.attempts,
        score_after=score_after,
    )
    timeline.record(case, called, by=by, at=at)
    return follow_up


def _settle(case: Case, outcome: str, note: str, *, by: Actor, at: datetime) -> None:
    match outcome:
        case FollowUp.Outcome.SETTLED | FollowUp.Outcome.TAKEN_UP | FollowUp.Outcome.NO_WISH:
            promises.keep_promises(case, What.FOLLOW_UP, by=by, at=at)
        case FollowUp.Outcome.GIVEN_UP:
            promises.withdraw_promises(
                case, reason=note or "not reached", what=What.FOLLOW_UP, by=SYSTEM, at=at
            )
    if outcome == FollowUp.Outcome.TAKEN_UP and case.status in {Case.Status.SOLVED, Case.Status.CLOSED}:
        cases.reopen_case(case, reason=note, by=by, at=at)
    else:
        _refresh(case)
