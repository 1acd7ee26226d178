"""People as a stock that flows: hired, growing older in service, trained upward, leaving."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import Floats, Ints
from tightrope.planning.turnover.learning import LearningCurve
from tightrope.planning.turnover.leaving import LeavingHazard


@dataclass(frozen=True, slots=True)
class Level:
    """A level of skill. ``output`` of an experienced person there, in the unit demand is stated in;
    ``min_months`` of service before somebody can be trained up to it; ``leaves_times`` the usual hazard.
    """

    name: str
    output: float = 1.0
    min_months: int = 0
    salary_per_month: float = 0.0
    leaves_times: float = 1.0


@dataclass(frozen=True, slots=True)
class Workforce:
    """Heads by level (``L``, lowest first) and months of service (``T``, the last one open-ended).

    Attributes
    ----------
    heads : (L, T) float
        Today's people.
    leaving : (L, T) float
        Chance to leave during a month.
    output : (L, T) float
        What one head does in a month.
    away_share : float
        Share of a month that training takes from the person trained.
    """

    levels: tuple[Level, ...]
    heads: Floats
    leaving: Floats
    output: Floats
    away_share: float = 0.5

    @property
    def months_known(self) -> int:
        """T: service beyond this is treated alike."""
        return int(self.heads.shape[1])


def workforce(
    levels: Sequence[Level],
    staff: Sequence[tuple[int, float]],
    *,
    hazard: LeavingHazard,
    curve: LearningCurve,
    away_share: float = 0.5,
    months_known: int = 97,
) -> Workforce:
    """Set up the stock from people as (level number, months of service).

    Output of a head = output of the level times the learning curve's share of its top at that service.
    """
    if not levels:
        raise BadProblem("workforce", "there are no levels")
    if not 0 <= away_share <= 1:
        raise BadProblem("workforce", f"the share of a month in training cannot be {away_share}")
    if months_known < 2:
        raise BadProblem("workforce", f"{months_known} months of service are too few to tell people apart")
    for level in levels:
        if not (math.isfinite(level.output) and level.output >= 0 and level.leaves_times >= 0):
            raise BadProblem(f"level {level.name}", "output and leaving must be zero or more")
        if not 0 <= level.min_months < months_known:
            raise BadProblem(f"level {level.name}", f"months of service cannot be {level.min_months}")
    heads = np.zeros((len(levels), months_known))
    for i, (number, tenure) in enumerate(staff):
        if not 0 <= number < len(levels):
            raise BadProblem(f"staff row {i}", f"there is no level {number}")
        if not (math.isfinite(tenure) and tenure >= 0):
            raise BadProblem(f"staff row {i}", f"months of service cannot be {tenure}")
        heads[number, min(int(tenure), months_known - 1)] += 1
    usual = -np.log1p(-hazard.monthly_chances(months_known))
    leaving = -np.expm1(-np.outer([level.leaves_times for level in levels], usual))
    share = curve.output(np.arange(months_known) + 0.5) / curve.top
    output = np.outer([level.output for level in levels], share)
    return Workforce(tuple(levels), heads, leaving, output, away_share)


@dataclass(frozen=True, slots=True)
class Course:
    """What a plan leads to over ``M`` months, as quantiles over runs (or exact means, then all equal).

    ``heads`` (M, L) mean heads by level at the start of each month; ``capacity`` (M,) mean output;
    ``capacity_low`` and ``capacity_high`` (M,) what all but 1 - confidence of runs reach, and stay below; ``leavers`` (M,), ``trained``
    (M, L - 1) means; ``enough`` (M,) share of runs that met demand, NaN without a demand.
    """

    heads: Floats
    capacity: Floats
    capacity_low: Floats
    capacity_high: Floats
    capacity_spread: Floats
    leavers: Floats
    trained: Floats
    enough: Floats


def project(force: Workforce, hires: ArrayLike, seats: ArrayLike) -> Course:
    """Mean course: ``hires`` (M,) join the lowest level at each month's start, ``seats`` (M, L - 1) to train.

    Every month: output is done, those longest in service take the training seats and move up, some
    leave, everybody grows a month older. Means of stocks that people leave independently are exact
    (Bartholomew, Forbes & McClean 1991, chapter 4), except where seats are short by chance.
    """
    joining, places = _plan(force, hires, seats)
    state: Any = force.heads.copy()
    rows = []
    for month in range(joining.size):
        state[0, 0] += joining[month]
        moved = _moved(force, state[None], places[month])[0]
        capacity = float((state * force.output).sum() - force.away_share * (moved * force.output).sum())
        before = state.sum(axis=1)
        state = _up(state[None], moved[None])[0]
        gone = state * force.leaving
        rows.append((before, capacity, float(gone.sum()), moved[:-1].sum(axis=1)))
        state = _older(state - gone)
    heads, output, leavers, trained = (np.array(column) for column in zip(*rows, strict=True))
    unknown = np.full(joining.size, np.nan)
    return Course(heads, output, output, output, np.zeros(joining.size), leavers, trained, unknown)


def whole_seats(seats: ArrayLike) -> Floats:
    """Seats (M, L - 1) in whole numbers whose running total stays within a half of the plan's."""
    total = np.floor(np.cumsum(np.asarray(seats, dtype=np.float64), axis=0) + 0.5)
    return np.diff(total, axis=0, prepend=0.0)


def simulate(
    force: Workforce,
    hires: ArrayLike,
    seats: ArrayLike,
    *,
    demand: ArrayLike | None = None,
    runs: int = 400,
    seed: int = 0,
    hazard: LeavingHazard | None = None,
    confidence: float = 0.95,
) -> Course:
    """Whole people leaving by chance, ``runs`` times; with ``hazard``, its uncertainty is drawn as well.

    Seats are rounded by :func:`whole_seats`. Equal seeds give equal results. O(runs * M * L * T).
    """
    joining, places = _plan(force, hires, seats)
    whole, places = np.round(joining).astype(np.int64), whole_seats(places)
    rng = np.random.default_rng(seed)
    state: Any = np.repeat(force.heads.astype(np.int64)[None], runs, axis=0)
    leaving = np.broadcast_to(force.leaving, state.shape)
    if hazard is not None:
        months = np.arange(force.months_known + 1)
        usual = np.diff(hazard.cumulative(months))
        drawn = np.array([np.diff(hazard.cumulative(months, rate)) for rate in hazard.drawn(rng, runs)])
        factor = drawn / np.maximum(usual, 1e-12)
        leaving = -np.expm1(np.log1p(-force.leaving)[None] * factor[:, None, :])
    rows = []
    for month in range(whole.size):
        state[:, 0, 0] += whole[month]
        moved = _moved(force, state, places[month])
        capacity = (state * force.output).sum(axis=(1, 2)) - force.away_share * (moved * force.output).sum(
            (1, 2)
        )
        before = state.sum(axis=2)
        state = _up(state, moved)
        gone = rng.binomial(state, leaving)
        rows.append(
            (before.mean(axis=0), capacity, gone.sum(axis=(1, 2)).mean(), moved[:, :-1].sum(2).mean(0))
        )
        state = _older(state - gone)
    heads, outputs, leavers, trained = (np.array(column) for column in zip(*rows, strict=True))
    enough = np.full(whole.size, np.nan)
    if demand is not None:
        enough = (outputs >= np.asarray(demand, dtype=np.float64)[:, None] - 1e-9).mean(axis=1)
    return Course(
        heads=heads,
        capacity=outputs.mean(axis=1),
        capacity_low=np.quantile(outputs, 1 - confidence, axis=1),
        capacity_high=np.quantile(outputs, confidence, axis=1),
        capacity_spread=outputs.std(axis=1),
        leavers=leavers,
        trained=trained,
        enough=enough,
    )


def _plan(force: Workforce, hires: ArrayLike, seats: ArrayLike) -> tuple[Floats, Floats]:
    joining, places = np.asarray(hires, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    steps = len(force.levels) - 1
    if joining.ndim != 1 or joining.size == 0 or places.shape != (joining.size, steps):
        raise BadProblem("workforce plan", f"hires {joining.shape} and seats {places.shape} do not fit")
    if (
        not (np.isfinite(joining).all() and np.isfinite(places).all())
        or (joining < 0).any()
        or (places < 0).any()
    ):
        raise BadProblem("workforce plan", "hires and seats must be numbers of zero or more")
    return joining, places


def _moved(force: Workforce, state: Floats | Ints, seats: Floats) -> Floats:
    """Who is trained up this month: the longest in service first; shape of ``state``."""
    moved = np.zeros(state.shape, dtype=state.dtype)
    for level in range(len(force.levels) - 1):
        ready = state[:, level].copy()
        ready[:, : force.levels[level + 1].min_months] = 0
        older = np.cumsum(ready[:, ::-1], axis=1)[:, ::-1] - ready
        moved[:, level] = np.clip(seats[level] - older, 0, ready).astype(state.dtype)
    return np.asarray(moved)


def _up(state: Floats | Ints, moved: Floats | Ints) -> Floats:
    out = state - moved
    out[:, 1:] += moved[:, :-1]
    return np.asarray(out)


def _older(state: Floats | Ints) -> Floats:
    out = np.zeros_like(state)
    out[..., 1:] = state[..., :-1]
    out[..., -1] += state[..., -1]
    return np.asarray(out)
