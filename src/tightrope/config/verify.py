"""`tightrope verify`: does everything still follow from what happened? Customers may run it any time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from tightrope.core.db import without_limits
from tightrope.timeline.verify import broken_chains

Check = Callable[[], list[str]]


def checks() -> Iterator[tuple[str, Check]]:
    """Every capability's check, the timeline's first."""
    yield "timeline", broken_chains
    for capability in settings.CAPABILITIES:
        if capability != "timeline" and find_spec(f"tightrope.{capability}.verify"):
            yield capability, import_module(f"tightrope.{capability}.verify").contradictions


def differences() -> list[str]:
    """A sentence for each thing that is lost, doubled or contradicts; empty when all is well."""
    with without_limits():
        return [f"{name}: {sentence}" for name, check in checks() for sentence in check()]


def run() -> int:
    """Print what was found; 1 when there was anything."""
    found = differences()
    for sentence in found:
        sys.stdout.write(sentence + "\n")
    names = ", ".join(name for name, _ in checks())
    sys.stdout.write(f"Checked {names}: {len(found)} difference(s).\n")
    return 1 if found else 0
