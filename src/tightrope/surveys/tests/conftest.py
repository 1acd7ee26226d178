"""Every test of opinions happens on the cast's morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests import cast

from tightrope.core import clock


@pytest.fixture(autouse=True)
def wednesday_morning() -> Iterator[None]:
    with clock.standing_at(cast.NOW):
        yield
