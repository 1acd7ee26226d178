"""Who works at the desk in these tests, and on what."""

import pytest
from tests import cast

from tightrope.cases import actions
from tightrope.cases.tests import factories


@pytest.fixture
def zhou():
    """周敏 as a doer."""
    return cast.actor(cast.zhou_min())


@pytest.fixture
def case(zhou):
    """A case that 周敏 has accepted."""
    return actions.accept_case(factories.case(), by=zhou, at=cast.NOW)
