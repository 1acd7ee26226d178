"""From what stands in an address to the promise itself, or to "there is no such page"."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tightrope.core.actor import Actor
from tightrope.promises import access
from tightrope.promises.models import Promise


def doer(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def promise_or_404(request: HttpRequest, public_id: str) -> Promise:
    """The promise, when it is this doer's to see."""
    try:
        return access.promise_for(doer(request), public_id)
    except Promise.DoesNotExist:
        raise Http404("promise") from None


def url_of(promise: Promise) -> str:
    """The page of a promise."""
    return reverse("promises:promise", args=[promise.public_id])


def new_token() -> str:
    """What makes a second press of the same button known as such."""
    return secrets.token_urlsafe(16)


def done(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say what was done."""
    messages.success(request, sentence)
    return HttpResponseRedirect(url, status=303)


def refused(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say why nothing was done."""
    messages.error(request, sentence)
    return HttpResponseRedirect(url, status=303)
