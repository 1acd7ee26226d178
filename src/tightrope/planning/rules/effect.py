"""What deviating does, like compared with like: within strata of the case mix and within each engineer.

Hard cases are deviated on more often, and so do able engineers deviate more; the plain difference of means
tells of both. The effect here is that of a regression on the deviation with an own level for every stratum
and every engineer: only jobs that some engineer did both ways, in strata that know both, speak.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_EACH = 20
FEWEST_ENGINEERS = 4.0
SWEEPS = 2000


@dataclass(frozen=True, slots=True)
class Effect:
    """Outcome of jobs that deviate minus that of jobs that keep the rule, all else alike.

    ``plain`` is the difference of the two means, case mix and engineers left in. ``engineers`` is the
    effective number of people that the estimate rests on (1: one alone). ``p`` of no effect at all, two-sided;
    ``q`` the least false-discovery share at which the rule would be named (filled in by `solve`).
    """

    deviated: int
    kept: int
    plain: float
    estimate: float
    low: float
    high: float
    engineers: float
    p: float
    q: float = 1.0


def effect_of(
    outcome: Floats,
    deviated: NDArray[np.bool_],
    strata: Sequence[str],
    engineers: Sequence[str],
    *,
    confidence: float,
) -> Effect | str:
    """The effect on one outcome, (n,) each; or in words why too little is known to say.

    The variance is the jackknife over engineers, whose jobs go together (Bell & McCaffrey 2002, CR3 form, for
    one regressor after partialling out), judged by Student's t with as many degrees of freedom as people
    carry the estimate, less one.
    """
    y, d = np.asarray(outcome, dtype=np.float64), np.asarray(deviated, dtype=np.float64)
    stratum, who = _numbered(strata), _numbered(engineers)
    shared = _both_ways(d, stratum)
    n_deviated, n_kept = int(d[shared].sum()), int((1 - d[shared]).sum())
    if min(n_deviated, n_kept) < FEWEST_EACH:
        return (
            f"{n_deviated} jobs that deviate and {n_kept} that keep it, in strata that know both;"
            f" {FEWEST_EACH} of each are needed"
        )
    plain = float(y[d == 1].mean() - y[d == 0].mean())
    y, d, stratum, who = y[shared], d[shared], _again(stratum[shared]), _again(who[shared])
    apart, left = _within(d, stratum, who), _within(y, stratum, who)
    of_each = np.bincount(who, weights=apart**2)
    information = float(of_each.sum())
    if information < 1e-9 * d.size:
        return "nobody did such jobs both ways, so the rule cannot be told from the person"
    carried = information**2 / float((of_each**2).sum())
    if carried < FEWEST_ENGINEERS:
        return f"what is known rests on {carried:.1f} engineers; {FEWEST_ENGINEERS:g} are needed"
    estimate = float(apart @ left) / information
    score = np.bincount(who, weights=apart * (left - estimate * apart))
    without = (score / information) / np.maximum(1.0 - of_each / information, 1e-9)
    people = int((of_each > 0).sum())
    error = math.sqrt((people - 1) / people * float((without**2).sum()))
    return _judged(n_deviated, n_kept, plain, estimate, error, carried, confidence)


def discoveries(p: Sequence[float]) -> list[float]:
    """For each p-value the least false-discovery share at which it is named (Benjamini & Hochberg 1995)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)
    ranks = np.arange(1, values.size + 1)
    stepped = np.minimum.accumulate((values[order] * values.size / ranks)[::-1])[::-1]
    q = np.empty_like(values)
    q[order] = np.minimum(stepped, 1.0)
    return [float(one) for one in q]


def share_limits(hits: int, of: int, confidence: float) -> tuple[float, float]:
    """Limits of a share (Wilson 1927)."""
    from scipy.special import ndtri

    z = float(ndtri(0.5 + confidence / 2))
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def _judged(
    deviated: int, kept: int, plain: float, estimate: float, error: float, carried: float, confidence: float
) -> Effect:
    from scipy.special import stdtr, stdtrit

    degrees = carried - 1.0
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    p = 2.0 * float(stdtr(degrees, -abs(estimate) / error)) if error > 0 else float(estimate == 0)
    return Effect(deviated, kept, plain, estimate, estimate - half, estimate + half, carried, p)


def _both_ways(d: Floats, stratum: Ints) -> NDArray[np.bool_]:
    """Jobs of strata in which some deviate and some do not."""
    number, of = np.bincount(stratum, weights=d), np.bincount(stratum)
    return np.asarray(((number > 0) & (number < of))[stratum])


def _within(x: Floats, first: Ints, second: Ints) -> Floats:
    """What is left of ``x`` (n,) when each group of both divisions has mean zero (alternating projections)."""
    left: Floats = x - x.mean()
    size = max(1e-300, float(np.abs(left).max(initial=0.0)))
    groups = [(one, np.maximum(np.bincount(one), 1)) for one in (first, second)]
    for _ in range(SWEEPS):
        moved = 0.0
        for group, of in groups:
            means = np.bincount(group, weights=left) / of
            left = left - means[group]
            moved = max(moved, float(np.abs(means).max()))
        if moved < 1e-12 * size:
            break
    return left


def _numbered(names: Sequence[str]) -> Ints:
    return _again(np.asarray(names, dtype=object).astype(str))


def _again(names: NDArray[np.generic]) -> Ints:
    numbers: Ints = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return numbers
