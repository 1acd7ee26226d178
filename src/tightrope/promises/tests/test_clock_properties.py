"""What holds for every clock, whatever happens in which order, across 国庆 with its make-up Sunday and DST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core.actor import SYSTEM
from tightrope.promises import actions
from tightrope.promises.actions.clockwork import pauses_of
from tightrope.promises.models import Promise, What
from tightrope.promises.tests.factories import account, calendar, local, policy, started
from tightrope.promises.verify import contradictions

pytestmark = pytest.mark.django_db
ALWAYS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AUTUMN = datetime(2026, 9, 18, tzinfo=UTC)
MINUTES = st.integers(min_value=0, max_value=30 * 24 * 60)


def moments(count):
    """Instants around 国庆 2026 (1-7 October, 20 September and 10 October are make-up workdays), in order."""
    return st.lists(MINUTES, min_size=count, max_size=count, unique=True).map(
        lambda minutes: [AUTUMN + timedelta(minutes=m) for m in sorted(minutes)]
    )


def fresh(hours):
    """A new subject with one running clock's policy; examples share a transaction, so names differ."""
    Promise.objects.all().delete()
    policy_row = policy(f"{Promise.objects.count()}-{datetime.now(UTC).timestamp()}", hours=hours)
    policy_row.__class__.objects.exclude(pk=policy_row.pk).update(is_active=False)
    return account()


@ALWAYS
@given(hours=st.floats(0.1, 60), times=moments(3))
def test_a_pause_moves_the_due_instant_by_its_working_time_and_by_nothing_else(hours, times):
    told, begun, ended = times
    subject = fresh(hours)
    [promise] = started(subject, told_at=told)
    paused = actions.pause_promises(subject, reason="照片", by=SYSTEM, at=begun)
    resumed = actions.resume_promises(subject, by=SYSTEM, at=ended)

    hours_lost = worktime.working_seconds_between(worktime_of(None), start=begun, end=ended)
    if not paused:
        assert promise.due_at <= begun
        return
    [after] = resumed
    moved = worktime.working_seconds_between(worktime_of(None), start=promise.due_at, end=after.due_at)
    assert moved == pytest.approx(hours_lost, abs=1e-5)
    if hours_lost == 0:
        assert after.due_at == promise.due_at
    assert after.next_look_at <= after.due_at


@ALWAYS
@given(hours=st.floats(0.1, 60), times=moments(5))
def test_reckoning_again_from_the_facts_changes_nothing(hours, times):
    told, *pauses = times
    subject = fresh(hours)
    started(subject, told_at=told)
    actions.pause_promises(subject, reason="一", by=SYSTEM, at=pauses[0])
    actions.resume_promises(subject, by=SYSTEM, at=pauses[1])
    actions.pause_promises(subject, reason="二", by=SYSTEM, at=pauses[2])
    actions.resume_promises(subject, by=SYSTEM, at=pauses[3])

    promise = Promise.objects.get()
    again = worktime.due_after(
        worktime_of(None),
        start=promise.starts_at,
        seconds=promise.working_seconds,
        pauses=pauses_of(promise),
    )
    assert abs(again - promise.due_at) <= timedelta(microseconds=2)
    assert contradictions() == []


@ALWAYS
@given(hours=st.floats(0.1, 60), times=moments(2))
def test_who_spoke_later_or_was_promised_more_is_due_later(hours, times):
    earlier, later = times
    first = started(fresh(hours), told_at=earlier)[0].due_at
    second = started(fresh(hours), told_at=later)[0].due_at
    longer = started(fresh(hours + 1), told_at=earlier)[0].due_at

    assert first <= second
    assert first < longer


@ALWAYS
@given(hours=st.floats(0.1, 60), times=moments(2))
def test_kept_if_and_only_if_done_by_the_due_instant_and_the_margin_says_how_much(hours, times):
    told, done = times
    subject = fresh(hours)
    [promise] = started(subject, told_at=told)
    actions.look_at_due(at=done)

    [kept] = actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=done)

    assert (kept.state == "kept") == (done <= promise.due_at)
    assert (kept.margin_seconds >= 0) == (done <= promise.due_at)
    assert kept.margin_working_seconds == pytest.approx(
        worktime.working_seconds_between(worktime_of(None), start=done, end=promise.due_at), abs=1e-5
    )
    assert contradictions() == []


@ALWAYS
@given(hours=st.floats(0.5, 60), times=moments(4))
def test_however_often_the_clock_is_looked_at_it_says_the_same(hours, times):
    told, *looks = times
    subject = fresh(hours)
    [promise] = started(subject, told_at=told)
    for look in looks:
        actions.look_at_due(at=look)
        actions.look_at_due(at=look)
    promise.refresh_from_db()
    often = (promise.state, promise.warned, promise.next_look_at)
    started(fresh(hours), told_at=told)
    actions.look_at_due(at=looks[-1])

    after = Promise.objects.get()
    assert (after.state, after.warned, after.next_look_at) == often
    assert (after.state == "missed") == (after.due_at <= looks[-1])


def test_the_make_up_sunday_before_the_holiday_counts_as_work():
    policy(hours=8)

    [promise] = started(account(), told_at=local("2026-09-19 10:00"))

    # Sunday 20 September 2026 is worked instead of a day of 国庆.
    assert promise.due_at == local("2026-09-20 18:00")


def test_a_night_that_loses_an_hour_to_summer_time_has_its_true_length():
    berlin = ZoneInfo("Europe/Berlin")
    nights = calendar(name="Nacht", zone="Europe/Berlin", country="", pattern={"sat": ["22:00-06:00"]})
    policy(hours=7, of=nights)

    [promise] = started(account(), told_at=local("2026-03-28 22:00", berlin))

    assert promise.due_at == local("2026-03-29 06:00", berlin)
    assert promise.zone == "Europe/Berlin"


def test_a_pause_over_the_hour_that_comes_twice_moves_by_its_true_length():
    berlin = ZoneInfo("Europe/Berlin")
    always = calendar(name="Immer", zone="Europe/Berlin", country="", pattern={
        day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    })  # fmt: skip
    policy(hours=10, of=always)
    subject = account()
    [promise] = started(subject, told_at=local("2026-10-24 20:00", berlin))
    actions.pause_promises(subject, reason="Foto", by=SYSTEM, at=local("2026-10-25 00:00", berlin))

    [after] = actions.resume_promises(subject, by=SYSTEM, at=local("2026-10-25 05:00", berlin))

    assert after.due_at - promise.due_at == timedelta(hours=6)
