"""Two people at the same case at once: one wins, the other is told; nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Conversation
from tightrope.core.actor import SYSTEM, Actor
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db(transaction=True)

AT = cast.NOW + timedelta(minutes=5)


class Pair:
    """Two threads, each with its own connection, that start each round together."""

    def __init__(self) -> None:
        self.gate = threading.Barrier(2)

    def run(self, rounds: int, left: Callable[[int], Any], right: Callable[[int], Any]) -> list[list[Any]]:
        """What each of the two got in each round: a result or the exception that told him."""
        got: list[list[Any]] = [[None, None] for _ in range(rounds)]

        def side(place: int, act: Callable[[int], Any]) -> None:
            try:
                for number in range(rounds):
                    self.gate.wait(timeout=30)
                    try:
                        got[number][place] = act(number)
                    except Exception as told:  # noqa: BLE001 - what was raised is what is judged
                        got[number][place] = told
            finally:
                connection.close()

        threads = [threading.Thread(target=side, args=(n, act)) for n, act in enumerate((left, right))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return got


def kinds_of(case: Case, kind: str) -> int:
    return sum(event.kind == kind for event in events_of("case", case.pk, by=SYSTEM, limit=100)[0])


def staged(rounds: int, **facts: Any) -> tuple[list[Case], Actor, Actor]:
    """As many cases as rounds, written in two statements, and two who may work on them."""
    zhou, gang = cast.actor(cast.zhou_min()), cast.actor(cast.chen_gang())
    contact = factories.wang_lei()
    conversations = Conversation.objects.bulk_create(
        Conversation(account_id=contact.account_id, opened_at=cast.NOW) for _ in range(rounds)
    )
    cases = Case.objects.bulk_create(
        Case(
            **{
                "number": f"R-{conversation.pk}",
                "title": "三楼机房空调漏水",
                "account": contact.account,
                "contact": contact,
                "conversation": conversation,
                "channel": Case.Channel.PORTAL,
                "told_at": cast.NOW,
                "received_at": cast.NOW,
                **facts,
            }
        )
        for conversation in conversations
    )
    return cases, zhou, gang


def solved(rounds: int) -> tuple[list[Case], Actor, Actor]:
    return staged(
        rounds, status=Case.Status.SOLVED, solved_at=AT, accepted_at=AT, solution=Case.Solution.ANSWER
    )


def accepting(rounds: int) -> None:
    cases, zhou, gang = staged(rounds)
    got = Pair().run(
        rounds,
        lambda n: actions.accept_case(cases[n], by=zhou, at=AT),
        lambda n: actions.accept_case(cases[n], by=gang, at=AT),
    )
    for case, results in zip(cases, got, strict=True):
        told = [result for result in results if isinstance(result, Exception)]
        assert len(told) == 1
        assert isinstance(told[0], actions.AlreadyAccepted)
        case.refresh_from_db()
        assert case.owner.name in str(told[0])
        assert kinds_of(case, "case.accepted") == 1


def assigning(rounds: int) -> None:
    cases, _zhou, gang = staged(rounds)
    people = cast.zhou_min(), cast.xu_jing()
    got = Pair().run(
        rounds,
        lambda n: actions.assign_case(
            cases[n], owner=people[0], team=None, version=cases[n].version, by=gang, at=AT
        ),
        lambda n: actions.assign_case(
            cases[n], owner=people[1], team=None, version=cases[n].version, by=gang, at=AT
        ),
    )
    for case, results in zip(cases, got, strict=True):
        told = [result for result in results if isinstance(result, Exception)]
        assert len(told) == 1
        assert isinstance(told[0], actions.AlreadyAccepted)
        assert kinds_of(case, "case.assigned") == 1
        assert case.stints.filter(until_at=None).count() == 1


def closing(rounds: int) -> None:
    cases, zhou, gang = solved(rounds)
    later = AT + timedelta(minutes=1)
    got = Pair().run(
        rounds,
        lambda n: actions.confirm_case(cases[n], by=zhou, at=later),
        lambda n: actions.reopen_case(cases[n], reason="还在漏", by=gang, at=later),
    )
    for case, (closed, reopened) in zip(cases, got, strict=True):
        case.refresh_from_db()
        # Whoever came second either went on from what the first did (a closed case may be reopened) or was told.
        assert not isinstance(reopened, Exception)
        assert case.status == Case.Status.REOPENED
        assert isinstance(closed, Case) or case.number in str(closed)
        assert kinds_of(case, "case.closed") == int(isinstance(closed, Case))
        assert kinds_of(case, "case.reopened") == 1


def closing_twice(rounds: int) -> None:
    cases, zhou, gang = solved(rounds)
    got = Pair().run(
        rounds,
        lambda n: actions.confirm_case(cases[n], by=zhou, at=AT),
        lambda n: actions.confirm_case(cases[n], by=gang, at=AT),
    )
    for case, results in zip(cases, got, strict=True):
        assert all(isinstance(result, Case) for result in results)
        assert kinds_of(case, "case.closed") == 1


RACES = [accepting, assigning, closing, closing_twice]


@pytest.mark.parametrize("race", RACES)
def test_one_wins_and_the_other_is_told(race):
    factories.policies()
    race(100)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("race", RACES)
def test_one_wins_and_the_other_is_told_a_thousand_times(race):
    race(1000)
