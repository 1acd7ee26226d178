"""From what stands in an address to the promise itself, or to "there is no such page"."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from tightrope.promises import access
from tightrope.promises.models import Promise
from tightrope.ui.onward import doer


def promise_or_404(request: HttpRequest, public_id: str) -> Promise:
    """The promise, when it is this doer's to see."""
    try:
        return access.promise_for(doer(request), public_id)
    except Promise.DoesNotExist:
        raise Http404("promise") from None


def url_of(promise: Promise) -> str:
    """The page of a promise."""
    return reverse("promises:promise", args=[promise.public_id])
