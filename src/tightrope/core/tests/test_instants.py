from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DataError, connection

from tightrope.core.instants import InstantLoader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("2026-11-22 12:30:00+08", datetime(2026, 11, 22, 4, 30, tzinfo=UTC)),
        ("2026-11-22 04:30:00.5+00", datetime(2026, 11, 22, 4, 30, 0, 500_000, tzinfo=UTC)),
        ("1901-01-01 00:00:00+00", datetime(1901, 1, 1, tzinfo=UTC)),
        (None, None),
    ],
)
def test_an_instant_is_read_in_utc(words, instant):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [words])
        read = cursor.fetchone()[0]

    assert read == instant
    assert read is None or read.tzinfo is UTC


def test_another_time_zone_of_the_connection_changes_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Kolkata'")
        cursor.execute("SELECT '2026-11-22 04:30:00+00'::timestamptz")

        assert cursor.fetchone()[0] == datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


def test_what_no_datetime_can_hold_is_refused_by_the_driver():
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 'infinity'::timestamptz")
        cursor.fetchone()


def test_every_connection_reads_this_way():
    connection.ensure_connection()

    assert connection.connection.adapters.get_loader(1184, psycopg.pq.Format.TEXT) is InstantLoader
