"""One door to the spares models: a problem in, a plan out, as objects or as JSON."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.choice import Way, best_way, compare_ways
from tightrope.planning.spares.pool_problem import PoolCost, PoolPlan, plan_pool
from tightrope.planning.spares.problem import Problem
from tightrope.planning.spares.stock import Outcome, Progress, StockPlan, Stopping, plan_stock
from tightrope.planning.table import aligned


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """The ways of helping with one fault, cheapest first, and the one to take."""

    name: str
    ways: tuple[Way, ...]
    best: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Answers to all that was asked; ``refused`` names pools that cannot be sized, and why."""

    stock: StockPlan | None
    pools: tuple[PoolPlan, ...]
    faults: tuple[FaultAnswer, ...]
    refused: dict[str, str]


def solve(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None, seed: int = 0
) -> Plan:
    """Answer a spares problem.

    Everything is computed, nothing drawn, so ``seed`` changes nothing; it is taken because every
    planning model takes one. ``progress(money, seconds)`` is called when the stock plan stands.
    """
    started = time.monotonic()
    stock = plan_stock(problem, stop=stop, progress=progress) if problem.lines else None
    pools, refused = [], {}
    for pool in problem.pools:
        try:
            pools.append(plan_pool(pool))
        except BadProblem as why:
            refused[f"pool {pool.name}"] = why.why
    faults = tuple(
        FaultAnswer(fault.name, tuple(compare_ways(fault)), best_way(fault).name) for fault in problem.faults
    )
    if progress is not None and stock is None:
        progress(sum(plan.needed_cost.total for plan in pools), time.monotonic() - started)
    return Plan(stock, tuple(pools), faults, refused)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON; ``stock.lines`` is what :func:`levels_from_json` and the checker read."""
    out: dict[str, Any] = {"kind": "spares plan", "refused": dict(plan.refused)}
    if plan.stock is not None:
        stock = plan.stock
        out["stock"] = {
            **_outcome(stock.outcome),
            "bound": stock.bound,
            "gap": stock.gap,
            "is_complete": stock.is_complete,
            "today": _outcome(stock.today),
            "today_for_less": _outcome(stock.today_for_less) if stock.today_for_less else None,
            "same_money": _outcome(stock.same_money) if stock.same_money else None,
            "frontier": [{"money": money, "fill_rate": fill} for money, fill in stock.frontier.tolist()],
        }
    out["pools"] = [
        {
            "name": pool.name,
            "needed": {**asdict(pool.needed), "cost_per_month": _cost(pool.needed_cost)},
            "today": {**asdict(pool.today), "cost_per_month": _cost(pool.today_cost)},
            "what_ifs": [asdict(one) for one in pool.what_ifs],
        }
        for pool in plan.pools
    ]
    out["faults"] = [
        {
            "name": fault.name,
            "best": fault.best,
            "ways": [{**asdict(way), "own_cost": way.own_cost, "total": way.total} for way in fault.ways],
        }
        for fault in plan.faults
    ]
    return out


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "fill_rate": outcome.fill_rate,
        "backorders": outcome.backorders,
        "money": outcome.money,
        "lines": [asdict(line) for line in outcome.lines],
    }


def _cost(cost: PoolCost) -> dict[str, float]:
    return {**asdict(cost), "total": cost.total}


def levels_from_json(given: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Stock levels of a plan made here or elsewhere: ``{"stock": {"lines": [{"part", "location", "level"}]}}``."""
    stock = given.get("stock")
    listed = stock.get("lines") if isinstance(stock, dict) else None
    if not isinstance(listed, list):
        raise BadProblem("plan", "it has no stock lines")
    levels: dict[tuple[str, str], int] = {}
    for i, line in enumerate(listed):
        try:
            key, level = (str(line["part"]), str(line["location"])), line["level"]
        except (KeyError, TypeError) as missing:
            raise BadProblem(f"plan line {i}", "needs part, location and level") from missing
        if isinstance(level, bool) or not isinstance(level, int) or level < 0:
            raise BadProblem(f"{key[0]} at {key[1]}", f"its level must be a whole number, not {level!r}")
        if key in levels:
            raise BadProblem(f"{key[0]} at {key[1]}", "the plan names it twice")
        levels[key] = level
    return levels


def plan_table(plan: Plan) -> str:
    """The plan as aligned lines for a terminal."""
    return aligned(_rows(plan), refused=plan.refused)


def _rows(plan: Plan) -> list[list[str]]:
    rows = [["what", "level", "today", "fill rate", "today", "money", "today"]]
    if plan.stock is not None:
        stock = plan.stock
        for line, now in zip(stock.outcome.lines, stock.today.lines, strict=True):
            rows.append(
                [
                    f"{line.part} at {line.location}",
                    str(line.level),
                    str(now.level),
                    f"{line.fill_rate:.4f}",
                    f"{now.fill_rate:.4f}",
                    f"{line.money:,.0f}",
                    f"{now.money:,.0f}",
                ]
            )
        best, today = stock.outcome, stock.today
        rows.append(
            [
                "all",
                "",
                "",
                f"{best.fill_rate:.4f}",
                f"{today.fill_rate:.4f}",
                f"{best.money:,.0f}",
                f"{today.money:,.0f}",
            ]
        )
    for pool in plan.pools:
        rows.append(
            [
                f"pool {pool.name}",
                str(pool.needed.size),
                str(pool.today.size),
                f"{pool.needed.availability:.4f}",
                f"{pool.today.availability:.4f}",
                f"{pool.needed_cost.total:,.0f}",
                f"{pool.today_cost.total:,.0f}",
            ]
        )
    rows += [
        [
            f"{fault.name}: {way.name}",
            "best" if way.name == fault.best else "",
            "",
            f"{way.chance_kept:.4f}",
            "",
            f"{way.total:,.0f}",
            "",
        ]
        for fault in plan.faults
        for way in fault.ways
    ]
    return rows
