"""Failure rates with exact Poisson limits, mean times between failures and to repair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, Lives, TooLittleData, lives
from tightrope.planning.reliability.survival import kaplan_meier


@dataclass(frozen=True, slots=True)
class Rate:
    """``failures`` in ``exposure`` (unit-days, unit-months, visits ...), per one of that exposure."""

    failures: int
    exposure: float
    rate: float
    lower: float
    upper: float
    confidence: float

    @property
    def mean_time_between(self) -> tuple[float, float, float]:
        """Exposure per failure with its limits; ``inf`` where nothing failed."""
        return (_inverse(self.rate), _inverse(self.upper), _inverse(self.lower))


def failure_rate(failures: int, exposure: float, *, confidence: float = 0.95) -> Rate:
    """Failures per exposure with exact limits that cover at least ``confidence``.

    Source: Garwood (1936): the limits are chi-square quantiles with 2x and 2x + 2 degrees of freedom,
    halved. Censoring needs no care here: a unit's exposure ends when it was last seen.

    Raises
    ------
    BadProblem
        If failures are negative or broken, or exposure is not above zero.
    """
    from scipy.special import gammaincinv

    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    if failures < 0 or int(failures) != failures:
        raise BadProblem("failure rate", f"failures must be a whole number of 0 or more, not {failures}")
    if not (math.isfinite(exposure) and exposure > 0):
        raise BadProblem("failure rate", f"exposure must be above zero, not {exposure}")
    tail = (1 - confidence) / 2
    lower = float(gammaincinv(failures, tail)) if failures else 0.0
    upper = float(gammaincinv(failures + 1, 1 - tail))
    return Rate(
        int(failures), float(exposure), failures / exposure, lower / exposure, upper / exposure, confidence
    )


def rates_by(
    groups: Sequence[str], failures: ArrayLike, exposure: ArrayLike, *, confidence: float = 0.95
) -> dict[str, Rate]:
    """Failure rate of each group: rows with the same group (batch, week, supplier, age band) are added.

    ``groups``, ``failures`` and ``exposure`` have shape (n,). The order of first appearance is kept.
    """
    counts = np.asarray(failures, dtype=np.float64)
    exposed = np.asarray(exposure, dtype=np.float64)
    if not len(groups) == counts.size == exposed.size:
        raise BadProblem("failure rates", "groups, failures and exposure differ in length")
    if not (np.isfinite(counts).all() and np.isfinite(exposed).all()):
        raise BadProblem("failure rates", "a count or an exposure is not a number")
    if (counts < 0).any() or (exposed < 0).any():
        row = int(np.argmax((counts < 0) | (exposed < 0)))
        raise BadProblem(f"group {groups[row]}", "failures and exposure must not be negative")
    sums: dict[str, list[float]] = {}
    for group, count, days in zip(groups, counts, exposed, strict=True):
        total = sums.setdefault(group, [0.0, 0.0])
        total[0] += count
        total[1] += days
    for group, (_, days) in sums.items():
        if days <= 0:
            raise BadProblem(f"group {group}", "it was never exposed, so it has no failure rate")
    return {
        group: failure_rate(round(count), days, confidence=confidence)
        for group, (count, days) in sums.items()
    }


@dataclass(frozen=True, slots=True)
class RepairTime:
    """Mean and median time to repair, in the unit of the durations.

    ``open_at_the_end`` is True when the longest duration is of a repair still open: the mean is then
    one up to that duration, a lower bound of the true mean.
    """

    mean: float
    lower: float
    upper: float
    median: float
    finished: int
    open: int
    open_at_the_end: bool


def mean_time_to_repair(
    durations: ArrayLike, *, finished: ArrayLike | None = None, confidence: float = 0.95
) -> RepairTime:
    """Mean time to repair when some repairs are still open (right-censored), without assuming a shape.

    Area under the Kaplan-Meier curve of the durations. Leaving open repairs out, as a plain average
    does, understates the mean because long repairs are the ones still open.

    Raises
    ------
    TooLittleData
        With fewer than three finished repairs.
    """
    from statistics import NormalDist

    spans = lives(durations, failed=finished)
    if spans.failures < 3:
        raise TooLittleData("time to repair", f"{spans.failures} finished repairs; three are needed")
    curve = kaplan_meier(spans, confidence=confidence)
    mean, error = curve.restricted_mean(curve.last_age)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    stretch = math.exp(z * error / mean)
    longest = spans.ages == spans.ages.max()
    return RepairTime(
        mean=mean,
        lower=mean / stretch,
        upper=mean * stretch,
        median=curve.quantile(0.5)[0],
        finished=spans.failures,
        open=len(spans) - spans.failures,
        open_at_the_end=not bool(spans.failed[longest].any()),
    )


def exposure_by_age(table: Lives, edges: ArrayLike) -> tuple[Floats, Floats]:
    """Failures and time watched in each age band ``(edges[i], edges[i+1]]``; both shape (bands,).

    A unit adds to every band it lived through while watched, so an old unit helps all ages.
    """
    bounds = np.asarray(edges, dtype=np.float64)
    if bounds.ndim != 1 or bounds.size < 2 or not (np.diff(bounds) > 0).all():
        raise BadProblem("age bands", "edges must ascend and be two or more")
    start = np.maximum(table.entered[:, None], bounds[:-1])
    end = np.minimum(table.ages[:, None], bounds[1:])
    watched = np.maximum(end - start, 0.0).sum(axis=0)
    # A failure exactly at an edge belongs to the band that ends there: that is where its time was spent.
    band = np.searchsorted(bounds, table.ages[table.failed], side="left") - 1
    inside = (band >= 0) & (band < bounds.size - 1)
    return np.bincount(band[inside], minlength=bounds.size - 1).astype(np.float64), watched


def _inverse(rate: float) -> float:
    return math.inf if rate == 0 else 1 / rate
