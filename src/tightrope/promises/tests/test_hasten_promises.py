from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions, queries
from tightrope.promises.models import Promise, State, What
from tightrope.promises.tests.factories import NOW, account, policy, started

pytestmark = pytest.mark.django_db

GRAVE: dict[str, Any] = {"case_types": ["complaint"]}


def hastened(subject, *, hours: float) -> list[Promise]:
    return actions.hasten_promises(
        subject,
        [What.FIRST_RESPONSE],
        account_id=subject.pk,
        policy_facts=actions.PolicyFacts(account_id=subject.pk, case_type="complaint"),
        told_at=NOW + timedelta(hours=hours),
        user_id=None,
        team_id=None,
        reason="It is a complaint now.",
        by=SYSTEM,
        at=NOW + timedelta(hours=hours),
    )


def test_what_runs_gives_way_to_an_earlier_promise():
    policy(hours=4)
    policy("投诉", hours=0.5, **GRAVE)
    subject = account()
    [usual] = started(subject)

    [new] = hastened(subject, hours=1)

    usual.refresh_from_db()
    assert usual.state == State.WITHDRAWN
    assert new.due_at == NOW + timedelta(hours=1.5)
    assert [promise.pk for promise in queries.running_of(subject)] == [new.pk]


def test_nothing_is_put_off():
    policy(hours=2)
    policy("投诉", hours=1.5, **GRAVE)
    subject = account()
    [usual] = started(subject)

    assert hastened(subject, hours=1) == []

    assert [promise.pk for promise in queries.running_of(subject)] == [usual.pk]


def test_what_was_not_promised_yet_is_promised_now():
    policy("投诉", hours=1, **GRAVE)

    assert [promise.what for promise in hastened(account(), hours=1)] == [What.FIRST_RESPONSE]


def test_what_is_late_already_stays_missed_and_owed():
    policy(hours=1)
    policy("投诉", hours=0.5, **GRAVE)
    subject = account()
    [late] = started(subject)

    assert hastened(subject, hours=1.5) == []

    late.refresh_from_db()
    assert late.is_running
