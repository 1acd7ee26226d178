"""How the server's loop hands a request to the pages, and their answer back.

Our pages are written without `async`; only the stream of `/live` is not. Django's own handler carries such a page
from the loop to a thread and back five times, in a thread (and with a database connection object) made for the one
request: three to five milliseconds of processor time for nothing. Here a thread that is kept takes the whole way
once: middleware, page, and the end of the request, at which its connection goes back to the pool.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

THREADS = 40
"""More than the pool has connections: whoever gets none in time is told so instead of waiting in line unseen."""


class Answering(ASGIHandler):
    """Answers each request in one of a few lasting threads; what is streamed is sent by the loop."""

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        """The plain chain: Django would put a change of threads between any two middlewares that differ."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request. Raises ValueError for anything but HTTP."""
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is answered here, not {scope['type']}")
        await self.handle(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Read, answer, send."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            set_script_prefix(get_script_prefix(scope))
            response = await self._in_thread(self._answer)(scope, body)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)
        finally:
            body.close()

    def _in_thread(self, call: Any) -> Any:
        return sync_to_async(call, thread_sensitive=False, executor=self._threads)

    def _answer(self, scope: Any, body: Any) -> HttpResponseBase:
        """The answer to one request, ended here and now unless it is streamed. Runs in a thread."""
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = self.get_response(request) if request is not None else refusal
        assert response is not None
        response._handler_class = self.__class__  # type: ignore[attr-defined] # named in request_finished
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            close_old_connections()  # a stream that lasts for hours needs none
        else:
            response.close()
        return response

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Send until the end, or until the reader goes away."""
        sending = asyncio.ensure_future(self.send_response(response, send))
        leaving = asyncio.ensure_future(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            ended = await asyncio.gather(sending, leaving, return_exceptions=True)
            await self._in_thread(response.close)()
        for fault in ended:
            if isinstance(fault, Exception) and not isinstance(fault, RequestAborted):
                raise fault
