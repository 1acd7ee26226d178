"""These tests kill and break things for minutes: they run when they are asked for by name, or by TIGHTROPE_FAULTS=1."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder out unless the command line names it or something in it."""
    if os.environ.get("TIGHTROPE_FAULTS") == "1":
        return None
    named = [Path(config.invocation_params.dir, word.partition("::")[0]).resolve() for word in config.args]
    is_asked_for = any(path == HERE or HERE in path.parents for path in named)
    return None if is_asked_for else True
