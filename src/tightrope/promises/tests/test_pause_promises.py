from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions, queries
from tightrope.promises.models import Pause, Promise, PromiseKind, What
from tightrope.promises.tests.factories import NOW, account, calendar, given, local, policy, started
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def test_the_due_instant_moves_by_the_working_time_of_the_pause():
    policy(hours=4)
    subject = account()
    [promise] = started(subject, told_at=local("2026-11-18 10:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-18 11:00"))

    [resumed] = actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-19 10:00"))

    # One hour before noon, five in the afternoon, one next morning: seven hours of work stood still.
    assert promise.due_at == local("2026-11-18 15:00")
    assert resumed.due_at == local("2026-11-19 14:00")
    assert resumed.next_look_at is not None


def test_a_pause_outside_working_hours_adds_nothing():
    policy(hours=12)
    subject = account()
    [promise] = started(subject, told_at=local("2026-11-20 14:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-20 18:00"))

    [resumed] = actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-23 09:00"))

    assert resumed.due_at == promise.due_at


def test_no_clock_speaks_while_paused():
    policy(hours=1)
    subject = account()
    started(subject)
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=NOW + timedelta(minutes=5))

    assert actions.look_at_due(at=NOW + timedelta(days=9)) == 0
    assert queries.next_due(subject) is None


def test_what_is_already_due_is_not_saved_by_a_pause():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)

    paused = actions.pause_promises(subject, reason="照片", by=SYSTEM, at=promise.due_at)

    assert paused == []
    assert actions.look_at_due(at=promise.due_at) == 1


def test_a_persons_word_does_not_move():
    subject = account()
    word = given(subject, NOW + timedelta(days=2))

    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=NOW)
    actions.resume_promises(subject, by=SYSTEM, at=NOW + timedelta(days=1))

    assert Promise.objects.get(pk=word.pk).due_at == NOW + timedelta(days=2)


def test_pausing_twice_or_resuming_what_runs_changes_nothing():
    policy(hours=4)
    subject = account()
    [promise] = started(subject)

    assert actions.resume_promises(subject, by=SYSTEM, at=NOW) == []
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=NOW)
    assert actions.pause_promises(subject, reason="再问", by=SYSTEM, at=NOW) == []
    assert Pause.objects.get().reason == "照片"
    actions.resume_promises(subject, by=SYSTEM, at=NOW)
    assert Promise.objects.get().due_at == promise.due_at


def test_a_replaced_promise_can_be_paused_like_any_other():
    policy(hours=4, what=What.RESOLUTION)
    subject = account()
    [promise] = started(subject, What.RESOLUTION)
    actions.replace_promise(
        promise, subject, due_at=local("2026-11-20 11:00"), reason="备件", by=SYSTEM, at=NOW
    )
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-19 09:00"))

    [resumed] = actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-19 10:00"))

    assert resumed.due_at == local("2026-11-20 12:00")


def test_changed_hours_leave_the_due_instant_and_are_noted():
    hours = calendar(is_default=True)
    policy(hours=4)
    subject = account()
    [promise] = started(subject, told_at=local("2026-11-18 10:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-18 11:00"))
    hours.pattern = {"wed": ["08:00-20:00"], "thu": ["08:00-20:00"]}
    hours.version += 1
    hours.save()

    [resumed] = actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-18 12:00"))

    assert promise.calendar_key
    assert resumed.calendar_key == ""
    assert resumed.due_at == local("2026-11-18 16:00")


def test_the_customer_reads_why_his_promise_waits_but_nothing_of_the_contract():
    row = policy(hours=4)
    row.targets.create(what=What.FIRST_RESPONSE, kind=PromiseKind.CONTRACT, working_seconds=3600)
    subject = account()
    started(subject)
    actions.pause_promises(subject, reason="铭牌照片", by=SYSTEM, at=NOW)

    told = [e for e in events_of("account", subject.pk, by=SYSTEM)[0] if e.kind == "promise.paused"]

    assert {e.facts["promise_kind"]: e.is_public for e in told} == {"customer": True, "contract": False}
    assert told[0].facts["reason"] == "铭牌照片"
