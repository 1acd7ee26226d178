"""Several hands and the clock at the same promise at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from tightrope.core.actor import SYSTEM
from tightrope.promises import actions
from tightrope.promises.models import Promise, State, What
from tightrope.promises.subjects import lock_subject
from tightrope.promises.tests.factories import NOW, account, policy, started
from tightrope.promises.verify import contradictions

ROUNDS = 15


def at_once(*acts):
    """Run the acts in threads of their own, started together; what one of them raises is raised here."""
    gate, wrong = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(timeout=10)
            act()
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


@pytest.mark.django_db(transaction=True)
def test_keeping_and_the_clock_at_once_end_in_one_truth():
    policy(hours=1)
    for number in range(ROUNDS):
        subject = account(f"客户 {number}")
        [promise] = started(subject)

        def keep(subject=subject, promise=promise):
            with transaction.atomic():
                lock_subject(subject)
                actions.keep_promises(subject, What.FIRST_RESPONSE, by=SYSTEM, at=promise.due_at)

        def look(promise=promise):
            actions.look_at_due(at=promise.due_at + timedelta(seconds=1))

        at_once(keep, look, look)

        promise.refresh_from_db()
        assert promise.state == State.KEPT
        assert promise.kept_at == promise.due_at
    assert contradictions() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_look_at_the_same_clocks_and_each_speaks_once():
    policy(hours=1)
    for number in range(30):
        started(account(f"客户 {number}"))
    looked = []

    at_once(*[lambda: looked.append(actions.look_at_due(at=NOW + timedelta(days=1)))] * 3)
    looked.append(actions.look_at_due(at=NOW + timedelta(days=1)))

    assert sum(looked) == 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM timeline_event WHERE kind = 'promise.missed'")
        assert cursor.fetchone() == (30,)


@pytest.mark.django_db(transaction=True)
def test_the_clock_leaves_alone_what_somebody_is_changing_and_comes_back():
    policy(hours=1)
    subject = account()
    started(subject)
    looked = []

    with transaction.atomic():
        lock_subject(subject)
        at_once(lambda: looked.append(actions.look_at_due(at=NOW + timedelta(days=1))))
    looked.append(actions.look_at_due(at=NOW + timedelta(days=1)))

    assert looked == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_two_hands_replace_the_same_promise_and_one_is_told():
    policy(hours=4)
    subject = account()
    [promise] = started(subject)
    refused = []

    def replace(hours):
        try:
            actions.replace_promise(
                promise, subject, due_at=NOW + timedelta(hours=hours), reason="备件", by=SYSTEM, at=NOW
            )
        except actions.NotRunning as error:
            refused.append(error)

    at_once(lambda: replace(30), lambda: replace(40))

    assert len(refused) == 1
    assert Promise.objects.running().count() == 1
