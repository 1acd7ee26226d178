"""The people of a customer, found by any spelling of their addresses."""

from __future__ import annotations

import pytest

from tightrope.core.actor import NOBODY, SYSTEM, Kind
from tightrope.customers import actions, queries
from tightrope.customers.models import Address, Contact
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people.access import Denied

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "stored", "asked"),
    [
        ("mail", "Wang.Lei@HengTong.Example", " wang.lei@hengtong.example "),
        ("phone", "138 1234 5678", "+86 138-1234-5678"),
        ("phone", "+86 (0)512 6288 0000", "051262880000"),
        ("phone", "400-820-8820", "4008208820"),
        ("wechat", "wl_7788", "wl_7788"),
    ],
)
def test_a_contact_is_found_however_the_address_is_written(kind: str, stored: str, asked: str) -> None:
    contact = make.contact(addresses=[(kind, stored)])

    assert queries.contact_by_address(kind, asked) == contact


def test_the_plus_part_of_a_mailbox_is_kept() -> None:
    make.contact(addresses=[("mail", "wang+lift@hengtong.example")])

    assert queries.contact_by_address("mail", "wang@hengtong.example") is None


def test_a_number_is_read_in_the_country_of_the_contact() -> None:
    taipei = make.account("和泰商旅", time_zone="Asia/Taipei", language="zh-hant")

    contact = make.contact(taipei, "黃雅婷", addresses=[("phone", "0912 345 678")])

    assert contact.addresses.get().value == "+886912345678"


@pytest.mark.parametrize(
    ("kind", "value"), [("mail", "wang@"), ("phone", "abc"), ("phone", "12"), ("wechat", " ")]
)
def test_what_is_no_address_is_refused(kind: str, value: str) -> None:
    with pytest.raises(actions.BadAddress):
        make.contact(addresses=[(kind, value)])
    assert queries.contact_by_address(kind, value) is None


def test_a_mailbox_is_one_persons() -> None:
    owner = make.contact(addresses=[("mail", "it@hengtong.example")])

    with pytest.raises(actions.AddressTaken) as taken:
        make.contact(name="张三", addresses=[("mail", "IT@hengtong.example")])

    assert taken.value.contact == owner
    assert Contact.objects.count() == 1


def test_a_mailbox_of_somebody_who_left_may_be_handed_on() -> None:
    actions.retire_contact(make.contact(addresses=[("mail", "it@hengtong.example")]), by=SYSTEM, at=AT)

    heir = make.contact(name="张三", addresses=[("mail", "it@hengtong.example")])

    assert queries.contact_by_address("mail", "it@hengtong.example") == heir


def test_a_switchboard_that_several_share_is_nobodys() -> None:
    first = make.contact(addresses=[("phone", "0512 6288 0000")])
    assert queries.contact_by_address("phone", "0512 6288 0000") == first

    make.contact(name="张三", addresses=[("phone", "0512 6288 0000")])

    assert queries.contact_by_address("phone", "0512 6288 0000") is None


def test_the_first_address_of_a_kind_is_primary_and_the_next_inherits() -> None:
    contact = make.contact(addresses=[("mail", "a@x.example"), ("mail", "b@x.example")])
    first = contact.addresses.get(value="a@x.example")
    assert first.is_primary

    actions.remove_address(first, by=SYSTEM, at=AT)

    assert contact.addresses.get().is_primary
    with pytest.raises(actions.LastAddress):
        actions.remove_address(contact.addresses.get(), by=SYSTEM, at=AT)


def test_adding_and_verifying_twice_is_not_an_error() -> None:
    contact = make.contact(addresses=[("mail", "a@x.example")])

    one = actions.add_address(contact, kind="phone", value="13812345678", by=SYSTEM, at=AT)
    same = actions.add_address(contact, kind="phone", value="+86 138 1234 5678", by=SYSTEM, at=AT)
    actions.verify_address(one, by=SYSTEM, at=AT)
    actions.verify_address(one, by=SYSTEM, at=AT)

    assert one == same
    assert Address.objects.get(pk=one.pk).verified_at == AT


def test_a_stranger_is_joined_to_one_account() -> None:
    account = make.account()
    stranger = make.contact(None, "王磊", addresses=[("mail", "wang@hengtong.example")])

    actions.join_contact(stranger, account, by=SYSTEM, at=AT)
    actions.join_contact(stranger, account, by=SYSTEM, at=AT)

    assert [one.name for one in queries.contacts_of(account.pk)] == ["王磊"]
    with pytest.raises(actions.AlreadyJoined):
        actions.join_contact(stranger, make.account("别家"), by=SYSTEM, at=AT)


def test_a_contact_acts_for_the_whole_family_of_his_account() -> None:
    keep, gone = make.account("恒通数据"), make.account("恒通")
    contact = make.contact(gone, sees_colleagues=True)
    actions.merge_accounts(keep, gone, reason="同一家", by=SYSTEM, at=AT)

    actor = queries.actor_of_contact(contact)

    assert actor.kind is Kind.CONTACT
    assert actor.accounts == actor.sees_colleagues == {keep.pk, gone.pk}
    assert queries.actor_of_contact(make.contact(None, "路人")).accounts == frozenset()


def test_a_contact_who_left_is_nobody() -> None:
    contact = actions.retire_contact(make.contact(make.account()), by=SYSTEM, at=AT)

    assert queries.actor_of_contact(contact) is NOBODY


def test_a_contact_changes_himself_and_neither_others_nor_his_rights() -> None:
    account = make.account()
    me, colleague = make.contact(account), make.contact(account, "张三")
    by = queries.actor_of_contact(me)

    assert actions.change_contact(me, changes={"language": "en"}, version=1, by=by, at=AT).language == "en"
    with pytest.raises(Denied):
        actions.change_contact(colleague, changes={"name": "X"}, version=1, by=by, at=AT)
    with pytest.raises(actions.UnknownField):
        actions.change_contact(me, changes={"sees_colleagues": True}, version=2, by=by, at=AT)
    with pytest.raises(Denied):
        actions.add_contact(account, name="X", language="en", by=by, at=AT)
