"""While a case is open the desk is reminded what to ask the customer's person about himself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions, panels
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=730)


@pytest.fixture
def case():
    return factories.case(contact=factories.wang_lei(), at=LATER)


@pytest.fixture
def zhou():
    return cast.actor(cast.zhou_min())


def asked(panel):
    return [
        (contact.name, [one.key.partition(":")[0] for one in details])
        for contact, details in panel.context["asked"]
    ]


def of_case(case, by):
    return panels.to_confirm(Case.objects.with_people().get(pk=case.pk), by, LATER)


def test_the_open_case_asks_what_is_old(case, zhou):
    assert asked(of_case(case, zhou)) == [("王磊", ["person", "address", "address"])]


def test_nothing_is_asked_once_the_case_is_solved_or_everything_is_confirmed(case, zhou):
    wang = factories.wang_lei()
    customers.confirm_person(wang, by=zhou, at=LATER)
    for address in wang.addresses.all():
        customers.confirm_address(address, by=zhou, at=LATER)
    assert of_case(case, zhou) is None
    Contact.objects.update(confirmed_at=None)
    assert of_case(case, zhou) is not None

    actions.solve_case(case, solution="answer", by=zhou, at=LATER)
    actions.confirm_case(case, by=SYSTEM, at=LATER)

    assert of_case(case, zhou) is None
    assert panels.to_confirm_of_account(factories.hengtong(), zhou, LATER) is None


def test_the_customers_page_asks_for_each_person_the_desk_speaks_with(case, zhou):
    hengtong = factories.hengtong()
    customers.add_contact(
        hengtong,
        name="不在谈的",
        language="zh-hans",
        addresses=[("mail", "b@hengtong.example")],
        by=SYSTEM,
        at=cast.NOW,
    )

    panel = panels.to_confirm_of_account(hengtong, zhou, LATER)

    assert [name for name, _keys in asked(panel)] == ["王磊"]


def test_who_may_not_change_customers_is_not_asked_to(case):
    for user in (cast.wu_qiang(), cast.ola()):
        assert of_case(case, cast.actor(user)) is None
        assert panels.to_confirm_of_account(factories.hengtong(), cast.actor(user), LATER) is None


def test_both_pages_show_it_and_one_press_takes_the_question_away(case, client):
    client.force_login(cast.zhou_min())
    page, of_account = (
        reverse("cases:case", args=[case.public_id]),
        reverse("customers:account", args=[factories.hengtong().public_id]),
    )
    url = reverse("customers:contact_confirmation", args=[factories.wang_lei().public_id])

    with clock.standing_at(LATER):
        before = [client.get(one).content.decode() for one in (page, of_account)]
        pressed = client.post(url, {"detail": "person", "back": page})
        after = client.get(page).content.decode()

    assert all('value="person"' in text and url in text for text in before)
    assert pressed["Location"] == page
    assert 'value="person"' not in after
    assert url in after


def test_each_page_asks_the_database_one_or_two_questions_more(case, zhou, django_assert_num_queries):
    shown = Case.objects.with_people().get(pk=case.pk)

    hengtong = factories.hengtong()

    with django_assert_num_queries(1):
        panels.to_confirm(shown, zhou, LATER)
    with django_assert_num_queries(0):
        panels.to_confirm(shown, zhou, LATER)
    with django_assert_num_queries(3):
        panels.to_confirm_of_account(hengtong, zhou, LATER)
