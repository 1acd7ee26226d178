"""A complaint of the same customer about the same, within the days of the rules, is one again."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case, Rules
from tightrope.cases.tests import factories
from tightrope.cases.tests.test_views import at as address
from tightrope.cases.tests.test_views import browser
from tightrope.config import verify
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def day(number: float):
    return cast.NOW + timedelta(days=number)


def complaint(number: float, **facts) -> Case:
    return factories.case(case_type=Case.Type.COMPLAINT, at=day(number), **facts)


def test_a_second_complaint_links_the_first_and_counts():
    leak = factories.category("leak")
    first = complaint(-40, category=leak)
    second = complaint(-20, category=leak)
    third = complaint(0, category=leak)

    assert (second.again_of_id, second.again_times) == (first.pk, 1)
    assert (third.again_of_id, third.again_times) == (second.pk, 2)
    assert first.again_times == 0
    line = events_of("case", third.pk, by=cast.actor(cast.zhou_min()))[0]
    again = next(event for event in line if event.kind == "case.complaint_again")
    assert (again.facts["earlier"], again.facts["days"]) == (second.number, 20)
    assert verify.differences() == []


def test_the_page_and_the_list_say_that_it_comes_again():
    first = complaint(-3)
    second = complaint(0)

    page = browser().get(address(second)).content.decode()

    assert "客户就同一问题再次投诉" in page
    assert first.number in page
    assert 'class="case-again"' in page


def test_too_long_ago_another_matter_another_customer_or_no_complaint_is_not_again():
    stranger = factories.wang_lei()
    complaint(-100)
    factories.case(at=day(-5))
    complaint(-4, category=factories.category("noise"))
    complaint(-3, contact=_of_another_customer())

    fresh = complaint(0, category=factories.category("leak"), contact=stranger)

    assert fresh.again_of_id is None


def test_the_days_are_those_of_the_rules():
    Rules.objects.create(recurrence_days=2)
    complaint(-3)

    assert complaint(0).again_of_id is None


def test_a_case_made_a_complaint_later_looks_back_too():
    complaint(-3)
    case = factories.case()
    assert case.again_of_id is None

    made = actions.make_complaint(
        case, accused=None, reason="又来了", by=cast.actor(cast.zhou_min()), at=day(0.1)
    )

    assert made.again_times == 1


def test_what_was_no_complaint_is_left_out_of_the_chain():
    gang = cast.actor(cast.chen_gang())
    first, second, third = complaint(-9), complaint(-6), complaint(-3)

    actions.unmake_complaint(second, reason="误会", by=gang, at=day(0))

    third.refresh_from_db()
    assert (third.again_of_id, third.again_times) == (first.pk, 1)
    assert verify.differences() == []


def _of_another_customer():
    from tightrope.core.actor import SYSTEM
    from tightrope.customers import actions as customers

    other = customers.open_account(name="另一家", kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW)
    return customers.add_contact(
        other, name="别人", language="zh-hans", addresses=[("mail", "other@other.example")], by=SYSTEM, at=cast.NOW
    )  # fmt: skip
