"""Demand during a lead time: how likely each number is, what is short, what is filled from the shelf."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

MOST_MEAN = 1e6


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole-number demand with a mean and a variance of at least the mean.

    Poisson when both are equal, otherwise negative binomial: demand that comes in bursts whose sizes
    follow the logarithmic law (the compound Poisson process behind the negative binomial).
    """

    mean: float
    variance: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and 0 <= self.mean <= MOST_MEAN):
            raise BadProblem("demand", f"its mean must lie between 0 and {MOST_MEAN:g}, not {self.mean}")
        if not (math.isfinite(self.variance) and self.variance >= self.mean * (1 - 1e-9)):
            raise BadProblem("demand", f"variance {self.variance} is below the mean {self.mean}")

    def chances(self, most: int) -> Floats:
        """Chance of each demand 0 ... ``most``, shape (most + 1,)."""
        return chances(self.mean, self.variance, most)

    def expected_backorders(self, stock: ArrayLike) -> Floats:
        """Mean number short at any moment, E[(D - s)^+], for base-stock levels s of any shape."""
        return self._read(_short_of, stock)

    def backorder_variance(self, stock: ArrayLike) -> Floats:
        """Variance of the number short, Var[(D - s)^+]."""
        return self._read(_short_squared_of, stock) - self._read(_short_of, stock) ** 2

    def ready_rate(self, stock: ArrayLike) -> Floats:
        """Share of time with stock on the shelf, P(D < s)."""
        return self._read(_ready_of, stock)

    def fill_rate(self, stock: ArrayLike) -> Floats:
        """Share of units filled at once from the shelf; the ready rate when demand comes one by one."""
        return self._read(_filled_of, stock)

    def on_hand(self, stock: ArrayLike) -> Floats:
        """Mean stock on the shelf, E[(s - D)^+] = s - mean + backorders."""
        levels = _levels(stock)
        return levels - self.mean + self.expected_backorders(levels)

    def _read(self, figure: Callable[[Floats, Counts], Floats], stock: ArrayLike) -> Floats:
        levels = _levels(stock)
        # A power of two, so that neighbouring levels share one remembered table.
        need = max(reach(self.mean, self.variance), int(levels.max(initial=0)) + 2)
        return _tabled(figure, self, 1 << need.bit_length())[levels]


@lru_cache(maxsize=256)
def _tabled(figure: Callable[[Floats, Counts], Floats], demand: Counts, most: int) -> Floats:
    table = figure(demand.chances(most), demand)
    table.setflags(write=False)
    return table


def poisson(mean: float) -> Counts:
    """Demand that comes one by one at a constant rate."""
    return Counts(mean, mean)


def negative_binomial(mean: float, variance: float) -> Counts:
    """Demand whose variance exceeds its mean."""
    if not variance > mean:
        raise BadProblem(
            "demand", f"variance {variance} must be above the mean {mean}; otherwise use Poisson"
        )
    return Counts(mean, variance)


@dataclass(frozen=True, slots=True)
class Normal:
    """Demand of a fast mover as a normal law; ``deviation`` is the standard deviation."""

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.mean) or not (math.isfinite(self.deviation) and self.deviation > 0):
            raise BadProblem("demand", f"normal({self.mean}, {self.deviation}) needs a deviation above zero")

    def expected_backorders(self, stock: ArrayLike) -> Floats:
        """E[(D - s)^+] = deviation * (density(z) - z * upper tail(z)), z = (s - mean) / deviation."""
        from scipy.special import erfcx

        z = (np.asarray(stock, dtype=np.float64) - self.mean) / self.deviation
        density = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
        with np.errstate(over="ignore", invalid="ignore"):
            mills = math.sqrt(math.pi / 2) * erfcx(np.abs(z) / math.sqrt(2))
        above = density * (1 - np.abs(z) * mills)
        return np.asarray(self.deviation * np.where(z >= 0, above, above - z))

    def ready_rate(self, stock: ArrayLike) -> Floats:
        """P(D < s)."""
        from scipy.special import ndtr

        return np.asarray(ndtr((np.asarray(stock, dtype=np.float64) - self.mean) / self.deviation))

    def on_hand(self, stock: ArrayLike) -> Floats:
        """E[(s - D)^+]."""
        return np.asarray(stock, dtype=np.float64) - self.mean + self.expected_backorders(stock)


def reach(mean: float, variance: float) -> int:
    """A demand beyond which nothing matters to sixteen digits."""
    ratio = variance / mean if mean > 0 else 1.0
    return int(mean + 9 * math.sqrt(variance) + 45 * ratio) + 3


def chances(mean: ArrayLike, variance: ArrayLike, most: int) -> Floats:
    """Chances of 0 ... ``most``, shape (..., most + 1), for means and variances of shape (...).

    Built from ratios of neighbours in logarithms, so no factorial overflows: Poisson
    ``p(x+1)/p(x) = m/(x+1)``, negative binomial ``(r+x)/(x+1) * (1-q)`` with q = mean / variance and
    r = mean q / (1 - q).
    """
    m = np.asarray(mean, dtype=np.float64)[..., None]
    v = np.asarray(variance, dtype=np.float64)[..., None]
    x = np.arange(most, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(m > 0, m / np.where(v > 0, v, 1.0), 1.0)
        bursts = q < 1 - 1e-9
        r = np.where(bursts, m * q / np.where(bursts, 1 - q, 1.0), 1.0)
        step = np.where(bursts, (r + x) / (x + 1) * (1 - q), m / (x + 1))
        first = np.where(bursts, r * np.log(q), -m)
        logs = np.concatenate((first, first + np.cumsum(np.log(step), axis=-1)), axis=-1)
    out = np.exp(logs)
    return np.asarray(np.where(m > 0, out, np.arange(most + 1) == 0))


def above(table: Floats) -> Floats:
    """P(D > x) for x = 0 ... from chances along the last axis; sums from the far end keep small tails."""
    tail = np.cumsum(table[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate((tail[..., 1:], np.zeros((*table.shape[:-1], 1))), axis=-1)


def ready(table: Floats) -> Floats:
    """P(D < s) for s = 0 ...: never ready without stock."""
    tail = above(table)
    return np.concatenate((np.zeros((*table.shape[:-1], 1)), 1 - tail[..., :-1]), axis=-1)


def filled(table: Floats, variance_ratio: float) -> Floats:
    """Share of units filled at once for s = 0 ..., when demand comes in logarithmic bursts.

    A burst of B meets (s - D)^+ on the shelf, so the share is ``sum_j P(B > j) / E[B] * P(D < s - j)``.
    """
    at_once = ready(table)
    if variance_ratio <= 1 + 1e-9:
        return at_once
    theta = 1 - 1 / variance_ratio
    size = np.arange(1, at_once.shape[-1] + 1, dtype=np.float64)
    chance = np.exp(size * np.log(theta) - np.log(size)) / -np.log1p(-theta)
    larger = np.concatenate(([1.0], 1 - np.cumsum(chance)[:-1]))
    weight = np.maximum(larger, 0.0) * (1 - theta) * -np.log1p(-theta) / theta
    flat = at_once.reshape(-1, at_once.shape[-1])
    out = np.array([np.convolve(row, weight)[: row.size] for row in flat])
    return np.asarray(out.reshape(at_once.shape))


def short(table: Floats) -> Floats:
    """E[(D - s)^+] for s = 0 ... as the sum of P(D > x) over x >= s."""
    return np.cumsum(above(table)[..., ::-1], axis=-1)[..., ::-1]


def short_squared(table: Floats) -> Floats:
    """E[((D - s)^+)^2] for s = 0 ... as the sum of (2 (x - s) + 1) P(D > x) over x >= s."""
    backorders = short(table)
    later = np.cumsum(backorders[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray(2 * later - backorders)


def _short_of(table: Floats, _: Counts) -> Floats:
    return short(table)


def _short_squared_of(table: Floats, _: Counts) -> Floats:
    return short_squared(table)


def _ready_of(table: Floats, _: Counts) -> Floats:
    return ready(table)


def _filled_of(table: Floats, demand: Counts) -> Floats:
    return filled(table, demand.variance / demand.mean if demand.mean > 0 else 1.0)


def _levels(stock: ArrayLike) -> Ints:
    levels = np.asarray(stock, dtype=np.float64)
    if not np.isfinite(levels).all() or (levels < 0).any() or (levels != np.round(levels)).any():
        raise BadProblem("stock level", "must be a whole number of 0 or more")
    return levels.astype(np.int64)
