from __future__ import annotations

import pytest

from tightrope import search
from tightrope.search import registry
from tightrope.search.tests.factories import Shelf


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, db: None) -> Shelf:
    """The only kind of thing there is."""
    monkeypatch.setattr(registry, "_kinds", {})
    shelf = Shelf("thing")
    search.register("thing", visible=shelf.visible, present=shelf.present, label="Things")
    return shelf


@pytest.fixture
def other_shelf(shelf: Shelf) -> Shelf:
    """A second kind beside the first."""
    other = Shelf("story")
    search.register("story", visible=other.visible, present=other.present, label="Stories")
    return other
