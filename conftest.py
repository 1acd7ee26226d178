"""What every test of the project shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Caches that outlive a rolled-back transaction would tell the next test of tables that are not there."""
    yield
    from tightrope.core import partitions

    partitions._known.clear()
