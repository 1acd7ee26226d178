"""The next step is not ours: clocks stand still, with the reason, and run on."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import Actor
from tightrope.promises import events
from tightrope.promises.actions.clockwork import end_pause, next_look, owed, pauses_of, record, stand_still
from tightrope.promises.models import PERSONAL, Promise


@transaction.atomic
def pause_promises(subject: models.Model, *, reason: str, by: Actor, at: datetime) -> list[Promise]:
    """Stop the clocks of a subject. What is already due is not saved by it, nor does a person's word move."""
    paused = []
    for promise in owed(subject):
        if promise.is_paused or promise.due_at <= at or promise.what in PERSONAL:
            continue
        stand_still(promise, subject, reason=reason, by=by, at=at)
        paused.append(promise)
    return paused


@transaction.atomic
def resume_promises(subject: models.Model, *, by: Actor, at: datetime) -> list[Promise]:
    """Let the clocks run again: each due instant moves by the working time of the pause."""
    resumed = []
    for promise in owed(subject):
        if not promise.is_paused:
            continue
        end_pause(promise, at=at)
        promise.next_look_at = next_look(promise, worktime_of(promise.calendar_id), pauses_of(promise))
        promise.save(update_fields=["due_at", "calendar_key", "paused_at", "next_look_at"])
        record(subject, promise, events.PromiseResumed, by=by, at=at)
        resumed.append(promise)
    return resumed
