"""Cost against service for one territory: from barely keeping up to the two extremes.

Each further engineer costs a wage and shortens the wait; the extremes show what the wait could cost at most:
a resident engineer at every customer, and a stand-by machine beside every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.field import (
    FieldPromise,
    Territory,
    heads_for_territory,
    is_kept,
    response_with,
)


@dataclass(frozen=True)
class Money:
    """What heads, roads and machines cost, in any one currency.

    Attributes
    ----------
    head_cost_per_year : float
        Wage with on-cost, car and tools.
    customers : float
        Sites where a resident engineer would have to be.
    standby_cost_per_year : float
        Capital, room and upkeep of one stand-by machine.
    road_cost_per_hour : float
        Vehicle and fuel beside the head.
    heads_today : float or None
        On the payroll now, to be drawn between the extremes.
    """

    head_cost_per_year: float
    customers: float
    standby_cost_per_year: float
    road_cost_per_hour: float = 0.0
    heads_today: float | None = None

    def __post_init__(self) -> None:
        for name in ("head_cost_per_year", "customers", "standby_cost_per_year", "road_cost_per_hour"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise BadProblem("money", f"{name} must be zero or more, not {value}")
        if self.heads_today is not None and not (math.isfinite(self.heads_today) and self.heads_today >= 0):
            raise BadProblem("money", f"heads_today must be zero or more, not {self.heads_today}")


@dataclass(frozen=True)
class FrontierPoint:
    """Heads on the payroll, the service they give, and money a year."""

    heads: float
    mean_response_hours: float
    kept_share: float
    cost: float


@dataclass(frozen=True)
class Frontier:
    """Points in rising number of heads, none of which another beats on both cost and service.

    Attributes
    ----------
    kept : FrontierPoint
        The cheapest that keeps the promise.
    resident : FrontierPoint
        An engineer at every customer through all service hours: nobody travels, nobody waits.
    standby_cost : float
        The cheapest set-up that keeps up with the work, and a stand-by machine for every machine: the
        customer's wait no longer stops the customer's work.
    today : FrontierPoint or None
        Today's heads.
    """

    points: tuple[FrontierPoint, ...]
    kept: FrontierPoint
    resident: FrontierPoint
    standby_cost: float
    today: FrontierPoint | None


def frontier(territory: Territory, promise: FieldPromise, money: Money) -> Frontier:
    """From the fewest heads that keep up with the work to those that leave one arrival in 10,000 late.

    Raises BadProblem as `heads_for_territory` does.
    """
    needed = heads_for_territory(territory, promise).heads
    any_time = FieldPromise(
        response_hours=promise.response_hours,
        share=0.0,
        service_hours_per_year=promise.service_hours_per_year,
        hours_per_head_year=promise.hours_per_head_year,
        max_utilisation=promise.max_utilisation,
    )
    fewest = needed
    while fewest > 0 and is_kept(territory, any_time, heads=fewest - 1):
        fewest -= 1
    points = [_point(territory, promise, money, fewest)]
    while points[-1].kept_share < 0.9999 or points[-1].heads < needed:
        points.append(_point(territory, promise, money, points[-1].heads + 1))
    resident_heads = math.ceil(
        money.customers * promise.service_hours_per_year / promise.hours_per_head_year - 1e-9
    )
    return Frontier(
        points=tuple(points),
        kept=next(point for point in points if point.heads == needed),
        resident=FrontierPoint(
            heads=resident_heads,
            mean_response_hours=0.0,
            kept_share=1.0,
            cost=resident_heads * money.head_cost_per_year,
        ),
        standby_cost=points[0].cost + territory.machines * money.standby_cost_per_year,
        today=None if money.heads_today is None else _point(territory, promise, money, money.heads_today),
    )


def _point(territory: Territory, promise: FieldPromise, money: Money, heads: float) -> FrontierPoint:
    mean, kept = response_with(territory, promise, heads=heads)
    visits = territory.machines * territory.failures_per_year * territory.visits_per_failure
    road = visits * 2.0 * territory.travel_hours * money.road_cost_per_hour
    return FrontierPoint(
        heads=heads,
        mean_response_hours=mean,
        kept_share=kept,
        cost=heads * money.head_cost_per_year + road,
    )
