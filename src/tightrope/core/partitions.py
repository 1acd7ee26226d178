"""Tables without end are cut by month.

`timeline_event`, `channels_message` and their like are declared `PARTITION BY RANGE (at)`. A row whose
month has no partition yet is refused by the database, so writers of back-dated rows (imports, the demo
company) call `ensure_month` first; the schedule keeps the coming months ready.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection, transaction

TABLES = ("timeline_event", "channels_message")
"""Every table that is cut by month."""

_known: set[tuple[str, str, int, int]] = set()


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """First instant of the UTC month and of the next one."""
    at = at.astimezone(UTC)
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first, following


def ensure_month(table: str, at: datetime) -> None:
    """Make sure that a row of `table` at this instant has a partition to live in."""
    first, following = month_of(at)
    key = (str(connection.settings_dict["NAME"]), table, first.year, first.month)
    if key in _known:
        return
    if not re.fullmatch(r"[a-z_]+", table):
        raise ValueError(f"not a table name: {table!r}")
    name = f"{table}_{first:%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is None:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} "
                f"FOR VALUES FROM ('{first.isoformat()}') TO ('{following.isoformat()}')"
            )
            if connection.in_atomic_block:
                return  # may yet be rolled back: look again next time
    _known.add(key)


def prepare_months(tables: Iterable[str], *, since: datetime, until: datetime) -> None:
    """Make the partitions of all months from `since` to `until`, each in a transaction of its own.

    Making a partition locks the whole table for a moment. Whoever is about to write many back-dated rows from
    several processes does it first, so that none waits for the other's long transaction.
    """
    for table in tables:
        month = since
        while month < until:
            with transaction.atomic():
                ensure_month(table, month)
            month = month_of(month)[1]
