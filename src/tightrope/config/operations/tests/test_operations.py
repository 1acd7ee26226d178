"""A failed job is decided about by a person, once, and on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from tests import cast

from tightrope.config.operations import actions
from tightrope.core import jobs
from tightrope.core.actor import SYSTEM
from tightrope.people.access import Denied
from tightrope.people.models import Installation
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def failed_job() -> int:
    """A job that failed until its last attempt."""
    jobs.enqueue("files.prepare", attachment_id=7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM procrastinate_jobs")
        number = int(cursor.fetchone()[0])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed', attempts = 8 WHERE id = %s", [number]
        )
    return number


def status_of(number: int) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", [number])
        status, attempts = cursor.fetchone()
    return str(status), int(attempts)


@pytest.mark.parametrize(
    ("act", "status", "kind"), [("again", "todo", "job.tried_again"), ("cancel", "cancelled", "job.given_up")]
)
def test_a_decision_is_on_record_and_shown_where_it_was_made(client, act, status, kind):
    number = failed_job()
    admin = cast.administrator()
    client.force_login(admin, backend=BACKEND)

    client.post(reverse("config:failed_job", args=[number]), {"act": act})

    assert status_of(number) == (status, 0)
    event = events_of("installation", Installation().pk, by=SYSTEM)[0][0]
    assert (event.kind, event.actor_name, event.facts["name"]) == (kind, admin.name, "files.prepare")
    assert event.facts["arguments"] == {"attachment_id": 7}
    page = client.get(reverse("config:operations")).content.decode()
    assert f"{admin.name} " in page
    assert "files.prepare" in page


def test_the_second_of_two_deciders_is_told_and_nothing_happens(client):
    number = failed_job()
    by = cast.actor(cast.administrator())
    actions.give_job_up(number, by=by, at=cast.NOW)

    with pytest.raises(actions.NotFailed):
        actions.try_job_again(number, by=by, at=cast.NOW)

    assert status_of(number) == ("cancelled", 0)
    assert len(events_of("installation", 1, by=SYSTEM)[0]) == 1


def test_customer_service_decides_about_no_job():
    number = failed_job()

    with pytest.raises(Denied):
        actions.give_job_up(number, by=cast.actor(cast.zhou_min()), at=cast.NOW)

    assert status_of(number) == ("failed", 8)


def test_the_search_index_is_made_anew_by_a_press_and_on_record(client):
    admin = cast.administrator()
    client.force_login(admin, backend=BACKEND)

    answer = client.post(reverse("config:search_index"), follow=True)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE '%%.index_again'"
        )
        queued = [row[0] for row in cursor.fetchall()]
    assert "customers.index_again" in queued
    event = events_of("installation", 1, by=SYSTEM)[0][0]
    assert (event.kind, event.facts["jobs"]) == ("search.index_renewed", sorted(queued))
    assert f"{admin.name} " in answer.content.decode()
    with pytest.raises(Denied):
        actions.renew_search_index(by=cast.actor(cast.zhou_min()), at=cast.NOW)
