"""Counting in the database, so that ten processes together count as one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection


class TooMany(Exception):
    """More than allowed within the span. `retry_after` says in how many seconds it may be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many requests, try again in {retry_after} s")
        self.retry_after = retry_after


def count(name: str, *, within: timedelta, at: datetime) -> int:
    """Count one more of `name`; a span that is over starts anew. One statement, so parallel calls add up."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_counter AS c (name, span_ends_at, count) VALUES (%s, %s, 1)
            ON CONFLICT (name) DO UPDATE SET
              count = CASE WHEN c.span_ends_at <= %s THEN 1 ELSE c.count + 1 END,
              span_ends_at = CASE WHEN c.span_ends_at <= %s THEN EXCLUDED.span_ends_at ELSE c.span_ends_at END
            RETURNING count
            """,
            [name[:200], at + within, at, at],
        )
        return int(cursor.fetchone()[0])


def allow(name: str, *, at_most: int, within: timedelta, at: datetime) -> None:
    """Count one more of `name`. Raises TooMany when that is above `at_most` within the span."""
    if count(name, within=within, at=at) > at_most:
        raise TooMany(int(within.total_seconds()))
