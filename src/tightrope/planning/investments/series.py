"""What a measure would have been without the investment: the months before carried on.

An interrupted time series: a level, a slope, the season and a control series are fitted to the months before
the start by least squares and carried on; what was measured after it, less that, is the effect. Errors of
neighbouring months go together (first order autoregression), in the fit as in the forecast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_BEFORE = 12
FEWEST_AFTER = 3
FOR_SEASON = 24
MONTHS_PER_COLUMN = 4


@dataclass(frozen=True, slots=True)
class Without:
    """The forecast (h,) of the months after the start, and the covariance (h, h) of its errors.

    ``degrees`` of freedom of the error's spread; ``method`` says what was carried on.
    """

    forecast: Floats
    covariance: Floats
    degrees: float
    method: str

    def limits_of_sum(self, weights: Floats, confidence: float) -> float:
        """Half the width of the interval of a weighted sum of effects (h,)."""
        from scipy.special import stdtrit

        spread = math.sqrt(max(0.0, float(weights @ self.covariance @ weights)))
        return float(stdtrit(self.degrees, 0.5 + confidence / 2)) * spread


def carried_on(
    before: Sequence[float],
    months: Sequence[int],
    ahead: int,
    *,
    control: Sequence[float] | None = None,
    plan: Sequence[float] | None = None,
) -> Without:
    """The measure as it would have gone on for ``ahead`` months.

    Parameters
    ----------
    before
        (n,) measured before the start; ``months`` (n,) their numbers, so that January is known again.
    control, plan
        (n + ahead,) each, or None. With a plan the differences to it are carried on, as a level alone.

    Source: Wagner et al. 2002 for the segmented regression; the errors' covariance is exact for a linear
    estimator under AR(1) errors, whose coefficient is read from the residuals and corrected for the
    parameters fitted (Kendall 1954).
    """
    y = np.asarray(before, dtype=np.float64)
    n, number = y.size, np.arange(months[0], months[0] + y.size + ahead, dtype=np.float64)
    columns, names = [np.ones(number.size)], ["level"]
    planned = np.zeros(number.size) if plan is None else np.asarray(plan, dtype=np.float64)
    if plan is None:
        if control is not None:
            columns.append(np.asarray(control, dtype=np.float64))
            names.append("control")
        if n >= MONTHS_PER_COLUMN * (len(columns) + 1):
            columns.append(number - number[:n].mean())
            names.append("slope")
        if n >= FOR_SEASON:
            angle = 2.0 * math.pi * number / 12.0
            columns += [np.cos(angle), np.sin(angle)]
            names.append("season")
    design = np.column_stack(columns)
    known, after = design[:n], design[n:]
    inverse = np.linalg.pinv(known.T @ known)
    pull = after @ inverse @ known.T
    target = y - planned[:n]
    left = target - known @ (inverse @ known.T @ target)
    rank = int(np.linalg.matrix_rank(known))
    rho = _together(left, rank)
    lags = np.abs(np.subtract.outer(np.arange(number.size), np.arange(number.size)))
    correlation = rho**lags
    # Residuals of a fit are smaller than errors, the more so when errors go together.
    shrink = np.eye(n) - known @ inverse @ known.T
    variance = float(left @ left) / float(np.trace(shrink @ correlation[:n, :n]))
    errors = np.hstack((-pull, np.eye(ahead)))
    covariance = variance * errors @ correlation @ errors.T
    said = "the plan" if plan is not None else ", ".join(names)
    degrees = max(2.0, (n - rank) * (1.0 - rho) / (1.0 + rho))
    return Without(planned[n:] + pull @ target, covariance, degrees, said)


def _together(left: Floats, fitted: int) -> float:
    """Correlation of neighbouring months, from 0 to 0.8, its bias by the parameters fitted taken back."""
    squares = float(left @ left)
    if squares <= 0 or left.size < 4:
        return 0.0
    raw = float(left[1:] @ left[:-1]) / squares
    return min(0.8, max(0.0, raw + (1.0 + fitted) / left.size))
