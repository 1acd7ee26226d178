"""Reading what was given as JSON: every field by name, with the place in the message when it is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tightrope.planning.errors import BadProblem

Row = Mapping[str, Any]

LARGEST = 1e15
"""Size of a number from which it is refused: sums and products of larger ones lose their last digits, or overflow,
and nothing that is planned is as large."""


def row(given: object, where: str) -> Row:
    """A JSON object, or a refusal."""
    if not isinstance(given, Mapping):
        raise BadProblem(where, "must be an object with named fields")
    return given


def rows(given: Row, key: str, where: str) -> list[Row]:
    """A list of JSON objects under ``key``; an absent key is an empty list."""
    listed = given.get(key, [])
    if not isinstance(listed, list):
        raise BadProblem(where, f"{key} must be a list")
    return [row(one, f"{where}, {key} row {i}") for i, one in enumerate(listed)]


def only(given: Row, known: set[str], where: str) -> None:
    """Refuse fields that would be silently ignored, most often a misspelt name."""
    strange = sorted(set(given) - known)
    if strange:
        raise BadProblem(
            where, f"{', '.join(strange)} is not a known field; known: {', '.join(sorted(known))}"
        )


def word(given: Row, key: str, where: str, default: str | None = None) -> str:
    """A text that is not empty."""
    value = given.get(key, default)
    if not isinstance(value, str) or not value:
        raise BadProblem(where, f"{key} must be a text")
    return value


def finite(value: object, where: str, what: str = "") -> float:
    """A number that can be reckoned with. ``what`` stands before the message's words, with a space behind it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadProblem(where, f"{what}must be a number, not {value!r}")
    if abs(value) > LARGEST:
        raise BadProblem(where, f"{what}must be at most {LARGEST:g} in size, not {value:g}")
    return float(value)


def number(
    given: Row,
    key: str,
    where: str,
    *,
    low: float = 0.0,
    high: float = math.inf,
    default: float | None = None,
) -> float:
    """A finite number from ``low`` to ``high``."""
    value = finite(given.get(key, default), where, f"{key} ")
    if not low <= value <= high:
        bounds = f"from {low:g} on" if high == math.inf else f"from {low:g} to {high:g}"
        raise BadProblem(where, f"{key} must be {bounds}, not {value:g}")
    return value


def whole(given: Row, key: str, where: str, *, low: int = 0, default: int | None = None) -> int:
    """A whole number of at least ``low``."""
    value = number(given, key, where, low=low, default=default)
    if value != int(value):
        raise BadProblem(where, f"{key} must be a whole number, not {value:g}")
    return int(value)
