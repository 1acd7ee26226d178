"""Jobs: queued with the act, run once it is committed, left for a person when they keep failing."""

import pytest
from django.db import transaction
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
def test_a_rollback_leaves_no_job():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("test.note", word="undone")
        raise ZeroDivisionError

    assert jobs.run_due(only=["test.note"]) == 0


@pytest.mark.django_db
def test_an_unknown_job_is_refused_at_once():
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("test.nobody")
