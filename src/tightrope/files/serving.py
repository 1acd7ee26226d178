"""Handing out contents: always as a download of our type in a sandbox, in pieces when a player asks for them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from tightrope.core.middleware import SANDBOX
from tightrope.files import storage
from tightrope.files.models import Attachment

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def whole_or_range(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The content as a download, or the piece of it that is asked for (206), or 416 for a piece beyond its end."""
    tag = f'"{attachment.sha256[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return _dressed(HttpResponse(status=304), tag)
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        wanted = ""
    try:
        start, end = _span(wanted, attachment.size)
    except ValueError:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{attachment.size}"
        return _dressed(refused, tag)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(pieces(request, attachment.storage_key, start=start, end=end))
    if (start, end) != (0, attachment.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{attachment.size}"
    response["Content-Type"] = attachment.content_type
    response["Content-Length"] = str(end - start)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    return _dressed(response, tag)


def small_copy(request: HttpRequest, key: str) -> HttpResponseBase:
    """A copy that we drew ourselves: the only thing that is ever shown inline."""
    tag = f'"{key[-32:]}"'
    if request.headers.get("If-None-Match") == tag:
        return _dressed(HttpResponse(status=304), tag)
    response = HttpResponse(storage.read(key), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return _dressed(response, tag)


def _dressed(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    # The browser may keep it and must ask each time whether this reader may still have it.
    response["Cache-Control"] = "private, no-cache"
    return response


def _span(wanted: str, size: int) -> tuple[int, int]:
    """First byte and end (not included) of what is asked for. Raises ValueError for a piece beyond the end.

    Several pieces at once, or words we do not know, are answered with the whole, as HTTP allows.
    """
    match = RANGE.fullmatch(wanted.replace(" ", ""))
    if match is None or not any(match.groups()):
        return 0, size
    first, last = match.groups()
    if not first:
        if int(last) == 0:
            raise ValueError(wanted)
        return max(0, size - int(last)), size
    start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or start >= end:
        raise ValueError(wanted)
    return start, end


def pieces(request: HttpRequest, key: str, *, start: int = 0, end: int | None = None) -> Any:
    """The content of a key for a streamed answer, as the server of this request can send it."""
    read = storage.chunks(key, start=start, end=end)
    return _read_aside(read) if isinstance(request, ASGIRequest) else read


async def _read_aside(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read in a thread: the event loop serves others meanwhile, and no film is held whole in memory."""
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece
