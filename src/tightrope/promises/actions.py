"""Making, keeping, pausing, changing promises, and looking at the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope import timeline, worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import SYSTEM, Actor
from tightrope.people.access import Belonging, require
from tightrope.promises import events, queries
from tightrope.promises.access import Can
from tightrope.promises.models import Pause, Promise, PromiseKind, State, What
from tightrope.promises.queries import PolicyFacts
from tightrope.timeline.actions import type_of

__all__ = ["PolicyFacts"]

WARNINGS = (50, 75, 100)


class DueInPast(ValueError):
    """A promise is about what is still to come."""


class NoReason(ValueError):
    """Changing or withdrawing a promise needs a reason that the other side may read."""


class NotRunning(ValueError):
    """This promise was kept or ended already."""


@transaction.atomic
def start_clocks(
    subject: models.Model, *, account_id: int | None, policy_facts: PolicyFacts, told_at: datetime,
    user_id: int | None, team_id: int | None, what: Iterable[What], by: Actor, at: datetime,
) -> list[Promise]:  # fmt: skip
    """Make the promises that the policies give for these things, counted from when the customer spoke.

    A clock of the same thing and kind that already runs is left as it is.
    """
    what = list(what)
    already = {(p.what, p.kind) for p in queries.running_of(subject)}
    made = []
    for target in queries.targets_for(policy_facts, what):
        if (target.what, target.kind) in already:
            continue
        calendar = worktime_of(target.calendar_id)
        promise = Promise(
            kind=target.kind,
            what=target.what,
            account_id=account_id,
            subject_type=type_of(subject),
            subject_id=subject.pk,
            user_id=user_id,
            team_id=team_id,
            made_at=at,
            made_by=by.name,
            starts_at=told_at,
            policy=target.policy,
            policy_version=target.policy.version,
            calendar_id=target.calendar_id,
            zone=calendar.zone,
            working_seconds=target.working_seconds,
            due_at=worktime.add_working(calendar, start=told_at, seconds=target.working_seconds),
            beaten_share=target.beaten_share,
            warn=target.warn,
        )
        promise.next_look_at = _next_look(promise, ())
        promise.save()
        _record(subject, promise, events.PromiseMade, by=by, at=at, text="", policy=target.policy.name)
        made.append(promise)
    return made


@transaction.atomic
def make_promise(
    subject: models.Model, *, account_id: int | None, kind: PromiseKind, what: What, due_at: datetime, text: str,
    user_id: int | None, team_id: int | None, by: Actor, at: datetime, evidence: str = "",
) -> Promise:  # fmt: skip
    """Somebody gives his word: this, by then. Raises DueInPast, Denied."""
    require(by, Can.MAKE, Belonging(user_id=user_id or by.user_id, team_id=team_id))
    if due_at <= at:
        raise DueInPast(_("A promise is about what is still to come."))
    calendar = worktime_of(None)
    promise = Promise(
        kind=kind,
        what=what,
        text=text[:500],
        evidence=evidence,
        account_id=account_id,
        subject_type=type_of(subject),
        subject_id=subject.pk,
        user_id=user_id,
        team_id=team_id,
        made_at=at,
        made_by=by.name,
        starts_at=at,
        zone=calendar.zone,
        due_at=due_at,
        warn={"75": ["owner"], "100": ["owner", "lead"]},
    )
    promise.next_look_at = _next_look(promise, ())
    promise.save()
    _record(subject, promise, events.PromiseMade, by=by, at=at, text=promise.text, policy="")
    return promise


@transaction.atomic
def keep_promises(subject: models.Model, what: What, *, by: Actor, at: datetime) -> list[Promise]:
    """What was promised has been done: every running promise of it is kept, in time or late."""
    return [_keep(promise, subject, by=by, at=at) for promise in _running(subject, what)]


@transaction.atomic
def keep_promise(promise: Promise, subject: models.Model, *, by: Actor, at: datetime) -> Promise:
    """Keep this one promise, e.g. a person's word. Saying it twice is not an error. Raises NotRunning."""
    promise = Promise.objects.lock(promise.pk)
    if promise.kept_at is not None:
        return promise
    if promise.ended_at is not None:
        raise NotRunning(_("This promise was withdrawn or replaced."))
    return _keep(promise, subject, by=by, at=at)


def _keep(promise: Promise, subject: models.Model, *, by: Actor, at: datetime) -> Promise:
    calendar = worktime_of(promise.calendar_id)
    if promise.paused_at is not None:
        _end_pause(promise, at=at)
    early, late = min(at, promise.due_at), max(at, promise.due_at)
    working = worktime.working_seconds_between(calendar, start=early, end=late)
    promise.kept_at = at
    promise.margin_seconds = (promise.due_at - at).total_seconds()
    promise.margin_working_seconds = working if at <= promise.due_at else -working
    promise.next_look_at = None
    if at <= promise.due_at and promise.missed_at is None:
        promise.state = State.KEPT
        granted = promise.working_seconds or worktime.working_seconds_between(
            calendar, start=promise.starts_at, end=promise.due_at
        )
        promise.is_beaten = (
            granted > 0 and promise.margin_working_seconds >= float(promise.beaten_share) * granted
        )
    else:
        promise.state = State.MISSED
        promise.missed_at = promise.missed_at or promise.due_at
    promise.save()
    _record(
        subject, promise, events.PromiseKept, by=by, at=at,
        margin_seconds=promise.margin_seconds,
        margin_working_seconds=promise.margin_working_seconds,
        is_beaten=promise.is_beaten,
    )  # fmt: skip
    return promise


@transaction.atomic
def pause_promises(subject: models.Model, *, reason: str, by: Actor, at: datetime) -> list[Promise]:
    """Stop the clocks of a subject: the next step is not ours. What is already missed is not saved by it."""
    paused = []
    for promise in _running(subject):
        if promise.paused_at is not None or promise.state == State.MISSED or promise.due_at <= at:
            continue
        Pause.objects.create(promise=promise, from_at=at, reason=reason[:300])
        promise.paused_at = at
        promise.next_look_at = None
        promise.save(update_fields=["paused_at", "next_look_at"])
        _record(subject, promise, events.PromisePaused, by=by, at=at, reason=reason)
        paused.append(promise)
    return paused


@transaction.atomic
def resume_promises(subject: models.Model, *, by: Actor, at: datetime) -> list[Promise]:
    """Let the clocks run again: each due instant moves by the working time of the pause."""
    resumed = []
    for promise in _running(subject):
        if promise.paused_at is None:
            continue
        _end_pause(promise, at=at)
        promise.next_look_at = _next_look(promise, _spans(promise))
        promise.save()
        _record(subject, promise, events.PromiseResumed, by=by, at=at)
        resumed.append(promise)
    return resumed


def _end_pause(promise: Promise, *, at: datetime) -> None:
    pause = promise.pauses.get(until_at__isnull=True)
    pause.until_at = max(at, pause.from_at)
    pause.save(update_fields=["until_at"])
    promise.paused_at = None
    calendar = worktime_of(promise.calendar_id)
    lost = worktime.working_seconds_between(calendar, start=pause.from_at, end=pause.until_at)
    if lost > 0:
        promise.due_at = worktime.add_working(calendar, start=promise.due_at, seconds=lost)


@transaction.atomic
def withdraw_promises(
    subject: models.Model, *, reason: str, by: Actor, at: datetime, what: What | None = None
) -> list[Promise]:
    """End the running promises of a subject that no longer have a meaning, with the reason."""
    return [_end(promise, subject, reason=reason, by=by, at=at) for promise in _running(subject, what)]


def _end(promise: Promise, subject: models.Model, *, reason: str, by: Actor, at: datetime) -> Promise:
    if promise.paused_at is not None:
        _end_pause(promise, at=at)
    if promise.state == State.RUNNING:
        promise.state = State.WITHDRAWN
    promise.ended_at = at
    promise.end_reason = reason[:500]
    promise.next_look_at = None
    promise.save()
    _record(subject, promise, events.PromiseWithdrawn, by=by, at=at, reason=promise.end_reason)
    return promise


@transaction.atomic
def replace_promise(
    promise: Promise, subject: models.Model, *, due_at: datetime, reason: str, by: Actor, at: datetime
) -> Promise:
    """Promise another time instead, with a reason; the old row stays, the new one points back.

    Raises NoReason, DueInPast, NotRunning, Denied.
    """
    promise = Promise.objects.lock(promise.pk)
    require(by, Can.CHANGE, Belonging(user_id=promise.user_id, team_id=promise.team_id))
    if not reason.strip():
        raise NoReason(_("Say why the promise changes."))
    if due_at <= at:
        raise DueInPast(_("A promise is about what is still to come."))
    if not promise.is_running:
        raise NotRunning(_("This promise was kept or ended already."))
    before = promise.due_at
    if promise.paused_at is not None:
        _end_pause(promise, at=at)
    if promise.state == State.RUNNING:
        promise.state = State.REPLACED
    promise.ended_at = at
    promise.end_reason = reason[:500]
    promise.next_look_at = None
    promise.save()
    new = Promise(
        kind=promise.kind, what=promise.what, text=promise.text, account_id=promise.account_id,
        subject_type=promise.subject_type, subject_id=promise.subject_id,
        user_id=promise.user_id, team_id=promise.team_id, made_at=at, made_by=by.name,
        starts_at=promise.starts_at, policy=promise.policy, policy_version=promise.policy_version,
        calendar_id=promise.calendar_id, zone=promise.zone, due_at=due_at,
        beaten_share=promise.beaten_share, warn=promise.warn,
    )  # fmt: skip
    new.next_look_at = _next_look(new, ())
    new.save()
    promise.replaced_by = new
    promise.save(update_fields=["replaced_by"])
    _record(
        subject, new, events.PromiseReplaced, by=by, at=at,
        before=before.isoformat(), reason=reason, by_promise_id=promise.pk,
    )  # fmt: skip
    return new


@transaction.atomic
def hand_over_promises(subject: models.Model, *, user_id: int | None, team_id: int | None) -> None:
    """Who answers for the subject answers for its running promises."""
    rows = Promise.objects.filter(subject_type=type_of(subject), subject_id=subject.pk).running()
    rows.update(user_id=user_id, team_id=team_id)


@transaction.atomic
def join_promises(subject: models.Model, *, account_id: int) -> None:
    """The subject turned out to be of this account, and so do its promises."""
    Promise.objects.filter(subject_type=type_of(subject), subject_id=subject.pk).update(account_id=account_id)


def look_at_due(*, at: datetime, limit: int = 500) -> int:
    """Let every clock that has something to say now say it: a warning, or that the promise is missed.

    Running clocks cost nothing until then: one partial index is asked for those that are due.
    """
    looked = 0
    while looked < limit:
        with transaction.atomic():
            due = Promise.objects.select_for_update(skip_locked=True).filter(next_look_at__lte=at)
            batch = list(due.order_by("next_look_at")[:50])
            for promise in batch:
                _look(promise, at=at)
        looked += len(batch)
        if len(batch) < 50:
            break
    return looked


def _look(promise: Promise, *, at: datetime) -> None:
    subject = _Subject(promise)
    share = 100 if promise.due_at <= at else _share_now(promise, at)
    reached = max((level for level in WARNINGS if level <= share), default=0)
    if reached > promise.warned:
        promise.warned = reached
        roles = promise.warn.get(str(reached), [])
        if roles:
            _record(
                subject, promise, events.PromiseWarned, by=SYSTEM, at=at,
                share=reached, roles=roles, user_id=promise.user_id, team_id=promise.team_id,
            )  # fmt: skip
    if promise.due_at <= at:
        promise.state = State.MISSED
        promise.missed_at = promise.due_at
        promise.next_look_at = None
        _record(subject, promise, events.PromiseMissed, by=SYSTEM, at=at)
    else:
        promise.next_look_at = _next_look(promise, _spans(promise))
    promise.save(update_fields=["warned", "state", "missed_at", "next_look_at"])


def _share_now(promise: Promise, at: datetime) -> float:
    calendar = worktime_of(promise.calendar_id)
    elapsed = worktime.share_elapsed(
        calendar, start=promise.starts_at, due=promise.due_at, at=at, pauses=_spans(promise)
    )
    return elapsed * 100 + 1e-6


def _next_look(promise: Promise, pauses: Iterable[worktime.Span]) -> datetime:
    """When the next warning that names somebody is reached, else when it is due."""
    pauses = tuple(pauses)
    calendar = worktime_of(promise.calendar_id)
    for level in WARNINGS[:-1]:
        if level > promise.warned and promise.warn.get(str(level)):
            moment = worktime.instant_at_share(
                calendar, start=promise.starts_at, due=promise.due_at, share=level / 100, pauses=pauses
            )
            return min(moment, promise.due_at)
    return promise.due_at


def _spans(promise: Promise) -> tuple[worktime.Span, ...]:
    return tuple(
        worktime.Span(pause.from_at, pause.until_at)
        for pause in promise.pauses.all()
        if pause.until_at is not None and pause.until_at - pause.from_at > timedelta(0)
    )


def _running(subject: models.Model, what: What | None = None) -> list[Promise]:
    rows = Promise.objects.filter(subject_type=type_of(subject), subject_id=subject.pk).running()
    if what is not None:
        rows = rows.filter(what=what)
    return list(rows.select_for_update().order_by("pk"))


class _Subject:
    """Stands for what a promise is about when only the ledger's row is at hand."""

    def __init__(self, promise: Promise) -> None:
        self.pk = promise.subject_id
        self.account_id = promise.account_id
        self._meta = type("Meta", (), {"model_name": promise.subject_type})


def _record(
    subject: models.Model | _Subject, promise: Promise, event: type[events._AboutPromise], *,
    by: Actor, at: datetime, **facts: object,
) -> None:  # fmt: skip
    timeline.record(
        subject,  # type: ignore[arg-type]
        event(
            promise_id=promise.pk, what=promise.what, promise_kind=promise.kind,
            due_at=promise.due_at.isoformat(), **facts,
        ),
        by=by, at=at, account_id=promise.account_id,
    )  # fmt: skip
