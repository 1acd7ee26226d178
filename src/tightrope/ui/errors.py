"""Pages for what went wrong: calm words and what to do next, never the inside of the program."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read."""
    return render(request, "ui/errors/400.html", status=400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The doer may not do this."""
    return render(request, "ui/errors/403.html", status=403)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing here, or nothing for this reader: the answer is the same."""
    return render(request, "ui/errors/404.html", status=404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Something of ours broke. Rendered without context processors: they may be what broke."""
    return HttpResponse(render_to_string("ui/errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    """A form without its token: most often a page that was open since before signing in again."""
    return render(request, "ui/errors/403.html", {"is_stale_form": True}, status=403)
