"""Who works at the desk in these tests, and on what."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions
from tightrope.cases.tests import factories
from tightrope.core import clock


@pytest.fixture
def zhou():
    """周敏 as a doer."""
    return cast.actor(cast.zhou_min())


@pytest.fixture
def case(zhou):
    """A case that 周敏 has accepted."""
    return actions.accept_case(factories.case(), by=zhou, at=cast.NOW)


@pytest.fixture
def ten_o_clock():
    """It is ten, half an hour after the tests' usual instant, and the company promises something."""
    factories.policies()
    with clock.standing_at(cast.NOW + timedelta(minutes=30)):
        yield
