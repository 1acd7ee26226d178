"""A promise that is put off while the case waits for the customer stands still like the others, and runs on."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import cast

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, PromiseKind, State, What
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


def waiting(by, since: float = 1) -> Case:
    case = actions.accept_case(factories.case(), by=by, at=cast.NOW)
    return actions.wait_for_customer(case, waiting_for="铭牌照片", by=by, at=at(since))


def solution_of(case) -> Promise:
    return Promise.objects.running().get(subject_id=case.pk, what=What.RESOLUTION)


def put_off(case, *, due: float, now: float) -> Promise:
    promise = solution_of(case)
    return promises.replace_promise(promise, case, due_at=at(due), reason="缺备件", by=SYSTEM, at=at(now))


def test_it_stands_still_and_runs_on_with_the_time_it_was_given(zhou):
    case = waiting(zhou)

    new = put_off(case, due=72, now=2)

    assert new.is_paused
    assert new.pauses.get().reason == "铭牌照片"
    assert promises.look_at_due(at=at(24 * 9)) == 0
    lost = worktime.working_seconds_between(worktime_of(None), start=at(2), end=at(24))
    actions.resume_case(case, by=zhou, at=at(24))
    runs = solution_of(case)
    assert (runs.pk, runs.is_paused) == (new.pk, False)
    assert runs.due_at == worktime.add_working(worktime_of(None), start=at(72), seconds=lost)
    assert at(72) < runs.due_at
    assert verify.differences() == []


def test_one_that_was_missed_before_waiting_began_stands_still_once_it_is_put_off(zhou):
    late = 24 * 9
    case = actions.accept_case(factories.case(), by=zhou, at=cast.NOW)
    while promises.look_at_due(at=at(late)):
        pass
    assert solution_of(case).state == State.MISSED
    actions.wait_for_customer(case, waiting_for="铭牌照片", by=zhou, at=at(late))

    new = put_off(case, due=late + 72, now=late + 1)

    assert new.is_paused
    assert verify.differences() == []


def test_one_put_off_while_the_work_is_ours_runs(zhou):
    case = actions.accept_case(factories.case(), by=zhou, at=cast.NOW)

    assert not put_off(case, due=72, now=2).is_paused


def test_a_persons_word_runs_though_the_case_waits(zhou):
    case = waiting(zhou)
    word = promises.make_promise(
        case, account_id=case.account_id, kind=PromiseKind.CUSTOMER, what=What.WORD, due_at=at(48),
        text="周五回电", user_id=None, team_id=None, by=zhou, at=at(2),
    )  # fmt: skip

    new = promises.replace_promise(word, case, due_at=at(72), reason="出差", by=SYSTEM, at=at(3))

    assert not new.is_paused


def test_the_customer_is_told_the_new_time_and_that_it_moves_while_we_wait_for_him(zhou):
    case = waiting(zhou)

    put_off(case, due=72, now=2)
    with clock.standing_at(at(2.1)):
        jobs.run_due()

    letter = Message.objects.filter(conversation_id=case.conversation_id, direction="out").latest("pk")
    assert "缺备件" in letter.text
    assert "铭牌照片" in letter.text
    kinds = [event.kind for event in events_of("case", case.pk, by=SYSTEM)[0]]
    assert kinds[:2] == ["promise.paused", "promise.replaced"]


def test_the_letter_about_a_clock_that_runs_speaks_of_no_waiting(zhou):
    case = waiting(zhou)
    actions.resume_case(case, by=zhou, at=at(2))

    put_off(case, due=72, now=3)
    with clock.standing_at(at(3.1)):
        jobs.run_due()

    letter = Message.objects.filter(conversation_id=case.conversation_id, direction="out").latest("pk")
    assert "缺备件" in letter.text
    assert "铭牌照片" not in letter.text


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(st.floats(0.1, 24 * 20), min_size=2, max_size=2, unique=True).map(sorted),
    granted=st.floats(0.1, 24 * 20),
)
def test_however_long_the_wait_the_time_given_is_the_time_left(hours, granted, zhou):
    asked, answered = hours
    case = actions.accept_case(factories.case(), by=zhou, at=cast.NOW)
    actions.wait_for_customer(case, waiting_for="铭牌照片", by=zhou, at=at(0.05))
    given_seconds = worktime.working_seconds_between(
        worktime_of(None), start=at(asked), end=at(asked + granted)
    )
    put_off(case, due=asked + granted, now=asked)

    actions.resume_case(case, by=zhou, at=at(answered))

    runs = solution_of(case)
    left = worktime.working_seconds_between(worktime_of(None), start=at(answered), end=runs.due_at)
    assert left == pytest.approx(given_seconds, abs=1e-3)
    assert runs.next_look_at <= runs.due_at
    assert verify.differences() == []
