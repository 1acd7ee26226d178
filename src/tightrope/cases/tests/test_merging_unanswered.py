"""A customer who waits for an answer on a case that is merged waits for it in the one that stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.config import verify
from tightrope.customers.queries import actor_of_contact
from tightrope.promises.models import Promise, What

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


@pytest.fixture
def gang():
    return cast.actor(cast.chen_gang())


def at(hours: float) -> datetime:
    return cast.NOW + timedelta(hours=hours)


def opened(told: float = 0) -> Case:
    return factories.case(told_at=at(told), at=at(told))


def answered(by, *, told: float = 0, at_hour: float) -> Case:
    case = actions.accept_case(opened(told), by=by, at=at(at_hour))
    actions.send_reply(case, text="明天上午到。", by=by, at=at(at_hour))
    return case


def said(case: Case, *, hours: float) -> None:
    by = actor_of_contact(case.contact)
    message = channels.post_message(
        case.conversation, text="还在漏", author=by, direction="in", channel="mail", at=at(hours)
    )
    actions.hear_from_customer(case, message=message, by=by, at=at(hours))


def owed(case: Case, what: What) -> list[datetime]:
    """From when the answers run that the customer of this case is owed."""
    rows = Promise.objects.about("case", case.pk).running().filter(what=what)
    return list(rows.values_list("starts_at", flat=True))


def unread(by) -> list[str]:
    return [case.number for case in queries.queue(queries.Filter(view="heard"), by=by, at=at(9)).rows]


def test_a_first_word_that_nobody_answered_waits_in_the_case_that_stays(gang):
    keep, gone = answered(gang, at_hour=0.5), opened(told=1)

    actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert keep.heard_at == at(1)
    assert owed(keep, What.NEXT_RESPONSE) == [at(1)]
    assert unread(gang) == [keep.number]
    assert verify.differences() == []


def test_a_later_word_that_nobody_answered_does_too(gang):
    keep, gone = answered(gang, at_hour=0.5), answered(gang, at_hour=0.6)
    said(gone, hours=1)

    actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert keep.heard_at == at(1)
    assert owed(keep, What.NEXT_RESPONSE) == [at(1)]
    assert owed(gone, What.NEXT_RESPONSE) == []


def test_waiting_for_the_customer_ends_because_he_spoke(gang):
    keep, gone = answered(gang, at_hour=0.5), opened(told=1)
    actions.wait_for_customer(keep, waiting_for="照片", by=gang, at=at(0.5))

    actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert (keep.status, keep.waiting_for, keep.look_again_at) == (Case.Status.ACCEPTED, "", None)
    assert not Promise.objects.about("case", keep.pk).filter(paused_at__isnull=False).exists()
    assert verify.differences() == []


def test_who_waits_already_since_earlier_waits_since_then(gang):
    keep, gone = answered(gang, at_hour=0.2), opened(told=1)
    said(keep, hours=0.5)

    actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert keep.heard_at == at(0.5)
    assert owed(keep, What.NEXT_RESPONSE) == [at(0.5)]


def test_a_word_that_is_older_than_the_one_here_is_answered_in_its_own_time(gang):
    keep, gone = answered(gang, at_hour=0.2), opened(told=0.5)
    said(keep, hours=1)

    actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert keep.heard_at == at(0.5)
    assert owed(keep, What.NEXT_RESPONSE) == [at(0.5)]
    assert verify.differences() == []


def test_a_first_answer_is_owed_from_the_first_word_of_both(gang):
    keep, gone = opened(told=1), opened(told=0)

    actions.merge_cases(keep, gone, by=gang, at=at(1.2))

    keep.refresh_from_db()
    assert keep.heard_at == at(0)
    assert owed(keep, What.FIRST_RESPONSE) == [at(0)]
    assert verify.differences() == []


def test_one_who_was_answered_or_is_to_answer_us_waits_for_nothing(gang):
    keep, heard, asked = (answered(gang, at_hour=0.5) for _ in range(3))
    said(asked, hours=1)
    actions.wait_for_customer(asked, waiting_for="照片", by=gang, at=at(1.5))

    for gone in (heard, asked):
        actions.merge_cases(keep, gone, by=gang, at=at(2))

    keep.refresh_from_db()
    assert keep.heard_at is None
    assert owed(keep, What.NEXT_RESPONSE) == []


def test_answering_it_and_taking_the_answer_back_leaves_it_waiting(gang):
    keep, gone = answered(gang, at_hour=0.5), opened(told=1)
    actions.merge_cases(keep, gone, by=gang, at=at(2))

    again = actions.send_reply(keep, text="收到。", by=gang, at=at(3))
    keep.refresh_from_db()
    assert keep.heard_at is None
    actions.take_back_reply(keep, again, by=gang, at=at(3) + timedelta(seconds=5))

    keep.refresh_from_db()
    assert keep.heard_at == at(1)
    assert owed(keep, What.NEXT_RESPONSE) == [at(1)]
    assert verify.differences() == []
