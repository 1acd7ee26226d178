"""Control charts of shares (p) and of counts per exposure (u), with the false-alarm rate they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, TooLittleData

THREE_SIGMA = 0.0027


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart of ``k`` points; all arrays have shape (k,).

    Attributes
    ----------
    values, lower, upper : what was seen and the limits, per one unit of exposure. A point is a signal
        when it lies outside the limits; on a limit it is still inside.
    centre : the level of a process that has not changed.
    signals : True where the point is outside.
    false_alarm : exact chance of a signal at each point while the process is at ``centre``. Counts
        are whole numbers, so this is at or below the chance asked for.
    """

    kind: str
    values: Floats
    centre: float
    lower: Floats
    upper: Floats
    signals: NDArray[np.bool_]
    false_alarm: Floats

    @property
    def points_between_false_alarms(self) -> float:
        """Average run length of an unchanged process, in points of the exposure seen."""
        mean = float(self.false_alarm.mean())
        return float("inf") if mean == 0 else 1 / mean

    @property
    def chance_of_any_false_alarm(self) -> float:
        """Chance that at least one of the points shown would signal though nothing changed."""
        return float(-np.expm1(np.log1p(-self.false_alarm).sum()))


def p_chart(
    hits: ArrayLike, checked: ArrayLike, *, centre: float | None = None, false_alarm: float = THREE_SIGMA
) -> ControlChart:
    """Shares, e.g. repeat visits among visits: ``hits`` of ``checked``, both (k,) whole numbers.

    Limits are exact binomial ones, half of ``false_alarm`` on each side, so they hold for small shares
    where three-sigma limits do not. ``centre`` comes from a period known to be good; without it, all
    points are pooled, which hides a change that lasts.
    """
    x, n = _whole(hits, "hits"), _whole(checked, "checked")
    _same_length(x, n)
    if (n <= 0).any() or (x > n).any():
        row = int(np.argmax((n <= 0) | (x > n)))
        raise BadProblem(f"point {row}", f"{x[row]:.0f} hits among {n[row]:.0f} checked is impossible")
    level = float(x.sum() / n.sum()) if centre is None else centre
    if not 0 < level < 1:
        raise TooLittleData("p chart", f"the centre is {level}; it must lie between 0 and 1")
    from scipy.special import bdtr, bdtrc

    def above(k: int, i: int) -> float:
        return 1.0 if k <= 0 else float(bdtrc(k - 1, int(n[i]), level)) if k <= n[i] else 0.0

    def below(k: int, i: int) -> float:
        return 0.0 if k < 0 else float(bdtr(min(k, int(n[i])), int(n[i]), level))

    return _chart("p", x, n, level, false_alarm, above, below)


def u_chart(
    counts: ArrayLike, exposure: ArrayLike, *, centre: float | None = None, false_alarm: float = THREE_SIGMA
) -> ControlChart:
    """Counts per exposure, e.g. failures per 1,000 machines in service, with exact Poisson limits.

    With ``exposure`` the number expected from the case mix and ``centre=1`` this is a funnel chart:
    engineers are compared as if they had had the same jobs.
    """
    x = _whole(counts, "counts")
    e = np.asarray(exposure, dtype=np.float64)
    _same_length(x, e)
    if not (np.isfinite(e) & (e > 0)).all():
        row = int(np.argmin(np.isfinite(e) & (e > 0)))
        raise BadProblem(f"point {row}", f"its exposure must be above zero, not {e[row]}")
    level = float(x.sum() / e.sum()) if centre is None else centre
    if not level > 0:
        raise TooLittleData("u chart", "nothing was counted, so there is no level to keep to")
    from scipy.special import pdtr, pdtrc

    def above(k: int, i: int) -> float:
        return 1.0 if k <= 0 else float(pdtrc(k - 1, level * e[i]))

    def below(k: int, i: int) -> float:
        return 0.0 if k < 0 else float(pdtr(k, level * e[i]))

    return _chart("u", x, e, level, false_alarm, above, below)


def _chart(
    kind: str,
    counts: Floats,
    exposure: Floats,
    level: float,
    false_alarm: float,
    above: Callable[[int, int], float],
    below: Callable[[int, int], float],
) -> ControlChart:
    if not 0 < false_alarm < 1:
        raise BadProblem("false-alarm rate", f"must lie between 0 and 1, not {false_alarm}")
    k = counts.size
    low, high, chance = np.empty(k), np.empty(k), np.empty(k)
    for i in range(k):
        guess = int(level * exposure[i])
        top = _first(lambda c, i=i: above(c, i) <= false_alarm / 2, guess)  # type: ignore[misc]
        bottom = _first(lambda c, i=i: below(c, i) > false_alarm / 2, 0)  # type: ignore[misc]
        low[i], high[i] = bottom, top - 1
        chance[i] = above(top, i) + below(bottom - 1, i)
    outside = (counts < low) | (counts > high)
    return ControlChart(kind, counts / exposure, level, low / exposure, high / exposure, outside, chance)


def _first(holds: Callable[[int], bool], start: int) -> int:
    """Smallest whole number from ``start`` on for which a condition, once true, stays true."""
    if holds(start):
        return start
    step = 1
    while not holds(start + step):
        step *= 2
    low, high = start + step // 2, start + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


@dataclass(frozen=True, slots=True)
class BetweenSpread:
    """How much subjects truly differ, beyond chance, after the case mix is taken out.

    ``spread`` is the standard deviation of true ratios (0.2: typically 20 % above or below the
    average); ``p_value`` is of the test that they do not differ at all (chi-square on k - 1).
    """

    spread: float
    p_value: float


def between_spread(observed: ArrayLike, expected: ArrayLike) -> BetweenSpread:
    """Between-engineer spread from observed counts and those the case mix would give, both (k,).

    Moment estimate of DerSimonian & Laird (1986) on the ratios observed / expected.
    """
    from scipy.special import gammaincc

    x = _whole(observed, "observed")
    e = np.asarray(expected, dtype=np.float64)
    _same_length(x, e)
    if x.size < 3 or x.sum() == 0:
        raise TooLittleData("between spread", "needs three subjects and at least one event")
    if not (np.isfinite(e) & (e > 0)).all():
        raise BadProblem("between spread", "every expected count must be above zero")
    level = x.sum() / e.sum()
    weight = e / level
    homogeneity = float((weight * (x / e - level) ** 2).sum())
    degrees = x.size - 1
    variance = (homogeneity - degrees) / float(weight.sum() - (weight**2).sum() / weight.sum())
    return BetweenSpread(
        float(np.sqrt(max(variance, 0.0)) / level), float(gammaincc(degrees / 2, homogeneity / 2))
    )


def _whole(values: ArrayLike, what: str) -> Floats:
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != 1 or column.size == 0:
        raise TooLittleData("control chart", f"{what} must be a column with at least one row")
    wrong = ~np.isfinite(column) | (column < 0) | (column != np.round(column))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadProblem(f"point {row}", f"{what} must be a whole number of 0 or more, not {column[row]}")
    return column


def _same_length(first: Floats, second: Floats) -> None:
    if first.shape != second.shape:
        raise BadProblem("control chart", f"{first.size} counts but {second.size} exposures")
