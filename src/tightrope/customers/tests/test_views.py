"""The customer pages, as staff use them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope import timeline
from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Scope
from tightrope.customers import access, actions, events, panels
from tightrope.customers.models import Account, Contact, Merge
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people.models import Grant, Holding, Role, User

pytestmark = pytest.mark.django_db


def signed_in(scope: Scope | None = Scope.ALL, *permissions: str) -> tuple[Client, User]:
    """A browser of somebody whose one role grants these permissions."""
    user = make.user("周敏")
    if scope is not None:
        role = Role.objects.create(code=f"role-{user.pk}", name="role")
        for permission in permissions or ("customer.view", "customer.edit", "customer.merge"):
            Grant.objects.create(role=role, permission=permission, scope=scope.value)
        Holding.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, user


def page_of(account: Account, **query: str) -> str:
    return reverse("customers:account", args=[account.public_id], query=query or None)


def new_facts(**facts: Any) -> dict[str, Any]:
    return {
        "kind": "company", "name": "恒通数据", "importance": "1", "stage": "installed", "language": "zh-hans",
        "time_zone": "Asia/Shanghai", "form_token": "t1", **facts,
    }  # fmt: skip


def test_a_customer_is_opened_with_a_person_to_speak_with() -> None:
    client, _user = signed_in()

    answer = client.post(
        reverse("customers:new"),
        new_facts(contact_name="王磊", phone="138 1234 5678", mail="wang@hengtong.example", tags="金牌，数据中心", answers="楼层：12"),
    )  # fmt: skip

    account = Account.objects.get()
    assert answer.url == page_of(account)
    assert (account.tags, account.answers) == (["金牌", "数据中心"], {"楼层": "12"})
    assert account.contacts.get().addresses.count() == 2


def test_pressing_the_button_twice_opens_one_customer() -> None:
    client, _user = signed_in()

    first = client.post(reverse("customers:new"), new_facts())
    second = client.post(reverse("customers:new"), new_facts(anyway="1"))

    assert first.url == second.url
    assert Account.objects.count() == 1


def test_who_opens_a_known_customer_is_asked_first() -> None:
    client, _user = signed_in()
    known = make.account("恒通数据有限公司")

    asked = client.post(reverse("customers:new"), new_facts())
    assert asked.status_code == 409
    assert page_of(known) in asked.content.decode()
    assert Account.objects.count() == 1

    client.post(reverse("customers:new"), new_facts(anyway="1"))
    assert Account.objects.count() == 2


@pytest.mark.parametrize(
    "facts",
    [{"name": ""}, {"phone": "12", "contact_name": "X"}, {"mail": "x@y.example"}, {"answers": "no colon"}, {"kind": "spaceship"}],
)  # fmt: skip
def test_what_cannot_be_kept_is_shown_again_with_the_reason(facts: dict[str, str]) -> None:
    client, _user = signed_in()

    answer = client.post(reverse("customers:new"), new_facts(**facts))

    assert answer.status_code == 422
    assert "errors" in answer.content.decode()
    assert not Account.objects.exists()


def test_a_taken_mailbox_names_its_holder_and_opens_nothing() -> None:
    client, _user = signed_in()
    make.contact(None, "张三", addresses=[("mail", "it@x.example")])

    answer = client.post(reverse("customers:new"), new_facts(contact_name="王磊", mail="it@x.example"))

    assert "张三" in answer.content.decode()
    assert not Account.objects.exists()


def test_the_second_of_two_editors_sees_both_texts() -> None:
    client, _user = signed_in()
    account = make.account("恒通数据")
    actions.change_account(account, changes={"name": "恒通集团"}, version=1, by=SYSTEM, at=AT)

    answer = client.post(
        reverse("customers:edit", args=[account.public_id]), new_facts(name="恒通数据中心", version="1")
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "恒通集团" in text
    assert "恒通数据中心" in text
    again = client.post(
        reverse("customers:edit", args=[account.public_id]), new_facts(name="恒通数据中心", version="2")
    )
    assert again.status_code == 303
    assert Account.objects.get().name == "恒通数据中心"


def test_the_list_filters_orders_and_pages() -> None:
    client, user = signed_in()
    place = make.region("华东")
    make.account("梁记", owner=user, tags=["金牌"])
    make.account("阿里", region=place, importance=3, stage="lost")

    def names(**query: str) -> list[str]:
        answer = client.get(reverse("customers:list"), query)
        return [account.name for account in answer.context["page"].rows]

    assert names() == ["阿里", "梁记"]
    assert names(order="newest") == ["阿里", "梁记"]
    assert names(owner="mine") == names(tag="金牌") == ["梁记"]
    assert names(region=str(place.pk)) == names(importance="3") == names(stage="lost") == ["阿里"]
    assert names(importance="nonsense", stage="nonsense") == ["阿里", "梁记"]
    assert client.get(reverse("customers:list"), {"after": "nonsense"}).status_code == 400


def test_the_list_asks_the_same_few_questions_however_long_it_is(django_assert_max_num_queries: Any) -> None:
    client, _user = signed_in()
    for number in range(60):
        make.account(f"客户 {number:02}", region=make.region(f"区 {number:02}"), tags=["金牌"])
    seen = []
    url = reverse("customers:list")

    with django_assert_max_num_queries(8):
        answer = client.get(url)
    seen += [account.name for account in answer.context["page"].rows]
    answer = client.get(url, {"after": answer.context["page"].next})
    seen += [account.name for account in answer.context["page"].rows]

    assert seen == [f"客户 {number:02}" for number in range(60)]


def test_the_account_page_with_five_thousand_events_is_quick(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_makers", lambda page: ())  # those of others count their own questions
    client, _user = signed_in()
    account = make.account()
    contact = make.contact(account, addresses=[("phone", "13812345678")])
    for number in range(5000):
        timeline.record(
            contact,
            events.ContactAdded(name=f"第{number}次"),
            by=SYSTEM,
            at=AT - timedelta(minutes=5000 - number),
        )
    client.get(page_of(account))

    started = time.perf_counter()
    with django_assert_max_num_queries(14), clock.standing_at(AT):
        answer = client.get(page_of(account))
    seconds = time.perf_counter() - started
    earlier = client.get(
        reverse("customers:line", args=[account.public_id]), {"before": answer.context["older"]},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert seconds < 1
    assert "第4990次" in answer.content.decode()
    assert "<html" not in earlier.content.decode()
    assert "第4950次" in earlier.content.decode()


def test_the_page_says_what_the_file_lacks_and_takes_the_customers_word() -> None:
    client, user = signed_in()
    User.objects.filter(pk=user.pk).update(language="en")
    account = make.account(at=AT - timedelta(days=500))

    with clock.standing_at(AT):
        text = client.get(page_of(account)).content.decode()
        client.post(reverse("customers:confirmation", args=[account.public_id]))

    assert "a phone number" in text
    assert "more than a year" in text
    account.refresh_from_db()
    assert account.confirmed_at == AT


def test_what_strangers_wrote_stays_text() -> None:
    client, _user = signed_in()
    hostile = "<script>alert(1)</script>"
    account = make.account(hostile, tags=[hostile], answers={hostile: hostile})
    make.contact(account, hostile)
    actions.add_site(account, name=hostile, address=hostile, by=SYSTEM, at=AT)
    timeline.add_note(account, hostile, by=SYSTEM, at=AT, account_id=account.pk)

    for url in (page_of(account), reverse("customers:list"), reverse("search:results", query={"q": hostile})):
        assert "<script>alert" not in client.get(url).content.decode()


def test_notes_stages_and_numbers_are_kept_from_the_page() -> None:
    client, _user = signed_in()
    account = make.account()
    by_name = {
        "notes": {"body": "老板很急"},
        "stage": {"stage": "renewed", "because": "续签两年"},
        "external_ids": {"system": "erp", "value": "K-77"},
    }

    for name, facts in by_name.items():
        assert client.post(reverse(f"customers:{name}", args=[account.public_id]), facts).status_code == 303
        assert client.post(reverse(f"customers:{name}", args=[account.public_id]), {}).status_code == 303

    text = client.get(page_of(account)).content.decode()
    assert "老板很急" in text
    assert "K-77" in text
    account.refresh_from_db()
    assert account.stage == "renewed"


def test_contacts_and_places_are_added_and_changed() -> None:
    client, _user = signed_in()
    account = make.account()
    person = {
        "name": "王磊",
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "form_token": "t",
        "phone": "13812345678",
    }

    client.post(reverse("customers:new_contact", args=[account.public_id]), person)
    client.post(reverse("customers:new_contact", args=[account.public_id]), person)
    contact = Contact.objects.get()
    url = reverse("customers:contact", args=[contact.public_id])
    assert client.get(url).status_code == 200
    changed = client.post(url, {**person, "name": "王 磊", "version": "1"})
    stale = client.post(url, {**person, "name": "王石", "version": "1"})
    client.post(
        reverse("customers:contact_addresses", args=[contact.public_id]),
        {"kind": "mail", "value": "w@x.example"},
    )
    phone = contact.addresses.get(kind="phone")
    client.post(reverse("customers:contact_address_removal", args=[contact.public_id, phone.pk]))
    client.post(
        reverse("customers:new_site", args=[account.public_id]),
        {"name": "机房", "address": "苏州", "form_token": "s", "latitude": "31.3", "longitude": "120.6"},
    )
    site = account.sites.get()
    client.post(
        reverse("customers:site", args=[site.public_id]),
        {"name": "机房", "address": "苏州新区", "version": "1"},
    )

    contact.refresh_from_db()
    site.refresh_from_db()
    assert (changed.status_code, stale.status_code) == (303, 409)
    assert contact.name == "王 磊"
    assert [address.value for address in contact.addresses.all()] == ["w@x.example"]
    assert site.address == "苏州新区"
    half = client.post(
        reverse("customers:new_site", args=[account.public_id]),
        {"name": "X", "address": "Y", "latitude": "1"},
    )
    assert half.status_code == 422


def test_merging_is_previewed_done_and_taken_back() -> None:
    client, _user = signed_in()
    keep, gone = make.account("恒通数据"), make.account("恒通数据有限公司")
    make.contact(gone, "张三", addresses=[("phone", "13812345678")])
    url = reverse("customers:merging", args=[keep.public_id])

    assert gone.public_id in client.get(reverse("customers:duplicates")).content.decode()
    assert gone.public_id in client.get(url).content.decode()
    assert "张三" in client.get(url, {"with": gone.public_id}).content.decode()
    done = client.post(url, {"with": gone.public_id, "reason": "同一家"})
    assert done.status_code == 303
    assert client.get(page_of(gone)).url == page_of(keep)
    assert "张三" in client.get(page_of(keep)).content.decode()

    client.post(reverse("customers:unmerging", args=[Merge.objects.get().pk]))
    assert client.get(page_of(gone)).status_code == 200
    assert "张三" not in client.get(page_of(keep)).content.decode()


def test_a_conflict_of_numbers_is_shown_and_needs_a_tick() -> None:
    client, _user = signed_in()
    keep, gone = make.account("甲"), make.account("乙")
    actions.note_external_id(keep, system="erp", value="1", by=SYSTEM, at=AT)
    actions.note_external_id(gone, system="erp", value="2", by=SYSTEM, at=AT)
    url = reverse("customers:merging", args=[keep.public_id])

    assert client.post(url, {"with": gone.public_id, "reason": "x"}).status_code == 409
    assert (
        client.post(url, {"with": gone.public_id, "reason": "x", "knowing_conflict": "on"}).status_code == 303
    )


def test_two_alike_are_kept_apart_and_a_stranger_is_joined() -> None:
    client, _user = signed_in()
    one, other = make.account("恒通数据"), make.account("恒通数据")
    stranger = make.contact(None, "王磊", addresses=[("phone", "13812345678")])

    assert stranger.name in client.get(reverse("customers:duplicates")).content.decode()
    client.post(reverse("customers:separation"), {"first": other.public_id, "second": one.public_id})
    assert not client.get(reverse("customers:duplicates")).context["pairs"]

    url = reverse("customers:joining", args=[stranger.public_id])
    assert one.public_id in client.get(url, {"q": "恒通数据"}).content.decode()
    client.post(url, {"account": one.public_id})
    stranger.refresh_from_db()
    assert stranger.account == one


def test_pages_of_others_are_not_there() -> None:
    client, _user = signed_in(Scope.OWN)
    account = make.account()
    contact = make.contact(account, addresses=[("phone", "13812345678")])
    site = actions.add_site(account, name="机房", address="苏州", by=SYSTEM, at=AT)
    mine = make.account("自己的", owner=_user)

    for name, argument in (
        ("account", account), ("line", account), ("edit", account), ("new_contact", account), ("new_site", account),
        ("merging", account), ("contact", contact), ("joining", contact), ("site", site),
    ):  # fmt: skip
        assert client.get(reverse(f"customers:{name}", args=[argument.public_id])).status_code == 404, name
    for name, argument in (
        ("confirmation", account), ("stage", account), ("notes", account), ("external_ids", account),
        ("contact_addresses", contact), ("contact_retirement", contact),
    ):  # fmt: skip
        assert client.post(reverse(f"customers:{name}", args=[argument.public_id])).status_code == 404, name
    merged = client.post(
        reverse("customers:merging", args=[mine.public_id]), {"with": account.public_id, "reason": "x"}
    )
    assert merged.status_code == 404
    assert client.get(reverse("customers:list")).context["page"].rows == [mine]


def test_ola_is_refused_and_a_reader_cannot_write() -> None:
    ola = Client()
    ola.force_login(cast.ola(), backend="django.contrib.auth.backends.ModelBackend")
    reader, _user = signed_in(Scope.ALL, "customer.view")
    account = make.account()

    assert ola.get(reverse("customers:list")).status_code == 403
    assert ola.get(reverse("search:results"), {"q": "恒通"}).status_code == 403
    assert Client().get(reverse("customers:list")).status_code == 302
    assert reader.get(page_of(account)).status_code == 200
    for name in ("new", "duplicates"):
        assert reader.get(reverse(f"customers:{name}")).status_code == 403
    for name in ("edit", "new_contact", "new_site", "merging"):
        assert reader.get(reverse(f"customers:{name}", args=[account.public_id])).status_code == 403


def test_search_shows_hits_by_kind_as_a_page_and_while_typing() -> None:
    client, _user = signed_in()
    account = make.account("恒通数据")
    make.contact(account, "王磊", addresses=[("phone", "13812345678")])
    url = reverse("search:results")

    page = client.get(url, {"q": "恒通"}).content.decode()
    fragment = client.get(url, {"q": "恒通"}, headers={"HX-Request": "true"}).content.decode()
    one_kind = client.get(url, {"q": "恒通", "kind": "contact"})
    contacts = one_kind.content.decode()

    assert page_of(account) in page
    assert page_of(account) in fragment
    assert "<html" not in fragment
    assert [group["kind"].kind for group in one_kind.context["groups"]] == ["contact"]
    assert contacts.count("data-key-row") == 1
    assert "王磊" in contacts
    assert client.get(url).status_code == 200
    assert client.get(url, {"q": "恒通", "kind": "spaceship"}).status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_pages_speak_the_language_of_the_reader(language: str) -> None:
    client, user = signed_in()
    User.objects.filter(pk=user.pk).update(language=language)
    account = make.account()

    text = client.get(page_of(account)).content.decode()

    assert {"en": "Contacts", "zh-hans": "联系人", "zh-hant": "聯絡人"}[language] in text


def test_the_stages_page_counts_what_one_may_see_and_opens_it() -> None:
    client, user = signed_in(Scope.OWN)
    make.account("甲", owner=user, stage="lost", at=AT - timedelta(days=10))
    make.account("乙", stage="lost")

    with clock.standing_at(AT):
        answer = client.get(reverse("customers:stages"))

    lost = {step.stage: step for step in answer.context["funnel"]}["lost"]
    assert (lost.accounts, round(lost.median_days)) == (1, 10)
    assert "?stage=lost" in answer.content.decode()


def test_an_open_page_is_told_only_of_accounts_one_may_see() -> None:
    seller = make.user("何勇")
    own, others = make.account("甲", owner=seller), make.account("乙")
    by = make.staff(Scope.OWN, person=seller)

    assert access.may_follow(by, str(own.pk))
    assert access.may_follow(by, own.public_id)
    assert not access.may_follow(by, str(others.pk))
    assert not access.may_follow(by, others.public_id)
    assert not access.may_follow(by, "9" * 40)


def test_the_line_that_an_open_page_asks_for_again_is_the_one_it_shows() -> None:
    client, _user = signed_in()
    account = make.account()
    make.contact(account)

    with clock.standing_at(AT):
        page = client.get(page_of(account)).content.decode()
        fragment = client.get(page_of(account), headers={"HX-Request": "true"}).content.decode()

    assert fragment.strip() in page
