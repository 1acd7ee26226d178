"""The demo company: true, complete and the same when it is made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests import cast
from tightrope.cases.models import Attempt, Case
from tightrope.config.demo import command, company, history, today
from tightrope.config.verify import differences
from tightrope.core import clock
from tightrope.customers.models import Account
from tightrope.measures.models import Week
from tightrope.people.models import User
from tightrope.promises.models import Promise, PromiseKind, State, What

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STORIES = 4
NOT_COMPARED = {"core_cache", "django_session", "core_heartbeat", "core_counter"}


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    with connection.cursor() as cursor:
        tables = [
            info.name
            for info in connection.introspection.get_table_list(cursor)
            if info.type == "t" and info.name not in NOT_COMPARED
        ]
        counted = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted[table] = cursor.fetchone()[0]
    return counted


def test_the_company_is_true_and_made_twice_it_is_the_same(monkeypatch):
    monkeypatch.setattr(company, "SEED", 7)
    monkeypatch.setattr(today, "FURTHER", 3)
    company.actor_of.cache_clear()

    with clock.standing_at(cast.NOW):
        for _time in range(2):
            company.install(at=cast.NOW)
            today.install(at=cast.NOW)
            for number in range(STORIES):
                history.live(number, 600, at=cast.NOW)
            if not _time:
                once = rows()

    company.actor_of.cache_clear()
    assert rows() == once
    assert differences() == []
    assert User.objects.filter(is_active=True).count() >= 40
    assert Case.objects.count() == len(today.PARTS) + 3 + STORIES + 1
    lights = {case.light(cast.NOW) for case in Case.objects.all()}
    assert lights >= {"received", "accepted", "waiting", "solved", "late"}
    assert set(Case.objects.values_list("status", flat=True)) >= {"received", "waiting", "reopened", "closed"}
    assert set(Account.objects.values_list("language", flat=True)) == {"en", "zh-hans", "zh-hant"}
    assert Promise.objects.filter(state=State.KEPT).exists()
    assert Case.objects.filter(return_call=Case.ReturnCall.OWED).count() >= 2
    assert Case.objects.filter(again_times=1, status=Case.Status.ACCEPTED).exists()
    assert Case.objects.filter(signs__gt=0).exists()
    night = Case.objects.get(category__code="lift-trapped")
    answer = Promise.objects.get(subject_id=night.pk, what=What.FIRST_RESPONSE, kind=PromiseKind.CUSTOMER)
    assert answer.due_at - answer.starts_at == timedelta(minutes=15)
    assert answer.is_beaten
    assert set(Attempt.objects.values_list("outcome", flat=True)) >= {"reached", "no_answer", "busy"}


def test_weeks_that_were_reckoned_before_they_were_lived_are_reckoned_again():
    Week.objects.create(scope="all", begins_on=cast.NOW.date(), figures={"backlog": 0})

    command.reckon_anew()

    assert not Week.objects.exists()
