from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.promises import actions, defaults, lists
from tightrope.promises.models import Policy, Promise, State, What
from tightrope.promises.tests.factories import NOW, account, calendar, given, policy, started, target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_wednesday_morning():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def enter(client):
    def as_(user):
        client.force_login(user)
        return client

    return as_


def page(client, name, *args, query=""):
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_the_next_due_stands_first_and_the_paused_stand_apart(enter):
    policy(hours=4)
    soon, waits = account("恒通数据"), account("和泰商旅")
    given(soon, NOW + timedelta(hours=1), text="十一点前回电")
    started(soon)
    started(waits)
    actions.pause_promises(waits, reason="铭牌照片", by=SYSTEM, at=NOW)

    text = page(enter(cast.gu_wei()), "promises:due", query="?view=all")

    assert text.index("十一点前回电") < text.index("首次响应" if "首次响应" in text else "First response")
    assert text.index("恒通数据") < text.index("和泰商旅")


def test_mine_shows_mine(enter):
    policy(hours=4)
    zhou = cast.zhou_min()
    started(account("我的客户"), user_id=zhou.pk)
    started(account("别人的客户"))

    text = page(enter(zhou), "promises:due")

    assert "我的客户" in text
    assert "别人的客户" not in text


def test_ola_sees_no_page_of_the_ledger(enter):
    client = enter(cast.ola())

    for name in ("promises:due", "promises:ledger", "promises:policies", "promises:new"):
        assert client.get(reverse(name)).status_code == 403


def test_lists_page_by_key(enter):
    subject = account()
    for number in range(55):
        given(subject, NOW + timedelta(hours=1, minutes=number), text=f"第 {number} 件")
    client = enter(cast.gu_wei())

    first = page(client, "promises:due", query="?view=all")
    mark = lists.due("all", by=cast.actor(cast.gu_wei())).next
    second = page(client, "promises:due", query=f"?view=all&after={mark}")

    assert "第 0 件" in first
    assert "第 54 件" not in first
    assert "第 54 件" in second
    assert client.get(reverse("promises:due") + "?after=nonsense").status_code == 400


def test_the_list_needs_the_same_statements_for_one_row_and_for_fifty(enter, django_assert_max_num_queries):
    subject = account()
    for number in range(50):
        given(subject, NOW + timedelta(hours=1, minutes=number), text=f"第 {number} 件")
    client = enter(cast.gu_wei())
    page(client, "promises:due", query="?view=all")

    with django_assert_max_num_queries(14):
        page(client, "promises:due", query="?view=all")


def test_the_ledger_shows_what_became_of_promises_with_share_and_margin(enter):
    policy(hours=4)
    for number, hours in enumerate((1, 2, 9)):
        subject = account(f"客户 {number}")
        started(subject, told_at=NOW - timedelta(days=5))
        actions.keep_promises(
            subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW - timedelta(days=5) + timedelta(hours=hours)
        )
    client = enter(cast.gu_wei())

    text = page(client, "promises:ledger")
    only_missed = page(client, "promises:ledger", query="?outcome=missed")

    assert "66.7%" in text
    assert "客户 0" in text
    assert "客户 2" in only_missed
    assert "客户 0" not in only_missed


def test_unknown_filters_are_ignored(enter):
    text = page(enter(cast.gu_wei()), "promises:ledger", query="?outcome=x&kind=__class__&days=1e9&person=;")

    assert "<form" in text


def test_sales_gives_a_word_once_even_when_the_button_is_pressed_twice(enter):
    he, subject = cast.he_yong(), account(owner=cast.he_yong())
    client = enter(he)
    url = reverse("promises:new") + f"?about=account:{subject.pk}"
    typed = {
        "form_token": "once", "text": "国庆前送一台备用机", "due_at": "2026-11-20T18:00", "what": "word",
        "kind": "customer", "user": str(he.pk), "team": "", "evidence": "11-18 通话",
    }  # fmt: skip

    assert client.get(url).status_code == 200
    first, second = client.post(url, typed), client.post(url, typed)

    word = Promise.objects.get()
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == reverse("promises:promise", args=[word.public_id])
    assert (word.text, word.evidence, word.maker) == ("国庆前送一台备用机", "11-18 通话", he)
    assert word.due_at.isoformat() == "2026-11-20T10:00:00+00:00"


def test_a_word_about_a_customer_of_others_finds_no_page(enter):
    subject = account(owner=cast.zhou_min())

    answer = enter(cast.he_yong()).get(reverse("promises:new") + f"?about=account:{subject.pk}")

    assert answer.status_code == 404
    for about in ("account:", "account:9999999999999999999999", "user:1", "nonsense", "case:1"):
        assert enter(cast.he_yong()).get(reverse("promises:new") + f"?about={about}").status_code == 404


@pytest.mark.parametrize("due_at", ["2226-11-20T18:00", "9999-12-31T18:00"])
def test_a_word_for_a_mistyped_year_is_asked_again(enter, due_at):
    he, subject = cast.he_yong(), account(owner=cast.he_yong())
    url = reverse("promises:new") + f"?about=account:{subject.pk}"

    answer = enter(he).post(url, {
        "form_token": "x", "text": "送备用机", "due_at": due_at, "what": "word", "kind": "customer",
        "user": str(he.pk),
    })  # fmt: skip

    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_a_word_for_yesterday_is_asked_again_and_nothing_typed_is_lost(enter):
    he, subject = cast.he_yong(), account(owner=cast.he_yong())
    url = reverse("promises:new") + f"?about=account:{subject.pk}"

    answer = enter(he).post(url, {
        "form_token": "x", "text": "昨天就该送到", "due_at": "2026-11-17T18:00", "what": "word", "kind": "customer",
        "user": str(he.pk),
    })  # fmt: skip

    assert answer.status_code == 422
    assert "昨天就该送到" in answer.content.decode()
    assert not Promise.objects.exists()


def test_the_page_of_a_promise_tells_its_story(enter):
    calendar(is_default=True)
    policy("紧急", hours=4)
    subject = account()
    [promise] = started(subject)
    actions.pause_promises(subject, reason="铭牌照片", by=SYSTEM, at=NOW)
    actions.resume_promises(subject, by=SYSTEM, at=NOW + timedelta(hours=1))

    text = page(enter(cast.chen_gang()), "promises:promise", promise.public_id)

    for fact in ("恒通数据", "紧急", "铭牌照片", "上海客服", "Asia/Shanghai"):
        assert fact in text


def test_a_promise_of_others_has_no_page(enter):
    policy(hours=4)
    [promise] = started(account())

    assert enter(cast.he_yong()).get(reverse("promises:promise", args=[promise.public_id])).status_code == 404


def test_the_lead_replaces_withdraws_hands_over_and_notes_as_done(enter):
    subject, client = account(), enter(cast.chen_gang())
    words = [given(subject, NOW + timedelta(days=2), text=f"第 {n} 件") for n in range(3)]
    ask = lambda name, word, typed: client.post(reverse(f"promises:{name}", args=[word.public_id]), typed)  # noqa: E731

    assert client.get(reverse("promises:replacement", args=[words[0].public_id])).status_code == 200
    assert ask("replacement", words[0], {"due_at": "2026-11-25T10:00", "reason": ""}).status_code == 422
    assert ask("replacement", words[0], {"due_at": "2026-11-25T10:00", "reason": "备件"}).status_code == 303
    assert ask("withdrawal", words[1], {"reason": "不需要了"}).status_code == 303
    assert ask("giving", words[2], {"user": str(cast.zhou_min().pk), "team": ""}).status_code == 303
    assert ask("keeping", words[2], {}).status_code == 303

    for word in words:
        word.refresh_from_db()
    assert [word.state for word in words] == [State.REPLACED, State.WITHDRAWN, State.KEPT]
    assert words[2].user == cast.zhou_min()
    assert ask("withdrawal", words[2], {"reason": "太晚"}).status_code == 303
    words[2].refresh_from_db()
    assert words[2].state == State.KEPT


def test_an_agent_without_the_permission_cannot_replace(enter):
    word = given(account(), NOW + timedelta(days=2))

    answer = enter(cast.zhou_min()).post(
        reverse("promises:replacement", args=[word.public_id]), {"due_at": "2026-11-25T10:00", "reason": "x"}
    )

    assert answer.status_code == 403
    assert Promise.objects.get().state == State.RUNNING


def test_policies_say_for_whom_they_are_and_can_be_tried(enter):
    defaults.install(by=SYSTEM, at=NOW)
    client = enter(cast.gu_wei())

    text = page(client, "promises:policies")
    tried = page(
        client, "promises:policies",
        query="?severity=1&tier=1&told_at=2026-11-18T17:30&category=&case_type=complaint&account=",
    )  # fmt: skip

    assert "Urgent" in text or "紧急" in text
    assert "11月18日 周三 18:00" in tried or "Wed 18 Nov, 18:00" in tried


def test_the_manager_writes_and_changes_a_policy(enter):
    client = enter(cast.gu_wei())
    typed = {
        "version": "0", "name": "VIP", "is_active": "on", "severity_from": "1", "severity_to": "2",
        "importance_from": "3", "accounts": "", "targets-TOTAL_FORMS": "3", "targets-INITIAL_FORMS": "0",
        "targets-0-what": "first_response", "targets-0-kind": "customer", "targets-0-hours": "0.5",
        "targets-0-beaten": "40", "targets-0-warn_75": "owner,lead",
        "targets-1-what": "resolution", "targets-1-kind": "customer", "targets-1-hours": "",
        "targets-2-what": "first_response", "targets-2-kind": "customer", "targets-2-hours": "",
    }  # fmt: skip

    assert client.get(reverse("promises:new_policy")).status_code == 200
    assert client.post(reverse("promises:new_policy"), typed).status_code == 303
    row = Policy.objects.get()
    assert client.get(reverse("promises:policy", args=[row.pk])).status_code == 200
    changed = typed | {"version": "1", "targets-0-hours": "1"}
    assert client.post(reverse("promises:policy", args=[row.pk]), changed).status_code == 303
    late = client.post(reverse("promises:policy", args=[row.pk]), changed | {"targets-0-hours": "9"})

    row.refresh_from_db()
    assert late.status_code == 422
    assert row.version == 2
    assert row.targets.get().working_seconds == 3600
    assert row.targets.get().warn == {"75": ["owner", "lead"]}


def test_an_agent_reads_the_policies_and_changes_none(enter):
    policy(hours=4)
    client = enter(cast.zhou_min())

    page(client, "promises:policies")
    assert client.get(reverse("promises:policy", args=[Policy.objects.get().pk])).status_code == 403


def test_a_target_more_than_one_stays_in_order(enter):
    row = policy(hours=4)
    target(row, hours=8, what=What.RESOLUTION)

    text = page(enter(cast.gu_wei()), "promises:policies")

    assert text.index("4 ") < text.index("8 ")
