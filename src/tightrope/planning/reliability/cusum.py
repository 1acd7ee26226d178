"""Cumulative-sum chart of Poisson counts, with run lengths computed and not assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats

MOST_GRID = 200
MOST_STATES = 6000


@dataclass(frozen=True, slots=True)
class CusumDesign:
    """A chart that adds up what exceeds a reference and signals above a threshold.

    Reference and threshold are whole multiples of 1 / ``grid``, so the chart's state is a whole number
    and its run lengths are exact, not approximated.

    Attributes
    ----------
    good_rate, bad_rate : failures per exposure before, and the change worth finding.
    exposure : the exposure per point the design was made for.
    reference_rate : what is subtracted per exposure, between the two rates.
    threshold : signal when the sum goes above it, in failures.
    run_length_good, run_length_bad : average points until a signal at each rate, from an empty sum.
    """

    good_rate: float
    bad_rate: float
    exposure: float
    reference_rate: float
    threshold: float
    grid: int
    run_length_good: float
    run_length_bad: float


def design_cusum(
    good_rate: float, bad_rate: float, *, exposure: float, points_between_false_alarms: float
) -> CusumDesign:
    """Smallest threshold whose average run length at the good rate is at least the one asked for.

    Source: reference value of Lucas (1985) for Poisson counts; run lengths from the Markov chain of
    Brook & Evans (1972), here without discretisation error.
    """
    for name, value in (("good rate", good_rate), ("bad rate", bad_rate), ("exposure", exposure)):
        if not (math.isfinite(value) and value > 0):
            raise BadProblem(f"cusum {name}", f"must be above zero, not {value}")
    if bad_rate <= good_rate:
        raise BadProblem("cusum bad rate", f"{bad_rate} is not above the good rate {good_rate}")
    if not 1 < points_between_false_alarms < 1e9:
        raise BadProblem("cusum", f"{points_between_false_alarms} points between false alarms is no plan")
    reference_rate = (bad_rate - good_rate) / math.log(bad_rate / good_rate)
    per_point = reference_rate * exposure
    if per_point < 2 / MOST_GRID:
        raise BadProblem(
            "cusum exposure", f"{per_point:.2g} failures a point are too few; take longer periods"
        )
    # Rounding moves the reference by a few per cent at most. A reference that were a whole number would
    # leave only whole thresholds, hence run lengths far above those asked for.
    grid = min(max(math.ceil(60 / per_point), 7), MOST_GRID if per_point < 0.1 else MOST_GRID // 2)
    step = max(round(per_point * grid), 1)
    if step % grid == 0:
        step += 1

    good = good_rate * exposure

    low, high = 0, grid
    while _run_length(good, step, high, grid) < points_between_false_alarms:
        low, high = high, high * 2
        if high > MOST_STATES:
            raise BadProblem("cusum", "the two rates are too close for that few false alarms")
    while high - low > 1:
        middle = (low + high) // 2
        enough = _run_length(good, step, middle, grid) >= points_between_false_alarms
        low, high = (low, middle) if enough else (middle, high)
    return CusumDesign(
        good_rate,
        bad_rate,
        exposure,
        step / grid / exposure,
        high / grid,
        grid,
        _run_length(good, step, high, grid),
        _run_length(bad_rate * exposure, step, high, grid),
    )


def _run_length(mean: float, step: int, threshold: int, grid: int) -> float:
    moves = _moves(mean, step, threshold, grid)
    ones = np.ones(threshold + 1)
    return float(np.linalg.solve(np.eye(threshold + 1) - moves, ones)[0])


def _moves(mean: float, step: int, threshold: int, grid: int) -> Floats:
    """Chances of moving between the states 0 ... threshold (those that do not signal)."""
    size = threshold + 1
    most = (threshold + step) // grid
    mass = _poisson(mean, most)
    moves = np.zeros((size, size))
    start = np.arange(size)
    for count, chance in enumerate(mass):
        to = np.maximum(start + count * grid - step, 0)
        stays = to <= threshold
        moves[start[stays], to[stays]] += chance
    return moves


def _poisson(mean: float, most: int) -> Floats:
    logs = np.concatenate(([0.0], np.cumsum(np.log(mean / np.arange(1, most + 1)))))
    return np.exp(logs - mean)


@dataclass(frozen=True, slots=True)
class CusumRun:
    """The chart run over ``k`` points: the sum after each (k,), where it signals (k,) and what that is worth.

    ``chance_of_any_false_alarm`` is exact for the exposures seen, at the good rate.
    """

    design: CusumDesign
    sums: Floats
    signals: NDArray[np.bool_]
    chance_of_any_false_alarm: float


def run_cusum(design: CusumDesign, counts: ArrayLike, exposure: ArrayLike) -> CusumRun:
    """Run a designed chart over counts and exposures, both (k,); the sum restarts after a signal.

    Exposure may vary: the reference grows with it. The stated chance of a false alarm is computed for
    these exposures (the designed run length holds for the designed exposure only).
    """
    x = np.asarray(counts, dtype=np.float64)
    e = np.asarray(exposure, dtype=np.float64)
    if x.shape != e.shape or x.ndim != 1 or x.size == 0:
        raise BadProblem("cusum", "counts and exposure must be two columns of the same length")
    wrong = ~np.isfinite(x) | (x < 0) | (x != np.round(x)) | ~np.isfinite(e) | (e <= 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadProblem(f"point {row}", f"count {x[row]} with exposure {e[row]} cannot be")
    threshold = round(design.threshold * design.grid)
    steps = np.maximum(np.round(design.reference_rate * e * design.grid).astype(int), 1)

    sums, signals = np.zeros(x.size), np.zeros(x.size, dtype=bool)
    state = 0
    quiet = np.zeros(threshold + 1)
    quiet[0] = 1.0
    for i, count in enumerate(x.astype(int)):
        state = max(state + int(count) * design.grid - int(steps[i]), 0)
        sums[i] = state / design.grid
        if state > threshold:
            signals[i] = True
            state = 0
        quiet = quiet @ _moves(design.good_rate * e[i], int(steps[i]), threshold, design.grid)
    return CusumRun(design, sums, signals, float(1 - quiet.sum()))
