"""What was promised becomes due earlier, because the subject is of a graver class now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import Actor
from tightrope.promises import queries
from tightrope.promises.actions.changing import withdraw_promises
from tightrope.promises.actions.clockwork import owed
from tightrope.promises.actions.making import start_clocks
from tightrope.promises.models import Promise, What
from tightrope.promises.queries import PolicyFacts


@transaction.atomic
def hasten_promises(
    subject: models.Model,
    what: Iterable[What],
    *,
    account_id: int | None,
    policy_facts: PolicyFacts,
    told_at: datetime,
    user_id: int | None,
    team_id: int | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[Promise]:
    """Promise by the policies of now, counted from `told_at`, what is not promised yet or would be due earlier.

    What runs gives way only to an earlier time, so nothing is put off by it. Nobody is written to because of it:
    the act that calls it says what it did. Returns the new promises.
    """
    due_now: dict[str, list[datetime]] = {}
    wanted = list(what)
    for target in queries.targets_for(policy_facts, wanted):
        calendar = worktime_of(target.calendar_id)
        due_at = worktime.add_working(calendar, start=told_at, seconds=target.working_seconds)
        due_now.setdefault(target.what, []).append(due_at)
    for one, instants in due_now.items():
        before = [promise.due_at for promise in owed(subject, What(one))]
        if before and at < min(instants) < min(before):
            withdraw_promises(subject, reason=reason, what=What(one), by=by, at=at)
    return start_clocks(
        subject,
        account_id=account_id,
        policy_facts=policy_facts,
        told_at=told_at,
        user_id=user_id,
        team_id=team_id,
        what=wanted,
        by=by,
        at=at,
    )
