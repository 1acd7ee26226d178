"""A loaner or exchange pool as plain rows: its figures, its target and what it costs a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, whole, word
from tightrope.planning.spares.pool import (
    ExchangePool,
    LoanerPool,
    PoolService,
    WhatIf,
    size_for,
    what_ifs,
)


@dataclass(frozen=True, slots=True)
class PoolProblem:
    """How many units does this pool need?

    ``size`` is today's; money per unit, per loan or as a share; shares per year or per loan.
    """

    name: str
    pool: ExchangePool | LoanerPool
    target_availability: float
    size: int = 0
    unit_price: float = 0.0
    capital_share_per_year: float = 0.0
    freight_per_loan: float = 0.0
    inspection_per_loan: float = 0.0
    wear_per_loan: float = 0.0
    lost_share_per_loan: float = 0.0


@dataclass(frozen=True, slots=True)
class PoolCost:
    """What a pool costs a month, by cause."""

    capital: float
    freight: float
    inspection: float
    wear: float
    losses: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.capital + self.freight + self.inspection + self.wear + self.losses


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """The size needed, what it gives and costs, the same for today's size, and how firm that is."""

    name: str
    needed: PoolService
    needed_cost: PoolCost
    today: PoolService
    today_cost: PoolCost
    what_ifs: tuple[WhatIf, ...]


DAYS_PER_MONTH = 365.25 / 12


def plan_pool(problem: PoolProblem) -> PoolPlan:
    """Size the pool for its target and compare with today's size in service and money."""
    try:
        needed = size_for(problem.pool, problem.target_availability)
    except BadProblem as refused:
        raise BadProblem(f"pool {problem.name}", refused.why) from refused
    today = problem.pool.judge(problem.size)
    return PoolPlan(
        name=problem.name,
        needed=needed,
        needed_cost=monthly_cost(problem, needed),
        today=today,
        today_cost=monthly_cost(problem, today),
        what_ifs=tuple(what_ifs(problem.pool, problem.target_availability)),
    )


def monthly_cost(problem: PoolProblem, service: PoolService) -> PoolCost:
    """Cost of a pool of ``service.size`` units a month; loans are the failures that get a unit at once."""
    loans = service.failures_per_day * service.filled_at_once * DAYS_PER_MONTH
    return PoolCost(
        capital=service.size * problem.unit_price * problem.capital_share_per_year / 12,
        freight=loans * problem.freight_per_loan,
        inspection=loans * problem.inspection_per_loan,
        wear=loans * problem.wear_per_loan,
        losses=loans * problem.lost_share_per_loan * problem.unit_price,
    )


MONEY = ("unit_price", "freight_per_loan", "inspection_per_loan", "wear_per_loan")
SHARES = ("capital_share_per_year", "lost_share_per_loan")


def pool_from_json(one: Row) -> PoolProblem:
    """Read ``{"name", "kind": "loaner" | "exchange", "machines", "failures_per_machine_year", ...}``."""
    name = word(one, "name", "pool")
    where = f"pool {name}"
    kind = word(one, "kind", where, "loaner")
    figures = {"machines", "failures_per_machine_year", "transport_days", "repair_days", "repairers"}
    known = {"name", "kind", "target_availability", "size", *figures, *MONEY, *SHARES}
    only(one, known | ({"return_days"} if kind == "loaner" else set()), where)
    machines = whole(one, "machines", where, low=1)
    rate = number(one, "failures_per_machine_year", where) / 365.25
    road = number(one, "transport_days", where, default=0)
    repair = number(one, "repair_days", where)
    repairers = whole(one, "repairers", where, low=1) if one.get("repairers") is not None else None
    pool: ExchangePool | LoanerPool
    if kind == "exchange":
        pool = ExchangePool(machines, rate, road, repair, repairers)
    elif kind == "loaner":
        back = number(one, "return_days", where, default=0)
        pool = LoanerPool(machines, rate, road, repair, repairers, back)
    else:
        raise BadProblem(where, f"kind {kind!r} is not known; choose loaner or exchange")
    target = number(one, "target_availability", where)
    if not 0 < target < 1:
        raise BadProblem(where, f"target_availability must lie between 0 and 1, not {target:g}")
    return PoolProblem(
        name=name,
        pool=pool,
        target_availability=target,
        size=whole(one, "size", where, default=0),
        **{key: number(one, key, where, default=0) for key in MONEY},
        **{key: number(one, key, where, high=1, default=0) for key in SHARES},
    )


def pool_to_json(problem: PoolProblem) -> dict[str, Any]:
    """The pool as JSON that :func:`pool_from_json` reads back."""
    pool = problem.pool
    out: dict[str, Any] = {
        "name": problem.name,
        "kind": "loaner" if isinstance(pool, LoanerPool) else "exchange",
        "machines": pool.machines,
        "failures_per_machine_year": pool.failures_per_day * 365.25,
        "transport_days": pool.transport_days,
        "repair_days": pool.repair_days,
        "repairers": pool.repairers,
        "target_availability": problem.target_availability,
        "size": problem.size,
    }
    if isinstance(pool, LoanerPool):
        out["return_days"] = pool.return_days
    for key in (*MONEY, *SHARES):
        out[key] = getattr(problem, key)
    return out
