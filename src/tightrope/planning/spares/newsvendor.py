"""How many to buy once: last-time buys, a campaign's parts, anything that cannot be reordered."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.base_stock import level_at_least_cost, positive
from tightrope.planning.spares.demand import Counts, Normal


@dataclass(frozen=True, slots=True)
class OneBuy:
    """How many to buy, the expected cost of being over and under, and the chance that it suffices."""

    quantity: float
    cost: float
    suffices: float


def one_buy(demand: Counts | Normal, *, over_cost: float, under_cost: float) -> OneBuy:
    """Best single purchase: ``over_cost`` for each left over, ``under_cost`` for each missing.

    The quantity is the ``under / (under + over)`` quantile of demand (Snyder & Shen 2019, section 4.3).
    """
    positive("over cost", over_cost)
    positive("under cost", under_cost)
    if isinstance(demand, Counts):
        plan = level_at_least_cost(demand, holding_cost=over_cost, stockout_cost=under_cost)
        return OneBuy(plan.level, plan.cost, float(demand.ready_rate(plan.level + 1)))
    ratio = under_cost / (under_cost + over_cost)
    quantity = demand.mean + demand.deviation * NormalDist().inv_cdf(ratio)
    cost = over_cost * demand.on_hand(quantity) + under_cost * demand.expected_backorders(quantity)
    return OneBuy(quantity, float(cost), ratio)


def one_buy_from_history(history: ArrayLike, *, over_cost: float, under_cost: float) -> OneBuy:
    """Best single purchase if the future looks like one of the past demands, shape (n,)."""
    positive("over cost", over_cost)
    positive("under cost", under_cost)
    past = np.sort(np.asarray(history, dtype=np.float64))
    if past.ndim != 1 or past.size < 5:
        raise BadProblem("demand history", f"{past.size} periods; at least five are needed")
    if not np.isfinite(past).all() or past[0] < 0:
        raise BadProblem("demand history", "every demand must be a number of 0 or more")
    ratio = under_cost / (under_cost + over_cost)
    quantity = past[min(int(np.ceil(ratio * past.size - 1e-9)) - 1, past.size - 1)]
    cost = over_cost * np.maximum(quantity - past, 0) + under_cost * np.maximum(past - quantity, 0)
    return OneBuy(float(quantity), float(cost.mean()), float((past <= quantity).mean()))
