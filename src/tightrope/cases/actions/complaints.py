"""Complaints: found, acknowledged within their own time, owned outside the department they are about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.informing import begin_reports
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.recurring import link_recurrence
from tightrope.cases.actions.returning import forget_return_call
from tightrope.cases.actions.routing import NoReason, answer_for
from tightrope.cases.actions.signs import settle_signs
from tightrope.cases.actions.solving import reopen_case
from tightrope.cases.models import Case, ComplaintSign, IllegalMove
from tightrope.core.actor import Actor
from tightrope.people.models import Team
from tightrope.promises import actions as promises
from tightrope.promises.models import What


@transaction.atomic
def make_complaint(case: Case, *, accused: Team | None, reason: str, by: Actor, at: datetime) -> Case:
    """Treat a case as a complaint from now on: it is acknowledged and answered by a complaint's times, and the
    owner steps aside if he is of the accused department. One that was solved is open again.

    Raises TooLate for one that was closed too long ago, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.type == Case.Type.COMPLAINT:
        return _accuse(case, accused, reason=reason, by=by, at=at)
    if case.status in {Case.Status.MERGED, Case.Status.REJECTED}:
        raise IllegalMove(case, Case.Status.REOPENED)
    if case.is_finished:
        case = reopen_case(case, reason=reason or _("The customer complains."), by=by, at=at)
    case.type = Case.Type.COMPLAINT
    _step_aside(case, accused, reason=reason, at=at)
    settle_signs(case, ComplaintSign.State.TAKEN, by=by, at=at)
    case.version += 1
    case.save()
    promises.hasten_promises(
        case,
        (What.FIRST_RESPONSE, What.RESOLUTION),
        account_id=case.account_id,
        policy_facts=clocks.facts_of(case),
        told_at=at,
        user_id=case.owner_id,
        team_id=case.team_id,
        reason=_("It is a complaint now."),
        by=by,
        at=at,
    )
    begin_reports(case, by=by, at=at)
    clocks.refresh(case)
    case.save(update_fields=["next_due_at"])
    event = events.BecameComplaint(accused=accused.name if accused else "", reason=reason)
    record(case, event, by=by, at=at)
    link_recurrence(case, by=by, at=at)
    return case


def _accuse(case: Case, accused: Team | None, *, reason: str, by: Actor, at: datetime) -> Case:
    """Say of a complaint which department it is about."""
    if case.accused_team_id == (accused.pk if accused else None):
        return case
    _step_aside(case, accused, reason=reason, at=at)
    clocks.refresh(case)
    case.version += 1
    case.save()
    event = events.BecameComplaint(accused=accused.name if accused else "", reason=reason)
    record(case, event, by=by, at=at)
    return case


def _step_aside(case: Case, accused: Team | None, *, reason: str, at: datetime) -> None:
    """Nobody of the accused department answers for the complaint about it; else everything stays as it is."""
    case.accused_team = accused
    if accused is None:
        return
    is_theirs = case.owner is not None and case.owner.memberships.filter(team=accused).exists()
    owner_id = None if is_theirs else case.owner_id
    team_id = None if is_theirs or case.team_id == accused.pk else case.team_id
    if (owner_id, team_id) != (case.owner_id, case.team_id):
        answer_for(case, owner_id=owner_id, team_id=team_id, reason=reason, at=at)


@transaction.atomic
def unmake_complaint(case: Case, *, reason: str, by: Actor, at: datetime) -> Case:
    """It was taken for a complaint and is none; what was promised because of it stays promised.

    Raises NoReason, IllegalMove for one that has ended, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.REJECT, case)
    if case.type != Case.Type.COMPLAINT:
        return case
    if not reason.strip():
        raise NoReason(_("Say why it is no complaint."))
    if case.is_finished:
        raise IllegalMove(case, case.status)
    usual = case.category.type if case.category else Case.Type.REQUEST
    case.type = usual if usual != Case.Type.COMPLAINT else Case.Type.REQUEST
    case.accused_team = None
    # What came again after it came again after the one before it.
    case.again.update(again_of=case.again_of, again_times=case.again_times)
    case.again_of, case.again_times = None, 0
    forget_return_call(case, by=by, at=at)
    case.version += 1
    case.save()
    record(case, events.NoComplaint(reason=reason.strip()[:500]), by=by, at=at)
    return case
