"""Is the risk model worth following? Learned on the past, judged on held-out months, beside a plain one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Bools, Floats, TooLittleData
from tightrope.planning.reliability.risk import RiskModel, UnitMonths, fit_logistic, fit_risk

FEWEST_HELD_OUT_FAILURES = 10
RIDGES = (0.3, 3.0, 30.0, 300.0)


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """``units`` unit-months of similar predicted risk: what was predicted and what happened.

    ``lower`` and ``upper`` limit the true share given what happened (Clopper-Pearson, 95 %).
    """

    units: int
    predicted: float
    observed: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Score:
    """Quality of predicted chances on months the model had not seen.

    ``log_loss`` and ``brier`` per unit-month (lower is better); ``auc`` chance that a unit that failed
    had been ranked above one that did not; ``expected`` and ``observed`` failures;
    ``calibration_slope`` 1 when risks are neither too bold (< 1) nor too timid (> 1).
    """

    log_loss: float
    brier: float
    auc: float
    expected: float
    observed: int
    calibration_slope: float
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class BackTest:
    """The model and the plain baseline on the same held-out months.

    ``gain`` is the log-loss saved per unit-month over the baseline with its limits (errors clustered
    by unit); the model ``is_better`` only if the lower limit is above zero, otherwise the baseline
    should be shown and used. ``predictions`` and ``baseline_predictions`` (m,) belong to the rows
    ``held_out``.
    """

    model: Score
    baseline: Score
    gain: float
    gain_lower: float
    gain_upper: float
    is_better: bool
    ridge: float
    held_out_months: tuple[int, ...]
    held_out: UnitMonths
    predictions: Floats
    baseline_predictions: Floats
    final: RiskModel
    final_baseline: RiskModel


def back_test(
    table: UnitMonths,
    *,
    baseline: Sequence[str] = ("age",),
    held_out_months: int = 6,
    ridge: float | None = None,
) -> BackTest:
    """Predict each of the last months from the months before it only, as it would have been done then.

    The ridge is chosen on the months before the held-out ones (if not given), so nothing of the judged
    months reaches the model. ``final`` is fitted on all months, for use from now on.

    Raises
    ------
    TooLittleData
        If the months learned from or the held-out months hold too few failures to judge.
    """
    months = np.unique(table.months)
    if held_out_months < 1:
        raise BadProblem("held-out months", f"must be one or more, not {held_out_months}")
    if months.size < held_out_months + 3:
        raise TooLittleData("back-test", f"{months.size} months; {held_out_months + 3} are needed")
    judged = months[-held_out_months:]
    later = table.months >= judged[0]
    seen_failures = int(table.failed[later].sum())
    if seen_failures < FEWEST_HELD_OUT_FAILURES:
        raise TooLittleData(
            "back-test",
            f"{seen_failures} failures in the held-out months; {FEWEST_HELD_OUT_FAILURES} are needed",
        )
    past = table.rows(~later)
    plain = table.only(baseline)
    chosen = _choose_ridge(past) if ridge is None else ridge
    predicted = _walk_forward(table, judged, chosen)
    plainly = _walk_forward(plain, judged, 1.0)

    held_out = table.rows(later)
    saved = _log_losses(plainly[later], held_out.failed) - _log_losses(predicted[later], held_out.failed)
    gain, error = _clustered(saved, held_out)
    z = NormalDist().inv_cdf(0.975)
    return BackTest(
        model=score(predicted[later], held_out.failed),
        baseline=score(plainly[later], held_out.failed),
        gain=gain,
        gain_lower=gain - z * error,
        gain_upper=gain + z * error,
        is_better=gain - z * error > 0,
        ridge=chosen,
        held_out_months=tuple(int(m) for m in judged),
        held_out=held_out,
        predictions=predicted[later],
        baseline_predictions=plainly[later],
        final=fit_risk(table, ridge=chosen),
        final_baseline=fit_risk(plain, ridge=1.0),
    )


def _walk_forward(table: UnitMonths, judged: ArrayLike, ridge: float) -> Floats:
    predicted = np.full(len(table), np.nan)
    for month in np.asarray(judged):
        model = fit_risk(table.rows(table.months < month), ridge=ridge)
        now = table.months == month
        predicted[now] = model.risk(table.readings[now])
    return predicted


def _choose_ridge(past: UnitMonths) -> float:
    """Ridge with the least log-loss when the last third of the past is predicted from the rest."""
    months = np.unique(past.months)
    cut = months[max(1, months.size * 2 // 3)]
    learn, judge = past.rows(past.months < cut), past.rows(past.months >= cut)
    losses = []
    for ridge in RIDGES:
        model = fit_risk(learn, ridge=ridge)
        losses.append(float(_log_losses(model.risk(judge.readings), judge.failed).mean()))
    return RIDGES[int(np.argmin(losses))]


def score(predicted: ArrayLike, failed: ArrayLike, *, bins: int = 10) -> Score:
    """Score predicted chances (n,) against what happened (n,)."""
    p = np.asarray(predicted, dtype=np.float64)
    y = np.asarray(failed, dtype=bool)
    if p.shape != y.shape or p.size == 0:
        raise BadProblem("score", "predictions and outcomes must be two columns of the same length")
    if not (np.isfinite(p) & (p > 0) & (p < 1)).all():
        raise BadProblem("score", "a predicted chance is not between 0 and 1")
    return Score(
        log_loss=float(_log_losses(p, y).mean()),
        brier=float(((p - y) ** 2).mean()),
        auc=_auc(p, y),
        expected=float(p.sum()),
        observed=int(y.sum()),
        calibration_slope=_calibration_slope(p, y),
        calibration=_calibration(p, y, bins),
    )


def _log_losses(p: Floats, failed: Bools) -> Floats:
    return -np.where(failed, np.log(p), np.log1p(-p))


def _auc(p: Floats, failed: Bools) -> float:
    """Mann-Whitney statistic, ties counted half; NaN if only one outcome was seen."""
    positives = int(failed.sum())
    negatives = failed.size - positives
    if positives == 0 or negatives == 0:
        return math.nan
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    rank = (last - (counts - 1) / 2)[place]
    return float((rank[failed].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _calibration_slope(p: Floats, failed: Bools) -> float:
    """Slope of the outcome's log-odds on the predicted log-odds (Cox 1958); NaN if it cannot be told."""
    if failed.all() or not failed.any() or np.ptp(p) == 0:
        return math.nan
    log_odds = np.log(p) - np.log1p(-p)
    slope, _ = fit_logistic(log_odds[:, None], failed.astype(np.float64), ridge=1e-9)
    return float(slope[0])


def _calibration(p: Floats, failed: Bools, bins: int) -> tuple[CalibrationBin, ...]:
    from scipy.special import betaincinv

    out = []
    for rows in np.array_split(np.argsort(p, kind="stable"), min(bins, p.size)):
        n, hits = rows.size, int(failed[rows].sum())
        out.append(
            CalibrationBin(
                units=n,
                predicted=float(p[rows].mean()),
                observed=hits / n,
                lower=float(betaincinv(hits, n - hits + 1, 0.025)) if hits else 0.0,
                upper=float(betaincinv(hits + 1, n - hits, 0.975)) if hits < n else 1.0,
            )
        )
    return tuple(out)


def _clustered(saved: Floats, table: UnitMonths) -> tuple[float, float]:
    """Mean and standard error of a per-row figure when rows of one unit go together."""
    _, unit = np.unique(table.units.astype(str), return_inverse=True)
    mean = float(saved.mean())
    sums = np.bincount(unit, weights=saved - mean)
    clusters = sums.size
    if clusters < 2:
        return mean, math.inf
    return mean, math.sqrt(clusters / (clusters - 1) * float((sums**2).sum())) / saved.size
