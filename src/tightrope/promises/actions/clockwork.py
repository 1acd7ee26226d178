"""The clock of one promise: when it has to say something next, and writing down what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db import models

from tightrope import timeline, worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import Actor
from tightrope.promises.events import AboutPromise, PromisePaused
from tightrope.promises.models import Pause, Promise, What
from tightrope.promises.subjects import StandIn
from tightrope.timeline.actions import type_of

WARNINGS = (50, 75)
"""In percent of the working time; at 100 the promise is due."""


def pauses_of(promise: Promise) -> tuple[worktime.Span, ...]:
    """The stretches in which the clock stood still and no longer does."""
    return tuple(
        worktime.Span(pause.from_at, pause.until_at)
        for pause in promise.pauses.all()
        if pause.until_at is not None and pause.until_at > pause.from_at
    )


def warnings_ahead(
    promise: Promise, calendar: worktime.Calendar, pauses: Iterable[worktime.Span]
) -> Iterator[tuple[datetime, int]]:
    """The warnings that name somebody and were not given yet, with their instants, in order."""
    spans = tuple(pauses)
    for share in WARNINGS:
        if share > promise.warned and promise.warn.get(str(share)):
            moment = worktime.instant_at_share(
                calendar,
                start=promise.starts_at,
                due=promise.due_at,
                share=share / 100,
                pauses=spans,
            )
            yield min(moment, promise.due_at), share


def next_look(
    promise: Promise, calendar: worktime.Calendar, pauses: Iterable[worktime.Span] = ()
) -> datetime:
    """When the next warning that names somebody is reached, else when it is due."""
    return next((moment for moment, _share in warnings_ahead(promise, calendar, pauses)), promise.due_at)


def stand_still(promise: Promise, subject: models.Model, *, reason: str, by: Actor, at: datetime) -> None:
    """Stop the clock of one promise, with the reason, until `end_pause`."""
    Pause.objects.create(promise=promise, from_at=at, reason=reason[:300])
    promise.paused_at = at
    promise.next_look_at = None
    promise.save(update_fields=["paused_at", "next_look_at"])
    record(subject, promise, PromisePaused, by=by, at=at, reason=reason[:300])


def end_pause(promise: Promise, *, at: datetime) -> None:
    """Let the clock run on: the due instant moves by the working time of the pause, and by nothing else."""
    calendar = worktime_of(promise.calendar_id)
    pause: Pause = promise.pauses.get(until_at=None)
    pause.until_at = max(at, pause.from_at)
    pause.save(update_fields=["until_at"])
    lost = worktime.working_seconds_between(
        calendar, start=max(pause.from_at, promise.starts_at), end=max(pause.until_at, promise.starts_at)
    )
    if lost > 0:
        promise.due_at = worktime.add_working(calendar, start=promise.due_at, seconds=lost)
        if promise.calendar_key != calendar.key:
            # Partly reckoned by hours that no longer hold: nobody can reckon it again from the facts.
            promise.calendar_key = ""
    promise.paused_at = None


def owed(subject: models.Model, what: What | None = None) -> list[Promise]:
    """What is owed about a subject, locked."""
    rows = Promise.objects.about(type_of(subject), subject.pk).running()
    if what is not None:
        rows = rows.filter(what=what)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def record(
    subject: models.Model | StandIn,
    promise: Promise,
    event: type[AboutPromise],
    *,
    by: Actor,
    at: datetime,
    **facts: object,
) -> None:
    """Write down what happened to a promise, on the line of what it was made about."""
    timeline.record(
        subject,  # type: ignore[arg-type]
        about(promise, event, **facts),
        by=by,
        at=at,
        account_id=promise.account_id,
    )


E = TypeVar("E", bound=AboutPromise)


def about(promise: Promise, event: type[E], **facts: object) -> E:
    """The event with what every event about a promise says of it."""
    return event(
        promise_id=promise.pk,
        promise_public_id=promise.public_id,
        what=promise.what,
        promise_kind=promise.kind,
        due_at=promise.due_at.isoformat(),
        **facts,
    )
