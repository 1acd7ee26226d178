"""Customers are strangers to each other: nobody receives an id, a count, a hit or a file of somebody else's."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import cast

from tightrope.cases import actions as desk
from tightrope.cases.models import Case
from tightrope.cases.queries import conversation_of as of_case
from tightrope.cases.tests import factories
from tightrope.core import live
from tightrope.core.actor import NOBODY, SYSTEM
from tightrope.core.ids import public_id
from tightrope.customers import actions as customers
from tightrope.customers.models import Account, Contact
from tightrope.customers.queries import actor_of_contact
from tightrope.files.models import Attachment
from tightrope.people.models import User
from tightrope.portal import actions, queries
from tightrope.portal.access import MEMBERS_ONLY, ROUTES
from tightrope.search.queries import find

pytestmark = pytest.mark.django_db


def company(name: str) -> Account:
    return customers.open_account(name=name, kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW)


def person(account: Account, name: str, *, sees: bool = False) -> Contact:
    contact = customers.add_contact(
        account, name=name, language="zh-hans", addresses=[("mail", f"{public_id().lower()}@x.example")],
        sees_colleagues=sees, by=SYSTEM, at=cast.NOW,
    )  # fmt: skip
    user = User.objects.create(email=f"{public_id().lower()}@login.example", name=name)
    return customers.link_user(contact, user, by=SYSTEM, at=cast.NOW)


ACTS = ("words", "confirmation", "reopening", "rating", "following")


@pytest.mark.timeout(300)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 1)), min_size=2, max_size=6),
    sees=st.booleans(),
)
def test_a_contact_of_one_customer_receives_nothing_of_another(client, cases, sees):
    companies = {name: company(f"{name}-{public_id()}") for name in "AB"}
    people = {
        (name, number): person(companies[name], f"{name}{number}", sees=sees and number == 0)
        for name in "AB"
        for number in (0, 1)
    }
    opened = {}
    for owner in cases:
        contact = people[owner]
        case = factories.case(contact=contact, title=f"机密{public_id()}", text=f"内情{public_id()}")
        actions.write_on_case(
            case, text=f"口令{public_id()}", uploads=[], by=actor_of_contact(contact), at=cast.NOW
        )
        opened[case.pk] = (owner, case)
    reader = people["A", 0]
    by = actor_of_contact(reader)
    own = {pk for pk, (owner, _case) in opened.items() if owner == ("A", 0) or (sees and owner[0] == "A")}
    client.force_login(reader.user)

    pages = client.get("/portal/").content.decode() + client.get("/portal/?view=all").content.decode()
    found = {row.pk for row in queries.my_cases(by=by, view="all").rows}

    assert found == own
    for pk, (_owner, case) in opened.items():
        is_mine = pk in own
        assert (case.public_id in pages) is is_mine
        assert (case.number in pages) is is_mine
        assert (case.title in pages) is is_mine
        answer = client.get(f"/portal/cases/{case.public_id}/")
        assert answer.status_code == (200 if is_mine else 404)
        assert live._may_join(by, [f"case:{case.public_id}"]) is is_mine
        assert not live._may_join(by, ["desk:queue"])
        if not is_mine:
            assert case.title not in answer.content.decode()
            for act in ACTS:
                assert (
                    client.post(f"/portal/cases/{case.public_id}/{act}/", {"score": "1"}).status_code == 404
                )
            assert case.title not in str(find(case.title, by=by))


@pytest.mark.parametrize("sees", [False, True])
def test_a_merge_shows_nobody_the_words_of_a_colleague_whose_cases_he_may_not_see(client, sees):
    account = company("甲公司")
    reader, colleague = person(account, "甲", sees=sees), person(account, "乙")
    keep, own, theirs = (
        factories.case(contact=who, text=text)
        for who, text in ((reader, "漏水"), (reader, "还在漏"), (colleague, "内部的话"))
    )
    lead = cast.actor(cast.chen_gang())
    for gone in (own, theirs):
        desk.merge_cases(keep, gone, by=lead, at=cast.NOW)

    by_link = client.get(f"/s/{keep.links.get().token}/").content.decode()
    client.force_login(reader.user)
    signed_in = client.get(f"/portal/cases/{keep.public_id}/").content.decode()

    assert "漏水" in signed_in
    assert "还在漏" in signed_in
    assert ("内部的话" in signed_in) is sees
    assert "还在漏" in by_link
    assert "内部的话" not in by_link
    assert len([turn for turn in of_case(keep, by=lead) if turn.message]) == 3


def test_a_file_of_somebody_elses_case_is_not_there(client, django_assert_max_num_queries):
    from django.core.files.uploadedfile import SimpleUploadedFile

    a, b = person(company("甲公司"), "甲"), person(company("乙公司"), "乙")
    case = factories.case(contact=b)
    upload = SimpleUploadedFile("合同.txt", "机密".encode())
    actions.write_on_case(case, text="", uploads=[upload], by=actor_of_contact(b), at=cast.NOW)
    file = Attachment.objects.get()
    mine = factories.case(contact=a)
    own_link = mine.links.get()

    client.force_login(a.user)
    assert client.get(f"/files/{file.public_id}/{file.name}").status_code == 404
    assert client.get(f"/s/{own_link.token}/files/{file.public_id}/{file.name}").status_code == 404
    client.force_login(b.user)
    answer = client.get(f"/files/{file.public_id}/{file.name}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    client.logout()
    assert client.get(f"/s/{case.links.get().token}/files/{file.public_id}/{file.name}").status_code == 200


def test_a_revoked_link_and_one_that_never_was_are_the_same_to_the_reader(client):
    case = factories.case()
    link = case.links.get()
    link.revoked_at = cast.NOW
    link.save()

    revoked = client.get(f"/s/{link.token}/")
    unknown = client.get(f"/s/{'A' * 22}/")

    assert revoked.status_code == unknown.status_code == 404
    strip = lambda page: page.content.decode().replace(link.token, "").replace("A" * 22, "")  # noqa: E731
    assert _without_what_is_new_each_time(strip(revoked)) == _without_what_is_new_each_time(strip(unknown))


def _without_what_is_new_each_time(html: str) -> str:
    html = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "", html)
    return re.sub(r'(nonce|value|hx-headers)=("[^"]*"|\'[^\']*\')', "", html)


def test_the_page_behind_a_link_tells_its_address_to_nobody(client):
    case = factories.case()

    page = client.get(f"/s/{case.links.get().token}/")

    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page.cookies["followed"]["path"] == "/live"
    assert page.cookies["followed"]["httponly"]


def test_the_holder_of_a_link_hears_of_his_case_alone(client):
    case, other = factories.case(), factories.case(title="另一件")
    client.get(f"/s/{case.links.get().token}/")

    mine = client.get(f"/live?topic=case:{case.public_id}")
    others = client.get(f"/live?topic=case:{other.public_id}")
    both = client.get(f"/live?topic=case:{case.public_id}&topic=case:{other.public_id}")

    assert (mine.status_code, others.status_code, both.status_code) == (200, 404, 404)
    assert asyncio.iscoroutinefunction(live.stream)
    case.links.update(revoked_at=cast.NOW)
    assert client.get(f"/live?topic=case:{case.public_id}").status_code == 404


def test_whoever_has_left_sees_nothing_more(client):
    contact = person(company("甲公司"), "甲")
    case = factories.case(contact=contact)
    link = case.links.get()
    client.force_login(contact.user)
    assert client.get(f"/portal/cases/{case.public_id}/").status_code == 200

    customers.retire_contact(contact, by=SYSTEM, at=cast.NOW)

    assert client.get(f"/portal/cases/{case.public_id}/").status_code == 403
    assert client.get(f"/s/{link.token}/").status_code == 404
    assert actor_of_contact(Contact.objects.get(pk=contact.pk)) is NOBODY


def test_ola_and_staff_are_no_customers(client):
    case = factories.case()
    for user in (cast.ola(), cast.zhou_min()):
        client.force_login(user)
        assert client.get(f"/portal/cases/{case.public_id}/").status_code == 403
        page = client.get("/portal/").content.decode()
        assert case.number not in page


def test_whoever_is_both_staff_and_customer_is_a_customer_here(client):
    zhou = cast.zhou_min()
    contact = person(company("甲公司"), "周敏本人")
    customers.link_user(contact, zhou, by=SYSTEM, at=cast.NOW)
    own, others = factories.case(contact=contact), factories.case(title="别人的")
    client.force_login(zhou)

    assert client.get(f"/portal/cases/{own.public_id}/").status_code == 200
    assert client.get(f"/portal/cases/{others.public_id}/").status_code == 404


def test_a_stranger_is_asked_to_sign_in_as_a_customer(client):
    case = factories.case()

    answer = client.get(f"/portal/cases/{case.public_id}/")

    assert answer["Location"] == f"/portal/sign-in/?next=%2Fportal%2Fcases%2F{case.public_id}%2F"
    assert "portal:case" in MEMBERS_ONLY
    assert not MEMBERS_ONLY & {"portal:home", "portal:report", "portal:link"}
    assert all(ROUTES.values())


def test_looking_changes_nothing(client):
    contact = person(company("甲公司"), "甲")
    case = factories.case(contact=contact)
    client.force_login(contact.user)
    before = Case.objects.values().get(pk=case.pk)

    for url in (
        "/portal/",
        "/portal/profile/",
        f"/portal/cases/{case.public_id}/",
        f"/s/{case.links.get().token}/",
    ):
        client.get(url)
        for act in ACTS:
            assert client.get(f"/s/{case.links.get().token}/{act}/").status_code == 405

    assert Case.objects.values().get(pk=case.pk) == before


def test_a_list_costs_the_same_however_long_it_is(client, django_assert_max_num_queries):
    contact = person(company("甲公司"), "甲")
    for hour in range(25):
        factories.case(contact=contact, at=cast.NOW - timedelta(hours=hour))
    client.force_login(contact.user)
    client.get("/portal/")

    with django_assert_max_num_queries(9):
        first = client.get("/portal/").content.decode()

    assert first.count('class="request"') == queries.PAGE_SIZE
    assert "after=" in first
