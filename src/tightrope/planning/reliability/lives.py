"""Lives of units as they are known: how old at failure or when last seen, and since when observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]


class TooLittleData(BadProblem):
    """An answer would be a guess: the message says what is there and what is needed."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Right-censored and left-truncated lives of ``n`` units, in any one unit of age.

    Attributes
    ----------
    ages : (n,) float
        Age at failure, or age when last seen working. Greater than ``entered``.
    failed : (n,) bool
        True where the unit failed at ``ages``; False where it was still working (right censoring).
    entered : (n,) float
        Age from which the unit was watched, 0 for a unit known from new. A unit that had failed
        before this age would not be in the table at all (left truncation).
    """

    ages: Floats
    failed: Bools
    entered: Floats

    @property
    def failures(self) -> int:
        """How many of the units failed."""
        return int(np.count_nonzero(self.failed))

    def __len__(self) -> int:
        return int(self.ages.size)


def lives(
    ages: ArrayLike,
    *,
    failed: ArrayLike | None = None,
    entered: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> Lives:
    """Check a table of lives and make it a :class:`Lives`.

    ``failed`` defaults to all failed, ``entered`` to 0, ``names`` (used in messages) to row numbers.

    Raises
    ------
    BadProblem
        If the columns differ in length, or a unit has an age that is not a number, an age that is
        not above the age it entered at, or a negative entry age.
    """
    age = _column(ages, "ages")
    n = age.size
    if n == 0:
        raise TooLittleData("lives", "the table is empty")
    flag = np.ones(n, dtype=bool) if failed is None else np.asarray(failed)
    if flag.dtype != np.bool_:
        if not np.isin(flag, (0, 1)).all():
            raise BadProblem("lives", "failed must be true or false (or 1 and 0) for every unit")
        flag = flag.astype(bool)
    start = np.zeros(n) if entered is None else _column(entered, "entered")
    for column, what in ((flag, "failed"), (start, "entered")):
        if column.shape != (n,):
            raise BadProblem("lives", f"{what} has {column.size} rows, ages has {n}")

    def refuse(wrong: Bools, why: str) -> None:
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadProblem(f"unit {names[row] if names is not None else row}", why)

    refuse(~np.isfinite(age), "its age is not a number")
    refuse(~np.isfinite(start), "the age it was first watched at is not a number")
    refuse(start < 0, "the age it was first watched at is negative")
    refuse(age <= 0, "its age must be above zero")
    refuse(age <= start, "its age is not above the age it was first watched at")
    return Lives(age, flag, start)


def _column(values: ArrayLike, what: str) -> Floats:
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise BadProblem("lives", f"{what} holds something that is not a number") from wrong
    if column.ndim != 1:
        raise BadProblem("lives", f"{what} must be one column, not {column.ndim} dimensions")
    return column
