"""Contents lie in a folder of each test's own; sentences are read in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_SCANNER = ""
    return settings.FILES_ROOT


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield
