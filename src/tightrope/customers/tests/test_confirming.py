"""What to ask a person about himself, and what he said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Scope
from tightrope.customers import actions, queries
from tightrope.customers.models import Address, Contact
from tightrope.customers.queries import confirming
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
TWO_YEARS = timedelta(days=730)
LATER = AT + TWO_YEARS


@pytest.fixture
def wang() -> Contact:
    return make.contact(
        make.account(),
        position="机房主管",
        addresses=[("mail", "wang@hengtong.example"), ("phone", "13812345678")],
    )


def asked(contact: Contact, *, at: Any = LATER) -> list[tuple[str, str]]:
    contact = Contact.objects.get(pk=contact.pk)
    found = confirming.to_confirm(contact, at=at)
    return [(one.key.partition(":")[0], one.value) for one in found]


def kinds_of(contact: Contact) -> list[str]:
    return [event.kind for event in events_of("contact", contact.pk, by=SYSTEM)[0]]


def test_nothing_is_asked_of_who_was_noted_this_year(wang: Contact) -> None:
    assert asked(wang, at=AT + timedelta(days=360)) == []


def test_what_is_older_than_a_year_is_asked_the_person_first(wang: Contact) -> None:
    assert asked(wang) == [
        ("person", "王磊 · 机房主管"),
        ("address", "wang@hengtong.example"),
        ("address", "+8613812345678"),
    ]


def test_what_is_missing_is_asked_at_once() -> None:
    ann = make.contact(make.account(), "Ann", addresses=[("mail", "ann@example.com")])

    [missing] = confirming.to_confirm(ann, at=AT)

    assert (missing.key, missing.value) == ("", "")
    assert missing.label == Address.Kind.PHONE.label


def test_a_confirmed_detail_is_not_asked_again_and_stands_on_record(wang: Contact) -> None:
    mail = wang.addresses.get(kind="mail")
    zhou = make.staff()

    actions.confirm_address(mail, by=zhou, at=LATER)
    actions.confirm_person(wang, by=zhou, at=LATER)

    assert asked(wang) == [("address", "+8613812345678")]
    assert kinds_of(wang)[:2] == ["contact.confirmed", "contact.address_confirmed"]
    mail.refresh_from_db()
    assert (mail.confirmed_at, mail.verified_at) == (LATER, None)


def test_a_proof_and_a_change_count_as_well(wang: Contact) -> None:
    actions.verify_address(wang.addresses.get(kind="mail"), by=SYSTEM, at=LATER)
    actions.change_contact(wang, changes={"position": "厂长"}, version=wang.version, by=SYSTEM, at=LATER)
    actions.add_address(wang, kind="phone", value="13812345679", by=SYSTEM, at=LATER)

    assert asked(wang) == [("address", "+8613812345678")]


def test_nothing_is_asked_of_who_has_left(wang: Contact) -> None:
    actions.retire_contact(wang, by=SYSTEM, at=AT)

    assert asked(wang) == []


def test_nobody_confirms_for_a_customer_that_is_not_his(wang: Contact) -> None:
    other = make.staff(Scope.OWN, person=make.user())

    with pytest.raises(Denied):
        actions.confirm_person(wang, by=other, at=LATER)
    with pytest.raises(Denied):
        actions.confirm_address(wang.addresses.all()[0], by=other, at=LATER)
    assert queries.contact_by_address("mail", "wang@hengtong.example") == wang
    assert len(asked(wang)) == 3


def test_one_press_confirms_and_leads_back_to_where_one_speaks(client: Client, wang: Contact) -> None:
    client.force_login(cast.zhou_min())
    url = reverse("customers:contact_confirmation", args=[wang.public_id])
    number = wang.addresses.get(kind="phone").pk

    with clock.standing_at(LATER):
        pressed = client.post(url, {"detail": f"address:{number}", "back": "/cases/x/"})
        astray = client.post(url, {"detail": "person", "back": "https://elsewhere.example/"})
        nothing = [client.post(url, {"detail": said}) for said in ("", "address:0", "address:x", "name")]

    assert (pressed.status_code, pressed["Location"]) == (303, "/cases/x/")
    assert astray["Location"] == reverse("customers:contact", args=[wang.public_id])
    assert {one.status_code for one in nothing} == {404}
    assert asked(wang) == [("address", "wang@hengtong.example")]
