"""Who asks, and whether this door is theirs."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from tightrope.core import clock
from tightrope.core.actor import NOBODY, Actor, Kind
from tightrope.core.statements import Given, written
from tightrope.people import queries
from tightrope.people.access import Audience, Denied
from tightrope.people.models import ApiKey

Answer = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Sets `request.actor`: by API key below /api/, by session elsewhere, else nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = self._actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        if actor.kind is Kind.STAFF and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(actor.language)
            request.LANGUAGE_CODE = actor.language
        with structlog.contextvars.bound_contextvars(actor=f"{actor.kind}:{actor.id}", path=request.path):
            if actor is NOBODY:
                return self.get_response(request)
            with timezone.override(zoneinfo.ZoneInfo(actor.time_zone)):
                return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor:
        if request.path.startswith("/api/"):
            key = _presented_key(request)
            found = queries.actor_of_key(key, at=clock.now()) if key else None
            return found or NOBODY
        _read_session(request)
        _read_user(request)
        user = request.user
        return queries.actor_of(user) if user.is_authenticated else NOBODY  # type: ignore[arg-type]


def _presented_key(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key if scheme == "Bearer" else ""


ENDED: dict[ApiKey.Ending, tuple[str, str]] = {
    ApiKey.Ending.REVOKED: ("key revoked", "An administrator ended this key."),
    ApiKey.Ending.EXPIRED: ("key expired", "This key was made for a time that is over."),
    ApiKey.Ending.STOPPED: (
        "key stopped",
        "The person who answered for this key has left. An administrator can take it over.",
    ),
}
"""What a program is told whose key was good once, in the language of the interface."""


def _not_signed_in(request: HttpRequest) -> JsonResponse:
    """Says to a program with a key that was good once what became of it, and to all others nothing."""
    key = _presented_key(request)
    ending = queries.ending_of_key(key, at=clock.now()) if key else None
    if ending is None:
        return JsonResponse({"status": 401, "title": "not signed in"}, status=401)
    title, detail = ENDED[ending]
    return JsonResponse({"status": 401, "title": title, "detail": detail}, status=401)


def _read_session(request: HttpRequest) -> None:
    """Read the session with a statement that is written already, before Django would write one anew.

    What is not there, or is over, is left to Django, which then gives up the name of the session too.
    """
    session = request.session
    if not isinstance(session, SessionStore) or not session.session_key or hasattr(session, "_session_cache"):
        return
    row = written(
        "session",
        lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")),
    ).first(key=session.session_key, now=timezone.now())
    if row is not None:
        session._session_cache = session.decode(row.session_data)  # type: ignore[attr-defined]


def _read_user(request: HttpRequest) -> None:
    """The user of the session with what he may do, in one statement that is written already.

    Whatever is not quite as it should be (another backend, another password) is left to Django to judge.
    """
    session = request.session
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or hasattr(
        request, "_cached_user"
    ):
        return
    number = str(session.get(SESSION_KEY, ""))
    user = queries.user_with_reach(int(number)) if number.isdecimal() and len(number) < 19 else None
    if user is None or not user.is_active:
        return
    if constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        request._cached_user = user  # type: ignore[attr-defined]


class PolicyMiddleware:
    """Enforces the one policy table. A route that is in no table is refused for everybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._policy: dict[str, dict[str, Any]] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if self._policy is None:
            self._policy = import_string(settings.ROUTE_POLICY)
        match = request.resolver_match
        name = match.view_name if match else ""
        rule = self._policy.get(name)
        if rule is None:
            raise ImproperlyConfigured(f"route {name or request.path!r} is in no policy table")
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else str(request.method)
        if method not in rule:
            return HttpResponseNotAllowed(sorted(rule))
        if self._admits(request, rule[method]):
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if request.path.startswith("/api/"):
            if actor is NOBODY:
                return _not_signed_in(request)
            return JsonResponse({"status": 403, "title": "denied"}, status=403)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if method == "GET" else "/")
        raise Denied(str(rule[method]))

    def _admits(self, request: HttpRequest, wanted: Any) -> bool:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if isinstance(wanted, (tuple, list, set, frozenset)):
            return any(self._admits(request, one) for one in wanted)
        match wanted:
            case Audience.ANYONE | Audience.LINK:
                return True
            case Audience.SIGNED_IN:
                return request.user.is_authenticated
            case Audience.STAFF:
                return actor.is_staff
            case Audience.CUSTOMER:
                return actor.is_customer
        return actor.may(str(wanted))
