from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions, queries, verify
from tightrope.promises.models import Promise, State, What
from tightrope.promises.tests.factories import NOW, account, local, policy, started, target
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=10)


def keep(subject, at, what=What.FIRST_RESPONSE):
    [promise] = actions.keep_promises(subject, what, by=SYSTEM, at=at)
    return promise


def unkeep(subject, kept_at, *, at):
    return actions.unkeep_promises(subject, [What.FIRST_RESPONSE], kept_at=kept_at, by=SYSTEM, at=at)


def test_what_kept_it_was_taken_back_and_the_same_row_runs_on_with_its_first_due_time():
    policy(hours=4)
    subject = account()
    [first] = started(subject)
    keep(subject, SOON)

    [again] = unkeep(subject, SOON, at=SOON + timedelta(seconds=5))

    assert again.pk == first.pk
    assert (again.state, again.due_at) == (State.RUNNING, first.due_at)
    assert again.next_look_at == first.next_look_at
    assert Promise.objects.count() == 1
    assert queries.next_due(subject) == first.due_at
    assert verify.contradictions() == []


def test_the_line_says_that_it_runs_again():
    policy(hours=4)
    subject = account()
    started(subject)
    keep(subject, SOON)

    unkeep(subject, SOON, at=SOON + timedelta(seconds=5))

    events, _older = events_of("account", subject.pk, by=SYSTEM, limit=10)
    assert [event.kind for event in events][:3] == ["promise.unkept", "promise.kept", "promise.made"]
    assert events[0].is_public


def test_doing_it_twice_changes_nothing():
    policy(hours=4)
    subject = account()
    started(subject)
    keep(subject, SOON)

    unkeep(subject, SOON, at=SOON + timedelta(seconds=5))

    assert unkeep(subject, SOON, at=SOON + timedelta(seconds=6)) == []


def test_what_something_else_kept_stays_kept():
    policy(hours=4)
    subject = account()
    started(subject)
    keep(subject, SOON)

    assert unkeep(subject, SOON + timedelta(seconds=1), at=SOON + timedelta(seconds=5)) == []
    assert Promise.objects.get().state == State.KEPT


def test_a_clock_that_began_after_it_is_withdrawn_so_that_nothing_is_owed_twice():
    policy(hours=4)
    subject = account()
    [first] = started(subject)
    keep(subject, SOON)
    [second] = started(subject, told_at=SOON + timedelta(seconds=3))

    unkeep(subject, SOON, at=SOON + timedelta(seconds=5))

    assert [promise.pk for promise in queries.running_of(subject)] == [first.pk]
    assert Promise.objects.get(pk=second.pk).state == State.WITHDRAWN
    assert verify.contradictions() == []


def test_a_pause_that_the_keeping_ended_goes_on_without_a_gap():
    policy(hours=4)
    subject = account()
    [plain] = started(subject, told_at=local("2026-11-18 10:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-18 11:00"))
    keep(subject, local("2026-11-18 13:00"))

    [again] = unkeep(subject, local("2026-11-18 13:00"), at=local("2026-11-18 13:00") + timedelta(seconds=5))
    actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-18 14:00"))

    # From eleven to noon and from one to two: the due time moves as if nobody had answered.
    assert again.is_paused
    assert plain.due_at == local("2026-11-18 15:00")
    assert Promise.objects.get().due_at == local("2026-11-18 17:00")
    assert verify.contradictions() == []


def test_kept_late_and_taken_back_it_is_late_still():
    policy(hours=1, warn={"100": ["lead"]})
    subject = account()
    [promise] = started(subject)
    late = promise.due_at + timedelta(minutes=5)
    actions.look_at_due(at=promise.due_at)
    keep(subject, late)

    [again] = unkeep(subject, late, at=late + timedelta(seconds=5))

    assert again.state == State.MISSED
    assert again.missed_at == promise.due_at
    assert actions.look_at_due(at=late + timedelta(seconds=9)) == 0
    assert verify.contradictions() == []


def test_kept_late_before_the_clock_had_said_so_it_is_said_at_the_next_look():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)
    late = promise.due_at + timedelta(seconds=2)
    keep(subject, late)

    unkeep(subject, late, at=late + timedelta(seconds=5))

    assert actions.look_at_due(at=late + timedelta(seconds=6)) == 1
    assert Promise.objects.get().state == State.MISSED
    assert verify.contradictions() == []


def test_internal_targets_run_on_beside_the_customers_promise():
    target(policy(hours=4), hours=2, what=What.FIRST_RESPONSE, kind="internal")
    subject = account()
    started(subject)
    actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=SOON)

    again = unkeep(subject, SOON, at=SOON + timedelta(seconds=5))

    assert {promise.kind for promise in again} == {"customer", "internal"}
