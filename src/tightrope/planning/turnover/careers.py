"""How long people stayed, as it is known: who left when and why, who is still here, since when known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNSTATED = "not stated"


class TooLittleData(BadProblem):
    """An answer would be a guess: the message says what is there and what is needed."""


@dataclass(frozen=True, slots=True)
class Careers:
    """``n`` people, in months.

    Attributes
    ----------
    tenure : (n,) float
        Months from joining to leaving, or to today for those still here. Above ``entered``.
    left : (n,) bool
        True for those who left.
    entered : (n,) float
        Months of service when the records began; 0 for those hired since. Who had left before the
        records began is not in them (left truncation).
    reasons, groups : n words
        Why somebody left; region, manager or year of joining. "not stated" where nothing was given.
    """

    tenure: Floats
    left: Bools
    entered: Floats
    reasons: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def leavers(self) -> int:
        """How many left."""
        return int(self.left.sum())

    @property
    def person_months(self) -> float:
        """Months of service on record."""
        return float((self.tenure - self.entered).sum())

    def __len__(self) -> int:
        return int(self.tenure.size)


def careers(
    tenure: ArrayLike,
    *,
    left: ArrayLike,
    entered: ArrayLike | None = None,
    reasons: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> Careers:
    """Check the records and make them :class:`Careers`; refuses the first impossible one by name."""
    months = np.asarray(tenure, dtype=np.float64)
    n = months.size
    if months.ndim != 1 or n == 0:
        raise TooLittleData("careers", "there are none")
    flag = np.asarray(left, dtype=bool)
    start = np.zeros(n) if entered is None else np.asarray(entered, dtype=np.float64)
    why = tuple(reasons) if reasons is not None else (UNSTATED,) * n
    where = tuple(groups) if groups is not None else (UNSTATED,) * n
    for what, size in (
        ("left", flag.size),
        ("entered", start.size),
        ("reasons", len(why)),
        ("groups", len(where)),
    ):
        if size != n:
            raise BadProblem("careers", f"{what} has {size} rows, tenure has {n}")
    for wrong, reason in (
        (~np.isfinite(months) | ~np.isfinite(start), "tenure is not a number"),
        (start < 0, "service before the records is negative"),
        (months <= start, "tenure is not above the service when the records began"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadProblem(f"person {names[row] if names is not None else row}", reason)
    return Careers(months, flag, start, why, where)
