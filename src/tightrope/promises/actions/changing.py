"""A promise is replaced, withdrawn, or answered for by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope.calendars.queries import in_force
from tightrope.core.actor import Actor
from tightrope.people.access import require
from tightrope.people.models import Team, User
from tightrope.promises import events
from tightrope.promises.access import Can, belonging_of
from tightrope.promises.actions.clockwork import end_pause, next_look, owed, record, stand_still
from tightrope.promises.actions.making import require_to_come
from tightrope.promises.actions.refusals import NotRunning, require_reason, require_running
from tightrope.promises.models import PERSONAL, Promise, Source, State, What
from tightrope.promises.subjects import lock_subject, tell_watcher, why_waiting
from tightrope.timeline.actions import type_of


@transaction.atomic
def replace_promise(
    promise: Promise,
    subject: models.Model,
    *,
    due_at: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    source: Source = Source.SELF,
) -> Promise:
    """Promise another time instead, with a reason and on whose instruction; the old row stays and points to the new one.

    The new clock begins now, or when waiting ends: while the next step about the subject is not ours, it stands
    still like the others, with all the time that was given. A person's word never does. Who was promised is told by
    whoever reacts to the event. A promise that was already missed stays missed. Raises NoReason, DueInPast, DueTooFar, NotRunning, Denied.
    """
    lock_subject(subject)
    promise = Promise.objects.lock(promise.pk)
    require(by, Can.CHANGE, belonging_of(promise))
    said = require_reason(reason)
    require_to_come(due_at, at=at)
    require_running(promise)
    before = promise.due_at
    _end(promise, State.REPLACED, reason=said, at=at)
    calendar = in_force(promise.calendar_id)
    new = Promise(
        kind=promise.kind,
        what=promise.what,
        text=promise.text,
        evidence=promise.evidence,
        account_id=promise.account_id,
        subject_type=promise.subject_type,
        subject_id=promise.subject_id,
        user_id=promise.user_id,
        team_id=promise.team_id,
        made_at=at,
        made_by=by.name[:200],
        maker_id=by.user_id,
        starts_at=at,
        policy_id=promise.policy_id,
        policy_version=promise.policy_version,
        calendar_id=promise.calendar_id,
        calendar_key=calendar.worktime.key,
        zone=promise.zone,
        due_at=due_at,
        beaten_share=promise.beaten_share,
        beaten_seconds=promise.beaten_seconds,
        warn=promise.warn,
    )
    new.next_look_at = next_look(new, calendar.worktime)
    new.save()
    promise.replaced_by = new
    promise.save(update_fields=["replaced_by"])
    record(
        subject,
        new,
        events.PromiseReplaced,
        by=by,
        at=at,
        before=before.isoformat(),
        reason=said,
        replaced_promise_id=promise.pk,
        source=source.value,
    )
    waits_for = why_waiting(subject)
    if waits_for and new.what not in PERSONAL:
        stand_still(new, subject, reason=waits_for, by=by, at=at)
    tell_watcher(subject)
    return new


@transaction.atomic
def withdraw_promises(
    subject: models.Model, *, reason: str, by: Actor, at: datetime, what: What | None = None
) -> list[Promise]:
    """End what is owed about a subject and no longer has a meaning: the subject itself has ended.

    The reason is one of the house; it is not shown to the customer. Raises NoReason.
    """
    said = require_reason(reason)
    ended = owed(subject, what)
    for promise in ended:
        _withdraw(promise, subject, reason=said, is_told=False, by=by, at=at)
    return ended


@transaction.atomic
def withdraw_promise(
    promise: Promise, subject: models.Model, *, reason: str, by: Actor, at: datetime
) -> Promise:
    """Take one promise back, with a reason that the one to whom it was made may read.

    Withdrawing twice is not an error. Raises NoReason, NotRunning, Denied.
    """
    lock_subject(subject)
    promise = Promise.objects.lock(promise.pk)
    require(by, Can.WITHDRAW, belonging_of(promise))
    said = require_reason(reason)
    if promise.ended_at is not None and promise.replaced_by_id is None:
        return promise
    require_running(promise)
    _withdraw(promise, subject, reason=said, is_told=True, by=by, at=at)
    tell_watcher(subject)
    return promise


def _withdraw(
    promise: Promise, subject: models.Model, *, reason: str, is_told: bool, by: Actor, at: datetime
) -> None:
    _end(promise, State.WITHDRAWN, reason=reason, at=at)
    record(subject, promise, events.PromiseWithdrawn, by=by, at=at, reason=reason, is_told=is_told)


def _end(promise: Promise, state: State, *, reason: str, at: datetime) -> None:
    """What passed its due instant was missed, however it ends and whether or not the clock has said so yet."""
    if promise.is_paused:
        end_pause(promise, at=at)
    if promise.state == State.MISSED or promise.due_at < at:
        state = State.MISSED
        promise.missed_at = promise.settled_at = promise.missed_at or promise.due_at
    promise.state = state
    promise.ended_at = at
    promise.end_reason = reason
    promise.next_look_at = None
    promise.save()


@transaction.atomic
def hand_over_promises(subject: models.Model, *, user_id: int | None, team_id: int | None) -> None:
    """Who answers for the subject answers for what is owed about it, but not for another person's word."""
    rows = Promise.objects.about(type_of(subject), subject.pk).running().exclude(what__in=PERSONAL)
    rows.update(user_id=user_id, team_id=team_id)


@transaction.atomic
def give_promise(
    promise: Promise,
    subject: models.Model,
    *,
    user: User | None,
    team: Team | None,
    by: Actor,
    at: datetime,
) -> Promise:
    """Let somebody else answer for one promise, e.g. for the word of a colleague who is away.

    Raises NotRunning, Denied.
    """
    lock_subject(subject)
    promise = Promise.objects.lock(promise.pk)
    require(by, Can.CHANGE, belonging_of(promise))
    if (promise.user_id, promise.team_id) == (user.pk if user else None, team.pk if team else None):
        return promise
    if user is None and team is None:
        raise NotRunning(_("Somebody has to answer for it: name a person or a team."))
    require_running(promise)
    promise.user, promise.team = user, team
    promise.save(update_fields=["user", "team"])
    record(
        subject,
        promise,
        events.PromiseGiven,
        by=by,
        at=at,
        to_whom=" · ".join(one.name for one in (user, team) if one is not None),
        user_id=promise.user_id,
        team_id=promise.team_id,
    )
    return promise


@transaction.atomic
def join_promises(subject: models.Model, *, account_id: int) -> None:
    """The subject turned out to be of this account, and so do its promises."""
    Promise.objects.about(type_of(subject), subject.pk).update(account_id=account_id)
