"""Opening accounts and keeping them true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM, Scope
from tightrope.customers import actions, queries
from tightrope.customers.models import Account, StageSpell
from tightrope.customers.names import match_key, sort_key
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def kinds_of(account: Account) -> list[str]:
    return [event.kind for event in events_of("account", account.pk, by=SYSTEM)[0]]


def test_a_company_gets_a_number_a_sort_key_and_its_first_event() -> None:
    account = make.account("恒通数据（苏州）有限公司")

    assert account.number.startswith("A-")
    assert account.sort_key.startswith("heng tong shu ju")
    assert account.match_key == "恒通数据"
    assert kinds_of(account) == ["account.opened"]


def test_a_person_is_his_own_contact() -> None:
    account = make.account(
        "李建国", kind="person", addresses=[("phone", "138 0000 1111"), ("mail", "Li.JG+home@QQ.com")]
    )

    contact = account.contacts.get()
    assert contact.name == "李建国"
    assert sorted(contact.addresses.values_list("kind", "value")) == [
        ("mail", "li.jg+home@qq.com"), ("phone", "+8613800001111"),
    ]  # fmt: skip


def test_a_company_itself_has_no_mail_address() -> None:
    with pytest.raises(actions.CompanyHasNoAddress):
        make.account(addresses=[("mail", "info@hengtong.example")])
    assert not Account.objects.exists()


def test_changing_a_customer_keeps_what_was() -> None:
    account = make.account("恒通数据")
    owner = make.user("何勇")

    changed = actions.change_account(
        account, changes={"name": "恒通数据中心", "owner": owner, "tags": ["金牌", " 金牌 "]}, version=1,
        by=SYSTEM, at=AT,
    )  # fmt: skip

    event = events_of("account", account.pk, by=SYSTEM)[0][0]
    assert changed.version == 2
    assert changed.sort_key == "heng tong shu ju zhong xin"
    assert event.facts["changes"] == {
        "name": ["恒通数据", "恒通数据中心"], "owner": [None, "何勇"], "tags": [[], ["金牌"]],
    }  # fmt: skip
    assert queries.known_tags() == ["金牌"]


def test_changing_nothing_writes_nothing() -> None:
    account = make.account("恒通数据")

    actions.change_account(account, changes={"name": "恒通数据"}, version=99, by=SYSTEM, at=AT)

    assert kinds_of(account) == ["account.opened"]


def test_the_second_of_two_editors_is_told() -> None:
    account = make.account("恒通数据")
    actions.change_account(account, changes={"name": "恒通"}, version=1, by=SYSTEM, at=AT)

    with pytest.raises(actions.ChangedMeanwhile) as told:
        actions.change_account(account, changes={"name": "恒通集团"}, version=1, by=SYSTEM, at=AT)

    assert told.value.current.name == "恒通"  # type: ignore[attr-defined]


def test_only_listed_fields_can_be_changed() -> None:
    with pytest.raises(actions.UnknownField):
        actions.change_account(make.account(), changes={"public_id": "x"}, version=1, by=SYSTEM, at=AT)


def test_a_person_renamed_is_renamed_as_a_contact_too() -> None:
    account = make.account("李建国", kind="person", addresses=[("phone", "13800001111")])

    actions.change_account(account, changes={"name": "李建国 (老)"}, version=1, by=SYSTEM, at=AT)

    assert account.contacts.get().name == "李建国 (老)"


def test_who_sees_only_his_own_opens_for_himself() -> None:
    seller = make.user("何勇")
    by = make.staff(Scope.OWN, person=seller)

    account = actions.open_account(name="德丰商贸", kind="company", language="zh-hans", by=by, at=AT)

    assert account.owner == seller
    assert Account.objects.visible_to(by).get() == account


def test_nobody_opens_or_changes_without_the_permission() -> None:
    reader = make.staff(permissions=("customer.view",))
    account = make.account()

    with pytest.raises(Denied):
        actions.open_account(name="X", kind="company", language="en", by=reader, at=AT)
    with pytest.raises(Denied):
        actions.change_account(account, changes={"name": "X"}, version=1, by=reader, at=AT)


def test_a_stage_is_entered_left_and_measured() -> None:
    account = make.account(stage="ordered")

    actions.move_stage(account, stage="installed", because="装机完成", by=SYSTEM, at=AT + timedelta(days=10))
    actions.move_stage(account, stage="installed", because="again", by=SYSTEM, at=AT + timedelta(days=11))

    funnel = {step.stage: step for step in queries.stage_funnel(SYSTEM, at=AT + timedelta(days=30))}
    assert StageSpell.objects.filter(account=account).count() == 2
    assert funnel["installed"].accounts == 1
    assert funnel["ordered"].accounts == 0
    assert funnel["ordered"].median_days == pytest.approx(10)
    assert funnel["installed"].median_days == pytest.approx(20)
    with pytest.raises(actions.UnknownField):
        actions.move_stage(account, stage="married", because="", by=SYSTEM, at=AT)


def test_a_number_of_another_system_belongs_to_one_account() -> None:
    one, other = make.account("甲"), make.account("乙")
    actions.note_external_id(one, system="erp", value="K-77", by=SYSTEM, at=AT)
    actions.note_external_id(one, system="erp", value="K-77", by=SYSTEM, at=AT)

    with pytest.raises(actions.ExternalIdTaken):
        actions.note_external_id(other, system="erp", value="K-77", by=SYSTEM, at=AT)
    with pytest.raises(actions.ExternalIdTaken):
        actions.note_external_id(one, system="erp", value="K-78", by=SYSTEM, at=AT)


def test_a_file_says_what_it_lacks_and_when_it_is_old() -> None:
    account = make.account()

    bare = queries.completeness_of(account, contacts=[], sites=[], at=AT + timedelta(days=400))
    assert (bare.share, len(bare.missing), bare.is_stale) == (0, 6, True)

    make.contact(account, addresses=[("mail", "wang@hengtong.example"), ("phone", "13812345678")])
    actions.add_site(account, name="机房", address="苏州工业园区", by=SYSTEM, at=AT)
    account = actions.change_account(
        account, changes={"owner": make.user(), "region": make.region()}, version=1, by=SYSTEM, at=AT
    )
    account = actions.confirm_account(account, by=SYSTEM, at=AT + timedelta(days=399))
    full = queries.completeness_of(
        account, contacts=queries.contacts_of(account.pk), sites=queries.sites_of([account.pk]),
        at=AT + timedelta(days=400),
    )  # fmt: skip
    assert (full.share, full.missing, full.is_stale) == (1, [], False)


def test_a_change_of_place_keeps_the_old_one() -> None:
    account = make.account()
    site = actions.add_site(
        account, name="机房", address="旧址", latitude=31.3, longitude=120.6, by=SYSTEM, at=AT
    )

    actions.change_site(site, changes={"address": "新址", "latitude": 31.3}, version=1, by=SYSTEM, at=AT)

    event = events_of("account", account.pk, by=SYSTEM)[0][0]
    assert (event.kind, event.facts["changes"]) == ("account.site_changed", {"address": ["旧址", "新址"]})


def test_names_sort_by_sound_and_match_without_their_legal_form() -> None:
    assert sorted(["梁红", "李建国", "Anna Keller", "阿里"], key=sort_key) == [
        "阿里",
        "Anna Keller",
        "李建国",
        "梁红",
    ]
    assert match_key("北京恒通数据股份有限公司") == match_key("北京恒通數據")
    assert match_key("Keller GmbH & Co. KG") == match_key("keller")
    assert match_key("有限公司") == "有限公司"
