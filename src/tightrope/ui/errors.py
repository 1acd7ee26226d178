"""What is answered when something goes wrong: calm words, what to do next, never a stack trace."""

import sys
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

ErrorHandler = Callable[..., HttpResponse]


OF_CUSTOMERS = ("/portal/", "/s/")
"""Below these addresses a customer reads; the first page of the house would ask him to sign in as staff."""


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"ui/errors/{status}.html", _start(request), status=status)


def _start(request: HttpRequest) -> dict[str, str]:
    return {"start_url": OF_CUSTOMERS[0]} if request.path.startswith(OF_CUSTOMERS) else {}


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request cannot be understood."""
    return _page(request, 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this."""
    return _page(request, 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing here, or nothing this person may know of."""
    return _page(request, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Something broke. Rendered without context processors: what broke may be one of them.

    A database that is away is no fault of the page: 503, with the word to come back.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError)
    status = 503 if is_away else 500
    template = loader.get_template(f"ui/errors/{status}.html")
    response = HttpResponse(template.render({"request": _Bare(request)}), status=status)
    if is_away:
        response["Retry-After"] = "3"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was kept open for too long, or was posted from elsewhere."""
    return render(request, "ui/errors/csrf.html", _start(request), status=403)


class _Bare:
    """As much of a request as a page without context processors may touch."""

    def __init__(self, request: HttpRequest) -> None:
        self.csp_nonce = getattr(request, "csp_nonce", "")
        self.COOKIES = request.COOKIES
