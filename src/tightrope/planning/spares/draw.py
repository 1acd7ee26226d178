"""Pictures of stock and pools: cost against fill rate, size against availability (extra `plots`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.pool_problem import PoolPlan, PoolProblem
from tightrope.planning.spares.problem import Problem
from tightrope.planning.spares.solve import FaultAnswer, Plan
from tightrope.planning.spares.stock import StockPlan


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """The frontier with today's place beside it, each pool's curve and each fault's ways, at ``path``.

    Raises BadProblem when there is nothing to draw.
    """
    from matplotlib.figure import Figure

    pools = {pool.name: pool for pool in problem.pools}
    count = (plan.stock is not None) + len(plan.pools) + len(plan.faults)
    if count == 0:
        raise BadProblem("picture", "the plan has no stock, pool or fault to draw")
    columns = min(2, count)
    rows = -(-count // columns)
    figure = Figure(figsize=(7 * columns, 4.4 * rows), layout="constrained")
    places = iter(np.atleast_1d(figure.subplots(rows, columns)).ravel())
    if plan.stock is not None:
        _frontier(next(places), problem, plan.stock)
    for pool in plan.pools:
        _pool(next(places), pools[pool.name], pool)
    for fault in plan.faults:
        _ways(next(places), fault)
    for axes in places:
        axes.set_axis_off()
    figure.savefig(path)


def _frontier(axes: Any, problem: Problem, stock: StockPlan) -> None:
    axes.plot(stock.frontier[:, 0], stock.frontier[:, 1], lw=1.5, label="least money for a fill rate")
    axes.plot(stock.today.money, stock.today.fill_rate, "X", ms=11, color="C3", label="today")
    axes.plot(stock.outcome.money, stock.outcome.fill_rate, "o", ms=9, color="C2", label="plan")
    if stock.same_money is not None:
        axes.plot(
            stock.same_money.money,
            stock.same_money.fill_rate,
            "^",
            ms=9,
            color="C1",
            label="today's money, better placed",
        )
    axes.axhline(problem.target_fill_rate, color="grey", lw=1, ls=":")
    axes.set_xlabel("money tied up in stock")
    axes.set_ylabel("fill rate")
    axes.set_title("What a fill rate costs")
    axes.legend(loc="lower right")


def _pool(axes: Any, problem: PoolProblem, plan: PoolPlan) -> None:
    top = max(plan.needed.size, plan.today.size) + max(3, plan.needed.size // 4)
    sizes = np.unique(np.linspace(0, top, min(top + 1, 60)).round().astype(int))
    axes.plot(
        sizes,
        [problem.pool.judge(int(size)).availability for size in sizes],
        marker=".",
        label="availability",
    )
    axes.plot(
        sizes,
        [problem.pool.judge(int(size)).filled_at_once for size in sizes],
        ls="--",
        label="filled at once",
    )
    axes.plot(plan.today.size, plan.today.availability, "X", ms=11, color="C3", label="today")
    axes.plot(plan.needed.size, plan.needed.availability, "o", ms=9, color="C2", label="needed")
    axes.axhline(problem.target_availability, color="grey", lw=1, ls=":")
    axes.set_xlabel("units in the pool")
    axes.set_title(f"Pool {plan.name}")
    axes.legend(loc="lower right")


def _ways(axes: Any, fault: FaultAnswer) -> None:
    names = [
        f"{way.name}{' *' if way.name == fault.best else ''}\n{way.hours_down:.0f} h" for way in fault.ways
    ]
    place = np.arange(len(names))
    base = np.zeros(len(names))
    for cause in ("unit", "freight", "capital", "labour", "parts", "downtime"):
        cost = np.array([getattr(way, cause) for way in fault.ways])
        axes.bar(place, cost, bottom=base, label=cause)
        base = base + cost
    axes.set_xticks(place, names)
    axes.set_ylabel("cost")
    axes.set_title(f"Ways to help: {fault.name}")
    axes.legend()
