"""Ways to carry an hour x weekday pattern of arrivals forward.

Every method takes counts per step, oldest first, gaps already filled, whole weeks of `season` steps, and
returns the mean for the next `ahead` steps, (ahead,), zero or more. All are plain means, so they can be
compared by squared error.

Sources
-------
Harmonic regression: McCullagh, Nelder (1989), "Generalized Linear Models", chapter 6 (Poisson with log
link), Fourier terms of the week. Exponential smoothing: Hyndman, Koehler, Ord, Snyder (2008), "Forecasting
with Exponential Smoothing", chapter 2, damped trend; here a whole week is one observation, a level with a
profile. Intermittent: Teunter, Syntetos, Babai (2011), "Intermittent demand: linking forecasting to
inventory obsolescence", European Journal of Operational Research 214(3), on days.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.staffing.positions import Floats

Method = Callable[[Floats, int, int], Floats]


def seasonal_naive(counts: Floats, season: int, ahead: int) -> Floats:
    """Next week is last week."""
    return _repeated(counts[-season:], ahead)


def recent_mean(counts: Floats, season: int, ahead: int) -> Floats:
    """Each step of the week is its mean over the last eight weeks."""
    weeks = counts.reshape(-1, season)[-8:]
    return _repeated(weeks.mean(axis=0), ahead)


def harmonic_regression(counts: Floats, season: int, ahead: int) -> Floats:
    """Poisson regression on waves of the week and the day, times an exponential trend over weeks.

    The waves of the day come with their neighbours, so that a Sunday may look unlike a Monday. With the
    trend constant within a week the likelihood falls apart into weekly totals (the trend) and totals of
    each step of the week (the waves), so two small fits are the exact one. A trend that two standard
    errors do not tell from none is none; one step of it is carried forward, the rest is held.
    """
    weeks = counts.reshape(-1, season)
    level = _next_level(weeks.sum(axis=1))
    sums = weeks.sum(axis=0)
    design = np.column_stack([np.ones(season), _waves(np.arange(season), season)])
    shape = np.exp(np.clip(design @ _poisson_fit(design, sums), -30.0, 30.0))
    total = float(shape.sum())
    return _repeated(shape * (level / total) if total > 0 else shape, ahead)


def smoothed_weeks(counts: Floats, season: int, ahead: int) -> Floats:
    """Exponential smoothing: weekly level with damped trend, times a slowly learning profile.

    The three rates are those with the least squared one-week-ahead error over the second half.
    """
    weeks = counts.reshape(-1, season)
    best, least = (0.3, 0.0, 0.2), np.inf
    for rates in product((0.1, 0.3, 0.6), (0.0, 0.1), (0.1, 0.3)):
        error = _smoothed(weeks, rates)[1]
        if error < least:
            best, least = rates, error
    profile, level, trend = _smoothed(weeks, best)[0]
    parts = []
    slope = trend
    for _ in range(-(-ahead // season)):
        level, slope = max(0.0, level + 0.9 * slope), 0.9 * slope
        parts.append(level * profile)
    return np.concatenate(parts)[:ahead]


def intermittent(counts: Floats, season: int, ahead: int) -> Floats:
    """For a handful of arrivals a week: how likely a day has any times how many, spread over the week.

    Weekday and hour are taken as independent, because a sparse history cannot tell 168 hours apart.
    """
    per_day = season // 7 if season % 7 == 0 else season
    days = counts.reshape(-1, per_day)
    totals = days.sum(axis=1)
    chance, size = float((totals > 0).mean()), float(totals[totals > 0].mean()) if totals.any() else 0.0
    for total in totals:
        chance += 0.05 * (float(total > 0) - chance)
        if total > 0:
            size += 0.1 * (float(total) - size)
    days_a_week = season // per_day
    by_hour = days.sum(axis=0) + 0.5
    by_day = totals.reshape(-1, days_a_week).sum(axis=0) + 0.5
    shape = np.outer(by_day / by_day.mean(), by_hour / by_hour.sum()).ravel()
    return _repeated(chance * size * shape, ahead)


METHODS: dict[str, Method] = {
    "seasonal naive": seasonal_naive,
    "recent mean": recent_mean,
    "harmonic regression": harmonic_regression,
    "exponential smoothing": smoothed_weeks,
    "intermittent": intermittent,
}


def _smoothed(weeks: Floats, rates: tuple[float, float, float]) -> tuple[tuple[Floats, float, float], float]:
    for_level, for_trend, for_profile = rates
    start = weeks[: max(2, len(weeks) // 4)]
    level = float(start.mean())
    profile = start.mean(axis=0) / level if level > 0 else np.ones(weeks.shape[1])
    trend, error = 0.0, 0.0
    for number, week in enumerate(weeks):
        ahead = max(0.0, level + 0.9 * trend)
        if number >= len(weeks) // 2:
            error += float(((week - ahead * profile) ** 2).sum())
        before = level
        # The level that explains this week best is its total over the profile's.
        level = max(0.0, ahead + for_level * (float(week.mean()) - ahead))
        trend = 0.9 * trend + for_trend * (level - before - 0.9 * trend)
        seen = float(week.mean())
        if seen > 0:
            profile = profile + for_profile * (week / seen - profile)
            profile = profile / profile.mean()
    return (profile, level, trend), error


def _waves(moments: NDArray[np.int64], season: int) -> Floats:
    daily = [7 * number for number in range(1, 7)] if season % 7 == 0 else []
    beside = [wave + shift for wave in daily[:4] for shift in (-2, -1, 1, 2)]
    numbers = sorted({wave for wave in (*range(1, 7), *daily, *beside) if 0 < wave < season / 2})
    angle = 2.0 * np.pi * np.outer(moments % season, numbers) / season
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1)


def _next_level(totals: Floats) -> float:
    """Total of the next week by a log-linear trend, or the mean when there is no clear trend."""
    mean = float(totals.mean())
    if mean == 0:
        return 0.0
    moments = np.arange(len(totals)) - (len(totals) - 1) / 2.0
    slope, level = 0.0, np.log(mean)
    for _ in range(50):
        expected = np.exp(np.clip(level + slope * moments, -30.0, 30.0))
        off, spread = totals - expected, float(expected @ moments**2)
        step = float(off @ moments) / spread
        level += float(off.sum()) / float(expected.sum()) - step * float(expected @ moments) / expected.sum()
        slope += min(0.2, max(-0.2, step))
        if abs(step) < 1e-9:
            break
    expected = np.exp(np.clip(level + slope * moments, -30.0, 30.0))
    chance = float(((totals - expected) ** 2 / np.maximum(expected, 1e-9)).sum()) / max(1, len(totals) - 2)
    error = np.sqrt(max(1.0, chance) / float(expected @ moments**2))
    if abs(slope) < 2.0 * error:
        return mean
    return float(np.exp(level + slope * (len(totals) - (len(totals) - 1) / 2.0)))


def _poisson_fit(design: Floats, counts: Floats) -> Floats:
    """Weights of a Poisson regression by reweighted least squares, with a ridge of 1 on the waves.

    The ridge is a prior of standard deviation 1 on each wave: nothing against a busy desk's thousands,
    and a brake on drawing a profile from a handful of calls.
    """
    ridge = np.ones(design.shape[1])
    ridge[0] = 1e-9
    weights: Floats = np.zeros(design.shape[1])
    weights[0] = np.log(max(float(counts.mean()), 1e-6))
    least = 1e-3 * max(float(counts.mean()), 1e-6)
    for _ in range(30):
        line = np.clip(design @ weights, -30.0, 30.0)
        # Steps with hardly any expected arrivals would make the working value explode.
        mean = np.maximum(np.exp(line), least)
        target = line + (counts - mean) / mean
        weighted = design * mean[:, None]
        normal = weighted.T @ design + np.diag(ridge)
        new: Floats = np.linalg.solve(normal, weighted.T @ target).astype(np.float64)
        if np.abs(new - weights).max() < 1e-6:
            return new
        weights = new
    return weights


def _repeated(week: Floats, ahead: int) -> Floats:
    return np.tile(week, -(-ahead // len(week)))[:ahead]
