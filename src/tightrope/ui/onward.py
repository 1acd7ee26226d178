"""After a button was pressed: who pressed it, and the page that is seen next, with a sentence on it."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tightrope.core.actor import Actor


def doer(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def new_token() -> str:
    """What makes a second press of the same button known as such."""
    return secrets.token_urlsafe(16)


def done(request: HttpRequest, url: str, sentence: str = "") -> HttpResponse:
    """See another page (303) and say what was done."""
    if sentence:
        messages.success(request, sentence)
    return HttpResponseRedirect(url, status=303)


def refused(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say why nothing was done."""
    messages.error(request, sentence)
    return HttpResponseRedirect(url, status=303)
