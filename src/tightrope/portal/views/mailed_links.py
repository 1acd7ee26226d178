"""Links that came by mail: whoever presses the one button on their page has read that mailbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from tightrope.core import clock, throttle
from tightrope.portal import actions, forms
from tightrope.portal.views.doors import ip_of, page, too_many

MOST_TRIED_BY_ONE = 30


def allow_from(request: HttpRequest, what: str, at_most: int) -> None:
    """So many tries an hour from one place. Raises throttle.TooMany."""
    throttle.allow(f"{what}:{ip_of(request)}", at_most=at_most, within=timedelta(hours=1), at=clock.now())


def behind_a_button(
    request: HttpRequest,
    template: str,
    use: Callable[[], HttpResponse],
    *,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with one button, because scanners open links too; pressing it uses the link. A link that has ended
    or never was is said so, the same way for both (404).
    """
    if request.method != "POST":
        response = page(request, template, context)
        response["Referrer-Policy"] = "same-origin"
        return response
    try:
        allow_from(request, "portal.entry", MOST_TRIED_BY_ONE)
        return use()
    except throttle.TooMany as many:
        return too_many(request, many)
    except actions.BadProof:
        return page(request, "portal/bad_proof.html", {"form": forms.AddressForm()}, status=404)
