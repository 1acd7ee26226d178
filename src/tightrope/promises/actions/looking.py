"""Letting the clocks speak: warnings, and promises that are missed."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import declare, faultpoint
from tightrope.promises import events
from tightrope.promises.actions.clockwork import next_look, pauses_of, record, warnings_ahead
from tightrope.promises.models import Promise, State
from tightrope.promises.subjects import StandIn, key_of, subjects_free_to_act

BATCH = 20
"""So many promises at once: their subjects stay locked until all of them have been looked at."""

LOOKED = declare("promises.looked", "a batch of clocks has spoken and its act is not yet committed")

Mark = tuple[datetime, int]


def look_at_due(*, at: datetime, limit: int = 2_000) -> int:
    """Let every clock that has something to say now say it: a warning, or that the promise is missed.

    Running clocks cost nothing until then: one partial index is asked for those whose time has come. Promises
    whose subject somebody is changing right now are left for the next look. Returns how many have spoken.
    """
    if not Promise.objects.filter(next_look_at__lte=at).exists():
        return 0  # nearly always: one statement and no transaction
    spoken, mark = 0, None
    while spoken < limit:
        done, mark = _look_at_some(at, mark)
        spoken += done
        if mark is None:
            break
    return spoken


@transaction.atomic
def _look_at_some(at: datetime, after: Mark | None) -> tuple[int, Mark | None]:
    due = Promise.objects.filter(next_look_at__lte=at)
    if after is not None:
        due = due.filter(Q(next_look_at__gt=after[0]) | Q(next_look_at=after[0], pk__gt=after[1]))
    batch = list(due.order_by("next_look_at", "pk")[:BATCH])
    if not batch:
        return 0, None
    # The subject first and then the promise, as in every act: otherwise the two would wait for each other.
    subjects = subjects_free_to_act(batch)
    free = [promise.pk for promise in batch if key_of(promise) in subjects]
    mine = (
        Promise.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=free, next_look_at__lte=at)
        .prefetch_related("pauses")
    )
    calendars = {key: worktime_of(key) for key in {promise.calendar_id for promise in batch}}
    done = 0
    for promise in mine.order_by("next_look_at", "pk"):
        _look(promise, subjects[key_of(promise)], calendars[promise.calendar_id], at=at)
        done += 1
    faultpoint(LOOKED)
    last = batch[-1]
    assert last.next_look_at is not None
    return done, (last.next_look_at, last.pk) if len(batch) == BATCH else None


def _look(
    promise: Promise, subject: models.Model | StandIn, calendar: worktime.Calendar, *, at: datetime
) -> None:
    pauses = pauses_of(promise)
    reached = [share for moment, share in warnings_ahead(promise, calendar, pauses) if moment <= at]
    if promise.due_at <= at:
        reached.append(100)
    if reached:
        _warn(promise, subject, reached, at=at)
    if promise.due_at <= at:
        promise.state = State.MISSED
        promise.missed_at = promise.settled_at = promise.due_at
        promise.next_look_at = None
    else:
        promise.next_look_at = next_look(promise, calendar, pauses)
    promise.save(update_fields=["warned", "state", "missed_at", "settled_at", "next_look_at"])
    if promise.state == State.MISSED:
        record(subject, promise, events.PromiseMissed, by=SYSTEM, at=at)


def _warn(promise: Promise, subject: models.Model | StandIn, reached: list[int], *, at: datetime) -> None:
    """One warning for all that was reached since the last look; nobody is told twice of the same promise's share."""
    promise.warned = reached[-1]
    roles = list(dict.fromkeys(role for share in reached for role in promise.warn.get(str(share), ())))
    if roles:
        record(
            subject,
            promise,
            events.PromiseWarned,
            by=SYSTEM,
            at=at,
            share=promise.warned,
            roles=roles,
            user_id=promise.user_id,
            team_id=promise.team_id,
        )
