"""How long units live, as a Weibull law fitted by maximum likelihood with our own Newton steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, Lives, TooLittleData

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Weibull:
    """S(t) = exp(-(t / scale)^shape).

    Attributes
    ----------
    shape : float
        Dimensionless; below 1 early failures, 1 chance, above 1 wear.
    scale : float
        Age by which 63.2 % have failed, in the unit of the lives.
    covariance : (2, 2) float
        Of (log scale, log shape), from the observed information.
    log_likelihood : float
    failures, units : int
    """

    shape: float
    scale: float
    covariance: Floats
    log_likelihood: float
    failures: int
    units: int

    def survival(self, age: ArrayLike) -> Floats:
        """Share of units that live beyond each age."""
        return np.exp(-self.cumulative_hazard(age))

    def cumulative_hazard(self, age: ArrayLike) -> Floats:
        """Expected failures of one unit, renewed at each failure to the same age, up to each age."""
        return np.asarray((np.asarray(age, dtype=np.float64) / self.scale) ** self.shape)

    def hazard(self, age: ArrayLike) -> Floats:
        """Failures per unit of age among those still alive at each age."""
        t = np.asarray(age, dtype=np.float64)
        return np.asarray(self.shape / self.scale * (t / self.scale) ** (self.shape - 1))

    def fails_within(self, age: ArrayLike, ahead: ArrayLike) -> Floats:
        """Chance that a unit alive at ``age`` fails within the next ``ahead`` (broadcast shapes)."""
        now = np.asarray(age, dtype=np.float64)
        return -np.expm1(self.cumulative_hazard(now) - self.cumulative_hazard(now + np.asarray(ahead)))

    @property
    def mean(self) -> float:
        """Mean life, in the unit of the lives."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    def quantile(self, failed_share: float, *, confidence: float = 0.95) -> tuple[float, float, float]:
        """Age by which ``failed_share`` have failed (B10 life: 0.1), with limits on the log scale."""
        if not 0 < failed_share < 1:
            raise BadProblem("quantile", f"the share must lie between 0 and 1, not {failed_share}")
        reach = math.log(-math.log1p(-failed_share)) / self.shape
        gradient = np.array([1.0, -reach])
        error = math.sqrt(float(gradient @ self.covariance @ gradient))
        return _around(math.log(self.scale) + reach, error, confidence)

    def shape_limits(self, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the shape, on the log scale."""
        return _around(math.log(self.shape), math.sqrt(self.covariance[1, 1]), confidence)[1:]

    def scale_limits(self, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the scale, on the log scale."""
        return _around(math.log(self.scale), math.sqrt(self.covariance[0, 0]), confidence)[1:]


def fit_weibull(lives: Lives) -> Weibull:
    """Maximum-likelihood Weibull under right censoring and left truncation.

    For a given shape b the best scale is ``(sum(t^b - e^b) / r)^(1/b)`` with t the ages, e the ages at
    entry and r the number of failures, so one equation in b is left; it is solved by Newton steps kept
    inside a bracket. O(n) a step, some six steps. The confidence region comes from the observed
    information. Maximum likelihood overstates the shape of small samples (by about 1.4 / r).

    Source: Meeker & Escobar (1998), Statistical Methods for Reliability Data, chapters 8 and 11.

    Raises
    ------
    TooLittleData
        With fewer than three failures, when all failures fell at one age, or when left truncation
        leaves the shape unbounded or below 0.01.
    """
    r = lives.failures
    if r < 3:
        raise TooLittleData("Weibull", f"{r} failures among {len(lives)} units; three are needed")
    unit = float(lives.ages.max())
    log_age = np.log(lives.ages / unit)
    watched = lives.entered[lives.entered > 0]
    log_entry = np.log(watched / unit) if watched.size else None
    log_failure = log_age[lives.failed]
    if np.ptp(log_failure) == 0:
        raise TooLittleData("Weibull", "all failures fell at one age, so the spread cannot be known")

    shape = _solve_shape(log_age, log_entry, log_failure)
    total, _, _ = _power_sums(shape, log_age, log_entry)
    log_scale = math.log(total / r) / shape
    covariance = np.linalg.inv(_information(shape, log_scale, log_age, log_entry, log_failure))
    likelihood = (
        r * (math.log(shape) - shape * log_scale) + (shape - 1) * float(log_failure.sum()) - r
    ) - r * math.log(unit)
    return Weibull(shape, math.exp(log_scale) * unit, covariance, likelihood, r, len(lives))


def _power_sums(shape: float, log_age: Floats, log_entry: Floats | None) -> tuple[float, float, float]:
    power = np.exp(shape * log_age)
    weighted = power * log_age
    sums = (float(power.sum()), float(weighted.sum()), float(weighted @ log_age))
    if log_entry is None:
        return sums
    power = np.exp(shape * log_entry)
    weighted = power * log_entry
    return (
        sums[0] - float(power.sum()),
        sums[1] - float(weighted.sum()),
        sums[2] - float(weighted @ log_entry),
    )


def _solve_shape(log_age: Floats, log_entry: Floats | None, log_failure: Floats) -> float:
    mean_log = float(log_failure.mean())
    low, high = 0.01, 1e4
    shape = min(max(1.2 / max(float(log_failure.std()), 1e-3), 0.02), 500.0)
    for _ in range(MOST_STEPS):
        total, first, second = _power_sums(shape, log_age, log_entry)
        ratio = first / total
        slope = 1 / shape + mean_log - ratio
        curvature = -1 / shape**2 - (second / total - ratio**2)
        if slope > 0:
            low = shape
        else:
            high = shape
        step = shape - slope / curvature if curvature < 0 else math.nan
        following = step if low < step < high else math.sqrt(low * high)
        if abs(following - shape) <= 1e-13 * shape:
            break
        if high <= low * (1 + 1e-13):
            break
        shape = following
    if not 0.0101 < shape < 9_900:
        raise TooLittleData("Weibull", "the ages at entry leave too little to tell the shape")
    return shape


def _information(
    shape: float, log_scale: float, log_age: Floats, log_entry: Floats | None, log_failure: Floats
) -> Floats:
    """Observed information of (log scale, log shape) at the maximum."""
    z = shape * (log_age - log_scale)
    grown = np.exp(z)
    first, second = float(z @ grown), float((z * z) @ grown)
    if log_entry is not None:
        z = shape * (log_entry - log_scale)
        grown = np.exp(z)
        first -= float(z @ grown)
        second -= float((z * z) @ grown)
    r = log_failure.size
    failing = float(shape * (log_failure - log_scale).sum())
    corner = -shape * first
    return np.array([[shape**2 * r, corner], [corner, first + second - failing]])


def _around(log_value: float, error: float, confidence: float) -> tuple[float, float, float]:
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    return math.exp(log_value), math.exp(log_value - z * error), math.exp(log_value + z * error)


def wear_or_chance(lives: Lives, fit: Weibull) -> float:
    """p-value of the likelihood-ratio test of a constant failure rate against the Weibull fit."""
    from scipy.special import gammaincc

    exposure = float((lives.ages - lives.entered).sum())
    plain = fit.failures * (math.log(fit.failures / exposure) - 1)
    return float(gammaincc(0.5, max(0.0, fit.log_likelihood - plain)))
