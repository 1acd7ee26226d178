"""The page of results, as staff see it."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.test import Client
from django.utils import translation
from tests import cast

from tightrope import search
from tightrope.core import clock
from tightrope.search.tests.factories import START, Shelf
from tightrope.ui import format as written
from tightrope.ui.drawn import kept_html


@pytest.fixture
def desk(shelf: Shelf) -> Client:
    client = Client()
    client.force_login(cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_hit_says_what_and_whose_it_is_and_nothing_of_it_is_markup(desk: Client, shelf: Shelf) -> None:
    def present(ids: Collection[int]) -> dict[int, search.Hit]:
        return {
            one: search.Hit("<b>漏水</b>", f"/thing/{one}/", hint="恒通 & Co.", light="late") for one in ids
        }

    search.register("thing", visible=shelf.visible, present=present, label="Things")
    shelf.put("漏水")

    with clock.standing_at(START):
        page = desk.get("/search/", {"q": "漏水"}).content.decode()

    assert "<b>&lt;b&gt;漏水&lt;/b&gt;</b>" in page
    assert "恒通 &amp; Co." in page
    assert 'href="/thing/1/"' in page
    with translation.override("zh-hans"):
        assert kept_html("light", light="late") in page
        assert written.day(START, now=START) in page


def test_what_is_shown_while_typing_is_a_part_of_the_page(desk: Client, shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(f"漏水 {number}")

    part = desk.get("/search/", {"q": "漏水"}, headers={"hx-request": "true"}).content.decode()
    page = desk.get("/search/", {"q": "漏水"}).content.decode()

    assert part.strip() in page
    assert part.count("data-key-row") == 6
    assert "kind=thing" in part


def test_all_of_a_kind_come_page_by_page(desk: Client, shelf: Shelf) -> None:
    for number in range(40):
        shelf.put(f"漏水 {number}")

    first = desk.get("/search/", {"q": "漏水", "kind": "thing"}).content.decode()
    mark = first.split("after=")[1].split('"')[0]
    second = desk.get("/search/", {"q": "漏水", "kind": "thing", "after": mark}).content.decode()

    assert (first.count("data-key-row"), second.count("data-key-row")) == (30, 10)
    assert desk.get("/search/", {"q": "漏水", "kind": "thing", "after": "x"}).status_code == 400


def test_nothing_found_is_said(desk: Client) -> None:
    page = desk.get("/search/", {"q": "曳引机"}).content.decode()

    assert "data-key-row" not in page
    assert "曳引机" in page
