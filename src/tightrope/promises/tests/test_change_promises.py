from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.people.access import Denied
from tightrope.promises import actions, queries
from tightrope.promises.models import Promise, State, What
from tightrope.promises.tests.factories import NOW, account, given, policy, started
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def test_replacing_makes_a_new_row_and_leaves_the_old_as_it_was_said():
    policy(hours=4)
    subject = account()
    [old] = started(subject)

    new = actions.replace_promise(
        old, subject, due_at=LATER, reason="备件周五到", by=cast.actor(cast.chen_gang()), at=NOW
    )

    old.refresh_from_db()
    assert old.state == State.REPLACED
    assert old.due_at == NOW + timedelta(hours=5)
    assert old.end_reason == "备件周五到"
    assert old.replaced_by == new
    assert new.state == State.RUNNING
    assert new.due_at == LATER
    assert (new.kind, new.what, new.policy) == (old.kind, old.what, old.policy)
    assert [p.pk for p in queries.running_of(subject)] == [new.pk]


def test_the_one_to_whom_it_was_promised_can_be_told_from_the_event():
    policy(hours=4)
    subject = account()
    [old] = started(subject)
    new = actions.replace_promise(old, subject, due_at=LATER, reason="备件", by=SYSTEM, at=NOW)

    event = events_of("account", subject.pk, by=SYSTEM)[0][0]

    assert event.kind == "promise.replaced"
    assert event.is_public
    assert event.facts["due_at"] == LATER.isoformat()
    assert event.facts["before"] == (NOW + timedelta(hours=5)).isoformat()
    assert event.facts["reason"] == "备件"
    assert event.facts["promise_id"] == new.pk
    assert event.facts["replaced_promise_id"] == old.pk
    assert event.facts["source"] == "self"


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_nothing_changes(reason):
    policy(hours=4)
    subject = account()
    [old] = started(subject)

    with pytest.raises(actions.NoReason):
        actions.replace_promise(old, subject, due_at=LATER, reason=reason, by=SYSTEM, at=NOW)
    with pytest.raises(actions.NoReason):
        actions.withdraw_promise(old, subject, reason=reason, by=SYSTEM, at=NOW)

    assert Promise.objects.get().state == State.RUNNING


def test_a_new_time_lies_ahead():
    policy(hours=4)
    subject = account()
    [old] = started(subject)

    with pytest.raises(actions.DueInPast):
        actions.replace_promise(old, subject, due_at=NOW, reason="备件", by=SYSTEM, at=NOW)
    with pytest.raises(actions.DueTooFar):
        mistyped = NOW.replace(year=2226)
        actions.replace_promise(old, subject, due_at=mistyped, reason="备件", by=SYSTEM, at=NOW)


def test_only_who_may_change_promises_changes_them():
    policy(hours=4)
    subject, zhou = account(), cast.actor(cast.zhou_min())
    [old] = started(subject, user_id=zhou.user_id)

    with pytest.raises(Denied):
        actions.replace_promise(old, subject, due_at=LATER, reason="备件", by=zhou, at=NOW)
    with pytest.raises(Denied):
        actions.withdraw_promise(old, subject, reason="误会", by=zhou, at=NOW)


def test_a_kept_promise_is_neither_replaced_nor_withdrawn():
    policy(hours=4)
    subject = account()
    [promise] = started(subject)
    actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=NOW)

    with pytest.raises(actions.NotRunning):
        actions.replace_promise(promise, subject, due_at=LATER, reason="备件", by=SYSTEM, at=NOW)
    with pytest.raises(actions.NotRunning):
        actions.withdraw_promise(promise, subject, reason="误会", by=SYSTEM, at=NOW)


def test_replacing_a_missed_promise_leaves_it_missed():
    policy(hours=1)
    subject = account()
    [old] = started(subject)
    actions.look_at_due(at=old.due_at)

    actions.replace_promise(
        old, subject, due_at=LATER, reason="备件", by=SYSTEM, at=old.due_at + timedelta(minutes=1)
    )

    old.refresh_from_db()
    assert old.state == State.MISSED
    assert old.replaced_by is not None


@pytest.mark.parametrize("looked", [True, False])
def test_withdrawing_after_the_due_instant_does_not_whitewash(looked):
    policy(hours=1)
    subject = account()
    [old] = started(subject)
    if looked:
        actions.look_at_due(at=old.due_at)

    [ended] = actions.withdraw_promises(
        subject, reason="已合并", by=SYSTEM, at=old.due_at + timedelta(minutes=1)
    )

    assert ended.state == State.MISSED
    assert ended.missed_at == old.due_at
    assert not ended.is_running


def test_a_missed_promise_may_be_withdrawn_in_the_instant_it_fell_due():
    policy(hours=1)
    subject = account()
    [old] = started(subject)
    actions.look_at_due(at=old.due_at)

    [ended] = actions.withdraw_promises(subject, reason="已合并", by=SYSTEM, at=old.due_at)

    assert ended.state == State.MISSED


def test_withdrawing_twice_is_not_an_error():
    subject = account()
    word = given(subject, LATER)

    actions.withdraw_promise(word, subject, reason="客户不需要了", by=SYSTEM, at=NOW)
    again = actions.withdraw_promise(word, subject, reason="又一次", by=SYSTEM, at=NOW)

    assert again.end_reason == "客户不需要了"


def test_a_reason_of_the_house_is_not_told_but_one_for_the_customer_is():
    policy(hours=4)
    subject = account()
    started(subject)
    word = given(subject, LATER)
    actions.withdraw_promise(word, subject, reason="客户不需要了", by=SYSTEM, at=NOW)
    actions.withdraw_promises(subject, reason="这是垃圾邮件", by=SYSTEM, at=NOW)

    told = [e for e in events_of("account", subject.pk, by=SYSTEM)[0] if e.kind == "promise.withdrawn"]

    assert [(e.facts["reason"], e.is_public) for e in told] == [
        ("这是垃圾邮件", False),
        ("客户不需要了", True),
    ]


def test_only_what_was_asked_for_is_withdrawn():
    row = policy(hours=4)
    row.targets.create(what=What.HAND_OVER, kind="internal", working_seconds=7200)
    subject = account()
    started(subject, What.FIRST_RESPONSE, What.HAND_OVER)

    actions.withdraw_promises(subject, reason="改派", by=SYSTEM, at=NOW, what=What.HAND_OVER)

    assert [p.what for p in queries.running_of(subject)] == [What.FIRST_RESPONSE]


def test_who_answers_for_the_subject_answers_for_its_clocks_but_not_for_a_colleagues_word():
    policy(hours=4)
    subject, zhou, he = account(), cast.zhou_min(), cast.he_yong()
    [clock] = started(subject)
    word = given(subject, LATER, by=cast.actor(he))

    actions.hand_over_promises(subject, user_id=zhou.pk, team_id=None)

    clock.refresh_from_db()
    word.refresh_from_db()
    assert clock.user_id == zhou.pk
    assert word.user_id == he.pk


def test_a_word_can_be_given_to_a_colleague():
    subject, zhou, he = account(), cast.zhou_min(), cast.he_yong()
    word = given(subject, LATER, by=cast.actor(he))

    actions.give_promise(word, subject, user=zhou, team=None, by=cast.actor(cast.chen_gang()), at=NOW)

    word.refresh_from_db()
    event = events_of("account", subject.pk, by=SYSTEM)[0][0]
    assert word.user_id == zhou.pk
    assert word.maker_id == he.pk
    assert event.kind == "promise.given"
    assert not event.is_public


def test_joining_an_account_takes_the_promises_along():
    policy(hours=4)
    subject, real = account("来电者"), account("恒通数据")
    [promise] = started(subject)

    actions.join_promises(subject, account_id=real.pk)

    promise.refresh_from_db()
    assert promise.account == real


def test_the_database_refuses_a_second_running_clock_of_the_same_kind():
    policy(hours=4)
    subject = account()
    [promise] = started(subject)
    promise.pk, promise.public_id = None, "x"

    with pytest.raises(IntegrityError, match="promises_one_running"), transaction.atomic():
        promise.save(force_insert=True)


def test_a_person_may_give_two_words_about_one_thing():
    subject = account()
    given(subject, LATER)
    given(subject, LATER + timedelta(days=1), text="月底前培训一次")

    assert len(queries.running_of(subject)) == 2


def test_a_word_needs_words_and_a_time_ahead():
    subject = account()

    with pytest.raises(actions.NothingSaid):
        given(subject, LATER, text="  ")
    with pytest.raises(actions.DueInPast):
        given(subject, NOW)


def test_sales_may_give_a_word_and_the_engineer_may_not():
    subject = account()
    word = given(subject, LATER, by=cast.actor(cast.he_yong()), evidence="2026-11-18 电话录音")

    with pytest.raises(Denied):
        given(subject, LATER, by=cast.actor(cast.wu_qiang()))
    assert word.user == word.maker
    assert word.made_by == "何勇"
    assert word.evidence == "2026-11-18 电话录音"
