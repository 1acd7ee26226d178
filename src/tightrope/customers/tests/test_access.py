"""Who sees which customers."""

from __future__ import annotations

import pytest

from tightrope import search
from tightrope.core.actor import NOBODY, SYSTEM, Scope
from tightrope.customers import access, actions, queries
from tightrope.customers.models import Account, Contact
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT

pytestmark = pytest.mark.django_db


def seen(by: object) -> set[str]:
    return set(Account.objects.visible_to(by).values_list("name", flat=True))  # type: ignore[arg-type]


def test_each_scope_reaches_as_far_as_it_says() -> None:
    me, my_team, my_region = make.user("何勇"), make.team(), make.region()
    make.account("自己的", owner=me)
    make.account("组里的", team=my_team)
    make.account("区域的", region=my_region)
    make.account("别人的", owner=make.user(), team=make.team(), region=make.region())

    def by(scope: Scope) -> object:
        return make.staff(scope, person=me, teams=(my_team.pk,), regions=(my_region.pk,))

    assert seen(by(Scope.OWN)) == {"自己的"}
    assert seen(by(Scope.TEAM)) == {"自己的", "组里的"}
    assert seen(by(Scope.REGION)) == {"自己的", "组里的", "区域的"}
    assert seen(by(Scope.ALL)) == {"自己的", "组里的", "区域的", "别人的"}


def test_ola_who_owns_nothing_sees_nothing() -> None:
    account = make.account()
    make.contact(account)
    make.contact(None, "路人")
    ola = make.staff(Scope.OWN, person=make.user("Ola"))

    assert seen(ola) == seen(NOBODY) == set()
    assert list(Contact.objects.visible_to(ola)) == []
    assert search.find("恒通数据", by=ola).rows == []
    assert queries.suggest_accounts(name="恒通数据", by=ola) == []
    assert list(queries.accounts_for(ola)) == []
    with pytest.raises(Account.DoesNotExist):
        access.account_for(ola, account.public_id)


def test_a_contact_sees_his_own_customer_and_no_other() -> None:
    ours, theirs = make.account("恒通数据"), make.account("德丰商贸")
    me = make.contact(ours)
    colleague = make.contact(ours, "张三")
    stranger = make.contact(theirs, "赵六")
    by = queries.actor_of_contact(me)

    assert seen(by) == {"恒通数据"}
    assert list(Contact.objects.visible_to(by)) == [me]
    assert search.find("恒通数据", by=by).rows == search.find("德丰商贸", by=by).rows == []
    with pytest.raises(Account.DoesNotExist):
        access.account_for(by, theirs.public_id)
    with pytest.raises(Contact.DoesNotExist):
        access.contact_for(by, stranger.public_id)

    lead = queries.actor_of_contact(make.contact(ours, "经理", sees_colleagues=True))
    assert colleague in Contact.objects.visible_to(lead)
    assert stranger not in Contact.objects.visible_to(lead)


def test_staff_find_accounts_by_name_number_site_and_contact_by_phone() -> None:
    account = make.account("恒通數據中心", tags=["金牌"])
    make.contact(account, addresses=[("phone", "13812345678"), ("mail", "wang.lei@hengtong.example")])
    actions.add_site(account, name="三号机房", address="苏州工业园区星湖街", by=SYSTEM, at=AT)
    actions.note_external_id(account, system="erp", value="KD-0088", by=SYSTEM, at=AT)
    by = make.staff()

    for typed in ("恒通", "数据中心", account.number, "星湖街", "kd0088", "金牌"):
        assert [row.kind for row in search.find(typed, by=by, kinds=["account"]).rows] == ["account"], typed
    for typed in ("138 1234 5678", "wang.lei@hengtong.example", "王磊", "12345678", "hengtong"):
        assert [row.kind for row in search.find(typed, by=by, kinds=["contact"]).rows] == ["contact"], typed


def test_a_contact_who_left_is_no_longer_found() -> None:
    contact = make.contact(make.account(), "王磊")
    actions.retire_contact(contact, by=SYSTEM, at=AT)

    assert search.find("王磊", by=make.staff(), kinds=["contact"]).rows == []
