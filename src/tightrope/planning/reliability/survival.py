"""How long units live, without assuming a shape: Kaplan-Meier, its limits, and quantiles of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, Lives, TooLittleData

Limits = Literal["log-log", "plain"]


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A right-continuous step curve over the ``k`` distinct ages at which something failed.

    All arrays have shape (k,): ``ages`` ascending, ``at_risk`` units watched just before each age,
    ``failures`` at it, ``surviving`` share just after it, ``lower`` and ``upper`` pointwise limits of
    that share, ``greenwood`` its standard error, ``cumulative_hazard`` (Nelson-Aalen).
    """

    ages: Floats
    at_risk: NDArray[np.int64]
    failures: NDArray[np.int64]
    surviving: Floats
    lower: Floats
    upper: Floats
    greenwood: Floats
    cumulative_hazard: Floats
    last_age: float
    confidence: float

    def at(self, age: ArrayLike) -> Floats:
        """Share surviving beyond each age (same shape as ``age``); NaN beyond the last age seen."""
        asked = np.asarray(age, dtype=np.float64)
        steps = np.concatenate(([1.0], self.surviving))
        share = steps[np.searchsorted(self.ages, asked, side="right")]
        beyond = (asked > self.last_age) & (share > 0)
        return np.where(beyond, np.nan, share)

    def quantile(self, failed_share: float) -> tuple[float, float, float]:
        """Age by which ``failed_share`` of the units have failed, with its limits.

        The limits invert the pointwise limits of the curve (Brookmeyer & Crowley 1982). An age the
        data do not reach is ``inf``.
        """
        if not 0 < failed_share < 1:
            raise BadProblem("quantile", f"the share must lie between 0 and 1, not {failed_share}")
        return (
            self._first_age(self.surviving, 1 - failed_share),
            self._first_age(self.lower, 1 - failed_share),
            self._first_age(self.upper, 1 - failed_share),
        )

    def _first_age(self, curve: Floats, share: float) -> float:
        below = np.flatnonzero(curve <= share + 1e-12)
        return float(self.ages[below[0]]) if below.size else math.inf

    def restricted_mean(self, until: float) -> tuple[float, float]:
        """Mean life up to age ``until`` (the area under the curve) and its standard error.

        Same unit as the ages. Error: Irwin (1949), Greenwood weights times the area still to come.
        """
        if not 0 < until <= self.last_age:
            raise BadProblem("restricted mean", f"{until} is outside the ages seen, 0 to {self.last_age}")
        inside = self.ages < until
        edges = np.concatenate(([0.0], self.ages[inside], [until]))
        areas = np.diff(edges) * np.concatenate(([1.0], self.surviving[inside]))
        to_come = np.cumsum(areas[::-1])[::-1][1:]
        risk, died = self.at_risk[inside], self.failures[inside]
        weight = died / np.maximum(risk * (risk - died), 1)
        return float(areas.sum()), float(np.sqrt(np.sum(to_come**2 * weight)))


def kaplan_meier(lives: Lives, *, confidence: float = 0.95, limits: Limits = "log-log") -> SurvivalCurve:
    """Product-limit estimate under right censoring and left truncation.

    The risk set just before age t holds the units with ``entered < t <= age``. The standard error is
    Greenwood's; ``log-log`` limits stay inside [0, 1] (Kalbfleisch & Prentice 2002, section 1.4.1),
    ``plain`` ones are clipped to it. Where the estimate is 0 Greenwood's formula is undefined: the
    lower limit is then 0 and the upper one the last defined.

    With left truncation a small early risk set can empty by chance and pull the curve to 0 for good;
    ``at_risk`` shows it. O(n log n).

    Raises
    ------
    TooLittleData
        If nothing failed.
    """
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    if lives.failures == 0:
        raise TooLittleData("survival curve", f"none of the {len(lives)} units failed")
    ages, died = np.unique(lives.ages[lives.failed], return_counts=True)
    entered = np.searchsorted(np.sort(lives.entered), ages, side="left")
    gone = np.searchsorted(np.sort(lives.ages), ages, side="left")
    at_risk = (entered - gone).astype(np.int64)
    died = died.astype(np.int64)
    surviving = np.cumprod(1.0 - died / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(died / (at_risk * (at_risk - died)))
        error = surviving * np.sqrt(spread)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    lower, upper = _limits(surviving, spread, z, limits)
    return SurvivalCurve(
        ages=ages,
        at_risk=at_risk,
        failures=died,
        surviving=surviving,
        lower=lower,
        upper=upper,
        greenwood=np.where(surviving > 0, error, np.nan),
        cumulative_hazard=np.cumsum(died / at_risk),
        last_age=float(lives.ages.max()),
        confidence=confidence,
    )


def _limits(surviving: Floats, spread: Floats, z: float, kind: Limits) -> tuple[Floats, Floats]:
    alive = surviving > 0
    share = surviving[alive]
    if kind == "plain":
        half = z * share * np.sqrt(spread[alive])
        low, high = np.clip(share - half, 0, 1), np.clip(share + half, 0, 1)
    elif kind == "log-log":
        log = np.log(share)
        stretch = np.exp(z * np.sqrt(spread[alive]) / np.abs(log))
        low, high = np.exp(log * stretch), np.exp(log / stretch)
    else:
        raise BadProblem("limits", f"{kind!r} is not known; choose 'log-log' or 'plain'")
    lower, upper = np.zeros(surviving.size), np.ones(surviving.size)
    lower[alive], upper[alive] = low, high
    if not alive.all() and alive.any():
        upper[~alive] = high[-1]
    return lower, upper


def curves_by(lives: Lives, groups: Sequence[str], *, confidence: float = 0.95) -> dict[str, SurvivalCurve]:
    """The curve of each group (batch, week, supplier): how its units fare with time in service.

    ``groups`` names the group of each unit, shape (n,). Groups in which nothing failed have no curve
    and are left out; the order of first appearance is kept.
    """
    if len(groups) != len(lives):
        raise BadProblem("survival curves", f"{len(groups)} group names for {len(lives)} units")
    label = np.asarray(groups, dtype=object)
    out = {}
    for name in dict.fromkeys(groups):
        own = label == name
        known = Lives(lives.ages[own], lives.failed[own], lives.entered[own])
        if known.failures:
            out[name] = kaplan_meier(known, confidence=confidence)
    return out


@dataclass(frozen=True, slots=True)
class Comparison:
    """Log-rank test that all groups share one hazard: statistic, degrees of freedom, p-value."""

    chi_square: float
    degrees: int
    p_value: float


def log_rank(groups: list[Lives]) -> Comparison:
    """Test whether two or more groups of lives could have the same survival curve.

    Source: Mantel (1966); the k-group form with hypergeometric covariance, delayed entries allowed.
    """
    from scipy.special import gammaincc

    if len(groups) < 2:
        raise BadProblem("log-rank test", f"needs two groups or more, got {len(groups)}")
    if sum(g.failures for g in groups) == 0:
        raise TooLittleData("log-rank test", "nothing failed in any group")
    ages = np.unique(np.concatenate([g.ages[g.failed] for g in groups]))
    risk = np.array([_at_risk(g, ages) for g in groups], dtype=np.float64)
    died = np.array([_died(g, ages) for g in groups], dtype=np.float64)
    n, d = risk.sum(axis=0), died.sum(axis=0)
    surplus = (died - risk * d / n).sum(axis=1)
    share = risk / n
    factor = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    covariance = np.diag((share * factor).sum(axis=1)) - (share * factor) @ share.T
    keep = len(groups) - 1
    try:
        statistic = float(surplus[:keep] @ np.linalg.solve(covariance[:keep, :keep], surplus[:keep]))
    except np.linalg.LinAlgError as singular:
        raise TooLittleData("log-rank test", "the groups were never at risk together") from singular
    return Comparison(statistic, keep, float(gammaincc(keep / 2, statistic / 2)))


def _at_risk(group: Lives, ages: Floats) -> NDArray[np.int64]:
    entered = np.searchsorted(np.sort(group.entered), ages, side="left")
    return (entered - np.searchsorted(np.sort(group.ages), ages, side="left")).astype(np.int64)


def _died(group: Lives, ages: Floats) -> NDArray[np.int64]:
    failures = np.sort(group.ages[group.failed])
    upto = np.searchsorted(failures, ages, side="right") - np.searchsorted(failures, ages, side="left")
    return upto.astype(np.int64)
