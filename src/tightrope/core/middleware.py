"""What every answer carries, whoever made it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import sync_only_middleware

from tightrope.core.paging import BadCursor

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors {ancestors}; base-uri 'none'; object-src 'none'; report-uri /csp-report/"
)
SANDBOX = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
)
"""For documents that strangers wrote: shown in a frame, with nothing allowed to run or load."""


class SecurityHeaders:
    """Content-Security-Policy with a nonce per answer, and the headers that forbid guessing."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_async:
            return self._answer_later(request)  # type: ignore[return-value]
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        return self._dressed(request, self.get_response(request))

    async def _answer_later(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        return self._dressed(request, await self.get_response(request))  # type: ignore[misc]

    def _dressed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if "Content-Security-Policy" not in response:
            ancestors = getattr(response, "frame_ancestors", "'none'")
            nonce = request.csp_nonce  # type: ignore[attr-defined]
            response["Content-Security-Policy"] = POLICY.format(nonce=nonce, ancestors=ancestors)
            if ancestors == "'none'":
                response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
        if settings.SECURE_HSTS_SECONDS:
            response.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            )
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "no-store")
        return response


@sync_only_middleware
class Overload:
    """Says 503 with Retry-After when the database is away or overloaded, instead of an error page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # No text of ours holds a NUL, and the database refuses to look for one.
            return render(request, "ui/errors/400.html", status=400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RequestDataTooBig):
            return render(request, "ui/errors/413.html", status=413)
        if isinstance(exception, (DataError, BadCursor)):
            # A number too large, a text with a NUL: words that cannot be meant, not a fault of the program.
            return render(request, "ui/errors/400.html", status=400)
        if isinstance(exception, OperationalError):
            response = render(request, "ui/errors/503.html", status=503)
            response["Retry-After"] = "3"
            return response
        return None
