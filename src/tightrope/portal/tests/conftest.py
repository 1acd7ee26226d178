"""The portal as it is wired: who asks is told by its middleware, right after that of the staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests import cast

from tightrope.core import clock

OURS = "tightrope.portal.middleware.PortalActor"
STAFF = "tightrope.people.middleware.ActorMiddleware"


@pytest.fixture(autouse=True)
def wired(settings) -> None:
    settings.EMAIL_BACKEND = "tightrope.channels.backend.KeptMail"
    if OURS not in settings.MIDDLEWARE:
        place = settings.MIDDLEWARE.index(STAFF) + 1
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], OURS, *settings.MIDDLEWARE[place:]]


@pytest.fixture(autouse=True)
def wednesday_morning() -> Iterator[None]:
    with clock.standing_at(cast.NOW):
        yield
