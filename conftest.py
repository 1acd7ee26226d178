"""What every test of the project shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

# The browser is driven by a loop of its own in this process; asking the database beside it is meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

UNMANAGED = ("timeline_event", "timeline_stream", "channels_message", "procrastinate_jobs")
"""Tables that Django did not make, so that its clearing up after a committing test forgets them."""


@pytest.fixture(autouse=True)
def _no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """What outlives a test (caches, a visitor's language, rows of unmanaged tables) would mislead the next one.

    Django gives each request a language and takes none back: a page asked for in Chinese would leave its thread so.
    """
    yield
    from django.utils import translation

    from tightrope.core import partitions

    partitions._known.clear()
    translation.deactivate()
    mark = request.node.get_closest_marker("django_db")
    if (mark and mark.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        _empty_unmanaged(request.getfixturevalue("django_db_blocker"))


def _empty_unmanaged(blocker: Any) -> None:
    from django.db import connection

    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(UNMANAGED)} CASCADE")


@pytest.fixture(scope="session")
def playwright_engine() -> Iterator[Any]:
    """What drives browsers. One for the whole process: it refuses to be started a second time beside itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        yield engine
