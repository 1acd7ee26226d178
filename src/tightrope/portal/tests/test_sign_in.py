"""Signing in by a mailed link, and proving that a report is one's own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact
from tightrope.people.models import User
from tightrope.portal.models import Proof
from tightrope.portal.tests.test_journey import report

pytestmark = pytest.mark.django_db
WANG = "wang.lei@hengtong.example"


def mailed_link(kind: str = "sign-in") -> str:
    mail = Message.objects.filter(direction="out").order_by("at", "id").last()
    assert mail is not None
    found = re.search(rf"/portal/{kind}/[\w-]+/", mail.text)
    assert found
    return found[0]


def ask(client, address: str = WANG, **more):
    answer = client.post("/portal/sign-in/", {"address": address, **more})
    jobs.run_due()
    return answer


def test_a_mailed_link_signs_in_by_one_press_and_works_once(client):
    factories.wang_lei()
    ask(client)
    link = mailed_link()

    looked = client.get(link)
    assert "_auth_user_id" not in client.session
    assert looked["Referrer-Policy"] == "same-origin"
    entered = client.post(link)

    assert entered["Location"] == "/portal/"
    assert "王磊" in client.get("/portal/").content.decode()
    assert Contact.objects.get(name="王磊").user.email == WANG
    assert Contact.objects.get(name="王磊").addresses.get(kind="mail").verified_at == cast.NOW
    client.post("/portal/sign-out/")
    assert client.post(link).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_link_grows_old_in_a_quarter_of_an_hour(client):
    factories.wang_lei()
    ask(client)
    link = mailed_link()

    with clock.standing_at(cast.NOW + timedelta(minutes=16)):
        answer = client.post(link)

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_known_and_unknown_addresses_get_the_same_answer(client):
    factories.wang_lei()

    known, unknown = ask(client), ask(client, "nobody@elsewhere.example")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(
    "address",
    [f"  {WANG.upper()} ", "wаng.lei@hengtong.example", f"{WANG},evil@x.example", f"{WANG}\nBcc: a@b.c"],
)
def test_only_the_very_address_gets_the_link(client, address):
    factories.wang_lei()

    ask(client, address)

    recipients = [one for mail in Message.objects.filter(direction="out") for one in mail.recipients]
    assert set(recipients) <= {WANG}


def test_staff_are_not_let_in_past_their_second_factor(client):
    contact = factories.wang_lei()
    customers.link_user(contact, cast.zhou_min(), by=SYSTEM, at=cast.NOW)

    ask(client)

    assert not Proof.objects.exists()


def test_a_mailbox_is_not_flooded(client):
    factories.wang_lei()

    for _ in range(8):
        ask(client)

    assert Message.objects.filter(direction="out").count() == 4


def test_asking_all_the_time_is_slowed_down(client):
    answers = [client.post("/portal/sign-in/", {"address": f"a{n}@x.example"}) for n in range(21)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example/portal/", "/\\evil.example", "/admin/", "javascript:alert(1)"],
)
def test_nobody_is_led_out_of_the_portal(client, wanted):
    factories.wang_lei()
    ask(client, next=wanted)
    assert "evil" not in Message.objects.filter(direction="out").get().text

    entered = client.post(mailed_link(), {"next": wanted})

    assert entered["Location"] == "/portal/"


def test_the_link_is_kept_as_a_hash_alone(client):
    factories.wang_lei()
    ask(client)

    token = mailed_link().split("/")[3]

    assert token not in str(list(Proof.objects.values()))
    assert not User.objects.filter(email=WANG).exists()


def test_a_report_becomes_the_known_persons_when_he_says_so(client):
    factories.policies()
    factories.category()
    wang = factories.wang_lei()
    thanks = report(client, name="某人", mail=WANG)
    jobs.run_due()
    case = Case.objects.get()
    assert case.account_id is None
    old_link = case.links.get().token
    assert [mail.recipients for mail in Message.objects.filter(direction="out")] == [[WANG]]

    link = mailed_link("confirm")
    client.get(link)
    assert Case.objects.get().account_id is None
    answer = client.post(link)

    case.refresh_from_db()
    assert case.contact == wang
    assert case.account == wang.account
    assert case.conversation.account_id == wang.account_id
    told = client.get(answer["Location"])
    assert told.status_code == 200
    assert "has ended" in told.content.decode()
    for gone in (f"/s/{old_link}/", thanks["Location"], f"/s/{'A' * 22}/"):
        page = client.get(gone)
        assert page.status_code == 404
        assert 'action="/portal/sign-in/"' in page.content.decode()
    acknowledgement = Message.objects.filter(direction="out", conversation_id=case.conversation_id).get()
    assert acknowledgement.recipients == [WANG]
    assert not Contact.objects.get(name="某人").is_active


def test_a_report_from_a_new_address_makes_its_owner_known(client):
    factories.category()
    report(client, name="李建国", mail="li@new.example")
    jobs.run_due()

    client.post(mailed_link("confirm"))

    address = Contact.objects.get(name="李建国").addresses.get(kind="mail")
    assert address.value == "li@new.example"
    assert address.verified_at == cast.NOW


def test_whether_an_address_is_known_makes_no_difference_to_the_reporter(client):
    factories.category()
    factories.wang_lei()

    known = report(client, mail=WANG)
    unknown = report(client, mail="new@elsewhere.example")

    pages = [client.get(answer["Location"]).content.decode() for answer in (known, unknown)]
    for case, page in zip(Case.objects.order_by("pk"), pages, strict=True):
        assert case.number in page
        assert "恒通数据" not in page
        assert WANG not in page
