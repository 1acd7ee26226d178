"""How output grows with experience: months until a newcomer works like an old hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import Floats, TooLittleData


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """output(t) = top - (top - start) * exp(-t / months), t in months of service.

    ``*_limits`` are at 95 %; NaN for a curve that was given, not fitted. ``noise`` is the standard
    deviation of single observations around the curve.
    """

    start: float
    top: float
    months: float
    start_limits: tuple[float, float] = (math.nan, math.nan)
    top_limits: tuple[float, float] = (math.nan, math.nan)
    months_limits: tuple[float, float] = (math.nan, math.nan)
    noise: float = math.nan

    def __post_init__(self) -> None:
        figures = (self.start, self.top, self.months)
        if not all(math.isfinite(x) for x in figures) or self.months <= 0:
            raise BadProblem("learning curve", f"start {self.start}, top {self.top}, months {self.months}")

    def output(self, tenure: ArrayLike) -> Floats:
        """Output per month at each tenure (any shape), in the unit observed."""
        t = np.asarray(tenure, dtype=np.float64)
        return np.asarray(self.top - (self.top - self.start) * np.exp(-t / self.months))

    def months_until(self, share: float) -> float:
        """Months until ``share`` of the top is reached; 0 if newcomers start above it."""
        if not 0 < share < 1:
            raise BadProblem("learning curve", f"the share must lie between 0 and 1, not {share}")
        missing = self.top * (1 - share)
        return (
            max(0.0, self.months * math.log((self.top - self.start) / missing))
            if self.start < self.top
            else 0.0
        )

    def lost_months(self, within: float) -> float:
        """Months of full output lost by learning during the first ``within`` months of one newcomer."""
        lost = (self.top - self.start) * self.months * -math.expm1(-within / self.months)
        return lost / self.top


def fit_learning(tenure: ArrayLike, output: ArrayLike) -> LearningCurve:
    """Least-squares learning curve from observations, both (n,): months of service and output then.

    For given months the curve is linear in start and top, so only the months are searched (variable
    projection: Golub & Pereyra 1973); limits from the curvature at the best fit (delta method).

    Raises
    ------
    TooLittleData
        With fewer than twelve observations, or when they show no bend (then start, top and months
        cannot be told apart and a curve would be invented).
    """
    t, y = np.asarray(tenure, dtype=np.float64), np.asarray(output, dtype=np.float64)
    if t.shape != y.shape or t.ndim != 1:
        raise BadProblem("learning curve", "tenure and output must be two columns of the same length")
    if not (np.isfinite(t).all() and np.isfinite(y).all()) or (t < 0).any():
        raise BadProblem("learning curve", "every tenure and output must be a number, tenure 0 or more")
    if t.size < 12:
        raise TooLittleData("learning curve", f"{t.size} observations; twelve are needed")

    def solve(log_months: float) -> tuple[float, Floats]:
        faded = np.exp(-t / math.exp(log_months))
        design = np.column_stack((faded, 1 - faded))
        weights, *_ = np.linalg.lstsq(design, y, rcond=None)
        return float(((y - design @ weights) ** 2).sum()), weights

    span = float(np.ptp(t))
    if span == 0:
        raise TooLittleData("learning curve", "all observations are of one tenure")
    low, high = math.log(span / 100), math.log(span * 3)
    grid = np.linspace(low, high, 60)
    best = int(np.argmin([solve(g)[0] for g in grid]))
    if best in (0, grid.size - 1):
        raise TooLittleData("learning curve", "the observations show no bend")
    left, right = grid[best - 1], grid[best + 1]
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(60):
        a, b = right - ratio * (right - left), left + ratio * (right - left)
        left, right = (left, b) if solve(a)[0] < solve(b)[0] else (a, right)
    log_months = (left + right) / 2
    loss, (start, top) = solve(log_months)
    months = math.exp(log_months)
    variance = loss / (t.size - 3)
    faded = np.exp(-t / months)
    jacobian = np.column_stack((faded, 1 - faded, -(top - start) * faded * t / months))
    covariance = variance * np.linalg.pinv(jacobian.T @ jacobian)
    error = np.sqrt(np.maximum(np.diag(covariance), 0))
    z = NormalDist().inv_cdf(0.975)
    if not error[2] * z < 2.5:
        raise TooLittleData("learning curve", "the observations leave the speed of learning open")
    return LearningCurve(
        start=float(start),
        top=float(top),
        months=months,
        start_limits=(start - z * error[0], start + z * error[0]),
        top_limits=(top - z * error[1], top + z * error[1]),
        months_limits=(months * math.exp(-z * error[2]), months * math.exp(z * error[2])),
        noise=math.sqrt(variance),
    )


@dataclass(frozen=True, slots=True)
class Practice:
    """hours(n) = first * n ** -slope for the n-th job of a kind; ``per_doubling`` = 2 ** -slope."""

    first: float
    slope: float
    slope_limits: tuple[float, float]

    @property
    def per_doubling(self) -> float:
        """Share of the hours still needed when the number of jobs done has doubled."""
        return float(2**-self.slope)

    def hours(self, job: ArrayLike) -> Floats:
        """Hours of the n-th job, n = 1, 2 ..."""
        return np.asarray(self.first * np.asarray(job, dtype=np.float64) ** -self.slope)


def fit_practice(job: ArrayLike, hours: ArrayLike) -> Practice:
    """Power law of practice (Wright 1936) by regression of logarithms; both columns (n,)."""
    n, h = np.asarray(job, dtype=np.float64), np.asarray(hours, dtype=np.float64)
    if n.shape != h.shape or n.ndim != 1 or not (np.isfinite(n).all() and np.isfinite(h).all()):
        raise BadProblem("practice", "jobs and hours must be two columns of numbers of the same length")
    if (n < 1).any() or (h <= 0).any():
        raise BadProblem("practice", "jobs count from 1 and hours must be above zero")
    if n.size < 8 or np.ptp(n) == 0:
        raise TooLittleData("practice", f"{n.size} jobs, {np.unique(n).size} different; eight are needed")
    x, y = np.log(n), np.log(h)
    centred = x - x.mean()
    slope = -float(centred @ y / (centred @ centred))
    first = math.exp(float(y.mean()) + slope * float(x.mean()))
    rest = y - math.log(first) + slope * x
    error = math.sqrt(float(rest @ rest) / (n.size - 2) / float(centred @ centred))
    z = NormalDist().inv_cdf(0.975)
    return Practice(first, slope, (slope - z * error, slope + z * error))
