"""The kinds of notices there are; capabilities register theirs when they are loaded."""

from __future__ import annotations

from typing import Any

from tightrope.notices.models import Preference

_kinds: dict[str, tuple[Any, str]] = {}


def register(kind: str, label: Any, *, way: str = Preference.Way.DIGEST) -> None:
    """Make a kind known with the words of its preference and how people are told when they chose nothing."""
    _kinds[kind] = (label, way)


def known_kinds() -> dict[str, tuple[Any, str]]:
    """Every kind with its label and usual way."""
    return dict(_kinds)


def usual_way(kind: str) -> str:
    """How people are told of this kind when they chose nothing."""
    return _kinds.get(kind, ("", Preference.Way.DIGEST))[1]
