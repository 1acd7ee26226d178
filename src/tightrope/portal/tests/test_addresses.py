"""A contact changes where we reach him; a mailbox counts from when its reader opened the link in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers import queries
from tightrope.customers.models import Address, Contact
from tightrope.portal import actions
from tightrope.portal.models import Proof
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
WANG = "wang.lei@hengtong.example"
NEW = "wang@new.example"


@pytest.fixture
def wang(client) -> Contact:
    """王磊, signed in."""
    contact = factories.wang_lei()
    user = cast.person(WANG, contact.name, "")
    contact = customers.link_user(contact, user, by=SYSTEM, at=cast.NOW)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return contact


def ask(client, address: str = NEW):
    return client.post("/portal/profile/addresses/", {"address": address}, follow=True)


def mailed_link() -> str:
    mail = Message.objects.filter(direction="out").order_by("at", "id").last()
    assert mail is not None
    found = re.search(r"/portal/address/[\w-]+/", mail.text)
    assert found
    return found[0]


def add(client, address: str = NEW) -> Address:
    ask(client, address)
    client.post(mailed_link())
    return Address.objects.get(kind="mail", value=address)


def test_a_new_address_counts_when_its_mailbox_was_read_and_not_before(client, wang):
    answer = ask(client, "  Wang@New.example ")
    assert NEW in answer.content.decode()
    assert not Address.objects.filter(value=NEW).exists()
    link = mailed_link()
    assert [mail.recipients for mail in Message.objects.filter(direction="out")] == [[NEW]]

    client.get(link)
    assert not Address.objects.filter(value=NEW).exists()
    client.post(link)

    address = Address.objects.get(value=NEW)
    assert (address.contact, address.verified_at, address.is_primary) == (wang, cast.NOW, False)
    assert queries.contact_by_address("mail", NEW) == wang
    kinds = [event.kind for event in events_of("contact", wang.pk, by=SYSTEM)[0]]
    assert kinds[:2] == ["contact.address_verified", "contact.address_added"]
    assert client.post(link).status_code == 404


def test_a_link_for_a_new_address_signs_nobody_in_and_grows_old(client, wang):
    ask(client)
    link = mailed_link()
    token = link.split("/")[3]
    client.logout()

    assert client.post(f"/portal/sign-in/{token}/").status_code == 404
    assert client.post(f"/portal/confirm/{token}/").status_code == 404
    assert "_auth_user_id" not in client.session
    with clock.standing_at(cast.NOW + timedelta(hours=25)):
        assert client.post(link).status_code == 404
    client.post(link)

    assert Address.objects.get(value=NEW).contact == wang
    assert "_auth_user_id" not in client.session


def test_a_link_to_sign_in_adds_no_address(client, wang):
    actions.send_sign_in_link(WANG, next_url="", at=cast.NOW)
    mail = Message.objects.get(direction="out")
    token = re.search(r"/portal/sign-in/([\w-]+)/", mail.text)[1]

    assert client.post(f"/portal/address/{token}/").status_code == 404


def test_the_address_of_another_is_not_taken_and_nobody_is_told_before_he_reads_it(client, wang):
    other = customers.add_contact(
        None,
        name="李建国",
        language="zh-hans",
        addresses=[("mail", "li@new.example")],
        by=SYSTEM,
        at=cast.NOW,
    )

    known = ask(client, "li@new.example").content.decode()
    unknown = ask(client, "nobody@new.example").content.decode()
    taken = client.post(re.search(r"/portal/address/[\w-]+/", Message.objects.get(
        recipients=["li@new.example"]).text)[0])  # fmt: skip

    assert ("li@new.example" in known, "nobody@new.example" in unknown) == (True, True)
    assert "李建国" not in known + taken.content.decode()
    assert taken.status_code == 409
    assert Address.objects.get(value="li@new.example").contact == other


def test_nobody_floods_a_mailbox_or_many(client, wang):
    for _ in range(8):
        ask(client)
    assert Message.objects.filter(direction="out").count() == 4

    answers = [ask(client, f"a{number}@new.example") for number in range(6)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429, 429]


@pytest.mark.parametrize("address", ["", "nonsense", f"{NEW}\nBcc: a@b.example", "a@b.example,c@d.example"])
def test_what_is_no_address_is_refused(client, wang, address):
    answer = ask(client, address)

    assert answer.status_code == 200
    assert not Proof.objects.exists()
    assert not Message.objects.exists()


def test_one_chooses_which_is_used_first(client, wang):
    address = add(client)

    client.post(f"/portal/profile/addresses/{address.pk}/choice/")
    client.post(f"/portal/profile/addresses/{address.pk}/choice/")

    assert list(wang.addresses.filter(kind="mail", is_primary=True)) == [address]
    kinds = [event.kind for event in events_of("contact", wang.pk, by=SYSTEM)[0]]
    assert kinds.count("contact.address_preferred") == 1


def test_a_mailbox_that_was_not_proven_is_not_used_first(client, wang):
    address = customers.add_address(wang, kind="mail", value=NEW, by=SYSTEM, at=cast.NOW)

    answer = client.post(f"/portal/profile/addresses/{address.pk}/choice/", follow=True)

    address.refresh_from_db()
    assert not address.is_primary
    assert answer.status_code == 200


def test_who_gives_up_the_address_he_signs_in_with_signs_in_with_another_confirmed_one(client, wang):
    old = wang.addresses.get(kind="mail")
    customers.add_address(wang, kind="mail", value="not@proven.example", by=SYSTEM, at=cast.NOW)
    removal = f"/portal/profile/addresses/{old.pk}/removal/"
    client.post(removal)
    assert Address.objects.filter(pk=old.pk).exists()
    add(client)

    client.post(removal)

    wang.refresh_from_db()
    assert not Address.objects.filter(pk=old.pk).exists()
    assert wang.user.email == NEW
    assert client.get("/portal/profile/").status_code == 200


def test_the_last_address_stays(client, wang):
    wang.addresses.exclude(kind="mail").delete()

    client.post(f"/portal/profile/addresses/{wang.addresses.get().pk}/removal/")

    assert wang.addresses.count() == 1


@pytest.mark.parametrize("act", ["choice", "removal"])
def test_the_addresses_of_others_are_nobodys_business(client, wang, act):
    other = customers.add_contact(
        None, name="李", language="zh-hans", addresses=[("mail", "li@x.example")], by=SYSTEM, at=cast.NOW
    )
    address = other.addresses.get()

    assert client.post(f"/portal/profile/addresses/{address.pk}/{act}/").status_code == 404
    assert client.post(f"/portal/profile/addresses/987654321/{act}/").status_code == 404
    assert Address.objects.filter(pk=address.pk).exists()


def test_mailed_links_are_swept_a_week_after_their_end(client, wang):
    ask(client)
    ended = Proof.objects.get().expires_at

    assert actions.sweep_proofs(at=ended + timedelta(days=6)) == 0
    assert actions.sweep_proofs(at=ended + timedelta(days=8)) == 1
    assert not Proof.objects.exists()
