"""Forged forms, forged hosts and nonsense in addresses: refused in order, at every route."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import cast
from tests.consistency.world import LATER, World
from tests.test_permissions import ARGUMENTS, ROUTES, address_of
from tightrope.config.policy import POLICY
from tightrope.core import clock
from tightrope.people.models import User

pytestmark = pytest.mark.django_db

WITHOUT_TOKEN = {
    "config:csp_report",  # the browser itself sends it
}
"""Routes that take a POST from anywhere, each with its reason."""

NONSENSE = ("\x00", "a\x00b", "%", "'", "../..", "𐍈" * 40, "9" * 40, "-1")
NUMBERS = (0, 2**31, 2**63 - 1, 2**63, 10**30)


@pytest.fixture(autouse=True)
def _at_work(settings, tmp_path) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path / "files"
    logging.disable(logging.CRITICAL)
    with clock.standing_at(LATER):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(_at_work) -> World:
    return World()


def browser(user: User, **choices: bool) -> Client:
    client = Client(raise_request_exception=False, **choices)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_form_is_taken_without_its_token_or_from_another_site(world: World):
    client = browser(cast.administrator(), enforce_csrf_checks=True)
    taken = []
    for route in ROUTES:
        path, _thing = address_of(world, route, world.a)
        if "POST" not in POLICY[route] or path.startswith("/api/") or route in WITHOUT_TOKEN:
            continue
        for headers in ({}, {"origin": "https://evil.example"}, {"referer": "https://evil.example/x"}):
            with transaction.atomic():
                status = client.post(path, {}, headers=headers).status_code
                transaction.set_rollback(True)
            if status != 403:
                taken.append(f"{route} with {headers}: {status}")

    assert taken == []


def test_a_right_token_from_another_site_is_refused(world: World):
    client = browser(cast.zhou_min(), enforce_csrf_checks=True)
    page = client.get(reverse("notices:preferences"))
    token = page.context["csrf_token"]

    forged = client.post(
        reverse("notices:reading"),
        {"csrfmiddlewaretoken": str(token)},
        headers={"origin": "https://evil.example"},
    )

    assert forged.status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "testserver@evil.example", "a b", "[::1", ""]
)
def test_an_unknown_host_is_refused(host: str):
    client = Client(raise_request_exception=False)

    answer = (
        client.get("/accounts/login/", headers={"host": host})
        if host
        else client.get("/healthz", HTTP_HOST="")
    )

    assert answer.status_code in ({400} if host else {200, 400})
    assert b"evil.example" not in answer.content


def test_a_forwarded_host_or_name_is_not_believed(world: World):
    """Headers that a proxy would set say nothing when anybody can send them."""
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-proto": "https",
        "x-remote-user": "admin@hengyuan.example",
        "remote-user": "admin@hengyuan.example",
        "forwarded": "for=10.0.0.1;host=evil.example",
    }
    client = Client(raise_request_exception=False)

    login = client.get("/accounts/login/", headers=forged)
    people = client.get(reverse("people:list"), headers=forged)

    assert b"evil.example" not in login.content
    assert people.status_code == 302
    assert "evil.example" not in people["Location"]


@pytest.mark.timeout(300)
def test_nonsense_in_an_address_is_never_an_error_of_ours(world: World):
    broken = []
    staff = browser(cast.administrator())
    customer = browser(world.a.user)
    key = next(doer for doer in world.doers if doer.name == "key for everything")
    for route in ROUTES:
        wanted = ARGUMENTS[route]
        if not wanted or "GET" not in POLICY[route]:
            continue
        usual, _thing = world.names_for(route, wanted, world.a)
        for name in wanted:
            choices: tuple[object, ...] = NUMBERS if isinstance(usual[name], int) else NONSENSE
            for nonsense in choices:
                try:
                    path = reverse(route, kwargs={**usual, name: nonsense})
                except NoReverseMatch:
                    continue
                client = customer if route.startswith("portal:") else staff
                headers = key.headers if path.startswith("/api/") else {}
                with transaction.atomic():
                    status = client.get(path, headers=headers).status_code
                    transaction.set_rollback(True)
                if status >= 500:
                    broken.append(f"{route} with {name}={nonsense!r:.20}: {status}")

    assert broken == []


ASKED = ("q", "after", "before", "view", "type", "tag", "owner", "team", "category", "page", "sort", "score", "next",
         "month", "year", "state", "kind", "about", "account", "limit", "text", "topic", "language", "stage")  # fmt: skip


@pytest.mark.timeout(300)
def test_nonsense_behind_the_question_mark_is_never_an_error_of_ours(world: World):
    broken = []
    staff = browser(cast.administrator())
    key = next(doer for doer in world.doers if doer.name == "key for everything")
    for route in ROUTES:
        if "GET" not in POLICY[route] or route in {"config:ready", "live"}:
            continue
        path, _thing = address_of(world, route, world.a)
        headers = key.headers if path.startswith("/api/") else {}
        for nonsense in ("\x00", "9" * 25, "WyIyMDI2IiwgMV0", "'\"<%\u202e"):
            with transaction.atomic():
                answer = staff.get(path, dict.fromkeys(ASKED, nonsense), headers=headers)
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                error = (
                    f"{answer.exc_info[0].__name__}: {answer.exc_info[1]}"[:160] if answer.exc_info else ""
                )
                broken.append(f"{route}?…={nonsense!r}: {answer.status_code} {error}")

    assert broken == []
