"""Two accounts become one customer, and exactly two again."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope.core.actor import SYSTEM, Scope
from tightrope.customers import actions, queries
from tightrope.customers.models import Account, Address, Contact, ExternalId, Site
from tightrope.customers.queries import matching
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of_account

pytestmark = pytest.mark.django_db


def picture() -> dict[str, list[Any]]:
    """Every row of customers, as it stands."""
    return {
        model.__name__: [model_to_dict(row) for row in model.objects.order_by("pk")]
        for model in (Account, Contact, Address, Site, ExternalId)
    }


def test_merging_and_taking_apart_leaves_everything_as_it_was() -> None:
    keep, gone = make.account("恒通数据", tags=["金牌"]), make.account("恒通", answers={"楼层": 3})
    make.contact(keep, addresses=[("mail", "a@x.example")])
    make.contact(gone, "张三", addresses=[("mail", "b@x.example")])
    actions.add_site(gone, name="机房", address="苏州", by=SYSTEM, at=AT)
    before = picture()

    merge = actions.merge_accounts(keep, gone, reason="同一家公司", by=SYSTEM, at=AT)
    assert queries.family_of(gone.pk) == queries.family_of(keep.pk) == (keep.pk, gone.pk)
    assert len(queries.contacts_of(queries.family_of(keep.pk))) == 2
    assert list(queries.accounts_for(SYSTEM)) == [keep]
    actions.unmerge_accounts(merge, by=SYSTEM, at=AT)

    assert picture() == before
    assert queries.family_of(gone.pk) == (gone.pk,)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_any_row_of_merges_taken_back_in_reverse_restores_the_world(
    db: None, steps: list[tuple[int, int]]
) -> None:
    accounts = [make.account(f"客户 {number}") for number in range(5)]
    before = picture()
    merges = []

    for keep, gone in steps:
        try:
            merges.append(actions.merge_accounts(accounts[keep], accounts[gone], reason="", by=SYSTEM, at=AT))
        except (actions.SameAccount, actions.AlreadyMerged):
            continue
    families = {queries.family_of(account.pk) for account in accounts}
    assert sorted(pk for family in families for pk in family) == [account.pk for account in accounts]
    for merge in reversed(merges):
        actions.unmerge_accounts(merge, by=SYSTEM, at=AT)

    assert picture() == before


def test_history_of_both_stands_on_one_line() -> None:
    keep, gone = make.account("恒通数据"), make.account("恒通")
    for number in range(7):
        make.contact(gone, f"联系人 {number}")
        make.contact(keep, f"同事 {number}")
    actions.merge_accounts(keep, gone, reason="同一家", by=SYSTEM, at=AT)
    family = queries.family_of(keep.pk)
    whole = [event.id for event in queries.line_of(family, by=SYSTEM, limit=100).events]

    seen, mark = [], None
    while True:
        page = queries.line_of(family, by=SYSTEM, before=mark, limit=4)
        seen += [event.id for event in page.events]
        mark = page.older
        if mark is None:
            break

    assert seen == whole
    assert len(whole) == 2 + 14 + 2


def test_conflicting_numbers_need_a_person_who_knows() -> None:
    keep, gone = make.account("恒通数据"), make.account("恒通数据")
    actions.note_external_id(keep, system="erp", value="1", by=SYSTEM, at=AT)
    actions.note_external_id(gone, system="erp", value="2", by=SYSTEM, at=AT)

    with pytest.raises(actions.ConflictingIds):
        actions.merge_accounts(keep, gone, reason="同名", by=SYSTEM, at=AT)

    assert Account.objects.filter(merged_into__isnull=True).count() == 2
    merge = actions.merge_accounts_with_conflicting_ids(keep, gone, reason="ERP 重复", by=SYSTEM, at=AT)
    assert merge.gone_id == gone.pk


def test_what_cannot_be_merged_is_refused() -> None:
    one, two, three = (make.account(name) for name in "甲乙丙")
    merge = actions.merge_accounts(one, two, reason="", by=SYSTEM, at=AT)

    with pytest.raises(actions.SameAccount):
        actions.merge_accounts(one, one, reason="", by=SYSTEM, at=AT)
    with pytest.raises(actions.AlreadyMerged):
        actions.merge_accounts(three, two, reason="", by=SYSTEM, at=AT)
    with pytest.raises(actions.AlreadyMerged):
        actions.merge_accounts(two, three, reason="", by=SYSTEM, at=AT)
    actions.unmerge_accounts(merge, by=SYSTEM, at=AT)
    with pytest.raises(actions.NotTheLastMerge):
        actions.unmerge_accounts(merge, by=SYSTEM, at=AT)


def test_merging_needs_the_permission_for_both() -> None:
    seller = make.user("何勇")
    own, others = make.account("甲", owner=seller), make.account("乙")

    with pytest.raises(Denied):
        actions.merge_accounts(own, others, reason="", by=make.staff(Scope.OWN, person=seller), at=AT)
    with pytest.raises(Denied):
        actions.merge_accounts(own, others, reason="", by=make.staff(permissions=("customer.edit",)), at=AT)


def test_suggestions_say_why_and_add_up() -> None:
    account = make.account("恒通数据（苏州）有限公司")
    make.contact(account, addresses=[("mail", "wang@hengtong.example"), ("phone", "13812345678")])
    make.account("德丰商贸")

    by_mail = queries.suggest_accounts(
        name="恒通數據", addresses=[("mail", "zhao@hengtong.example")], by=SYSTEM
    )
    by_phone = queries.suggest_accounts(
        addresses=[("phone", "138-1234-5678"), ("mail", "nonsense")], by=SYSTEM
    )

    assert [one.account for one in by_mail] == [account]
    assert by_mail[0].score == pytest.approx(1 - 0.3 * 0.6)
    assert len(by_mail[0].reasons) == 2
    assert by_phone[0].percent == 75
    assert queries.suggest_accounts(addresses=[("mail", "someone@qq.com")], by=SYSTEM) == []


def test_a_conflicting_number_speaks_against() -> None:
    account = make.account("恒通数据")
    actions.note_external_id(account, system="erp", value="1", by=SYSTEM, at=AT)

    found = queries.suggest_accounts(name="恒通数据", external_ids=[("erp", "2")], by=SYSTEM)

    assert found[0].conflicts == [("erp", "2", "1")]
    assert found[0].score < 0.2


def test_suggestions_stay_within_ones_sight() -> None:
    seller = make.user("何勇")
    make.account("恒通数据")

    assert queries.suggest_accounts(name="恒通数据", by=make.staff(Scope.OWN, person=seller)) == []


def test_pairs_alike_are_offered_until_somebody_says_they_are_two() -> None:
    one, other = make.account("恒通数据有限公司"), make.account("恒通数据")
    make.contact(one, addresses=[("phone", "13812345678")])
    make.contact(other, "张三", addresses=[("phone", "13812345678")])

    pair = queries.likely_duplicates(SYSTEM)[0]
    assert (pair.first, pair.second, len(pair.reasons)) == (one, other, 2)
    actions.keep_apart(other, one, by=SYSTEM, at=AT)
    actions.keep_apart(one, other, by=SYSTEM, at=AT)

    assert queries.likely_duplicates(SYSTEM) == []
    for account, twin in ((one, other), (other, one)):
        told = [e for e in events_of_account(account.pk, by=SYSTEM)[0] if e.kind == "account.kept_apart"]
        assert [event.facts["other_number"] for event in told] == [twin.number]


def test_judged_and_merged_pairs_leave_room_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_PAIRS", matching._PAIRS.replace("LIMIT 200", "LIMIT 1"))
    first, second = make.account("恒通数据"), make.account("恒通数据有限公司")
    newer = [make.account("长江酒店"), make.account("长江酒店有限公司")]
    assert [(pair.first, pair.second) for pair in queries.likely_duplicates(SYSTEM)] == [tuple(newer)]

    actions.keep_apart(*newer, by=SYSTEM, at=AT)

    assert [(pair.first, pair.second) for pair in queries.likely_duplicates(SYSTEM)] == [(first, second)]


def test_pairs_beyond_ones_sight_leave_room_for_ones_own() -> None:
    seller = make.user("何勇")
    own = [make.account("恒通数据", owner=seller), make.account("恒通数据有限公司", owner=seller)]
    for _ in range(3):
        make.account("长江酒店")

    pairs = queries.likely_duplicates(make.staff(Scope.OWN, person=seller), limit=1)

    assert [(pair.first, pair.second) for pair in pairs] == [tuple(own)]
