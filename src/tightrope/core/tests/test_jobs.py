"""Jobs: queued with the act, run once it is committed, left for a person when they keep failing."""

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app
from tests import cast

from tightrope.core import clock, jobs

seen: list[object] = []


@jobs.job("test.note")
def note(*, word: str) -> None:
    seen.append((word, clock.now()))


@pytest.fixture(autouse=True)
def _forget():
    seen.clear()


@pytest.mark.django_db
def test_a_job_runs_at_the_time_it_was_told():
    with clock.standing_at(cast.NOW):
        jobs.enqueue("test.note", word="now")
        jobs.enqueue("test.note", word="later", start_at=cast.NOW.replace(hour=23))

        assert jobs.run_due(only=["test.note"]) == 1

    assert seen == [("now", cast.NOW)]


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_a_job_it_says_in_the_words_of_any_other_statement():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
        with pytest.raises(OperationalError) as refusal:
            jobs.enqueue_many("test.note", [{"word": "too many"}] * 20_000)
        assert refusal.value.__cause__.sqlstate == "57014"
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_job():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("test.note", word="undone")
        raise ZeroDivisionError

    assert jobs.run_due(only=["test.note"]) == 0


@pytest.mark.django_db
def test_an_unknown_job_is_refused_at_once():
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("test.nobody")


@pytest.mark.django_db(transaction=True)
def test_a_job_queued_inside_a_worker_belongs_to_the_jobs_transaction():
    with app.replace_connector(app.connector.get_worker_connector()):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            jobs.enqueue("test.note", word="undone")
            raise ZeroDivisionError
        with transaction.atomic():
            jobs.enqueue("test.note", word="kept")

    assert jobs.run_due(only=["test.note"]) == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_is_given_back():
    jobs.enqueue("test.note", word="again")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 min') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = 1, worker_id = %s", [worker]
        )

    jobs.rescue()

    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("todo",)]


def test_one_that_fails_keeps_no_other_from_its_turn_and_the_round_is_seen_to_have_failed():
    done: list[int] = []

    def act(number: int) -> None:
        done.append(10 // number)

    with pytest.raises(ExceptionGroup) as left_out:
        jobs.each_apart([5, 0, 2], act)

    assert done == [2, 5]
    assert [type(why) for why in left_out.value.exceptions] == [ZeroDivisionError]
