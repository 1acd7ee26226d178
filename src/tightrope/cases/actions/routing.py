"""Who answers for a case: accepting, assigning, handing over, judging how severe it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import events, indexing
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.informing import begin_reports
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case, Category, IllegalMove, Stint
from tightrope.cases.priority import priority_of
from tightrope.core.actor import Actor
from tightrope.people.models import Membership, Team, User
from tightrope.promises import actions as promises
from tightrope.promises.models import Source, What


class AlreadyAccepted(Exception):
    """Somebody else was quicker. The message names him."""


class NotAssignable(ValueError):
    """This person or team cannot answer for the case."""


class NoReason(ValueError):
    """This step needs a reason."""


class TooManyTags(ValueError):
    """More words, or longer ones, than a case carries."""


@transaction.atomic
def accept_case(case: Case, *, by: Actor, at: datetime, owner: User | None = None) -> Case:
    """Somebody answers for the case from now on. Saying it twice is not an error; raises AlreadyAccepted for
    the second of two people, NotAssignable for one whom the complaint is about, IllegalMove, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.ACCEPT, case)
    owner_id = owner.pk if owner else by.user_id
    if case.status not in {Case.Status.RECEIVED, Case.Status.REOPENED}:
        if case.owner_id == owner_id:
            return case
        if case.status == Case.Status.ACCEPTED and case.owner is not None:
            raise AlreadyAccepted(_("%(name)s has already accepted this.") % {"name": case.owner.name})
        raise IllegalMove(case, Case.Status.ACCEPTED)
    _refuse_accused(case, user_id=owner_id, team_id=None)
    case.move_to(Case.Status.ACCEPTED)
    case.accepted_at = case.accepted_at or at
    case.look_again_at = None
    answer_for(case, owner_id=owner_id, team_id=case.team_id, reason="", at=at)
    clocks.refresh(case)
    case.version += 1  # whoever was about to assign it is told who was quicker
    case.save()
    name = case.owner.name if case.owner else by.name
    record(case, events.CaseAccepted(owner=name), by=by, at=at)
    return case


@transaction.atomic
def assign_case(
    case: Case, *, owner: User | None, team: Team | None, version: int, by: Actor, at: datetime
) -> Case:
    """Give the case to a person, a team, or both. `version` is the case as the assigner saw it.

    Raises AlreadyAccepted when it changed hands meanwhile, NotAssignable, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.ASSIGN, case)
    if case.is_finished:
        raise NotAssignable(_("A finished case is assigned by reopening it."))
    same = case.owner_id == (owner.pk if owner else None) and case.team_id == (team.pk if team else None)
    if same:
        return case
    if case.version != version:
        name = case.owner.name if case.owner else case.team.name if case.team else "–"
        raise AlreadyAccepted(_("Meanwhile %(name)s answers for this.") % {"name": name})
    if owner is not None and not owner.is_active:
        raise NotAssignable(_("%(name)s no longer works here.") % {"name": owner.name})
    _refuse_accused(case, user_id=owner.pk if owner else None, team_id=team.pk if team else None)
    before = case.owner.name if case.owner else ""
    answer_for(
        case, owner_id=owner.pk if owner else None, team_id=team.pk if team else None, reason="", at=at
    )
    case.version += 1
    case.save()
    record(
        case,
        events.CaseAssigned(
            owner=owner.name if owner else "",
            owner_id=owner.pk if owner else None,
            team=team.name if team else "",
            before=before,
        ),
        by=by,
        at=at,
    )
    return case


def _refuse_accused(case: Case, *, user_id: int | None, team_id: int | None) -> None:
    if is_accused(case, user_id) or (team_id is not None and team_id == case.accused_team_id):
        raise NotAssignable(_("A complaint is not answered for by the department it is about."))


def is_accused(case: Case, user_id: int | None) -> bool:
    """Whether this person belongs to the department that the complaint is about."""
    if case.accused_team_id is None or user_id is None:
        return False
    return Membership.objects.filter(team_id=case.accused_team_id, user_id=user_id).exists()


def answer_for(case: Case, *, owner_id: int | None, team_id: int | None, reason: str, at: datetime) -> None:
    """Change who answers: the old stint ends, a new one begins, the promises follow. Part of another act."""
    if (case.owner_id, case.team_id) == (owner_id, team_id) and case.stints.filter(until_at=None).exists():
        promises.hand_over_promises(case, user_id=owner_id, team_id=team_id)
        return
    case.stints.filter(until_at__isnull=True).update(until_at=at)
    case.owner_id, case.team_id = owner_id, team_id
    Stint.objects.create(case=case, owner_id=owner_id, team_id=team_id, from_at=at, reason=reason[:300])
    promises.hand_over_promises(case, user_id=owner_id, team_id=team_id)


@transaction.atomic
def hand_over_case(
    case: Case, *, team: Team, reason: str, by: Actor, at: datetime, source: Source = Source.SELF
) -> Case:
    """Give the case to another department or tier; a clock of its own runs on them until one accepts it.

    `source` says on whose instruction. Raises NoReason, NotAssignable, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if not reason.strip():
        raise NoReason(_("Say why, so that they need not ask."))
    if case.is_finished:
        raise NotAssignable(_("A finished case is handed over by reopening it."))
    if case.team_id == team.pk and case.owner_id is None:
        return case
    _refuse_accused(case, user_id=None, team_id=team.pk)
    answer_for(case, owner_id=None, team_id=team.pk, reason=reason, at=at)
    case.tier = team.tier
    case.reroutings += 1
    case.version += 1
    promises.withdraw_promises(case, reason=reason, what=What.HAND_OVER, by=by, at=at)
    clocks.start(case, What.HAND_OVER, told_at=at, by=by, at=at)
    clocks.refresh(case)
    case.save()
    timeline.add_note(case, reason, by=by, at=at)
    handed_over = events.CaseHandedOver(team=team.name, team_id=team.pk, tier=team.tier, source=source.value)
    record(case, handed_over, by=by, at=at)
    return case


@transaction.atomic
def take_over(case: Case, *, by: Actor, at: datetime) -> Case:
    """Somebody of the department takes what was handed over: its hand-over promise is kept.

    Raises AlreadyAccepted, NotAssignable for one whom the complaint is about, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.ACCEPT, case)
    if case.owner_id == by.user_id:
        return case
    if case.owner is not None:
        raise AlreadyAccepted(_("%(name)s has already accepted this.") % {"name": case.owner.name})
    _refuse_accused(case, user_id=by.user_id, team_id=None)
    answer_for(case, owner_id=by.user_id, team_id=case.team_id, reason="", at=at)
    promises.keep_promises(case, What.HAND_OVER, by=by, at=at)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, events.CaseAssigned(owner=by.name, owner_id=by.user_id, team="", before=""), by=by, at=at)
    return case


@transaction.atomic
def change_severity(case: Case, *, impact: int, urgency: int, reason: str, by: Actor, at: datetime) -> Case:
    """Judge impact and urgency anew; the priority follows and the clocks are measured by the new class.

    Promises made to the customer stay as they were said. Raises NoReason, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.SEVERITY, case)
    if (case.impact, case.urgency) == (impact, urgency):
        return case
    if not reason.strip():
        raise NoReason(_("Say why the severity changes."))
    before = (case.impact, case.urgency, case.priority)
    case.impact, case.urgency = impact, urgency
    importance = case.account.importance if case.account else 1
    case.priority = priority_of(impact=impact, urgency=urgency, importance=importance).value
    if not case.is_finished:
        begin_reports(case, by=by, at=at)
        clocks.refresh(case)
    case.version += 1
    case.save()
    record(
        case,
        events.SeverityChanged(
            impact=[before[0], impact],
            urgency=[before[1], urgency],
            priority=[before[2], case.priority],
            reason=reason,
        ),
        by=by,
        at=at,
    )
    return case


@transaction.atomic
def change_category(case: Case, *, category: Category, reason: str, by: Actor, at: datetime) -> Case:
    """File the case elsewhere; counts as a re-route when its team changes with it. A complaint stays where it is when
    the category belongs to the department it is about. Raises Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.category_id == category.pk:
        return case
    before = case.category.name if case.category else ""
    case.category = category
    elsewhere = category.team_id not in {None, case.team_id, case.accused_team_id}
    if elsewhere and case.owner_id is None:
        answer_for(case, owner_id=None, team_id=category.team_id, reason=reason, at=at)
        case.reroutings += 1
    case.version += 1
    case.save()
    record(case, events.CategoryChanged(before=before, after=category.name, reason=reason), by=by, at=at)
    return case


@transaction.atomic
def retitle_case(case: Case, *, title: str, version: int, by: Actor, at: datetime) -> Case:
    """Say better what it is about. Raises AlreadyAccepted when somebody changed it meanwhile, NoReason, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    title = " ".join(title.split())[:200]
    if not title:
        raise NoReason(_("Say in a few words what this is about."))
    if title == case.title:
        return case
    if case.version != version:
        raise AlreadyAccepted(_("Somebody changed this meanwhile: “%(title)s”.") % {"title": case.title})
    before, case.title = case.title, title
    case.version += 1
    case.save()
    indexing.index_case(case)
    record(case, events.CaseRetitled(before=before, after=title), by=by, at=at)
    return case


TAGS_AT_MOST, TAG_LENGTH = 20, 60


@transaction.atomic
def tag_case(case: Case, *, tags: Iterable[str], by: Actor, at: datetime) -> Case:
    """Put these words on the case instead of those it carried, each once. Raises TooManyTags, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    words = (" ".join(tag.split()) for tag in tags)
    after = list(dict.fromkeys(word for word in words if word))
    if after == case.tags:
        return case
    if len(after) > TAGS_AT_MOST:
        raise TooManyTags(_("A case carries at most %(most)s tags.") % {"most": TAGS_AT_MOST})
    if any(len(word) > TAG_LENGTH for word in after):
        raise TooManyTags(_("A tag has at most %(most)s characters.") % {"most": TAG_LENGTH})
    before, case.tags = list(case.tags), after
    case.version += 1
    case.save()
    record(case, events.CaseTagged(before=before, after=after), by=by, at=at)
    return case
