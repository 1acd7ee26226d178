"""Arrivals of the coming weeks by hour and weekday, with the method chosen by back-test.

Each method forecasts weeks of the past from what was known before them (rolling origin). The one with the
least squared error is used, its error is part of the answer, and too little history is refused: a roster
built on a guess is worse than none.

Source of the procedure: Tashman (2000), "Out-of-sample tests of forecasting accuracy: an analysis and
review", International Journal of Forecasting 16(4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.forecast_methods import METHODS
from tightrope.planning.staffing.positions import Floats

FEWEST_WEEKS = 6
FEWEST_ARRIVALS = 100


class TooLittleData(BadProblem):
    """There is not enough history for a forecast that deserves the name."""


@dataclass(frozen=True)
class MethodError:
    """How a method did on weeks it had not seen.

    Attributes
    ----------
    rmse : float
        Root of the mean squared error of a step, arrivals.
    step_error, day_error : float
        Sum of absolute errors over sum of arrivals, by step and by day (0.04 is 4 %). By step even a
        perfect forecast of few arrivals errs: chance alone does that.
    bias : float
        Sum of forecasts over sum of arrivals, less 1: above zero is too many.
    """

    method: str
    rmse: float
    step_error: float
    day_error: float
    bias: float


@dataclass(frozen=True)
class Forecast:
    """The coming steps.

    Attributes
    ----------
    mean, low, high : (ahead,) float
        Expected arrivals and the interval that holds a step with `confidence`.
    errors : tuple of MethodError
        All methods tried, the chosen first.
    dispersion : float
        Variance over mean of the errors; 1 is pure chance (Poisson), above 1 adds uncertainty.
    coverage : float
        Share of back-tested steps within intervals made without knowledge of their week.
    weeks : int
        Weeks of history used.
    """

    method: str
    mean: Floats
    low: Floats
    high: Floats
    confidence: float
    errors: tuple[MethodError, ...]
    dispersion: float
    coverage: float
    weeks: int

    @property
    def error(self) -> MethodError:
        return self.errors[0]


def forecast(
    counts: ArrayLike,
    *,
    season: int = 168,
    ahead: int = 168,
    folds: int = 6,
    confidence: float = 0.8,
    methods: Iterable[str] = tuple(METHODS),
) -> Forecast:
    """Forecast `ahead` steps after `counts`.

    Parameters
    ----------
    counts : (n_steps,) float
        Arrivals in each step, oldest first, zero or more. NaN marks steps that say nothing (closed for
        a holiday, system down): they are filled with the usual value and not counted as errors. An
        incomplete week at the beginning is left out.
    season : int
        Steps in a week: 168 for hours, 672 for quarters of an hour.
    folds : int
        Past weeks to test on, two or more; fewer are used when history is short, never under two.

    Raises
    ------
    TooLittleData
        Under six weeks, or under a hundred arrivals.
    BadProblem
        For negative or unreal counts and impossible arguments.
    """
    weeks = _weeks(counts, season)
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    if ahead < 1 or folds < 2:
        raise BadProblem("forecast", "needs at least one step ahead and two folds")
    chosen = list(methods)
    for name in chosen:
        if name not in METHODS:
            raise BadProblem("methods", f"{name!r} is not one of {', '.join(METHODS)}")
    if not chosen:
        raise BadProblem("methods", "none is given")
    tests = min(folds, len(weeks) - 4)
    past = {name: _backtest(name, weeks, tests) for name in chosen}
    actual = weeks[-tests:]
    errors = [_error(name, past[name], actual, season) for name in chosen]
    errors.sort(key=lambda error: error.rmse)
    best = errors[0].method
    spread = _dispersion(past[best], actual)
    mean = METHODS[best](_filled(weeks).ravel(), season, ahead)
    low, high = count_interval(mean, dispersion=spread, confidence=confidence)
    return Forecast(
        method=best,
        mean=mean,
        low=low,
        high=high,
        confidence=confidence,
        errors=tuple(errors),
        dispersion=spread,
        coverage=_coverage(past[best], actual, confidence),
        weeks=len(weeks),
    )


def count_interval(mean: Floats, *, dispersion: float, confidence: float) -> tuple[Floats, Floats]:
    """Whole numbers between which a count of this mean lies with `confidence`, both shaped like `mean`.

    Poisson, or negative binomial when the variance is `dispersion` > 1 times the mean.
    """
    from scipy.special import pdtr

    tail = (1.0 - confidence) / 2.0
    safe = np.maximum(mean, 1e-9)

    def below(number: Floats) -> Floats:
        if dispersion <= 1.0 + 1e-6:
            return np.asarray(pdtr(number, safe))
        # SciPy's own function wants a whole number of successes; the incomplete beta does not.
        return _negative_binomial(number, safe, dispersion)

    def quantile(chance: float) -> Floats:
        # Bisection on whole numbers: exact, and the same for both distributions.
        low = np.full_like(safe, -1.0)
        high = np.ceil(safe + 12.0 * np.sqrt(safe * max(dispersion, 1.0)) + 40.0 * max(dispersion, 1.0))
        while (high - low > 1).any():
            middle = np.floor((low + high) / 2.0)
            middle = np.where(high - low > 1, middle, high)
            enough = below(middle) >= chance
            high = np.where(enough, middle, high)
            low = np.where(enough, low, middle)
        return high

    return quantile(tail), quantile(1.0 - tail)


def _negative_binomial(number: Floats, mean: Floats, dispersion: float) -> Floats:
    from scipy.special import betainc

    return np.asarray(betainc(mean / (dispersion - 1.0), number + 1.0, 1.0 / dispersion))


def _weeks(counts: ArrayLike, season: int) -> Floats:
    if season < 2:
        raise BadProblem("season", f"must be two steps or more, not {season}")
    try:
        series = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadProblem("counts", "must be a row of numbers") from error
    if series.ndim != 1:
        raise BadProblem("counts", "must be a row of numbers")
    for step in np.flatnonzero(np.isinf(series) | (series < 0))[:1]:
        raise BadProblem(f"count of step {step}", f"must be zero or more, not {series[step]}")
    whole = len(series) // season
    if whole < FEWEST_WEEKS:
        raise TooLittleData("history", f"{whole} whole weeks are too few; {FEWEST_WEEKS} are needed")
    weeks = series[len(series) - whole * season :].reshape(whole, season)
    if np.isnan(weeks).mean() > 0.5:
        raise TooLittleData("history", "more than half of it is unknown")
    if np.nansum(weeks) < FEWEST_ARRIVALS:
        raise TooLittleData(
            "history", f"{np.nansum(weeks):.0f} arrivals are too few; {FEWEST_ARRIVALS} are needed"
        )
    return weeks


def _filled(weeks: Floats) -> Floats:
    """Unknown steps take the mean of the same step of the week, or of everything."""
    unknown = np.isnan(weeks)
    if not unknown.any():
        return weeks
    known = np.maximum((~unknown).sum(axis=0), 1)
    usual = np.where((~unknown).any(axis=0), np.nansum(weeks, axis=0) / known, np.nanmean(weeks))
    return np.where(unknown, usual, weeks)


def _backtest(method: str, weeks: Floats, tests: int) -> Floats:
    """Forecasts of the last `tests` weeks, each from the weeks before it alone, (tests, season)."""
    season = weeks.shape[1]
    rows = []
    for test in range(len(weeks) - tests, len(weeks)):
        rows.append(METHODS[method](_filled(weeks[:test]).ravel(), season, season))
    return np.array(rows)


def _error(method: str, guesses: Floats, actual: Floats, season: int) -> MethodError:
    known = ~np.isnan(actual)
    wrong = np.where(known, guesses - actual, 0.0)
    total = max(float(np.nansum(actual)), 1e-9)
    per_day = season // 7 if season % 7 == 0 else season
    return MethodError(
        method=method,
        rmse=float(np.sqrt((wrong**2).sum() / max(1, known.sum()))),
        step_error=float(np.abs(wrong).sum()) / total,
        day_error=float(np.abs(wrong.reshape(-1, per_day).sum(axis=1)).sum()) / total,
        bias=float(wrong.sum()) / total,
    )


def _dispersion(guesses: Floats, actual: Floats) -> float:
    """Squared error over mean, pooled, so that nearly empty hours do not rule; at least 1."""
    known = ~np.isnan(actual)
    expected = float(guesses[known].sum())
    squared = float(((guesses[known] - actual[known]) ** 2).sum())
    return max(1.0, squared / expected) if expected > 0 else 1.0


def _coverage(guesses: Floats, actual: Floats, confidence: float) -> float:
    inside, counted = 0, 0
    for test in range(len(actual)):
        others = np.arange(len(actual)) != test
        spread = _dispersion(guesses[others], actual[others])
        low, high = count_interval(guesses[test], dispersion=spread, confidence=confidence)
        known = ~np.isnan(actual[test])
        inside += int(((actual[test] >= low) & (actual[test] <= high))[known].sum())
        counted += int(known.sum())
    return inside / counted if counted else 1.0
