"""`tightrope check`: what an administrator would look at one by one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import tightrope
from tightrope.runtime.embedded import database
from tightrope.runtime.fitness import check_server
from tightrope.runtime.migration import is_current
from tightrope.runtime.problems import RuntimeProblem

LITTLE_SPACE = 2_000_000_000
PACKAGE = Path(tightrope.__file__).parent


def faults_of_machine(var: Path) -> Iterator[tuple[str, str]]:
    """Each subject with its fault, "" when it is well."""
    yield f"Python {sys.version_info.major}.{sys.version_info.minor}", _python()
    yield f"data folder {var}", _space(var)
    yield "front-end files", _vendor()
    yield "translations", _translations()
    try:
        with database(var) as url:
            yield "database", _told(lambda: check_server(url))
            yield "migrations", "" if is_current(url) else "not known to be complete: run `tightrope migrate`"
    except RuntimeProblem as problem:
        yield "database", str(problem)


def _told(look: Callable[[], None]) -> str:
    try:
        look()
    except RuntimeProblem as problem:
        return str(problem)
    return ""


def _python() -> str:
    return "" if sys.version_info >= (3, 11) else "3.11 or newer is needed"


def _space(var: Path) -> str:
    free = shutil.disk_usage(var).free
    return "" if free > LITTLE_SPACE else f"only {free // 1_000_000} MB are free"


def _vendor() -> str:
    present = (PACKAGE / "ui" / "static" / "vendor" / "manifest.json").exists()
    return (
        ""
        if present
        else "missing: pages work without their small comforts; run `make setup` where npm is installed"
    )


def _translations() -> str:
    catalogues = list(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
    stale = [path for path in catalogues if not path.with_suffix(".mo").exists()]
    return f"{len(stale)} catalogues are not compiled: run `make setup`" if stale else ""
