"""Promises begin: by policy when something happens, or because a person gives his word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope import worktime
from tightrope.calendars.queries import InForce, in_force
from tightrope.core.actor import Actor
from tightrope.core.adding import add_each
from tightrope.core.db import joining
from tightrope.people.access import Belonging, require
from tightrope.promises import events, queries
from tightrope.promises.access import Can
from tightrope.promises.actions.clockwork import about, next_look, record
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.promises.queries import PolicyFacts
from tightrope.promises.subjects import tell_watcher
from tightrope.timeline.actions import record_each, type_of
from tightrope.timeline.events import Event

WARN_OF_A_WORD = {"75": ["owner"], "100": ["owner", "lead"]}


class DueInPast(ValueError):
    """A promise is about what is still to come."""


class DueTooFar(DueInPast):
    """A year was mistyped: nobody waits so long, and no clock reaches there."""


LONGEST_AHEAD = timedelta(days=10 * 366)


class NothingSaid(ValueError):
    """A person's word consists of words."""


@joining
def start_clocks(
    subject: models.Model,
    *,
    account_id: int | None,
    policy_facts: PolicyFacts,
    told_at: datetime,
    user_id: int | None,
    team_id: int | None,
    what: Iterable[What],
    by: Actor,
    at: datetime,
) -> list[Promise]:
    """Make the promises that the policies give for these things, counted from when the customer spoke.

    A clock of the same thing and kind that already runs is left as it is.
    """
    given = clocks_by_policy(
        policy_facts, told_at=told_at, user_id=user_id, team_id=team_id, what=what, by=by, at=at
    )
    if not given:
        return []
    already = queries.running_kinds(subject)
    made = [one for one in given if (one.what, one.kind) not in already]
    run_clocks(subject, made, account_id=account_id, by=by, at=at)
    return made


def clocks_by_policy(
    policy_facts: PolicyFacts,
    *,
    told_at: datetime,
    user_id: int | None,
    team_id: int | None,
    what: Iterable[What],
    by: Actor,
    at: datetime,
) -> list[Promise]:
    """The promises that the policies give for these things, made ready for `run_clocks` and not yet kept.

    For what is only about to be written down and should carry the time of its first promise from the beginning.
    """
    calendars: dict[int | None, InForce] = {}
    ready = []
    for target in queries.targets_for(policy_facts, what):
        if target.calendar_id not in calendars:
            calendars[target.calendar_id] = in_force(target.calendar_id)
        calendar = calendars[target.calendar_id]
        promise = Promise(
            kind=target.kind,
            what=target.what,
            user_id=user_id,
            team_id=team_id,
            made_at=at,
            made_by=by.name[:200],
            starts_at=told_at,
            policy=target.policy,
            policy_version=target.policy.version,
            working_seconds=target.working_seconds,
            due_at=worktime.add_working(calendar.worktime, start=told_at, seconds=target.working_seconds),
            beaten_share=target.beaten_share,
            beaten_seconds=target.beaten_seconds,
            warn=target.warn,
        )
        _wind(promise, calendar)
        ready.append(promise)
    return ready


@joining
def run_clocks(
    subject: models.Model,
    ready: Sequence[Promise],
    *,
    account_id: int | None,
    by: Actor,
    at: datetime,
    after: Sequence[Event] = (),
) -> None:
    """Give these promises of `clocks_by_policy` to a subject that has none of their kind running.

    What happened to the subject before, `after` which they are made, is written down with them.
    """
    for promise in ready:
        promise.account_id = account_id
        promise.subject_type, promise.subject_id = type_of(subject), subject.pk
    add_each(ready)
    made = [_made_by_policy(promise) for promise in ready]
    record_each(subject, [*after, *made], by=by, at=at, account_id=account_id)


def _made_by_policy(promise: Promise) -> events.PromiseMade:
    assert promise.policy is not None
    return about(promise, events.PromiseMade, text="", by_policy=promise.policy.name)


@transaction.atomic
def make_promise(
    subject: models.Model,
    *,
    account_id: int | None,
    kind: PromiseKind,
    what: What,
    due_at: datetime,
    text: str,
    user_id: int | None,
    team_id: int | None,
    by: Actor,
    at: datetime,
    evidence: str = "",
) -> Promise:
    """Somebody gives his word: this, by then. Whoever makes it answers for it unless another is named.

    Raises DueInPast, DueTooFar, NothingSaid, Denied.
    """
    if user_id is None and team_id is None:
        user_id = by.user_id
    require(by, Can.MAKE, Belonging(user_id=user_id or by.user_id, team_id=team_id))
    require_to_come(due_at, at=at)
    said = text.strip()[:500]
    if not said and what == What.WORD:
        raise NothingSaid(_("Say what was promised."))
    promise = Promise(
        kind=kind,
        what=what,
        text=said,
        evidence=evidence.strip(),
        account_id=account_id,
        subject_type=type_of(subject),
        subject_id=subject.pk,
        user_id=user_id,
        team_id=team_id,
        made_at=at,
        made_by=by.name[:200],
        maker_id=by.user_id,
        starts_at=at,
        due_at=due_at,
        warn=WARN_OF_A_WORD,
    )
    _wind(promise, in_force(None))
    promise.save()
    record(subject, promise, events.PromiseMade, by=by, at=at, text=said, by_policy="")
    tell_watcher(subject)
    return promise


def require_to_come(due_at: datetime, *, at: datetime) -> None:
    """Raises DueInPast, DueTooFar."""
    if due_at <= at:
        raise DueInPast(_("A promise is about what is still to come."))
    if due_at > at + LONGEST_AHEAD:
        raise DueTooFar(_("This is more than ten years away; look at the year."))


def _wind(promise: Promise, calendar: InForce) -> None:
    """Set the clock: by whose hours it runs and when it speaks first."""
    promise.calendar_id = calendar.calendar_id
    promise.calendar_key = calendar.worktime.key
    promise.zone = calendar.worktime.zone
    promise.next_look_at = next_look(promise, calendar.worktime)
