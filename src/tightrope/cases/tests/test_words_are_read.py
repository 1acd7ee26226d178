"""Whatever became of a case: what its customer says about it is put before somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries, tasks
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.config import verify
from tightrope.core import clock
from tightrope.customers.queries import actor_of_contact

pytestmark = pytest.mark.django_db


def at(hours: float) -> datetime:
    return cast.NOW + timedelta(hours=hours)


@pytest.fixture
def gang():
    return cast.actor(cast.chen_gang())


@pytest.fixture
def solved(gang):
    """Accepted after six minutes, solved after an hour."""
    case = actions.accept_case(factories.case(), by=gang, at=at(0.1))
    return actions.solve_case(case, solution="answer", by=gang, at=at(1))


def said(case: Case, text: str, *, hours: float) -> Case:
    """The customer answers one of our mails about this case."""
    by = actor_of_contact(case.contact)
    message = channels.post_message(
        case.conversation, text=text, author=by, direction="in", channel="mail", at=at(hours)
    )
    return actions.hear_from_customer(case, message=message, by=by, at=at(hours))


def unread(by, *, hours: float) -> list[str]:
    return [case.number for case in queries.queue(queries.Filter(view="heard"), by=by, at=at(hours)).rows]


def look_at_silence(*, hours: float) -> None:
    with clock.standing_at(at(hours)):
        tasks.look_at_silence()


def test_who_spoke_after_the_solution_was_not_silent(solved, gang):
    said(solved, "还在漏水！", hours=2)

    for day in range(1, 30):
        look_at_silence(hours=24 * day)

    solved.refresh_from_db()
    assert solved.status == Case.Status.SOLVED
    assert unread(gang, hours=24 * 30) == [solved.number]


def test_once_his_word_is_answered_silence_closes_the_case_again(solved, gang):
    said(solved, "谢谢", hours=2)
    look_at_silence(hours=24 * 6)
    actions.send_reply(solved, text="不客气。", by=gang, at=at(24 * 6.5))

    look_at_silence(hours=24 * 7.5)

    solved.refresh_from_db()
    assert (solved.status, solved.outcome) == (Case.Status.CLOSED, Case.Outcome.UNOPPOSED)


def test_an_answer_to_the_letter_that_it_is_closed_is_put_before_somebody(solved, gang):
    said(solved, "谢谢", hours=2)
    closed = actions.confirm_case(solved, by=actor_of_contact(solved.contact), at=at(3))
    assert unread(gang, hours=4) == []

    said(closed, "今天又开始漏了。", hours=48)

    closed.refresh_from_db()
    assert closed.status == Case.Status.CLOSED
    assert unread(gang, hours=49) == [closed.number]
    actions.reopen_case(closed, reason="又漏", by=gang, at=at(50))
    assert verify.differences() == []


def test_an_answer_to_the_letter_that_it_is_not_for_us_is_put_before_somebody(gang):
    case = factories.case()
    refused = actions.reject_case(
        case, outcome=Case.Outcome.ELSEWHERE, reason="不是我们的设备", by=gang, at=at(1)
    )
    assert unread(gang, hours=2) == []

    said(refused, "铭牌上写着恒源。", hours=3)

    assert unread(gang, hours=4) == [refused.number]


def test_refusing_a_case_was_no_answer_to_it(gang):
    case = factories.case()
    refused = actions.reject_case(case, reason="垃圾", by=gang, at=at(1))

    restored = actions.restore_case(refused, by=gang, at=at(2))

    assert restored.heard_at == restored.told_at
    assert unread(gang, hours=3) == [restored.number]


def test_a_word_on_a_case_that_was_merged_twice_is_heard_where_it_lives_on(gang):
    first, second, third = (factories.case(title=f"E3 {number}") for number in range(3))
    for case in (first, second, third):
        actions.accept_case(case, by=gang, at=at(0.1))
    actions.merge_cases(second, first, by=gang, at=at(1))
    actions.merge_cases(third, second, by=gang, at=at(2))
    actions.send_reply(third, text="明天上午到。", by=gang, at=at(2.5))

    said(first, "还是三楼那台。", hours=3)

    for case in (first, second, third):
        case.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (third, third)
    assert third.heard_at == at(3)
    assert unread(gang, hours=4) == [third.number]
    bodies = [turn.message.text for turn in queries.conversation_of(third, by=gang) if turn.message]
    assert "还是三楼那台。" in bodies
    assert verify.differences() == []
