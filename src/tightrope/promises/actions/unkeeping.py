"""What kept a promise was taken back: it runs on with the due time it had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import Actor
from tightrope.promises import events
from tightrope.promises.actions.changing import withdraw_promises
from tightrope.promises.actions.clockwork import next_look, owed, pauses_of, record
from tightrope.promises.models import Pause, Promise, State, What
from tightrope.timeline.actions import type_of


@transaction.atomic
def unkeep_promises(
    subject: models.Model, what: Iterable[What], *, kept_at: datetime, by: Actor, at: datetime
) -> list[Promise]:
    """Let what one act kept run on as if that act had never been: the same row, the same due time.

    The act is known by its instant. A clock of the same thing that runs now began after it, because of it;
    it is withdrawn, so that nothing is owed twice. Doing it twice changes nothing.
    """
    rows = Promise.objects.about(type_of(subject), subject.pk).filter(what__in=set(what), kept_at=kept_at)
    kept = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for again in sorted({promise.what for promise in kept}):
        if owed(subject, What(again)):
            reason = _("What had kept the one before was taken back.")
            withdraw_promises(subject, reason=reason, what=What(again), by=by, at=at)
    return [_run_on(promise, subject, by=by, at=at) for promise in kept]


def _run_on(promise: Promise, subject: models.Model, *, by: Actor, at: datetime) -> Promise:
    ended = promise.pauses.filter(until_at=promise.kept_at).order_by("-pk").first()
    is_told_missed = promise.state == State.MISSED and promise.warned >= 100
    promise.kept_at = None
    promise.margin_seconds = promise.margin_working_seconds = None
    promise.is_beaten = False
    if not is_told_missed:
        # Kept late before the clock had said so: it runs, and the clock says so at its next look.
        promise.state = State.RUNNING
        promise.missed_at = promise.settled_at = None
        if ended is not None:
            # The keeping had ended a pause; the clock goes on standing still without a gap.
            Pause.objects.create(promise=promise, from_at=ended.until_at, reason=ended.reason)
            promise.paused_at = ended.until_at
        else:
            calendar = worktime_of(promise.calendar_id)
            promise.next_look_at = next_look(promise, calendar, pauses_of(promise))
    promise.save()
    record(subject, promise, events.PromiseUnkept, by=by, at=at)
    return promise
