"""From an act to every screen that shows it, in well under a second.

An act calls `announce("case:abc")`; PostgreSQL delivers the name of the topic after commit, never before.
A page that shows the case holds `/live?topic=case:abc` open; when the name arrives it asks for its fragment
again by an ordinary request with ordinary rights. Nothing but topic names travels here, and a topic is only
joined by someone whom its authoriser lets in, so nothing of others is visible.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

log = structlog.get_logger(__name__)

CHANNEL = "tightrope_live"
PING_SECONDS = 15
MOST_TOPICS = 20

Authoriser = Callable[[Any, str], bool]
_authorisers: dict[str, Authoriser] = {}


def topic(kind: str, authoriser: Authoriser) -> None:
    """Let `kind:name` be joined by actors for whom `authoriser(by, name)` is true."""
    _authorisers[kind] = authoriser


def announce(*topics: str) -> None:
    """Tell every screen that shows one of the topics, when the current transaction has committed."""
    if topics:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(sorted(set(topics)))])


class _Hub:
    """One LISTEN connection in this process, fanned out to the screens that hold a stream open."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    def join(self, topics: list[str]) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        for name in topics:
            self._waiting[name].add(queue)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.get_running_loop().create_task(self._listen())
        return queue

    def leave(self, topics: list[str], queue: asyncio.Queue[str]) -> None:
        for name in topics:
            self._waiting[name].discard(queue)
            if not self._waiting[name]:
                del self._waiting[name]

    async def _listen(self) -> None:
        conninfo = os.environ.get("DATABASE_DIRECT_URL") or os.environ.get("DATABASE_URL") or ""
        while self._waiting:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self._tell_all("*")  # whatever was missed while away
                    async for note in listener.notifies():
                        for name in json.loads(note.payload):
                            self._tell(name)
            except psycopg.Error as error:
                log.warning("live updates lost the database", error=str(error))
                await asyncio.sleep(1)

    def _tell(self, name: str) -> None:
        for queue in self._waiting.get(name, ()):
            if not queue.full():
                queue.put_nowait(name)

    def _tell_all(self, word: str) -> None:
        for queue in {queue for queues in self._waiting.values() for queue in queues}:
            if not queue.full():
                queue.put_nowait(word)


_hub = _Hub()


async def stream(request: HttpRequest) -> HttpResponseBase:
    """`GET /live?topic=case:abc&topic=desk:queue`: the names of changed topics as server-sent events."""
    topics = request.GET.getlist("topic")[:MOST_TOPICS]
    if not topics or not await sync_to_async(_may_join)(request.actor, topics):  # type: ignore[attr-defined]
        return HttpResponse(status=404)
    response = StreamingHttpResponse(_events(topics), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _may_join(by: Any, topics: list[str]) -> bool:
    for entry in topics:
        kind, _, name = entry.partition(":")
        authoriser = _authorisers.get(kind)
        if authoriser is None or not authoriser(by, name):
            return False
    return True


async def _events(topics: list[str]) -> AsyncIterator[bytes]:
    queue = _hub.join(topics)
    try:
        yield b"retry: 2000\n\n"
        while True:
            try:
                name = await asyncio.wait_for(queue.get(), timeout=PING_SECONDS)
                yield f"event: changed\ndata: {name}\n\n".encode()
            except TimeoutError:
                yield b": still here\n\n"
    finally:
        _hub.leave(topics, queue)
