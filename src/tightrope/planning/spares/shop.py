"""The repair shop behind the pool: it may be slow, but how slow is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tightrope.planning.errors import BadProblem


@dataclass(frozen=True, slots=True)
class ShopService:
    """``repairers`` at work: share of their time used, mean days of waiting and in all, units inside."""

    repairers: int
    utilisation: float
    wait_days: float
    turnaround_days: float
    units_inside: float
    waits_share: float


def judge_shop(
    *, units_per_day: float, repair_days: float, repairers: int, repair_variation: float = 1.0
) -> ShopService:
    """Turn-around of a shop with random arrivals.

    ``repair_variation`` = standard deviation / mean of repair times. Exact for exponential repairs
    (variation 1) and for one repairer (Pollaczek-Khinchine); otherwise the waiting of M/M/c times
    (1 + variation^2) / 2 (Allen & Cunneen; Gross et al. 2008, section 8.3).

    Raises
    ------
    BadProblem
        If more comes in than can be repaired: the queue would grow without end.
    """
    _positive("units per day", units_per_day)
    _positive("repair days", repair_days)
    if repairers < 1:
        raise BadProblem("shop", f"{repairers} repairers repair nothing")
    if not (math.isfinite(repair_variation) and repair_variation >= 0):
        raise BadProblem("shop", f"the variation of repair times cannot be {repair_variation}")
    load = units_per_day * repair_days
    if load >= repairers:
        raise BadProblem(
            "shop", f"{load:.2f} repairers' work comes in for {repairers}; the queue would grow without end"
        )
    blocked = 1.0
    for k in range(1, repairers + 1):
        blocked = load * blocked / (k + load * blocked)
    waits = blocked / (1 - load / repairers * (1 - blocked))
    wait = waits * repair_days / (repairers - load) * (1 + repair_variation**2) / 2
    return ShopService(
        repairers=repairers,
        utilisation=load / repairers,
        wait_days=wait,
        turnaround_days=wait + repair_days,
        units_inside=units_per_day * (wait + repair_days),
        waits_share=waits,
    )


def repairers_for(
    turnaround_days: float, *, units_per_day: float, repair_days: float, repair_variation: float = 1.0
) -> ShopService:
    """Fewest repairers whose mean turn-around is at most this many days."""
    if not turnaround_days > repair_days:
        raise BadProblem("shop", f"a repair alone takes {repair_days} days; {turnaround_days} cannot be kept")
    repairers = math.floor(units_per_day * repair_days) + 1
    while True:
        service = judge_shop(
            units_per_day=units_per_day,
            repair_days=repair_days,
            repairers=repairers,
            repair_variation=repair_variation,
        )
        if service.turnaround_days <= turnaround_days:
            return service
        repairers += 1


@dataclass(frozen=True, slots=True)
class RepairWorth:
    """Repairing against replacing one unit: cost per remaining month of service, and which is less."""

    repair_per_month: float
    replace_per_month: float
    is_worth_repairing: bool
    most_to_pay: float


def repair_worth(
    *, repair_cost: float, months_after_repair: float, replacement_cost: float, months_of_replacement: float
) -> RepairWorth:
    """Beyond economic repair? Compare cost per month of service bought.

    ``most_to_pay`` is the repair cost at which both are equal.
    """
    if not (math.isfinite(repair_cost) and repair_cost >= 0):
        raise BadProblem("repair cost", f"must be zero or more, not {repair_cost}")
    _positive("months after repair", months_after_repair)
    _positive("replacement cost", replacement_cost)
    _positive("months of replacement", months_of_replacement)
    repaired = repair_cost / months_after_repair
    replaced = replacement_cost / months_of_replacement
    return RepairWorth(repaired, replaced, repaired <= replaced, replaced * months_after_repair)


def _positive(what: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise BadProblem("shop", f"{what} must be above zero, not {value}")
