"""For pytest: a throw-away PostgreSQL for the whole run, unless DATABASE_URL names a server.

Enabled by `-p tightrope.runtime.testing`. It acts before Django's settings are read, once for all processes of
a parallel run. TIGHTROPE_TEST_POSTGRES=system takes the distribution's server instead of the wheel's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tightrope.runtime.temporary import temporary_server

_started = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    os.environ.setdefault("TIGHTROPE_MODE", "test")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = _started.enter_context(temporary_server()).url()
        if not os.environ.get("TIGHTROPE_VAR"):
            os.environ["TIGHTROPE_VAR"] = _started.enter_context(
                tempfile.TemporaryDirectory(prefix="tightrope-var-")
            )
    return (yield)


def pytest_unconfigure() -> None:
    _started.close()
