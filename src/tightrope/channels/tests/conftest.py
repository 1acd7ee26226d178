"""The company's mail: kept, unless a test has a mail server outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.outside import Outside, mail_server, send_as_company


@pytest.fixture(autouse=True)
def _our_domain(settings, tmp_path):
    send_as_company(settings)
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def outside(settings) -> Iterator[Outside]:
    with mail_server() as outside:
        send_as_company(settings, outside)
        yield outside
