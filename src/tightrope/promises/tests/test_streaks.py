"""Streaks: how often in a row a promise was kept, and which one ended it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Actor, Kind
from tightrope.core.paging import BadCursor
from tightrope.customers.actions import merge_accounts
from tightrope.promises import actions, lists, streaks
from tightrope.promises.models import Promise, PromiseKind
from tightrope.promises.tests.factories import NOW, account, given

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lived(subject, story, *, before=NOW, **facts):
    """Words given to a customer, one a day, the last decided the day before: "kkm" is kept, kept, missed."""
    found = []
    for place, letter in enumerate(reversed(story), start=1):
        due = before - place * DAY
        word = given(subject, due, at=due - DAY, text=f"{subject.name} 第 {place} 件", **facts)
        if letter == "k":
            actions.keep_promise(word, subject, by=SYSTEM, at=due - timedelta(hours=1))
        else:
            actions.look_at_due(at=due)
        found.append(word)
    return list(reversed(found))


def asked(**said):
    return streaks.Asked.from_address(said)


def seen(question, by=SYSTEM, **more):
    return [(one.name, one.length) for one in streaks.streaks(question, by=by, at=NOW, **more).rows]


def test_a_miss_ends_the_streak_and_is_named_with_it():
    words = lived(account("恒通数据"), "mkkkmk")

    [streak] = streaks.streaks(asked(), by=SYSTEM, at=NOW).rows

    assert (streak.name, streak.length) == ("恒通数据", 3)
    assert streak.broken_by == words[4]
    assert (streak.began_at, streak.last_at) == (words[1].due_at - timedelta(hours=1), words[3].due_at - timedelta(hours=1))  # fmt: skip


def test_the_longest_stands_first_and_one_promise_is_no_streak():
    lived(account("甲"), "kkm")
    lived(account("乙"), "kkkkm")
    lived(account("丙"), "km")
    lived(account("丁"), "mm")

    assert seen(asked()) == [("乙", 4), ("甲", 2)]


def test_beaten_promises_count_as_kept_and_are_told_apart():
    words = lived(account("恒通数据"), "kkkm")
    Promise.objects.filter(pk=words[0].pk).update(is_beaten=True)

    [streak] = streaks.streaks(asked(), by=SYSTEM, at=NOW).rows

    assert streak.beaten == Promise.objects.filter(is_beaten=True).count()
    assert streak.length == 3


def test_what_was_kept_late_breaks_a_streak_as_it_was_missed():
    subject = account("恒通数据")
    late = lived(subject, "kkm")[-1]
    actions.keep_promise(late, subject, by=SYSTEM, at=NOW)

    [streak] = streaks.streaks(asked(), by=SYSTEM, at=NOW).rows

    assert (streak.length, streak.broken_by) == (2, late)


def test_a_running_streak_is_told_apart_from_a_broken_one():
    lived(account("恒通数据"), "kkmkkk")
    lived(account("和泰商旅"), "kk", before=NOW - 40 * DAY)

    assert seen(asked()) == [("恒通数据", 2)]
    assert seen(asked(ending="running")) == [("恒通数据", 3)]
    assert seen(asked(ending="running", days="90")) == [("恒通数据", 3), ("和泰商旅", 2)]


def test_a_streak_counts_from_before_the_period_but_only_those_broken_in_it_are_listed():
    lived(account("恒通数据"), "k" * 40 + "m")
    lived(account("和泰商旅"), "kkm", before=NOW - 40 * DAY)

    assert seen(asked()) == [("恒通数据", 40)]
    assert seen(asked(days="90")) == [("恒通数据", 40), ("和泰商旅", 2)]


def test_streaks_of_people_are_those_of_the_promises_they_answer_for():
    zhou, he = cast.zhou_min(), cast.he_yong()
    lived(account("甲"), "kk", user_id=zhou.pk, before=NOW - 5 * DAY)
    lived(account("乙"), "km", user_id=zhou.pk)
    lived(account("丙"), "kkm", user_id=he.pk)

    assert seen(asked(per="person")) == [("周敏", 3), ("何勇", 2)]


def test_customers_that_were_merged_are_one():
    keep, gone = account("恒通数据"), account("恒通数据中心")
    lived(gone, "kk", before=NOW - 5 * DAY)
    lived(keep, "kkm")
    merge_accounts(keep, gone, reason="同一家", by=SYSTEM, at=NOW)

    assert seen(asked()) == [("恒通数据", 4)]


def test_only_promises_to_customers_count_until_others_are_asked_for():
    subject = account("恒通数据")
    lived(subject, "kk", before=NOW - 5 * DAY)
    lived(subject, "m", before=NOW - 3 * DAY, kind=PromiseKind.INTERNAL)

    assert seen(asked()) == []
    assert seen(asked(ending="running")) == [("恒通数据", 2)]
    assert seen(asked(kind="")) == [("恒通数据", 2)]


def test_nobody_counts_promises_that_are_not_his_to_see():
    lived(account("恒通数据"), "kkm", user_id=cast.zhou_min().pk)

    assert seen(asked(), by=cast.actor(cast.he_yong())) == []
    assert seen(asked(), by=cast.actor(cast.ola())) == []
    assert seen(asked(), by=Actor(kind=Kind.CONTACT, id=1, name="王磊")) == []


def test_the_length_opens_exactly_the_promises_that_were_kept():
    subject = account("恒通数据")
    words = lived(subject, "kmkkkmk")
    [streak] = streaks.streaks(asked(), by=SYSTEM, at=NOW).rows

    said = dict(part.split("=") for part in streak.rows_url.partition("?")[2].split("&"))
    page = lists.ledger(lists.Asked.from_address(said), by=SYSTEM, at=NOW)

    assert page.rows == list(reversed(words[2:5]))


def test_streaks_page_by_key():
    for number in range(5):
        lived(account(f"客户 {number}"), "k" * (2 + number // 2) + "m")

    whole = seen(asked())
    first = streaks.streaks(asked(), by=SYSTEM, at=NOW, size=2)
    second = streaks.streaks(asked(), by=SYSTEM, at=NOW, after=first.next, size=2)
    last = streaks.streaks(asked(), by=SYSTEM, at=NOW, after=second.next, size=2)

    assert [(one.name, one.length) for page in (first, second, last) for one in page.rows] == whole
    assert (first.is_first, second.is_first, last.next) == (True, False, None)
    for mark in ("x", "1", "1.", "1.x", "1.99999999999999999999"):
        with pytest.raises(BadCursor):
            streaks.streaks(asked(), by=SYSTEM, at=NOW, after=mark)


def test_the_page_costs_the_same_for_one_streak_and_for_many(client, django_assert_max_num_queries):
    for number in range(12):
        lived(account(f"客户 {number}"), "kkm")
    client.force_login(cast.gu_wei())

    with clock.standing_at(NOW):
        client.get(reverse("promises:streaks"))
        with django_assert_max_num_queries(13):
            page = client.get(reverse("promises:streaks"))
        people = client.get(reverse("promises:streaks") + "?per=person&ending=running&kind=&days=365")
        wrong = client.get(reverse("promises:streaks") + "?after=nonsense")

    assert "客户 11" in page.content.decode()
    assert reverse("promises:ledger") in page.content.decode()
    assert people.status_code == 200
    assert wrong.status_code == 400


def test_the_ledger_names_the_days_of_a_streak_and_ignores_an_impossible_span(client):
    words = lived(account("恒通数据"), "kkm")
    span = lists.written_span(words[0].due_at - DAY, words[1].due_at)
    client.force_login(cast.gu_wei())

    with clock.standing_at(NOW):
        told = client.get(reverse("promises:ledger") + f"?span={span}").content.decode()
        nonsense = client.get(reverse("promises:ledger") + "?span=00010101T000000.0Z_x")

    assert "第 3 件" in told
    assert "第 1 件" not in told
    assert nonsense.status_code == 200
