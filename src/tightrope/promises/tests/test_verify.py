from __future__ import annotations

from datetime import timedelta

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions
from tightrope.promises.models import Pause, Promise, What
from tightrope.promises.tests.factories import NOW, account, calendar, given, policy, started
from tightrope.promises.verify import contradictions

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger():
    """Some of everything, all of it true."""
    calendar(is_default=True)
    policy(hours=4)
    for number in range(6):
        started(account(f"客户 {number}"))
    subjects = list(Promise.objects.select_related("account").order_by("pk"))
    by_number = [promise.account for promise in subjects]
    actions.keep_promises(by_number[0], What.FIRST_RESPONSE, by=SYSTEM, at=NOW + timedelta(hours=1))
    actions.pause_promises(by_number[1], reason="照片", by=SYSTEM, at=NOW + timedelta(minutes=30))
    actions.resume_promises(by_number[1], by=SYSTEM, at=NOW + timedelta(hours=20))
    actions.pause_promises(by_number[2], reason="照片", by=SYSTEM, at=NOW + timedelta(minutes=30))
    actions.withdraw_promises(by_number[3], reason="合并", by=SYSTEM, at=NOW)
    actions.replace_promise(
        subjects[4], by_number[4], due_at=NOW + timedelta(days=3), reason="备件", by=SYSTEM, at=NOW
    )
    given(by_number[0], NOW + timedelta(days=1))
    actions.look_at_due(at=NOW + timedelta(hours=9))
    return [promise.pk for promise in subjects]


def test_what_was_done_by_acts_contradicts_nothing(ledger):
    assert contradictions() == []


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (1, {"due_at": NOW + timedelta(days=8)}, "reckoned again"),
        (0, {"margin_working_seconds": 1.0}, "counted again"),
        (0, {"is_beaten": False}, "beaten"),
        (0, {"settled_at": NOW}, "another period"),
        (5, {"missed_at": NOW, "settled_at": NOW}, "another instant"),
        (4, {"replaced_by": None}, "nothing took its place"),
        (1, {"next_look_at": NOW + timedelta(days=99)}, "only after it is due"),
        (2, {"paused_at": NOW}, "open pause"),
    ],
)
def test_each_falsehood_is_named(ledger, number, change, said):
    Promise.objects.filter(pk=ledger[number]).update(**change)

    assert any(said in sentence and str(ledger[number]) in sentence for sentence in contradictions())


def test_pauses_do_not_overlap(ledger):
    Pause.objects.create(
        promise_id=ledger[1], from_at=NOW + timedelta(hours=1), until_at=NOW + timedelta(hours=2), reason="x"
    )

    assert any("same time" in sentence for sentence in contradictions())


def test_a_promise_reckoned_by_older_hours_is_not_called_wrong(ledger):
    row = Promise.objects.get(pk=ledger[0]).calendar
    row.pattern = {"mon": ["09:00-10:00"]}
    row.version += 1
    row.save()

    assert contradictions() == []
