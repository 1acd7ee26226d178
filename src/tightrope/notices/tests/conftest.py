"""Letters are read in English here, whatever language the page of another test left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from tightrope.notices import kinds


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _kinds(monkeypatch, settings) -> None:
    """Three kinds of our own, and letters that stay in this process."""
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register("test.digest", "Told in the morning")
    kinds.register("test.mail", "Told at once", way="mail")
    kinds.register("test.off", "Not told", way="off")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
