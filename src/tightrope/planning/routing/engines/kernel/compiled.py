"""Compile the inner loops when numba is there, and run them as plain Python when it is not.

The machine code is kept in a folder of the user's cache that is named after the sources, because
numba only notices a change in the file of the function itself and would go on using stale code
after a change in one that it calls.

Compiling takes most of a minute of CPU time once. With ``TIGHTROPE_PLAIN_LOOPS`` set in the environment
nothing is compiled: the same results, some hundred times slower, which suits small tests.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., object])


def _cache_folder() -> str:
    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        sources.update(path.read_bytes())
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return str(Path(root) / "tightrope" / f"routing-{version}-{sources.hexdigest()[:16]}")


try:
    import numba
    from numba.core import config as numba_config
except ImportError:
    is_compiled = False
else:
    config: Any = numba_config
    is_compiled = not config.DISABLE_JIT and not os.environ.get("TIGHTROPE_PLAIN_LOOPS")


def compiled(function: F) -> F:
    """Compile on first use and keep the machine code between runs; unchanged without numba."""
    return _compile(function)


def inner(function: F) -> F:
    """Compile a function that only compiled ones call.

    It gets no entry from Python: unpacking the arrays of `Facts` and `State` is most of the code of
    a small function and most of its compile time.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined(function: F) -> F:
    """As `inner`, and always made part of its caller: for a few lines in the hottest loops."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def _compile(function: F, **options: bool) -> F:
    """Compile without reference counting: nothing is allocated here, and counting took half the time."""
    if not is_compiled:
        return function
    njit: Any = numba.njit
    before = config.CACHE_DIR
    config.CACHE_DIR = _cache_folder()
    try:
        machine_code: F = njit(cache=True, nogil=True, error_model="numpy", _nrt=False, **options)(function)
    finally:
        config.CACHE_DIR = before
    return machine_code
