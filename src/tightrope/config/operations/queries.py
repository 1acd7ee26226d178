"""Reading how the program is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tightrope.core.models import Heartbeat

LATE = timedelta(seconds=90)


@dataclass(frozen=True)
class Queue:
    """One queue: how many jobs wait, how many run, how many failed, and since when the oldest waits."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_at: datetime | None


def queues() -> list[Queue]:
    """Every queue with its oldest waiting job."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, count(*) FILTER (WHERE j.status = 'todo' AND coalesce(scheduled_at, now()) <= now()), "
            "count(*) FILTER (WHERE j.status = 'doing'), count(*) FILTER (WHERE j.status = 'failed'), "
            "min(e.at) FILTER (WHERE j.status = 'todo' AND coalesce(scheduled_at, now()) <= now()) "
            "FROM procrastinate_jobs j LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events "
            "  WHERE job_id = j.id AND j.status = 'todo') e ON true "
            "WHERE j.status IN ('todo', 'doing', 'failed') GROUP BY 1 ORDER BY 1"
        )
        return [Queue(*row) for row in cursor.fetchall()]


def failed_jobs(limit: int = 50) -> list[dict[str, Any]]:
    """The dead-letter list: jobs that failed until their last attempt."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.task_name, j.queue_name, j.args, j.attempts, max(e.at) FROM procrastinate_jobs j "
            "JOIN procrastinate_events e ON e.job_id = j.id WHERE j.status = 'failed' "
            "GROUP BY j.id ORDER BY max(e.at) DESC LIMIT %s",
            [limit],
        )
        names = ("id", "name", "queue", "arguments", "attempts", "at")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def database_facts() -> dict[str, Any]:
    """Version and size of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return {"version": version, "size": size}


def worker_is_alive(*, at: datetime) -> bool:
    """Whether a job went round lately."""
    beat = Heartbeat.objects.filter(part="worker").first()
    return beat is not None and at - beat.at < LATE
