"""Who asks when a customer asks: the contact behind a sign-in, or the holder of a private link."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from tightrope.core.actor import NOBODY, Actor, Kind
from tightrope.customers import queries
from tightrope.portal import access

Answer = Callable[[HttpRequest], HttpResponse]

LINK = re.compile(r"^/s/([\w-]{22})/")
LIVE_COOKIE = "followed"
"""Tokens of private links whose pages are open, sent to `/live` alone: an event stream cannot carry them."""
MOST_FOLLOWED = 5


class PortalActor:
    """Sets `request.actor` for customers.

    Below `/portal/` it is the contact who signed in, never the member of staff he may also be. Elsewhere
    (files, live updates) a contact without any role acts as himself. Below `/s/<token>/` it is the link.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = self._actor(request)
        if actor is None:
            return self.get_response(request)
        request.actor = actor  # type: ignore[attr-defined]
        if actor is NOBODY:
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(actor.language)
            request.LANGUAGE_CODE = actor.language  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(actor.time_zone)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Who is not signed in is asked to do so here, not at the door of the staff."""
        match = request.resolver_match
        if match is None or match.view_name not in access.MEMBERS_ONLY or request.user.is_authenticated:
            return None
        wanted = request.get_full_path() if request.method == "GET" else reverse("portal:home")
        return redirect(f"{reverse('portal:sign_in')}?{urlencode({'next': wanted})}")

    def _actor(self, request: HttpRequest) -> Actor | None:
        """The customer who asks; None leaves the doer as he is."""
        before: Actor = request.actor  # type: ignore[attr-defined]
        if request.path.startswith("/s/"):
            return self._holder(request)
        if request.path.startswith("/portal/"):
            return self._contact(request)
        if before.kind is not Kind.NOBODY:
            return None
        if request.path == "/live":
            return self._follower(request) or self._contact(request)
        return self._contact(request) if request.path.startswith("/files/") else None

    def _contact(self, request: HttpRequest) -> Actor:
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return NOBODY
        contact = queries.contact_of_user(user.pk)
        request.contact = contact  # type: ignore[attr-defined]
        return queries.actor_of_contact(contact) if contact else NOBODY

    def _holder(self, request: HttpRequest) -> Actor:
        match = LINK.match(request.path)
        link = access.link_for(match[1]) if match else None
        request.private_link = link  # type: ignore[attr-defined]
        if link is None:
            return NOBODY
        return link.actor()

    def _follower(self, request: HttpRequest) -> Actor | None:
        """The holder of the link whose page asks to be told of its case."""
        topics = request.GET.getlist("topic")
        for token in followed(request):
            link = access.link_for(token)
            if link is not None and topics == [f"case:{link.case.public_id}"]:
                return link.actor()
        return None


def followed(request: HttpRequest) -> list[str]:
    """The tokens a browser follows, the newest first."""
    kept = request.COOKIES.get(LIVE_COOKIE, "")
    return [token for token in kept.split(".") if re.fullmatch(r"[\w-]{22}", token)][:MOST_FOLLOWED]


def follow(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Let the open page of a private link hear of changes."""
    tokens = list(dict.fromkeys([token, *followed(request)]))[:MOST_FOLLOWED]
    response.set_cookie(
        LIVE_COOKIE,
        ".".join(tokens),
        path="/live",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
