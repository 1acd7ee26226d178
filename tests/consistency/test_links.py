"""No page points where its reader may not go: links arrive, and forms send to where he may send."""

from __future__ import annotations

import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.consistency.world import LATER, Doer, World
from tests.test_permissions import admits
from tightrope.config.policy import POLICY
from tightrope.core import clock
from tightrope.measures import actions as measures

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)', re.DOTALL)
FORM = re.compile(r'<form\b[^>]*?\bmethod="post"[^>]*', re.DOTALL)
ACTION = re.compile(r'\baction="([^"]+)')
OF_ONE_KIND = 2
"""How many addresses of one route are followed with the same parameters: the first ones say how the rest are."""


@pytest.fixture
def world(settings, tmp_path) -> Iterator[World]:
    settings.FILES_ROOT = tmp_path / "files"
    logging.disable(logging.CRITICAL)
    with clock.standing_at(LATER):
        yield World()
    logging.disable(logging.NOTSET)


def dead_links(doer: Doer, start: str) -> tuple[list[str], int]:
    """Follow what is shown from page to page. Returns the links that led nowhere, and how many were followed."""
    ahead, known, kinds = deque([("", start)]), {start}, Counter[tuple[str, ...]]()
    dead = []
    while ahead:
        page, address = ahead.popleft()
        answer = doer.client.get(address)
        if answer.status_code >= 400:
            dead.append(f"{doer.name}: {page} → {address}: {answer.status_code}")
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            target = answer.headers.get("Location", "")
            found = [target] if target else []
        else:
            words = answer.content.decode()
            found = [unescape(one) for one in LINK.findall(words)]
            dead += [f"{doer.name}: {address} ⇒ {one}" for one in closed_forms(doer, address, words)]
        for one in found:
            parts = urlsplit(urljoin(address, one))
            if parts.scheme or parts.netloc:
                continue
            further = parts.path + (f"?{parts.query}" if parts.query else "")
            kind = _kind(parts.path, parts.query)
            if further not in known and kinds[kind] < OF_ONE_KIND:
                kinds[kind] += 1
                known.add(further)
                ahead.append((address, further))
    return dead, len(known)


def closed_forms(doer: Doer, page: str, words: str) -> Iterator[str]:
    """The forms of a page that send to where this doer may not send."""
    for form in FORM.findall(words):
        action = ACTION.search(form)
        path = urlsplit(urljoin(page, unescape(action.group(1)) if action else "")).path
        rule = POLICY[resolve(path).view_name].get("POST")
        if rule is None or not admits(rule, doer.at(path), doer):
            yield path


def _kind(path: str, query: str) -> tuple[str, ...]:
    try:
        name = resolve(path).view_name
    except Resolver404:
        name = path
    return name, *sorted(part.partition("=")[0] for part in query.split("&"))


@pytest.mark.timeout(600)
def test_whoever_follows_a_link_he_is_shown_arrives(world: World):
    measures.take_figures(at=LATER)  # every figure leads to its rows
    dead, followed = [], 0
    for doer in world.doers:
        if not doer.is_signed_in:
            continue
        found, count = dead_links(doer, "/")
        dead += found
        followed += count

    assert dead == [], "\n".join(["", *dead])
    assert followed > 200


def test_whoever_comes_with_a_private_link_finds_no_closed_door(world: World):
    doer = next(doer for doer in world.doers if doer.name.startswith("anonymous"))

    dead, followed = dead_links(doer, f"/s/{world.a.link.token}/")

    assert dead == []
    assert followed > 3
