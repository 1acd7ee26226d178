"""One part at one place, one-for-one replenishment: the least stock for a target, or the cheapest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import Counts, reach


@dataclass(frozen=True, slots=True)
class BaseStock:
    """A base-stock level and what it does; ``cost`` per period where costs were given, else NaN."""

    level: int
    fill_rate: float
    backorders: float
    on_hand: float
    cost: float = float("nan")


def level_for_fill_rate(demand: Counts, fill_rate: float) -> BaseStock:
    """Smallest level with at least this fill rate; ``demand`` is that of one lead time."""
    if not 0 <= fill_rate < 1:
        raise BadProblem("fill rate", f"must be 0 or more and below 1, not {fill_rate}")
    levels = np.arange(reach(demand.mean, demand.variance))
    return _described(demand, int(np.argmax(demand.fill_rate(levels) >= fill_rate)))


def level_for_backorders(demand: Counts, most: float) -> BaseStock:
    """Smallest level with at most this many backorders on average."""
    if not most > 0:
        raise BadProblem("backorders", f"the most allowed must be above zero, not {most}")
    levels = np.arange(reach(demand.mean, demand.variance))
    return _described(demand, int(np.argmax(demand.expected_backorders(levels) <= most)))


def level_at_least_cost(demand: Counts, *, holding_cost: float, stockout_cost: float) -> BaseStock:
    """Level with the least holding and shortage cost, each per unit and period.

    The smallest s with P(D <= s) >= stockout / (stockout + holding) (Snyder & Shen 2019, section 4.4).
    """
    positive("holding cost", holding_cost)
    positive("stockout cost", stockout_cost)
    ratio = stockout_cost / (stockout_cost + holding_cost)
    levels = np.arange(1, reach(demand.mean, demand.variance))
    found = int(np.argmax(demand.ready_rate(levels) >= ratio))
    plain = _described(demand, found)
    cost = holding_cost * plain.on_hand + stockout_cost * plain.backorders
    return BaseStock(plain.level, plain.fill_rate, plain.backorders, plain.on_hand, cost)


def _described(demand: Counts, level: int) -> BaseStock:
    return BaseStock(
        level,
        float(demand.fill_rate(level)),
        float(demand.expected_backorders(level)),
        float(demand.on_hand(level)),
    )


def positive(what: str, value: float) -> None:
    """Refuse a figure that is not a finite number above zero."""
    if not (np.isfinite(value) and value > 0):
        raise BadProblem(what, f"must be above zero, not {value}")
