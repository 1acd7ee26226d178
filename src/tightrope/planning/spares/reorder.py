"""Order Q when the inventory position falls to r: exact for demand that comes one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.base_stock import positive
from tightrope.planning.spares.demand import Counts, poisson


@dataclass(frozen=True, slots=True)
class ReorderPlan:
    """Order ``quantity`` at inventory position ``reorder_at``; rates per period of the demand given."""

    reorder_at: int
    quantity: int
    cost: float
    fill_rate: float
    backorders: float
    on_hand: float
    orders: float


def cheapest_reorder(
    *, holding_cost: float, stockout_cost: float, fixed_cost: float, demand_rate: float, lead_time: float
) -> ReorderPlan:
    """The (r, Q) of least average cost for Poisson demand.

    Costs per unit and period (holding, stockout) and per order (fixed); ``demand_rate`` per period,
    ``lead_time`` in periods. The inventory position is uniform on r+1 ... r+Q, so the cost is
    ``(fixed * rate + sum of G(y)) / Q`` with G the base-stock cost at position y. As G has one valley,
    the best Q positions are grown from its floor until the next one would raise the average.

    Source: Federgruen & Zheng (1992), Operations Research 40(4), algorithm of section 2.
    """
    for what, value in (
        ("holding cost", holding_cost),
        ("stockout cost", stockout_cost),
        ("fixed cost", fixed_cost),
        ("demand rate", demand_rate),
        ("lead time", lead_time),
    ):
        positive(what, value)
    demand = poisson(demand_rate * lead_time)

    def position_cost(position: int) -> float:
        backorders = _backorders(demand, position)
        return holding_cost * (position - demand.mean + backorders) + stockout_cost * backorders

    ratio = stockout_cost / (stockout_cost + holding_cost)
    floor = 0
    while float(demand.ready_rate(floor + 1)) < ratio:
        floor += 1
    low = high = floor
    total = fixed_cost * demand_rate + position_cost(floor)
    below, above = position_cost(low - 1), position_cost(high + 1)
    while min(below, above) < total / (high - low + 1):
        if below <= above:
            low, total = low - 1, total + below
            below = position_cost(low - 1)
        else:
            high, total = high + 1, total + above
            above = position_cost(high + 1)
    return judge_reorder(
        low - 1,
        high - low + 1,
        holding_cost=holding_cost,
        stockout_cost=stockout_cost,
        fixed_cost=fixed_cost,
        demand_rate=demand_rate,
        lead_time=lead_time,
    )


def judge_reorder(
    reorder_at: int,
    quantity: int,
    *,
    holding_cost: float,
    stockout_cost: float,
    fixed_cost: float,
    demand_rate: float,
    lead_time: float,
) -> ReorderPlan:
    """What a given (r, Q) costs and fills under Poisson demand; exact."""
    if quantity < 1:
        raise BadProblem("order quantity", f"must be one or more, not {quantity}")
    demand = poisson(demand_rate * lead_time)
    positions = range(reorder_at + 1, reorder_at + quantity + 1)
    backorders = float(np.mean([_backorders(demand, y) for y in positions]))
    filled = float(np.mean([float(demand.ready_rate(y)) if y > 0 else 0.0 for y in positions]))
    on_hand = reorder_at + (quantity + 1) / 2 - demand.mean + backorders
    orders = demand_rate / quantity
    return ReorderPlan(
        reorder_at=reorder_at,
        quantity=quantity,
        cost=fixed_cost * orders + holding_cost * on_hand + stockout_cost * backorders,
        fill_rate=filled,
        backorders=backorders,
        on_hand=on_hand,
        orders=orders,
    )


def reorder_for_fill_rate(
    fill_rate: float, *, quantity: int, demand_rate: float, lead_time: float
) -> ReorderPlan:
    """Smallest reorder point that fills at least this share when orders must be of one size.

    ``cost`` is NaN: no costs enter.
    """
    if not 0 <= fill_rate < 1:
        raise BadProblem("fill rate", f"must be 0 or more and below 1, not {fill_rate}")
    reorder_at = -quantity
    while True:
        plan = judge_reorder(
            reorder_at,
            quantity,
            holding_cost=float("nan"),
            stockout_cost=float("nan"),
            fixed_cost=float("nan"),
            demand_rate=demand_rate,
            lead_time=lead_time,
        )
        if plan.fill_rate >= fill_rate:
            return plan
        reorder_at += 1


def _backorders(demand: Counts, position: int) -> float:
    if position <= 0:
        return demand.mean - position
    return float(demand.expected_backorders(position))
