"""What is prepared is planned once, survives what happens to tables and connections, and answers the same."""

from types import SimpleNamespace

import pytest
from django.db import NotSupportedError, connection, transaction
from tests import cast

from tightrope.core.prepared import Given, Planned, Prepared, _preparing
from tightrope.core.statements import written, written_for_values
from tightrope.people.models import User

pytestmark = pytest.mark.django_db


def _plans() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans FROM pg_prepared_statements "
            "WHERE statement LIKE 'SELECT%' ORDER BY prepare_time"
        )
        return cursor.fetchall()


def test_one_plan_serves_all_values():
    named = Prepared("SELECT %s::int + %s", [Given("first"), Given("second")])

    assert [named.rows(first=n, second=n) for n in (1, 2, 3)] == [[(2,)], [(4,)], [(6,)]]

    assert _plans() == [("SELECT $1::int + $2", 3)]


def test_keys_of_doers_stay_outside_the_text_and_constants_stand_in_it():
    text = "SELECT id FROM people_user WHERE id = %s AND id IN (%s, %s) AND id > %s AND name <> %s AND email <> %s"
    seen = Prepared(text, [1, 1, 2, 0, "50 %", Given("mail")])

    assert seen.rows(mail="") == []

    [(prepared, _times)] = _plans()
    assert prepared.endswith("id = $1 AND id IN ($2, $3) AND id > 0 AND name <> '50 %' AND email <> $4")


def test_what_wants_a_plan_for_its_values_is_not_prepared():
    zhou = cast.zhou_min()
    planned = written_for_values("test of planning", lambda: User.objects.filter(pk=Given("pk")))

    assert planned.first(pk=zhou.pk) == zhou
    assert Planned("SELECT %s", [Given("word")]).rows(word="so") == [("so",)]

    assert _plans() == []


def test_a_key_may_be_written_in_both_ways():
    zhou = cast.zhou_min()

    def rows():
        return User.objects.filter(pk=Given("pk"))

    assert written("test of both", rows).first(pk=zhou.pk) == zhou
    assert written_for_values("test of both", rows).first(pk=zhou.pk) == zhou
    assert len(_plans()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_column_that_changed_under_a_plan_costs_nobody_an_answer():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_of_prepared AS SELECT 7 AS number")
    try:
        asked = Prepared("SELECT number FROM test_of_prepared WHERE number = %s", [Given("number")])
        assert asked.rows(number=7) == [(7,)]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE test_of_prepared ALTER number TYPE bigint")

        with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
            asked.rows(number=7)
        assert asked.rows(number=7) == [(7,)]

        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE test_of_prepared ALTER number TYPE numeric")
        assert asked.rows(number=7) == [(7,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_of_prepared")


class _BehindPooler:
    """A connection whose pooler names another process than the one that answers."""

    info = SimpleNamespace(backend_pid=1, transaction_status=None)
    prepare_threshold = None

    def execute(self, text: str) -> SimpleNamespace:
        return SimpleNamespace(fetchone=lambda: (2,))


def test_nothing_is_prepared_behind_a_pooler():
    own = _BehindPooler()

    with _preparing(own):
        assert own.prepare_threshold is None
