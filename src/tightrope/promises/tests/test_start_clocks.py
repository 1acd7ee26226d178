from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions, queries
from tightrope.promises.models import Promise, PromiseKind, State, What
from tightrope.promises.tests.factories import NOW, account, calendar, local, policy, started, target
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def test_a_clock_starts_where_the_customer_spoke_and_counts_working_time():
    calendar(is_default=True)
    policy(hours=4)
    subject = account()

    [promise] = started(subject, told_at=local("2026-11-18 16:00"), at=local("2026-11-18 17:30"))

    assert promise.starts_at == local("2026-11-18 16:00")
    assert promise.made_at == local("2026-11-18 17:30")
    assert promise.due_at == local("2026-11-19 11:00")
    assert promise.zone == "Asia/Shanghai"
    assert promise.calendar is not None
    assert promise.calendar.is_default
    assert promise.policy_version == 1


def test_without_any_calendar_office_hours_of_the_mainland_hold():
    policy(hours=8)

    [promise] = started(account(), told_at=local("2026-09-30 17:00"))

    # 1 to 7 October is 国庆; the 8th is an ordinary Thursday.
    assert promise.due_at == local("2026-10-08 17:00")
    assert promise.calendar_id is None


def test_the_three_kinds_run_side_by_side():
    row = policy(hours=4)
    target(row, hours=2, what=What.FIRST_RESPONSE, kind=PromiseKind.INTERNAL)
    target(row, hours=6, what=What.FIRST_RESPONSE, kind=PromiseKind.CONTRACT)

    made = started(account())

    assert {p.kind for p in made} == {"customer", "contract", "internal"}


def test_a_clock_that_runs_is_left_as_it_is():
    policy(hours=4)
    subject = account()
    [first] = started(subject)

    again = started(subject, told_at=NOW + timedelta(hours=1))

    assert again == []
    assert [p.pk for p in queries.running_of(subject)] == [first.pk]


def test_a_missed_clock_is_still_owed_and_not_started_twice():
    policy(hours=1)
    subject = account()
    started(subject)
    actions.look_at_due(at=NOW + timedelta(days=1))

    again = started(subject, told_at=NOW + timedelta(days=1))

    assert again == []
    assert queries.running_of(subject)[0].state == State.MISSED


def test_after_keeping_the_same_thing_may_be_promised_again():
    policy(hours=4)
    subject = account()
    started(subject)
    actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW + timedelta(hours=1))

    assert len(started(subject, told_at=NOW + timedelta(hours=2))) == 1


def test_without_a_fitting_policy_nothing_is_promised():
    policy(hours=4, severity_from=1, severity_to=2)
    subject = account()

    assert started(subject) == []
    assert not Promise.objects.exists()


def test_the_event_stands_on_the_line_of_the_subject_and_is_public_only_to_whom_it_was_made():
    row = policy(hours=4)
    target(row, hours=2, what=What.FIRST_RESPONSE, kind=PromiseKind.INTERNAL)
    subject = account()

    made = started(subject)

    events, _more = events_of("account", subject.pk, by=SYSTEM)
    told = {e.facts["promise_kind"]: e for e in events if e.kind == "promise.made"}
    assert told["customer"].is_public
    assert not told["internal"].is_public
    assert (
        told["customer"].facts["promise_public_id"] == next(p for p in made if p.kind == "customer").public_id
    )
    assert told["customer"].facts["by_policy"] == "一般"
    assert told["customer"].account_id == subject.pk


def test_starting_costs_few_statements(django_assert_max_num_queries):
    calendar(is_default=True)
    row = policy(hours=4)
    target(row, hours=8, what=What.RESOLUTION)
    subject = account()
    started(subject, What.NEXT_RESPONSE)

    with django_assert_max_num_queries(20):
        made = started(subject, What.FIRST_RESPONSE, What.RESOLUTION)

    assert len(made) == 2
