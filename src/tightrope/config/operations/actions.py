"""What an administrator does to the running program: failed jobs, the search index."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.config.operations import events
from tightrope.core import jobs
from tightrope.core.actor import Actor
from tightrope.people.access import Can, require
from tightrope.people.models import Installation


class NotFailed(LookupError):
    """No failed job has this number: another one decided about it first, or it never was."""


@transaction.atomic
def try_job_again(job_id: int, *, by: Actor, at: datetime) -> None:
    """Queue a failed job once more, with all its attempts before it. Raises NotFailed."""
    name, arguments = _decided(job_id, "todo", by=by)
    event = events.JobTriedAgain(job_id=job_id, name=name, arguments=arguments)
    timeline.record(Installation(), event, by=by, at=at)


@transaction.atomic
def give_job_up(job_id: int, *, by: Actor, at: datetime) -> None:
    """Let a failed job be: it is not done and no longer listed. Raises NotFailed."""
    name, arguments = _decided(job_id, "cancelled", by=by)
    event = events.JobGivenUp(job_id=job_id, name=name, arguments=arguments)
    timeline.record(Installation(), event, by=by, at=at)


@transaction.atomic
def renew_search_index(*, by: Actor, at: datetime) -> list[str]:
    """Have every capability make its part of the search index anew, in batches, while people work.

    Whoever has something in the index offers a job `<capability>.index_again`. Returns their names.
    """
    require(by, Can.OPERATE)
    names = sorted(name for name in jobs.names() if name.endswith(".index_again"))
    for name in names:
        jobs.enqueue(name)
    timeline.record(Installation(), events.SearchIndexRenewed(jobs=names), by=by, at=at)
    return names


def _decided(job_id: int, status: str, *, by: Actor) -> tuple[str, dict[str, Any]]:
    """Give the failed job its new status; the condition lets one of two deciders win."""
    require(by, Can.OPERATE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, attempts = 0, scheduled_at = NULL "
            "WHERE id = %s AND status = 'failed' RETURNING task_name, args",
            [status, job_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFailed(_("Nobody waits for a decision about this job any more."))
    return str(row[0]), row[1] if isinstance(row[1], dict) else json.loads(row[1])
