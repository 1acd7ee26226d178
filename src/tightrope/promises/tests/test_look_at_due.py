from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions
from tightrope.promises.models import Promise, State, What
from tightrope.promises.tests.factories import NOW, account, given, local, policy, started
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def told(subject):
    events, _more = events_of("account", subject.pk, by=SYSTEM)
    return [
        (e.kind, e.facts.get("share"), e.facts.get("roles"))
        for e in reversed(events)
        if e.kind in {"promise.warned", "promise.missed"}
    ]


def test_each_step_warns_its_roles_once_and_then_it_is_missed():
    policy(hours=4)
    subject = account()
    [promise] = started(subject, told_at=local("2026-11-18 13:00"))

    for minute in range(0, 5 * 60, 5):
        actions.look_at_due(at=local("2026-11-18 13:00") + timedelta(minutes=minute))

    promise.refresh_from_db()
    assert told(subject) == [
        ("promise.warned", 50, ["owner"]),
        ("promise.warned", 75, ["owner", "lead"]),
        ("promise.warned", 100, ["lead", "manager"]),
        ("promise.missed", None, None),
    ]
    assert promise.state == State.MISSED
    assert promise.missed_at == local("2026-11-18 17:00")
    assert promise.next_look_at is None


def test_the_clock_asks_for_nothing_until_its_time_has_come():
    policy(hours=4)
    subject = account()
    [promise] = started(subject, told_at=local("2026-11-18 13:00"))

    assert promise.next_look_at == local("2026-11-18 15:00")
    assert actions.look_at_due(at=local("2026-11-18 14:59")) == 0
    assert actions.look_at_due(at=local("2026-11-18 15:00")) == 1
    promise.refresh_from_db()
    assert promise.next_look_at == local("2026-11-18 16:00")


def test_steps_without_anybody_to_tell_are_skipped():
    policy(hours=4, warn={"75": ["lead"]})
    [promise] = started(account(), told_at=local("2026-11-18 13:00"))

    assert promise.next_look_at == local("2026-11-18 16:00")
    actions.look_at_due(at=local("2026-11-18 16:00"))
    promise.refresh_from_db()
    assert promise.next_look_at == promise.due_at


def test_after_a_long_sleep_everyone_is_told_once_in_one_warning():
    policy(hours=4)
    subject = account()
    started(subject)

    actions.look_at_due(at=NOW + timedelta(days=3))

    assert told(subject) == [
        ("promise.warned", 100, ["owner", "lead", "manager"]),
        ("promise.missed", None, None),
    ]


def test_a_pause_moves_the_warnings_too():
    policy(hours=4)
    subject = account()
    started(subject, told_at=local("2026-11-18 09:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-18 10:00"))
    actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-18 14:00"))

    promise = Promise.objects.get()

    assert promise.next_look_at == local("2026-11-18 15:00")
    assert promise.due_at == local("2026-11-18 17:00")


def test_a_warning_given_before_the_pause_is_not_given_again():
    policy(hours=4)
    subject = account()
    started(subject, told_at=local("2026-11-18 09:00"))
    actions.look_at_due(at=local("2026-11-18 11:00"))
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=local("2026-11-18 11:00"))
    actions.resume_promises(subject, by=SYSTEM, at=local("2026-11-19 11:00"))
    actions.look_at_due(at=local("2026-11-19 11:30"))

    assert [share for _kind, share, _roles in told(subject)] == [50]


def test_many_clocks_that_fall_due_together_all_speak():
    policy(hours=4, warn={})
    for number in range(45):
        started(account(f"客户 {number}"))

    assert actions.look_at_due(at=NOW + timedelta(days=1)) == 45
    assert Promise.objects.filter(state=State.MISSED).count() == 45
    assert actions.look_at_due(at=NOW + timedelta(days=1)) == 0


def test_a_limit_is_a_limit_of_one_look():
    policy(hours=4, warn={})
    for number in range(45):
        started(account(f"客户 {number}"))

    assert actions.look_at_due(at=NOW + timedelta(days=1), limit=20) == 20
    assert actions.look_at_due(at=NOW + timedelta(days=1)) == 25


def test_warnings_are_for_staff_and_missing_a_word_to_the_customer_is_on_his_line():
    policy(hours=4)
    subject = account()
    started(subject)
    actions.look_at_due(at=NOW + timedelta(days=1))

    events, _more = events_of("account", subject.pk, by=SYSTEM)

    assert {e.kind: e.is_public for e in events if e.kind.startswith("promise")} == {
        "promise.made": True,
        "promise.warned": False,
        "promise.missed": True,
    }


def test_a_word_warns_the_one_who_gave_it():
    subject = account()
    given(subject, local("2026-11-20 18:00"))

    actions.look_at_due(at=local("2026-11-20 17:00"))

    assert told(subject) == [("promise.warned", 75, ["owner"])]


def test_a_promise_about_something_that_is_gone_is_missed_all_the_same():
    policy(hours=4)
    subject = account()
    [promise] = started(subject)
    Promise.objects.filter(pk=promise.pk).update(subject_id=subject.pk + 1_000_000)

    assert actions.look_at_due(at=NOW + timedelta(days=1)) == 1
    promise.refresh_from_db()
    assert promise.state == State.MISSED


def test_nothing_to_do_costs_one_statement(django_assert_num_queries):
    policy(hours=4)
    started(account())

    with django_assert_num_queries(1):
        actions.look_at_due(at=NOW)


def test_keeping_silences_the_clock():
    policy(hours=4)
    subject = account()
    started(subject)
    actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW)

    assert actions.look_at_due(at=NOW + timedelta(days=9)) == 0
    assert told(subject) == []
