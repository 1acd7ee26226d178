from __future__ import annotations

from datetime import timedelta

import pytest
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.people.access import Denied
from tightrope.promises import actions, queries
from tightrope.promises.models import Promise, PromiseKind, State, What
from tightrope.promises.tests.factories import NOW, account, given, local, policy, started, target
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def kept(subject, at):
    [promise] = actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=at)
    return promise


def test_kept_in_time_has_its_margin_in_working_and_in_plain_time():
    policy(hours=8)
    subject = account()
    started(subject, told_at=local("2026-11-20 14:00"))

    promise = kept(subject, at=local("2026-11-20 17:00"))

    # Due on Monday at 14:00: an hour of Friday and four of Monday morning and noon are left.
    assert promise.state == State.KEPT
    assert promise.margin_working_seconds == 5 * 3600
    assert promise.margin_seconds == (local("2026-11-23 14:00") - local("2026-11-20 17:00")).total_seconds()
    assert promise.settled_at == promise.kept_at
    assert queries.running_of(subject) == []


def test_kept_and_beaten_are_different_facts():
    policy(hours=4, beaten_share="0.50")
    early, late = account("早"), account("晚")
    started(early)
    started(late)

    assert kept(early, at=NOW + timedelta(minutes=30)).is_beaten
    assert not kept(late, at=NOW + timedelta(hours=4)).is_beaten


def test_beaten_may_mean_a_stated_time_instead_of_a_share():
    policy(hours=8, beaten_share="0.10", beaten_seconds=6 * 3600)
    early, late = account("早"), account("晚")
    started(early, told_at=local("2026-11-18 09:00"))
    started(late, told_at=local("2026-11-18 09:00"))

    assert kept(early, at=local("2026-11-18 11:00")).is_beaten
    assert not kept(late, at=local("2026-11-18 11:01")).is_beaten


def test_kept_at_the_very_instant_is_kept():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)

    assert kept(subject, at=promise.due_at).state == State.KEPT


def test_a_missed_promise_is_kept_late_with_negative_margin_and_stays_missed():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)
    actions.look_at_due(at=promise.due_at)

    late = kept(subject, at=promise.due_at + timedelta(hours=3))

    assert late.state == State.MISSED
    assert late.missed_at == promise.due_at
    assert late.kept_at == promise.due_at + timedelta(hours=3)
    assert late.margin_seconds == -3 * 3600
    assert late.margin_working_seconds == -2 * 3600  # an hour of it was lunch
    assert not late.is_beaten
    assert not late.is_running


def test_late_before_the_clock_has_looked_counts_as_missed_too():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)

    late = kept(subject, at=promise.due_at + timedelta(seconds=1))

    assert late.state == State.MISSED
    assert late.missed_at == late.settled_at == promise.due_at


def test_done_in_time_but_written_down_after_the_clock_looked_is_kept():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)
    actions.look_at_due(at=promise.due_at + timedelta(seconds=2))

    saved = kept(subject, at=promise.due_at - timedelta(seconds=1))

    assert saved.state == State.KEPT
    assert saved.missed_at is None


def test_keeping_keeps_all_kinds_and_nothing_else():
    row = policy(hours=4)
    target(row, hours=2, what=What.FIRST_RESPONSE, kind=PromiseKind.INTERNAL)
    target(row, hours=40, what=What.RESOLUTION)
    subject, other = account(), account("和泰商旅")
    started(subject, What.FIRST_RESPONSE, What.RESOLUTION)
    started(other)

    done = actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW + timedelta(hours=1))

    assert len(done) == 2
    assert [p.what for p in queries.running_of(subject)] == [What.RESOLUTION]
    assert len(queries.running_of(other)) == 2


def test_keeping_twice_changes_nothing():
    policy(hours=4)
    subject = account()
    started(subject)
    kept(subject, at=NOW)

    again = actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW + timedelta(hours=2))

    assert again == []
    assert Promise.objects.get().kept_at == NOW


def test_a_case_can_keep_its_contract_and_miss_its_word():
    row = policy(hours=2)
    target(row, hours=8, what=What.FIRST_RESPONSE, kind=PromiseKind.CONTRACT)
    subject = account()
    started(subject)

    done = actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW + timedelta(hours=6))

    assert {p.kind: p.state for p in done} == {"customer": "missed", "contract": "kept"}


def test_keeping_while_paused_ends_the_pause():
    policy(hours=4)
    subject = account()
    started(subject)
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=NOW + timedelta(hours=1))

    promise = kept(subject, at=NOW + timedelta(days=1))

    assert promise.state == State.KEPT
    assert not promise.is_paused
    assert promise.margin_working_seconds == 3 * 3600
    assert promise.pauses.get().until_at == NOW + timedelta(days=1)


def test_the_event_tells_the_margin():
    policy(hours=4)
    subject = account()
    started(subject)
    kept(subject, at=NOW + timedelta(hours=1))

    event = events_of("account", subject.pk, by=SYSTEM)[0][0]

    assert event.kind == "promise.kept"
    assert event.is_public
    assert event.facts["margin_working_seconds"] == 3 * 3600
    assert event.facts["is_beaten"] is True


def test_a_word_for_the_weekend_is_judged_by_the_clock_on_the_wall():
    subject = account()
    saturday, sunday = local("2026-11-21 10:00"), local("2026-11-22 10:00")
    word = given(subject, sunday, at=saturday)

    done = actions.keep_promise(word, subject, by=SYSTEM, at=saturday + timedelta(hours=6))

    assert done.state == State.KEPT
    assert done.margin_working_seconds == 0
    assert done.margin_seconds == 18 * 3600
    assert done.is_beaten


def test_whoever_answers_for_a_word_may_say_that_it_is_done_and_others_may_not():
    subject, he, wu = account(), cast.actor(cast.he_yong()), cast.actor(cast.wu_qiang())
    word = given(subject, NOW + timedelta(days=2), by=he)

    with pytest.raises(Denied):
        actions.keep_promise(word, subject, by=wu, at=NOW)
    done = actions.keep_promise(word, subject, by=he, at=NOW + timedelta(days=1))

    assert done.kept_at == NOW + timedelta(days=1)
    assert actions.keep_promise(word, subject, by=he, at=NOW + timedelta(days=2)).kept_at == done.kept_at
