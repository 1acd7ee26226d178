"""What every act needs of the database: retries, locks in order, and lifted limits for long work."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction

P = ParamSpec("P")
R = TypeVar("R")

RETRIABLE = {"40001", "40P01"}
"""Serialization failure and deadlock: the database asks for the same act once more."""
BUSY = RETRIABLE | {"55P03"}
"""The same, and a lock that was waited for in vain: somebody else holds the row."""


def retrying(act: Callable[P, R]) -> Callable[P, R]:
    """Run an outermost act again, at most three times, when the database says it collided with another."""

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(3):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in RETRIABLE or connection.in_atomic_block or attempt == 2:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def joining(act: Callable[P, R]) -> Callable[P, R]:
    """For an act that is mostly a part of another: it joins the transaction that stands, without a savepoint.

    What it refuses it must refuse before it writes: whoever catches a refusal keeps what was written before.
    """

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        with transaction.atomic():
            return act(*args, **kwargs)

    return run


@contextmanager
def without_limits() -> Iterator[None]:
    """Lift the time limits of this connection for work that is known to be long (migration, demo, export)."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")


class Lockable(models.QuerySet[Any]):
    """A queryset whose rows can be taken for changing.

    Acts lock in one global order: account, device, case, work order, stock. Whoever needs two roots
    locks the higher first; that is all it takes to have no deadlock.
    """

    def lock(self, pk: int) -> Any:
        """The row, locked until the end of the transaction. Raises DoesNotExist."""
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("lock() needs a transaction")
        return self.select_for_update(of=("self",)).get(pk=pk)


def next_number(sequence: str) -> int:
    """The next value of a PostgreSQL sequence. Numbers may have gaps; two rows never share one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        return int(cursor.fetchone()[0])
