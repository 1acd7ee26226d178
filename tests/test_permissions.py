"""Every route x method x doer x own or another customer's: what the policy table says is what happens.

The cells are generated from the table. What is expected is computed here from the table and from
`visible_to`, apart from the middleware that enforces it. Each POST is rolled back.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.consistency.world import LATER, Doer, Side, World, may_see
from tightrope.config.api import api
from tightrope.config.policy import POLICY
from tightrope.core import clock
from tightrope.core.actor import NOBODY, Actor
from tightrope.people.access import Audience
from tightrope.portal.access import MEMBERS_ONLY

pytestmark = pytest.mark.django_db

OURS = "tightrope.portal.middleware.PortalActor"
STAFF_DOOR = "tightrope.people.middleware.ActorMiddleware"
MAY_BE_TOUCHED_BY_READING = {
    "core_heartbeat",  # /ready proves a write
    "core_counter",  # throttles
    "core_cache",  # the store of throttles that libraries keep
    "django_session",
    "usersessions_usersession",
    "django_content_type",
}
ENTERED = frozenset({200, 201, 202, 204, 302, 303, 400, 403, 404, 405, 409, 410, 413, 422, 429})
"""What may come of a request that was let in: done, or refused with a reason. Never an error of ours."""

WATCHED = frozenset(
    {"administrator", "engineer", "contact of 甲", "anonymous, with the link of 甲", "key for everything"}
)
"""Whose readings are looked at for writes: each way in once."""

NOT_READY = frozenset({"config:ready"})
"""Says 503 while no worker runs: that is its work."""

SIGN_IN_FAILED = frozenset({"socialaccount_login_error"})
"""Where the company's own sign-in sends whom it did not let in; the page says 401 to everybody."""


@pytest.fixture(autouse=True)
def _wired(settings, tmp_path) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path / "files"
    if OURS not in settings.MIDDLEWARE:
        place = settings.MIDDLEWARE.index(STAFF_DOOR) + 1
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], OURS, *settings.MIDDLEWARE[place:]]
    logging.disable(logging.CRITICAL)  # thousands of refusals, each a line
    with clock.standing_at(LATER):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(_wired) -> World:
    return World()


# -- addresses ---------------------------------------------------------------------------------------------


def _arguments(
    resolver: URLResolver, namespace: tuple[str, ...] = (), above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in resolver.url_patterns:
        named = above | set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            if entry.name:
                yield ":".join((*namespace, entry.name)), named
        else:
            yield from _arguments(
                entry, (*namespace, entry.namespace) if entry.namespace else namespace, named
            )


ARGUMENTS = dict(_arguments(get_resolver()))
SCHEMA = api.get_openapi_schema()
ROUTES = sorted(name for name in POLICY if name in ARGUMENTS)


def address_of(world: World, route: str, side: Side | None) -> tuple[str, Any]:
    """The address of a route for one side's thing, and the thing."""
    wanted = ARGUMENTS[route]
    kwargs, thing = world.names_for(route, wanted, side)
    return reverse(route, kwargs=kwargs), thing


# -- what is expected ----------------------------------------------------------------------------------------


def admits(rule: Any, actor: Actor, doer: Doer) -> bool:
    """What the table says of this doer, read a second time."""
    if isinstance(rule, (tuple, list, set, frozenset)):
        return any(admits(one, actor, doer) for one in rule)
    if rule in {Audience.ANYONE, Audience.LINK}:
        return True
    if rule == Audience.SIGNED_IN:
        return doer.is_signed_in
    if rule == Audience.STAFF:
        return actor.kind.value in {"staff", "key", "partner"}
    if rule == Audience.CUSTOMER:
        return actor.kind.value in {"contact", "link"}
    return str(rule) in actor.grants


def expected(route: str, method: str, doer: Doer, path: str, thing: Any) -> set[int]:
    """The statuses that may come back."""
    rules = POLICY[route]
    actor = doer.at(path)
    if route in MEMBERS_ONLY and not doer.is_signed_in:
        return {302, 405} if method not in rules else {302}
    if method not in rules:
        return {405}
    if not admits(rules[method], actor, doer):
        if path.startswith("/api/"):
            return {401} if actor is NOBODY else {403}
        return {403} if doer.is_signed_in else {302}
    if thing is not None and not may_see(actor, thing):
        return {404}
    if route in NOT_READY:
        return {200, 503}
    if route in SIGN_IN_FAILED:
        return {401} if method == "GET" else {405}
    return set(ENTERED)


# -- knocking ------------------------------------------------------------------------------------------------


def touched() -> Counter[str]:
    """How many rows of each table this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return Counter(dict(cursor.fetchall()))


@cache
def _written_operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Each operation of the interface that takes words: its method, its address, the form of its words."""
    found = []
    for path, operations in SCHEMA["paths"].items():
        address = re.compile(re.sub(r"{[^}]+}", "[^/]+", path))
        for method, operation in operations.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                found.append((method.upper(), address, content["schema"]))
    return found


def well_formed(method: str, path: str) -> Any:
    """Words of the form that the interface asks for at this address; their sense is nobody's."""
    for known, address, schema in _written_operations():
        if known == method and address.fullmatch(path):
            return _instance(schema)
    return {}


def _instance(schema: dict[str, Any]) -> Any:
    """The smallest thing of a schema: what must be there, and of that the first choice."""
    if "$ref" in schema:
        return _instance(SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choices in ("anyOf", "oneOf", "allOf"):
        if choices in schema:
            return _instance(schema[choices][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            facts = schema.get("properties", {})
            return {name: _instance(facts[name]) for name in schema.get("required", ())}
        case "array":
            return [_instance(schema["items"])] * schema.get("minItems", 0)
        case "string":
            return (
                LATER.isoformat() if schema.get("format") == "date-time" else "x" * schema.get("minLength", 1)
            )
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
    raise AssertionError(f"the matrix does not know what to write for {schema}")


def knock(doer: Doer, method: str, path: str, **headers: str) -> Any:
    """One request, of which nothing stays: neither rows nor cookies."""
    kept = {name: morsel.value for name, morsel in doer.client.cookies.items()}
    doer.client.raise_request_exception = False
    is_api = path.startswith("/api/")
    body = json.dumps(well_formed(method, path)) if is_api and method != "GET" else ""
    try:
        with transaction.atomic():
            answer = doer.client.generic(
                method,
                path,
                body,
                content_type="application/json" if is_api else "application/x-www-form-urlencoded",
                headers={**doer.headers, **headers},
            )
            transaction.set_rollback(True)
    finally:
        doer.client.cookies = SimpleCookie(kept)
    return answer


_ISSUED_ANEW = re.compile(
    rb"(?<=\"now\":\")[0-9T:+-]{25}(?=\")"  # the server's clock, to the second, for the clocks of the page
    rb"|(?<=name=\"csrfmiddlewaretoken\" value=\")[A-Za-z0-9]{64}(?=\")"  # masked anew in every answer
    rb"|(?<=\"X-CSRFToken\": \")[A-Za-z0-9]{64}(?=\")"  # the same for requests of the page itself
)
_NONCE = re.compile(r"'nonce-([^']+)'")


def said(answer: Any, path: str) -> bytes:
    """The answer's words without what is issued anew each time, and without the address it was asked for.

    What is left out is named one by one: the nonce that this very answer announces, the second, the tokens
    against forged forms in the two places where they stand, and the address, plain and as a parameter of another.
    """
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for nonce in set(_NONCE.findall(answer.headers.get("Content-Security-Policy", ""))):
        content = content.replace(nonce.encode(), b"NONCE")
    for address in (path, quote(path, safe=""), quote(path)):
        content = content.replace(address.encode(), b"ADDRESS")
    return _ISSUED_ANEW.sub(b"TOKEN", content)


def told(answer: Any, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that an answer tells: status, headers, words. How long it is follows from the words and the address."""
    headers = sorted(
        (name, _NONCE.sub("NONCE", value))
        for name, value in answer.headers.items()
        if name != "Content-Length"
    )
    return answer.status_code, headers, said(answer, path)


# -- the matrix ----------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_what_the_policy_table_says_is_what_happens(world: World, capsys):
    wrong: list[str] = []
    cells = 0
    for route in ROUTES:
        methods = [method for method in ("GET", "POST", "PATCH") if method in POLICY[route]]
        sides: list[Side | None] = [world.a, world.b] if _is_anybodys(world, route) else [world.a]
        for method in methods:
            for side in sides:
                path, thing = address_of(world, route, side)
                for doer in _who_knocks(world, route):
                    if side is world.b and method != "GET" and _is_let_in(route, method, doer, path, thing):
                        continue  # what comes of the act was seen on the other side
                    cells += 1
                    wrong += _judge(route, method, doer, path, thing)
    with capsys.disabled():
        print(f"\npermission matrix: {len(ROUTES)} routes, {len(world.doers)} doers, {cells} cells")
    assert wrong == [], "\n".join(["", *wrong[:60], f"{len(wrong)} of {cells} cells"])


def _who_knocks(world: World, route: str) -> list[Doer]:
    """Everybody; at the doors of libraries, which know only signed in or not, one of each kind."""
    if ":" in route:
        return world.doers
    return [doer for doer in world.doers if doer.name in WATCHED]


def _is_let_in(route: str, method: str, doer: Doer, path: str, thing: Any) -> bool:
    return expected(route, method, doer, path, thing) == ENTERED


def _is_anybodys(world: World, route: str) -> bool:
    """Whether the route leads to a thing of one customer."""
    return address_of(world, route, world.a)[0] != address_of(world, route, world.b)[0]


def _judge(route: str, method: str, doer: Doer, path: str, thing: Any) -> list[str]:
    wanted = expected(route, method, doer, path, thing)
    is_watched = method == "GET" and doer.name in WATCHED
    before = touched() if is_watched else Counter()
    answer = knock(doer, method, path)
    found = []
    if answer.status_code not in wanted:
        error = f" {answer.exc_info[0].__name__}: {answer.exc_info[1]}" if answer.exc_info else ""
        found.append(f"{method} {route} as {doer.name}: {answer.status_code}, not {_short(wanted)}{error}")
    if is_watched:
        written = touched() - before
        tables = {table for table in written if not table.startswith(tuple(MAY_BE_TOUCHED_BY_READING))}
        if tables:
            found.append(f"GET {route} as {doer.name} writes to {', '.join(sorted(tables))}")
    return found


def _short(wanted: set[int]) -> str:
    return "an answer" if wanted == ENTERED else " or ".join(str(status) for status in sorted(wanted))


@pytest.mark.timeout(600)
def test_no_other_method_enters_anywhere(world: World):
    """What the table does not list is refused, for the mightiest and for nobody."""
    wrong = []
    doers = [doer for doer in world.doers if doer.name in {"administrator", "key for everything"}]
    doers.append(world.doers[-3])
    for route in ROUTES:
        path, _thing = address_of(world, route, world.a)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(POLICY[route]):
            for doer in doers:
                status = knock(doer, method, path).status_code
                allowed = {405, 302} if route in MEMBERS_ONLY else {405}
                if status not in allowed:
                    wrong.append(f"{method} {route} as {doer.name}: {status}")

    assert wrong == []


@pytest.mark.timeout(600)
def test_what_is_not_ones_own_answers_like_what_never_was(world: World):
    """A stranger cannot tell a thing of others from a name that leads nowhere."""
    wrong = []
    for route in ROUTES:
        if "GET" not in POLICY[route] or not _is_anybodys(world, route):
            continue
        for side in (world.a, world.b):
            path, thing = address_of(world, route, side)
            nothing, _none = address_of(world, route, None)
            for doer in world.doers:
                actor = doer.at(path)
                if thing is None or not admits(POLICY[route]["GET"], actor, doer) or may_see(actor, thing):
                    continue
                one, other = knock(doer, "GET", path), knock(doer, "GET", nothing)
                if told(one, path) != told(other, nothing):
                    wrong.append(f"{route} as {doer.name}: {one.status_code} and {other.status_code}")

    assert wrong == []


def test_a_customer_enters_no_page_of_the_staff(world: World):
    """Whatever else is true of a route that asks for a permission or for staff: a customer is not let in."""
    customers = [doer for doer in world.doers if doer.contact is not NOBODY]
    entered = []
    for route in ROUTES:
        for method, rule in POLICY[route].items():
            named = set(rule) if isinstance(rule, (tuple, list, set, frozenset)) else {rule}
            if any(one in named for one in Audience if one is not Audience.STAFF):
                continue
            path, _thing = address_of(world, route, world.a)
            for doer in customers:
                status = knock(doer, method, path).status_code
                if status not in {401, 403, 404}:
                    entered.append(f"{method} {route} as {doer.name}: {status}")

    assert entered == []


def test_a_private_link_opens_its_own_case_and_no_file_of_others(world: World):
    anonymous = Doer("anonymous", Client())
    own = reverse("portal:link", kwargs={"token": world.a.link.token})
    revoked = reverse("portal:link", kwargs={"token": world.b.link.token})
    type(world.b.link).objects.filter(pk=world.b.link.pk).update(revoked_at=LATER)

    page = knock(anonymous, "GET", own)

    assert page.status_code == 200
    assert world.a.case.title in page.content.decode()
    assert world.b.account.name not in page.content.decode()
    assert knock(anonymous, "GET", revoked).status_code == 404
    for route in ("portal:link_file", "portal:link_picture", "portal:link_thumbnail"):
        if route not in ARGUMENTS:
            continue
        kwargs, _thing = world.names_for(route, ARGUMENTS[route], world.b)
        mixed = reverse(route, kwargs={**kwargs, "token": world.a.link.token})
        assert knock(anonymous, "GET", mixed).status_code == 404


def test_every_route_can_be_addressed():
    """A route of the table whose address cannot be made would silently fall out of the matrix."""
    unmade = []
    for name in POLICY:
        if name in ARGUMENTS or name.startswith(("account_", "mfa_", "socialaccount_", "openid_connect_")):
            continue
        try:
            reverse(name)
        except NoReverseMatch:
            unmade.append(name)

    assert unmade == []
