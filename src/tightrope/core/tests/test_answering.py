"""The door between the server's loop and our pages, asked as a server asks it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import connections
from django.templatetags.static import static
from django.test import Client
from tests import cast

from tightrope.core.answering import Answering
from tightrope.core.live import _hub

pytestmark = pytest.mark.django_db(transaction=True)


def asked(path: str, *, cookie: str = "", leaves: bool = False) -> list[dict[str, Any]]:
    """What the door sends for one GET; with `leaves` the reader goes away when he was told of a change."""
    address, _, query = path.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": address,
        "raw_path": address.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode())], "server": ("testserver", 80),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def one() -> None:
        began, gone = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not began.is_set():
                began.set()
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if leaves and b"changed" in message.get("body", b""):
                gone.set()

        door = Answering(threads=1)
        await asyncio.wait_for(door(scope, receive, send), timeout=20)
        await door._in_thread(connections.close_all)()  # a test has no pool that would

    asyncio.run(one())
    return sent


def signed_in() -> str:
    client = Client()
    client.force_login(cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def test_a_page_is_answered_whole():
    start, *pieces = asked("/cases/", cookie=signed_in())

    assert start["status"] == 200
    assert (b"Content-Security-Policy", True) in [(name, bool(value)) for name, value in start["headers"]]
    assert b"".join(piece["body"] for piece in pieces).rstrip().endswith(b"</html>")
    assert pieces[-1]["more_body"] is False


def test_who_is_not_signed_in_is_led_to_the_door():
    assert asked("/cases/")[0]["status"] == 302


def test_a_stream_ends_when_its_reader_goes_away():
    start, first, *_rest = asked("/live?topic=desk:queue", cookie=signed_in(), leaves=True)

    assert start["status"] == 200
    assert first["body"].startswith(b"retry")
    assert not _hub._waiting


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")  # as in config/asgi.py
def test_a_file_is_sent_whole_though_it_is_streamed():
    start, *pieces = asked(static("ui/mark.svg"))

    assert start["status"] == 200
    assert b"</svg>" in b"".join(piece.get("body", b"") for piece in pieces)
