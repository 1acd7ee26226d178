"""Work that is done after the act: queued in the act's own transaction, in the same database.

A rollback leaves neither change nor job. A job runs at least once, so whatever it calls must bear being
called twice. Jobs carry ids, never rows. A dead worker's jobs are taken up again within a minute; a job
that keeps failing is left for a person in the dead-letter list.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.module_loading import import_string
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from tightrope.core import clock, partitions
from tightrope.core.faults import declare, faultpoint

log = structlog.get_logger(__name__)
T = TypeVar("T")

QUEUES = ("urgent", "default", "mail", "slow")
"""`urgent`: what a person waits for. `mail`: in and out. `slow`: imports, figures, planning."""

# A worker gives the app a connection of its own. Jobs that a job queues must all the same belong to that job's
# transaction, so queueing always goes through Django's connection.
_manager = JobManager(DjangoConnector())

_functions: dict[str, Callable[..., Any]] = {}
_queues: dict[str, str] = {}

BEFORE = declare("job.before", "a job was taken and nothing of it is done")
AFTER = declare("job.after", "a job's work is committed and its row still says doing")


class UnknownJob(LookupError):
    """No job of that name is registered."""


def job(
    name: str, *, queue: str = "default", attempts: int = 8
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of some `tasks.py` as the job `name` ("cases.remind")."""
    if queue not in QUEUES:
        raise ValueError(queue)

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            arguments.pop("timestamp", None)  # what the schedule adds
            with structlog.contextvars.bound_contextvars(job=name, **arguments):
                faultpoint(BEFORE)
                function(**arguments)
                faultpoint(AFTER)

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        app.task(name=name, queue=queue, retry=retry)(run)
        _functions[name] = run
        _queues[name] = queue
        return function

    return register


def enqueue(name: str, *, start_at: datetime | None = None, priority: int = 0, **arguments: Any) -> None:
    """Queue one job in the current transaction. Raises UnknownJob."""
    enqueue_many(name, [arguments], start_at=start_at, priority=priority)


def enqueue_many(
    name: str, jobs: Iterable[dict[str, Any]], *, start_at: datetime | None = None, priority: int = 0
) -> None:
    """Queue several jobs of one name in one statement. Raises UnknownJob."""
    rows = list(jobs)
    if name not in _functions:
        raise UnknownJob(name)
    if not rows:
        return
    task = configure_task(
        name=name, job_manager=_manager, queue=_queues[name], schedule_at=start_at, priority=priority
    )
    try:
        task.batch_defer(*rows)
    except ConnectorException as refusal:
        # Who retries a collision or says that the database is away knows Django's words for it.
        with connection.wrap_database_errors:
            raise refusal.__cause__ or refusal from None


def each_apart(things: Iterable[T], act: Callable[[T], object]) -> None:
    """Do the act for each of them. One that fails keeps no other from its turn; at the end the job fails with all
    that went wrong, so that it is seen and tried again. The act must bear being done twice.
    """
    failed: list[Exception] = []
    for thing in things:
        try:
            act(thing)
        except OperationalError:  # without the database nobody has a turn
            raise
        except Exception as why:
            log.exception("left out of a round", thing=str(thing))
            failed.append(why)
    if failed:
        raise ExceptionGroup("some were left out of this round", failed)


def names() -> frozenset[str]:
    """Every registered job."""
    return frozenset(_functions)


def run_due(
    *,
    until: datetime | None = None,
    limit: int = 10_000,
    only: Iterable[str] | None = None,
    newer_than: int = 0,
) -> int:
    """Run the queued jobs that are due, here and now, in this process, until none is left.

    For a program that lives in simulated time (demo history) and for tests: no worker is needed and
    `clock.now()` inside the jobs is whatever the caller made it. Errors are raised, not retried.
    """
    done = 0
    wanted = list(only) if only is not None else None
    while done < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' "
                "AND (scheduled_at IS NULL OR scheduled_at <= %s) AND (%s::text[] IS NULL OR task_name = ANY(%s)) AND id > %s "
                "ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED",
                [until or clock.now(), wanted, wanted, newer_than],
            )
            row = cursor.fetchone()
            if row is None:
                return done
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
        arguments = row[2] if isinstance(row[2], dict) else json.loads(row[2])
        with transaction.atomic():
            _functions[row[1]](**arguments)
        done += 1
    return done


@job("core.rescue", queue="urgent", attempts=1)
def rescue() -> None:
    """Give the jobs of dead workers back to the queue."""
    for stalled in async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=30):
        log.warning("job of a dead worker taken up again", task=stalled.task_name, id=stalled.id)
        async_to_sync(app.job_manager.retry_job)(stalled)


@job("core.tidy", queue="slow", attempts=1)
def tidy() -> None:
    """Delete finished jobs after a day, answered keys and counters after a month."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'succeeded' AND id IN (SELECT job_id FROM "
            "procrastinate_events WHERE type = 'succeeded' AND at < %s LIMIT 50000)",
            [now - timedelta(days=1)],
        )
        cursor.execute("DELETE FROM core_idempotency_key WHERE at < %s", [now - timedelta(days=30)])
        cursor.execute("DELETE FROM core_counter WHERE span_ends_at < %s", [now - timedelta(days=1)])


@job("core.prepare_months", queue="slow", attempts=3)
def prepare_months() -> None:
    """Have the partitions of this and the coming three months ready before a row needs them."""
    now = clock.now()
    partitions.prepare_months(partitions.TABLES, since=now, until=now + timedelta(days=100))


def on_ready(ready_app: App) -> None:
    """Called by procrastinate when all tasks are known: hang the schedule on them."""
    for cron, name in import_string(settings.SCHEDULE):
        if name not in _functions:
            raise UnknownJob(name)
        ready_app.periodic(cron=cron, periodic_id=name)(ready_app.tasks[name])


def run_worker(*, concurrency: int = 4, queues: Iterable[str] | None = None) -> None:
    """Work until told to stop, or until the database goes away: then return, and be started again."""
    connector = DjangoConnector().get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(
            concurrency=concurrency,
            queues=list(queues) if queues else None,
            update_heartbeat_interval=5,
            stalled_worker_timeout=20,
            fetch_job_polling_interval=2,
            shutdown_graceful_timeout=10,
        )
