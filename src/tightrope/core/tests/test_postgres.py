"""A pool after the server was gone: the next request is answered, not the one after ten failures."""

import time
from collections.abc import Iterator
from select import poll

import pytest
from django.db import connection

from tightrope.core.postgres import base
from tightrope.core.postgres.base import DatabaseWrapper, is_left

HELD = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooled() -> Iterator[DatabaseWrapper]:
    settings = connection.settings_dict
    options = {**settings["OPTIONS"], "pool": {"min_size": HELD, "max_size": HELD, "timeout": 5}}
    wrapper = DatabaseWrapper({**settings, "OPTIONS": options, "CONN_MAX_AGE": 0}, "default")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def ask(wrapper: DatabaseWrapper) -> int:
    """One request: takes a connection, asks, gives it back. Returns the server's process."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    wrapper.close()
    return pid


def end(pids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [pids])
        until = time.monotonic() + 5
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [pids])
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)
    raise AssertionError("the server did not end them")


def test_no_request_fails_with_a_connection_that_the_server_left(pooled):
    ask(pooled)
    pooled.pool.wait(5)
    held = [pooled.pool.getconn() for _ in range(HELD)]
    pids = [one.info.backend_pid for one in held]
    for one in held:
        pooled.pool.putconn(one)
    end(pids)

    answered = [ask(pooled) for _ in range(HELD * 2)]

    assert not set(answered) & set(pids)


def test_a_farewell_is_one_before_the_end_of_the_stream_has_come(pooled, monkeypatch):
    class Once:
        """Sees what has arrived the first time, and nothing of what comes after it."""

        def __init__(self) -> None:
            self.real, self.is_over = poll(), False

        def register(self, *place: int) -> None:
            self.real.register(*place)

        def poll(self, timeout: float) -> list[tuple[int, int]]:
            seen, self.is_over = ([] if self.is_over else self.real.poll(timeout)), True
            return seen

    ask(pooled)
    with pooled.pool.connection() as idle:
        end([idle.info.backend_pid])
        monkeypatch.setattr(base, "poll", Once)

        assert is_left(idle)


def test_what_the_server_says_in_between_is_no_farewell(pooled):
    ask(pooled)
    with pooled.pool.connection() as idle:
        with connection.cursor() as cursor:
            idle.execute("LISTEN something")
            cursor.execute("NOTIFY something")
        time.sleep(0.1)
        assert not is_left(idle)
        assert idle.execute("SELECT 1").fetchone() == (1,)
