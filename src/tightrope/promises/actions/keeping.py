"""A promise is kept: in time, beaten, or late."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import Actor
from tightrope.people.access import Denied
from tightrope.promises import events
from tightrope.promises.access import Can, may_keep
from tightrope.promises.actions.clockwork import end_pause, owed, pauses_of, record
from tightrope.promises.actions.refusals import NotRunning
from tightrope.promises.models import Promise, State, What
from tightrope.promises.subjects import lock_subject, tell_watcher


@transaction.atomic
def keep_promises(subject: models.Model, what: What, *, by: Actor, at: datetime) -> list[Promise]:
    """What was promised has been done: every promise of it that is owed is kept, in time or late."""
    return [_keep(promise, subject, by=by, at=at) for promise in owed(subject, what)]


@transaction.atomic
def keep_promise(promise: Promise, subject: models.Model, *, by: Actor, at: datetime) -> Promise:
    """Keep this one promise, e.g. a person's word. Saying it twice is not an error. Raises NotRunning, Denied."""
    lock_subject(subject)
    promise = Promise.objects.lock(promise.pk)
    if not may_keep(by, promise):
        raise Denied(str(Can.MAKE))
    if promise.kept_at is not None:
        return promise
    if promise.ended_at is not None:
        raise NotRunning(_("This promise was withdrawn or replaced."))
    promise = _keep(promise, subject, by=by, at=at)
    tell_watcher(subject)
    return promise


def _keep(promise: Promise, subject: models.Model, *, by: Actor, at: datetime) -> Promise:
    calendar = worktime_of(promise.calendar_id)
    if promise.is_paused:
        end_pause(promise, at=at)
    if promise.calendar_key != calendar.key:
        promise.calendar_key = ""
    promise.kept_at = at
    promise.next_look_at = None
    promise.margin_seconds = (promise.due_at - at).total_seconds()
    promise.margin_working_seconds = worktime.working_seconds_between(calendar, start=at, end=promise.due_at)
    if at <= promise.due_at:
        # Also when the clock was quicker: someone who did it at 9:59 and got the row at 10:01 kept it.
        promise.state = State.KEPT
        promise.missed_at = None
        promise.settled_at = at
        promise.is_beaten = is_beaten(promise, calendar)
    else:
        promise.state = State.MISSED
        promise.missed_at = promise.missed_at or promise.due_at
        promise.settled_at = promise.missed_at
    promise.save()
    record(
        subject,
        promise,
        events.PromiseKept,
        by=by,
        at=at,
        margin_seconds=promise.margin_seconds,
        margin_working_seconds=promise.margin_working_seconds,
        is_beaten=promise.is_beaten,
    )
    return promise


def is_beaten(promise: Promise, calendar: worktime.Calendar) -> bool:
    """Whether a promise was kept so early that it counts as more than kept: by a stated time or share.

    A word given on a Saturday for the Sunday has no working time; it is judged by the hours of the clock.
    """
    early, plain_early = promise.margin_working_seconds or 0.0, promise.margin_seconds or 0.0
    if promise.beaten_seconds is not None:
        return early >= promise.beaten_seconds
    granted = promise.working_seconds or worktime.worked_seconds(
        calendar, start=promise.starts_at, end=promise.due_at, pauses=pauses_of(promise)
    )
    if granted == 0:
        granted, early = (promise.due_at - promise.starts_at).total_seconds(), plain_early
    return granted > 0 and early >= float(promise.beaten_share) * granted
