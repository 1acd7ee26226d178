from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from tests import cast

from tightrope.core.actor import NOBODY, SYSTEM, Actor, Kind, Scope
from tightrope.people.models import Region
from tightrope.promises import access, actions, panels, queries
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.promises.tests.factories import NOW, account, given, policy, started, target

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def staff(scope, *, user=None, teams=(), regions=()):
    return Actor(
        kind=Kind.STAFF, id=user.pk if user else 10_000_000, name="周敏",
        grants=MappingProxyType({"promise.view": scope}), teams=frozenset(teams), regions=frozenset(regions),
    )  # fmt: skip


def seen(by):
    return set(Promise.objects.visible_to(by).values_list("text", flat=True))


def test_each_scope_reaches_as_far_as_it_says():
    me, team, region = cast.zhou_min(), cast.team(), Region.objects.create(name="华南")
    given(account("甲"), LATER, text="自己的", user_id=me.pk)
    given(account("乙"), LATER, text="组里的", team_id=team.pk)
    given(account("丙", region=region), LATER, text="区域的", user_id=cast.he_yong().pk)
    given(account("丁"), LATER, text="别人的", user_id=cast.he_yong().pk)

    assert seen(staff(Scope.OWN, user=me)) == {"自己的"}
    assert seen(staff(Scope.TEAM, user=me, teams=[team.pk])) == {"自己的", "组里的"}
    assert seen(staff(Scope.REGION, user=me, teams=[team.pk], regions=[region.pk])) == {
        "自己的",
        "组里的",
        "区域的",
    }
    assert seen(staff(Scope.ALL)) == {"自己的", "组里的", "区域的", "别人的"}
    assert seen(NOBODY) == set()
    assert seen(cast.actor(cast.ola())) == set()


def test_who_gave_a_word_sees_it_also_when_others_answer_for_it():
    he = cast.actor(cast.he_yong())
    given(account(), LATER, text="服务部上门", user_id=None, team_id=None, by=he)
    word = Promise.objects.get()
    actions.give_promise(word, account("别的"), user=cast.zhou_min(), team=None, by=SYSTEM, at=NOW)

    assert seen(he) == {"服务部上门"}


def test_a_customer_sees_what_was_promised_to_him_and_nothing_of_the_house():
    ours, theirs = account("恒通数据"), account("和泰商旅")
    given(ours, LATER, text="给恒通的")
    given(ours, LATER, text="内部目标", kind=PromiseKind.INTERNAL)
    given(ours, LATER, text="合同", kind=PromiseKind.CONTRACT)
    given(theirs, LATER, text="给和泰的")
    wang = Actor(
        kind=Kind.CONTACT,
        id=1,
        name="王磊",
        accounts=frozenset({ours.pk}),
        sees_colleagues=frozenset({ours.pk}),
    )

    assert seen(wang) == {"给恒通的"}
    assert seen(replace(wang, sees_colleagues=frozenset())) == set()
    assert seen(replace(wang, accounts=frozenset())) == set()


def test_a_private_link_opens_the_promises_of_its_one_case():
    subject = account()
    given(subject, LATER, text="这一个")
    given(subject, LATER, text="另一个")
    Promise.objects.filter(text="这一个").update(subject_type="case", subject_id=5)
    Promise.objects.filter(text="另一个").update(subject_type="case", subject_id=6)

    assert seen(Actor(kind=Kind.LINK, id=1, name="王磊", case=5, accounts=frozenset({subject.pk}))) == {
        "这一个"
    }


def test_next_due_asks_the_customer_first_then_the_contract_then_ourselves():
    subject = account()
    row = policy(hours=8)
    target(row, hours=2, what=What.FIRST_RESPONSE, kind=PromiseKind.INTERNAL)
    target(row, hours=4, what=What.FIRST_RESPONSE, kind=PromiseKind.CONTRACT)
    made = {p.kind: p for p in started(subject)}

    assert queries.next_due(subject) == made["customer"].due_at
    Promise.objects.filter(kind="customer").update(kept_at=NOW, state="kept", settled_at=NOW, next_look_at=None,
                                                   margin_seconds=0, margin_working_seconds=0)  # fmt: skip
    assert queries.next_due(subject) == made["contract"].due_at
    actions.pause_promises(subject, reason="照片", by=SYSTEM, at=NOW)
    assert queries.next_due(subject) is None


def test_what_is_late_stays_next_until_it_is_kept_or_replaced():
    policy(hours=1)
    subject = account()
    [promise] = started(subject)
    actions.look_at_due(at=LATER)

    assert queries.next_due(subject) == promise.due_at


def test_promises_come_by_subject_in_the_order_in_which_they_were_made():
    one, two = account("甲"), account("乙")
    first = given(one, LATER, text="一", at=NOW)
    second = given(one, LATER, text="二", at=NOW + timedelta(hours=1))
    third = given(two, LATER, text="三")

    found = queries.promises_of("account", [one.pk, two.pk, 999_999])

    assert {pk: [p.pk for p in rows] for pk, rows in found.items()} == {
        one.pk: [first.pk, second.pk],
        two.pk: [third.pk],
    }


def _quarters_apart():
    """Between the first and the third quarter of the four margins, by the book."""
    margins = Promise.objects.exclude(kept_at=None).values_list("margin_working_seconds", flat=True)
    low, _middle, high = statistics.quantiles(margins, n=4, method="inclusive")
    return high - low


def test_the_record_of_a_period_in_one_statement(django_assert_num_queries):
    policy(hours=4, beaten_share="0.50")
    for number, minutes in enumerate((30, 60, 200, 600)):
        subject = account(f"客户 {number}")
        started(subject, told_at=NOW - timedelta(days=2))
        actions.keep_promises(
            subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW - timedelta(days=2) + timedelta(minutes=minutes)
        )
    forgotten = account("忘了的")
    started(forgotten, told_at=NOW - timedelta(days=2))
    actions.look_at_due(at=NOW)
    started(account("还在算"), told_at=NOW)

    with django_assert_num_queries(1):
        [record] = queries.record_of(Promise.objects.all(), since=NOW - timedelta(days=3), until=NOW)

    assert (record.group, record.kept, record.missed, record.beaten) == ("customer", 3, 2, 2)
    assert record.kept_share == 0.6
    assert record.low_margin_seconds < 0 < record.median_margin_seconds
    assert record.spread_margin_seconds == pytest.approx(_quarters_apart())
    assert (
        queries.record_of(
            Promise.objects.all(), since=NOW - timedelta(days=90), until=NOW - timedelta(days=80)
        )
        == []
    )


def test_names_of_roles_become_people():
    zhou, chen, gu = cast.zhou_min(), cast.chen_gang(), cast.gu_wei()
    team = cast.team()

    def warned(*roles, user=None, of=None):
        return set(
            queries.people_to_warn(roles, user_id=user.pk if user else None, team_id=of.pk if of else None)
        )

    assert warned("owner", user=zhou) == {zhou}
    assert warned("owner", of=team) == {zhou, chen}
    assert warned("lead", user=zhou) == {chen}
    assert warned("lead", of=team) == {chen}
    assert warned("manager") == {gu}
    assert warned("owner", "lead", "manager", user=zhou, of=team) == {zhou, chen, gu}
    # What nobody answers for concerns whoever leads.
    assert warned("lead") == warned("owner") == {chen}


def test_nobody_who_left_is_warned():
    zhou = cast.zhou_min()
    type(zhou).objects.filter(pk=zhou.pk).update(is_active=False)

    assert queries.people_to_warn(["owner"], user_id=zhou.pk, team_id=None) == []


def test_a_door_shows_nobody_else_what_is_not_his():
    word = given(account(), LATER, by=cast.actor(cast.he_yong()))

    assert access.promise_for(cast.actor(cast.he_yong()), word.public_id) == word
    with pytest.raises(Promise.DoesNotExist):
        access.promise_for(cast.actor(cast.ola()), word.public_id)


def test_the_panel_brings_what_is_ahead_and_how_it_went():
    policy(hours=1)
    subject = account()
    started(subject, told_at=NOW - timedelta(days=1))
    given(subject, LATER, text="送一台备用机")

    panel = panels.ahead(subject, SYSTEM, NOW)

    assert panel is not None
    assert next((item.title, item.kind) for item in panel.ahead) == ("送一台备用机", "promise")
    assert panel.ahead[1].kind == "late"
    assert panel.ahead[0].url.endswith("/")
    assert panels.ahead(account("没有承诺的"), NOBODY, NOW) is None
