"""How likely people are to leave, by how long they have been here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import Careers, Floats, Ints, TooLittleData

BANDS = (0.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0, 120.0)
FEWEST_LEAVERS = 10


@dataclass(frozen=True, slots=True)
class LeavingHazard:
    """Leavings per person-month, constant within each of ``b`` tenure bands (piecewise exponential).

    Attributes
    ----------
    starts : (b,) float
        First month of each band; the last band has no end.
    leavers : (b,) int, person_months : (b,) float
        What each rate rests on.
    rate, lower, upper : (b,) float
        Per person-month, with exact Poisson limits.
    """

    starts: Floats
    leavers: Ints
    person_months: Floats
    rate: Floats
    lower: Floats
    upper: Floats
    confidence: float

    def cumulative(self, tenure: ArrayLike, rate: Floats | None = None) -> Floats:
        """Summed hazard from joining to each tenure (any shape)."""
        t = np.asarray(tenure, dtype=np.float64)
        ends = np.append(self.starts[1:], np.inf)
        inside = np.clip(t[..., None], self.starts, ends) - self.starts
        return np.asarray(inside @ (self.rate if rate is None else rate))

    def stays(self, tenure: ArrayLike, months: ArrayLike) -> Floats:
        """Chance that somebody with this tenure is still here after these months (broadcast)."""
        now = np.asarray(tenure, dtype=np.float64)
        return np.exp(self.cumulative(now) - self.cumulative(now + np.asarray(months, dtype=np.float64)))

    def monthly_chances(self, months: int) -> Floats:
        """Chance of leaving during each month of service 0 ... months - 1, shape (months,)."""
        edges = self.cumulative(np.arange(months + 1))
        return -np.expm1(-np.diff(edges))

    def mean_tenure(self, most: float = 480.0) -> float:
        """Expected months of service of a newcomer, counted up to ``most``."""
        grid = np.arange(0.0, most + 0.25, 0.25)
        alive = np.exp(-self.cumulative(grid))
        return float(((alive[1:] + alive[:-1]) / 2).sum() * 0.25)

    def drawn(self, rng: np.random.Generator, draws: int) -> Floats:
        """Rates as uncertain as the data leave them, shape (draws, b): gamma laws (Jeffreys prior)."""
        return rng.gamma(self.leavers + 0.5, 1 / self.person_months, (draws, self.rate.size))


def fit_leaving(
    known: Careers, *, bands: tuple[float, ...] = BANDS, fewest: int = 5, confidence: float = 0.95
) -> LeavingHazard:
    """Hazard by tenure band under right censoring and left truncation.

    The maximum-likelihood rate of a band is leavers / person-months in it, whoever they are. Bands with
    fewer than ``fewest`` leavers are joined with the next (the last with the one before), so that no
    rate rests on almost nothing.

    Raises
    ------
    TooLittleData
        With fewer than ten leavers in all.
    """
    from scipy.special import gammaincinv

    if known.leavers < FEWEST_LEAVERS:
        raise TooLittleData(
            "leaving", f"{known.leavers} leavers among {len(known)} people; {FEWEST_LEAVERS} are needed"
        )
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    starts, leavers, months = _joined(*_by_band(known, bands), fewest)
    tail = (1 - confidence) / 2
    return LeavingHazard(
        starts=starts,
        leavers=leavers,
        person_months=months,
        rate=leavers / months,
        lower=np.where(leavers > 0, gammaincinv(np.maximum(leavers, 1), tail), 0.0) / months,
        upper=np.asarray(gammaincinv(leavers + 1, 1 - tail)) / months,
        confidence=confidence,
    )


def _by_band(known: Careers, bands: tuple[float, ...]) -> tuple[Floats, Ints, Floats]:
    starts = np.asarray(bands, dtype=np.float64)
    if starts[0] != 0 or not (np.diff(starts) > 0).all():
        raise BadProblem("tenure bands", "must start at 0 and ascend")
    ends = np.append(starts[1:], np.inf)
    since = np.maximum(known.entered[:, None], starts)
    until = np.minimum(known.tenure[:, None], ends)
    months = np.maximum(until - since, 0).sum(axis=0)
    band = np.searchsorted(starts, known.tenure[known.left], side="left") - 1
    return starts, np.bincount(np.maximum(band, 0), minlength=starts.size).astype(np.int64), months


def _joined(starts: Floats, leavers: Ints, months: Floats, fewest: int) -> tuple[Floats, Ints, Floats]:
    rows: list[list[float]] = []
    for start, count, time in zip(starts, leavers, months, strict=True):
        if rows and rows[-1][1] < fewest:
            rows[-1][1] += count
            rows[-1][2] += time
        else:
            rows.append([start, count, time])
    if len(rows) > 1 and rows[-1][1] < fewest:
        rows[-2][1] += rows[-1][1]
        rows[-2][2] += rows[-1][2]
        rows.pop()
    table = np.array(rows)
    return table[:, 0], table[:, 1].astype(np.int64), table[:, 2]


@dataclass(frozen=True, slots=True)
class StayCurve:
    """Share still here by tenure (Kaplan-Meier): steps at ``months`` (k,), with log-log limits."""

    months: Floats
    staying: Floats
    lower: Floats
    upper: Floats
    at_risk: Ints

    def at(self, tenure: float) -> float:
        """Share still here after ``tenure`` months."""
        steps = np.concatenate(([1.0], self.staying))
        return float(steps[np.searchsorted(self.months, tenure, side="right")])


def stay_curve(known: Careers, *, confidence: float = 0.95) -> StayCurve:
    """Kaplan-Meier curve of staying, with delayed entries and Greenwood's error on the log-log scale."""
    if known.leavers == 0:
        raise TooLittleData("stay curve", f"none of the {len(known)} people left")
    months, gone = np.unique(known.tenure[known.left], return_counts=True)
    entered = np.searchsorted(np.sort(known.entered), months, side="left")
    out = np.searchsorted(np.sort(known.tenure), months, side="left")
    risk = entered - out
    staying = np.cumprod(1 - gone / risk)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(gone / (risk * (risk - gone)))) / np.abs(np.log(staying))
        lower = np.where(staying > 0, staying ** np.exp(z * spread), 0.0)
        upper = np.where(staying > 0, staying ** np.exp(-z * spread), 1.0)
    return StayCurve(months, staying, lower, np.minimum.accumulate(upper), risk.astype(np.int64))


@dataclass(frozen=True, slots=True)
class Reason:
    """Leavers for one reason, and the share of newcomers lost to it within ``months`` of joining."""

    reason: str
    leavers: int
    per_person_year: float
    lost_share: float
    months: float


def by_reason(known: Careers, *, months: float = 24.0) -> list[Reason]:
    """What people leave for, the most frequent reason first.

    ``lost_share`` is the cumulative incidence (Aalen & Johansen 1978): one minus Kaplan-Meier of a
    single reason would count people who had already left for another.
    """
    curve = stay_curve(known)
    before = np.concatenate(([1.0], curve.staying[:-1]))
    out = []
    for reason in dict.fromkeys(known.reasons):
        own = np.array([r == reason for r in known.reasons]) & known.left
        count = int(own.sum())
        if count == 0:
            continue
        ages = known.tenure[own]
        gone = np.array([np.count_nonzero(ages == month) for month in curve.months])
        early = curve.months <= months
        lost = float((before * gone / curve.at_risk)[early].sum())
        out.append(Reason(reason, count, count / known.person_months * 12, lost, months))
    return sorted(out, key=lambda r: (-r.leavers, r.reason))


@dataclass(frozen=True, slots=True)
class GroupLeaving:
    """Leavers of a region, manager or cohort beside those its people's tenure would give.

    ``ratio`` with exact limits; ``adjusted`` p-value of "no difference" after Holm's correction.
    """

    group: str
    leavers: int
    expected: float
    ratio: float
    lower: float
    upper: float
    adjusted: float


def by_group(known: Careers, hazard: LeavingHazard, *, confidence: float = 0.95) -> list[GroupLeaving]:
    """Groups compared as if their people had served equally long, the highest ratio first."""
    from scipy.special import gammainc, gammaincc, gammaincinv

    tail = (1 - confidence) / 2
    rows = []
    for group in dict.fromkeys(known.groups):
        own = np.array([g == group for g in known.groups])
        expected = float((hazard.cumulative(known.tenure[own]) - hazard.cumulative(known.entered[own])).sum())
        count = int((own & known.left).sum())
        lower = float(gammaincinv(count, tail)) / expected if count else 0.0
        upper = float(gammaincinv(count + 1, 1 - tail)) / expected
        more = float(gammainc(count, expected)) if count else 1.0
        fewer = float(gammaincc(count + 1, expected))
        rows.append((group, count, expected, lower, upper, min(1.0, 2 * min(more, fewer))))
    order = sorted(range(len(rows)), key=lambda i: rows[i][5])
    adjusted, highest = [0.0] * len(rows), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, rows[i][5] * (len(rows) - rank))
        adjusted[i] = min(1.0, highest)
    found = [
        GroupLeaving(g, n, e, n / e, low, high, adjusted[i]) for i, (g, n, e, low, high, _) in enumerate(rows)
    ]
    return sorted(found, key=lambda g: -g.ratio)


@dataclass(frozen=True, slots=True)
class Shape:
    """A law of leaving with its fit: ``aic`` lower is better; Weibull shape below 1: newcomers leave most."""

    name: str
    aic: float
    weibull_shape: float = 1.0
    weibull_scale: float = math.nan


def shapes(known: Careers, hazard: LeavingHazard) -> list[Shape]:
    """Constant rate, Weibull and tenure bands compared by Akaike's criterion, the best first."""
    r = known.leavers
    constant = r * (math.log(r / known.person_months) - 1)
    weibull, scale, likelihood = _weibull(known)
    counted = hazard.leavers > 0
    bands = float((hazard.leavers[counted] * np.log(hazard.rate[counted])).sum()) - r
    return sorted(
        [
            Shape("constant", 2 - 2 * constant, 1.0, known.person_months / r),
            Shape("Weibull", 4 - 2 * likelihood, weibull, scale),
            Shape("tenure bands", 2 * hazard.rate.size - 2 * bands),
        ],
        key=lambda shape: shape.aic,
    )


def _weibull(known: Careers) -> tuple[float, float, float]:
    """Shape, scale and log-likelihood: the scale is explicit given the shape, which is found by halving."""
    r, unit = known.leavers, float(known.tenure.max())
    log_end = np.log(known.tenure / unit)
    log_start = np.log(known.entered[known.entered > 0] / unit)
    log_left = log_end[known.left]

    def slope(shape: float) -> float:
        end, start = np.exp(shape * log_end), np.exp(shape * log_start)
        total = float(end.sum() - start.sum())
        return 1 / shape + float(log_left.mean()) - float(end @ log_end - start @ log_start) / total

    low, high = 0.02, 50.0
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    shape = math.sqrt(low * high)
    total = float(np.exp(shape * log_end).sum() - np.exp(shape * log_start).sum())
    log_scale = math.log(total / r) / shape
    likelihood = r * (math.log(shape) - shape * log_scale - math.log(unit)) + (shape - 1) * float(
        log_left.sum()
    )
    return shape, math.exp(log_scale) * unit, likelihood - r
