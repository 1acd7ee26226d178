"""A depot behind several bases: METRIC, VARI-METRIC and the exact answer for one part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import (
    Counts,
    Floats,
    Ints,
    chances,
    filled,
    reach,
    short,
)

Method = Literal["metric", "vari-metric", "exact"]


@dataclass(frozen=True, slots=True)
class TwoEchelons:
    """One part kept at a depot and at ``b`` bases, each replenished one for one from the depot.

    Attributes
    ----------
    demand : (b,) float
        Poisson demand per day at each base.
    ship_days : (b,) float
        From the depot's shelf to the base's.
    depot_days : float
        The depot's own replenishment or repair time. Lead times of a depot with ample capacity only
        matter by their mean (Palm 1938).
    repaired_share, repair_days : (b,) float
        Share of the base's failures repaired at the base itself, and how long that takes.
    variance_ratio : float
        Variance / mean of demand, 1 for Poisson; above 1 the ``exact`` method does not apply.
    """

    demand: Floats
    ship_days: Floats
    depot_days: float
    repaired_share: Floats
    repair_days: Floats
    variance_ratio: float = 1.0

    @property
    def depot_demand(self) -> float:
        """Orders per day that reach the depot."""
        return float((self.demand * (1 - self.repaired_share)).sum())

    @property
    def depot_pipeline(self) -> Counts:
        """Units on order at the depot."""
        mean = self.depot_demand * self.depot_days
        return Counts(mean, mean * self.variance_ratio)


def two_echelons(
    demand: ArrayLike,
    *,
    ship_days: ArrayLike,
    depot_days: float,
    repaired_share: ArrayLike = 0.0,
    repair_days: ArrayLike = 0.0,
    variance_ratio: float = 1.0,
) -> TwoEchelons:
    """Check the figures (single values hold for all bases) and make them :class:`TwoEchelons`."""
    rate = np.atleast_1d(np.asarray(demand, dtype=np.float64))
    if rate.ndim != 1 or rate.size == 0:
        raise BadProblem("two echelons", "needs at least one base")
    columns = {}
    for name, given, top in (
        ("demand per day", demand, np.inf),
        ("shipping days", ship_days, np.inf),
        ("repaired share", repaired_share, 1.0),
        ("repair days", repair_days, np.inf),
    ):
        column = np.asarray(given, dtype=np.float64)
        if column.ndim > 1 or (column.ndim == 1 and column.size not in (1, rate.size)):
            raise BadProblem("two echelons", f"{name}: {column.size} values for {rate.size} bases")
        spread = np.broadcast_to(column, rate.shape).astype(np.float64)
        wrong = ~np.isfinite(spread) | (spread < 0) | (spread > top)
        if wrong.any():
            base = int(np.argmax(wrong))
            raise BadProblem(f"base {base}", f"{name} cannot be {spread[base]}")
        columns[name] = spread
    if not (np.isfinite(depot_days) and depot_days >= 0):
        raise BadProblem("depot", f"its replenishment days cannot be {depot_days}")
    if not (np.isfinite(variance_ratio) and variance_ratio >= 1):
        raise BadProblem("two echelons", f"variance ratio {variance_ratio} is below 1")
    return TwoEchelons(
        columns["demand per day"],
        columns["shipping days"],
        float(depot_days),
        columns["repaired share"],
        columns["repair days"],
        float(variance_ratio),
    )


@dataclass(frozen=True, slots=True)
class Service:
    """What stock at depot and bases gives: arrays of shape (b,), ``fill_rate`` weighted by demand."""

    fill_rates: Floats
    backorders: Floats
    delay_days: Floats
    depot_backorders: float
    depot_fill_rate: float
    fill_rate: float


def judge_echelons(
    system: TwoEchelons, *, depot_stock: int, base_stock: ArrayLike, method: Method = "vari-metric"
) -> Service:
    """Fill rate, backorders and mean delay of each base for given stock.

    ``metric`` (Sherbrooke 1968) takes the units due at a base as Poisson, which is too hopeful when the
    depot holds little; ``vari-metric`` (Graves 1985) fits a negative binomial to their mean and
    variance; ``exact`` (Simon 1971, Graves 1985) shares the depot's backorders binomially among the
    bases, exact for constant shipping times and first come, first served.
    """
    stock = np.asarray(base_stock, dtype=np.int64)
    if stock.shape != system.demand.shape or (stock < 0).any() or depot_stock < 0:
        raise BadProblem("stock", "needs a whole number of 0 or more for the depot and for every base")
    most = int(stock.max()) + 1
    table = due_table(system, depot_stock, most=most, method=method)
    row = np.arange(stock.size)
    fills, backs = filled(table, system.variance_ratio)[row, stock], short(table)[row, stock]
    with np.errstate(invalid="ignore", divide="ignore"):
        delay = np.where(system.demand > 0, backs / system.demand, 0.0)
    total = float(system.demand.sum())
    depot = system.depot_pipeline
    return Service(
        fill_rates=fills,
        backorders=backs,
        delay_days=delay,
        depot_backorders=float(depot.expected_backorders(depot_stock)),
        depot_fill_rate=float(depot.fill_rate(depot_stock)),
        fill_rate=float(fills @ system.demand) / total if total > 0 else 1.0,
    )


def due_table(system: TwoEchelons, depot_stock: int, *, most: int, method: Method = "vari-metric") -> Floats:
    """Chances (b, x + 1) of 0 ... x units due at each base, x at least ``most`` and beyond doubt."""
    if method == "exact":
        return _exact_table(system, depot_stock, most)
    mean, variance = due_moments(system, depot_stock, method=method)
    far = max(max(reach(m, v) for m, v in zip(mean, variance, strict=True)), most)
    return chances(mean, variance, far)


def due_moments(system: TwoEchelons, depot_stock: int, *, method: Method) -> tuple[Floats, Floats]:
    """Mean and variance (b,) of the units due at each base.

    The depot's backorders are shared by chance; units of one burst go to one base, which multiplies
    the variance of the sharing by E[B^2] / E[B], the variance ratio of logarithmic bursts.
    """
    depot = system.depot_pipeline
    backorders = float(depot.expected_backorders(depot_stock))
    share = _share(system)
    own = _own_pipeline(system)
    mean = own + share * backorders
    if method == "metric":
        return mean, mean * system.variance_ratio
    if method != "vari-metric":
        raise BadProblem("method", f"{method!r} is not known; choose metric, vari-metric or exact")
    shared = share * (1 - share) * backorders * system.variance_ratio
    spread = share**2 * float(depot.backorder_variance(depot_stock))
    return mean, np.maximum(own * system.variance_ratio + shared + spread, mean)


def _own_pipeline(system: TwoEchelons) -> Floats:
    """Units in base repair or on the road, without waiting for the depot."""
    sent = system.demand * (1 - system.repaired_share)
    return np.asarray(system.demand * system.repaired_share * system.repair_days + sent * system.ship_days)


def _share(system: TwoEchelons) -> Floats:
    sent = system.demand * (1 - system.repaired_share)
    total = float(sent.sum())
    return sent / total if total > 0 else np.zeros_like(sent)


def _exact_table(system: TwoEchelons, depot_stock: int, most: int) -> Floats:
    if system.variance_ratio > 1:
        raise BadProblem("method", "exact holds for Poisson demand only; the variance ratio is above 1")
    depot = system.depot_pipeline
    top = reach(depot.mean, depot.variance)
    pipeline = depot.chances(depot_stock + top)
    waiting = np.concatenate(([pipeline[: depot_stock + 1].sum()], pipeline[depot_stock + 1 :]))
    own, share = _own_pipeline(system), _share(system)
    far = max(
        max(reach(m + s * depot.mean, m + s * depot.mean) for m, s in zip(own, share, strict=True)), most
    )
    rows = []
    for mean, part in zip(own, share, strict=True):
        road = chances(mean, mean, far)
        rows.append(np.convolve(road, _thinned(waiting, part))[: far + 1])
    return np.array(rows)


def _thinned(waiting: Floats, part: float) -> Floats:
    """Law of Binomial(B, part) when B has the law ``waiting``; O(len^2)."""
    if part >= 1:
        return waiting
    if part <= 0:
        return np.array([1.0])
    out = np.zeros_like(waiting)
    row = np.zeros_like(waiting)
    row[0] = 1.0
    for weight in waiting:
        out += weight * row
        row[1:] = row[1:] * (1 - part) + row[:-1] * part
        row[0] *= 1 - part
    return out


def depot_levels(system: TwoEchelons) -> Ints:
    """Depot stocks worth trying: beyond the last, the depot is practically never short."""
    depot = system.depot_pipeline
    levels = np.arange(reach(depot.mean, depot.variance) + 1)
    enough = depot.expected_backorders(levels) <= 1e-4 * max(depot.mean, 1e-12)
    return levels[: int(np.argmax(enough)) + 1].astype(np.int64)
