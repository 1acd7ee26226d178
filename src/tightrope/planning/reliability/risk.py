"""Chance that a unit fails next month, from age, usage and readings: a discrete-time hazard model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Bools, Floats, TooLittleData

FEWEST_FAILURES = 20
FAILURES_PER_COLUMN = 5
LATEST_MONTH = 1_000_000


@dataclass(frozen=True, slots=True)
class UnitMonths:
    """One row per unit and month it was at risk; all arrays have ``n`` rows.

    Attributes
    ----------
    units : (n,) names. A unit has one row a month.
    months : (n,) int, counted from any start.
    readings : (n, k) float, known at the *start* of the month. NaN: not measured that month.
    columns : names of the k readings, e.g. ``("age", "usage", "vibration")``.
    failed : (n,) bool, whether the unit failed during the month.
    """

    units: NDArray[np.object_]
    months: NDArray[np.int64]
    readings: Floats
    columns: tuple[str, ...]
    failed: Bools

    def rows(self, keep: Bools) -> UnitMonths:
        """Only the rows where ``keep`` (n,) is True."""
        return UnitMonths(
            self.units[keep], self.months[keep], self.readings[keep], self.columns, self.failed[keep]
        )

    def only(self, columns: Sequence[str]) -> UnitMonths:
        """Only some of the readings, for a plainer model of the same months."""
        unknown = [c for c in columns if c not in self.columns]
        if unknown or not columns:
            raise BadProblem(
                "readings", f"{', '.join(unknown) or 'nothing'} asked for; known: {self.columns}"
            )
        where = [self.columns.index(c) for c in columns]
        return UnitMonths(self.units, self.months, self.readings[:, where], tuple(columns), self.failed)

    def __len__(self) -> int:
        return int(self.failed.size)


def unit_months(
    units: Sequence[str],
    months: ArrayLike,
    readings: ArrayLike,
    columns: Sequence[str],
    failed: ArrayLike,
) -> UnitMonths:
    """Check the table and make it :class:`UnitMonths`.

    Raises
    ------
    BadProblem
        If shapes differ, a month is no whole number, a reading is infinite, a reading was never
        measured, or a unit appears twice in a month.
    """
    names = np.asarray(units, dtype=object)
    x = np.asarray(readings, dtype=np.float64)
    month = np.asarray(months, dtype=np.float64)
    flag = np.asarray(failed, dtype=bool)
    n = names.size
    if x.ndim != 2 or x.shape != (n, len(columns)) or month.shape != (n,) or flag.shape != (n,):
        raise BadProblem(
            "unit-months", f"{n} units, readings {x.shape}, {month.size} months, {flag.size} flags"
        )
    if n == 0:
        raise TooLittleData("unit-months", "the table is empty")
    if not np.isfinite(month).all() or (month != np.round(month)).any():
        raise BadProblem("unit-months", "a month is not a whole number")
    if (np.abs(month) > LATEST_MONTH).any():
        raise BadProblem("unit-months", f"a month lies beyond {LATEST_MONTH}")
    if np.isinf(x).any():
        row, column = (int(i) for i in np.argwhere(np.isinf(x))[0])
        raise BadProblem(f"unit {names[row]}, month {month[row]:.0f}", f"{columns[column]} is infinite")
    for column, name in enumerate(columns):
        if np.isnan(x[:, column]).all():
            raise TooLittleData(f"reading {name}", "it was never measured")
    seen: set[tuple[object, float]] = set()
    for key in zip(names.tolist(), month.tolist(), strict=True):
        if key in seen:
            raise BadProblem(f"unit {key[0]}", f"it appears twice in month {key[1]:.0f}")
        seen.add(key)
    return UnitMonths(names, month.astype(np.int64), x, tuple(columns), flag)


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Log-odds of failing in a month as a sum of one bent line per reading.

    ``weights`` (p,) belong to the expanded columns; ``owner`` (p,) tells which reading each belongs
    to, so that a prediction can be taken apart by reading.
    """

    columns: tuple[str, ...]
    fill: Floats
    knots: Floats
    centre: Floats
    scale: Floats
    owner: NDArray[np.int64]
    kept: Bools
    weights: Floats
    intercept: float
    ridge: float

    def log_odds(self, readings: ArrayLike) -> Floats:
        """Log-odds of failing in the coming month, shape (n,), from readings (n, k)."""
        return np.asarray(self.intercept + self._standard(readings) @ self.weights)

    def risk(self, readings: ArrayLike) -> Floats:
        """Chance of failing in the coming month, shape (n,)."""
        return _logistic(self.log_odds(readings))

    def reasons(self, readings: ArrayLike) -> Floats:
        """How much each reading adds to the log-odds over an average unit-month, shape (n, k).

        ``exp`` of an entry is the factor by which that reading alone multiplies the odds.
        """
        parts = self._standard(readings) * self.weights
        out = np.zeros((parts.shape[0], len(self.columns)))
        for column in range(len(self.columns)):
            out[:, column] = parts[:, self.owner == column].sum(axis=1)
        return out

    def _standard(self, readings: ArrayLike) -> Floats:
        x = np.atleast_2d(np.asarray(readings, dtype=np.float64))
        if x.shape[1] != len(self.columns):
            raise BadProblem("readings", f"{x.shape[1]} columns given, the model knows {len(self.columns)}")
        expanded, _ = _expand(x, self.fill, self.knots)
        return np.asarray((expanded[:, self.kept] - self.centre) / self.scale)


def fit_risk(table: UnitMonths, *, ridge: float = 1.0) -> RiskModel:
    """Discrete-time logistic hazard by ridge-penalised Newton steps (IRLS).

    Each reading enters as a line that may bend at its terciles, plus a column for "not measured". All
    columns are standardised and the penalty ``ridge / 2 * sum(weight^2)`` leaves the intercept alone,
    so the mean predicted risk equals the observed one. O(n p^2) a step, some eight steps.

    Source: Singer & Willett (1993) for the hazard; le Cessie & van Houwelingen (1992) for the penalty.

    Raises
    ------
    TooLittleData
        With fewer than 20 failures, or fewer than 5 for each column of the table.
    """
    if not (math.isfinite(ridge) and ridge > 0):
        raise BadProblem("ridge", f"must be above zero, not {ridge}")
    failures = int(table.failed.sum())
    needed = max(FEWEST_FAILURES, FAILURES_PER_COLUMN * len(table.columns))
    if failures < needed:
        raise TooLittleData("risk model", f"{failures} failures in {len(table)} unit-months; {needed} needed")
    if failures == len(table):
        raise TooLittleData("risk model", "every unit failed in every month")
    with np.errstate(all="ignore"):
        fill = np.nanmedian(table.readings, axis=0)
        knots = np.nanquantile(table.readings, (1 / 3, 2 / 3), axis=0)
    if np.isnan(fill).any():
        name = table.columns[int(np.argmax(np.isnan(fill)))]
        raise TooLittleData(f"reading {name}", "it was never measured in the months learned from")
    expanded, owner = _expand(table.readings, fill, knots)
    scale = expanded.std(axis=0)
    kept = scale > 1e-9 * np.maximum(np.abs(expanded).max(axis=0), 1e-300)
    expanded, owner, scale = expanded[:, kept], owner[kept], scale[kept]
    centre = expanded.mean(axis=0)
    weights, intercept = fit_logistic(
        (expanded - centre) / scale, table.failed.astype(np.float64), ridge=ridge
    )
    return RiskModel(table.columns, fill, knots, centre, scale, owner, kept, weights, intercept, ridge)


def fit_logistic(x: Floats, failed: Floats, *, ridge: float) -> tuple[Floats, float]:
    """Weights (p,) and intercept of a logistic model of ``failed`` (n,) on ``x`` (n, p).

    Newton steps on the penalised log-likelihood, halved until it does not fall.
    """
    n, p = x.shape
    design = np.column_stack((np.ones(n), x))
    penalty = np.full(p + 1, ridge)
    penalty[0] = 0.0
    beta = np.zeros(p + 1)
    share = float(failed.mean())
    beta[0] = math.log(share / (1 - share))

    def loss(at: Floats) -> float:
        z = design @ at
        return float(np.logaddexp(0, z).sum() - failed @ z + 0.5 * penalty @ at**2)

    value = loss(beta)
    for _ in range(100):
        chance = _logistic(design @ beta)
        gradient = design.T @ (chance - failed) + penalty * beta
        weight = chance * (1 - chance)
        hessian = (design * weight[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        length = 1.0
        while (following := loss(beta - length * step)) > value + 1e-12 * abs(value) and length > 1e-8:
            length /= 2
        beta, settled = beta - length * step, float(gradient @ step) < 1e-12 * max(1.0, value)
        value = following
        if settled:
            break
    return beta[1:], float(beta[0])


def _expand(x: Floats, fill: Floats, knots: Floats) -> tuple[Floats, NDArray[np.int64]]:
    missing = np.isnan(x)
    filled = np.where(missing, fill, x)
    bends = [np.maximum(filled - knot, 0.0) for knot in knots]
    owner = np.tile(np.arange(x.shape[1]), 2 + len(bends))
    return np.column_stack((filled, *bends, missing.astype(np.float64))), owner


def _logistic(z: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))
