"""Our own large-neighbourhood search, anytime and with a warm start; the engine for what libraries cannot."""

from __future__ import annotations

import numpy as np

from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.areas import solve_by_areas
from tightrope.planning.routing.engines.arrays import Sheet, sheet_of
from tightrope.planning.routing.engines.search import Orders, Search, temperatures
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem
from tightrope.planning.routing.stop import Clock, Stop
from tightrope.planning.routing.timetable import plan_from_orders

LARGE = 1200
"""Rows from which a problem with many engineers is searched area by area."""


def solve_by_lns(
    problem: Problem,
    *,
    stop: Stop,
    seed: int,
    start: Plan | None = None,
    progress: Progress | None = None,
    engine: str = "lns",
) -> Plan:
    """Best plan found by ruin and recreate until ``stop``; never worse than ``start`` where that is valid."""
    clock = Clock.started()
    sheet = sheet_of(problem)
    begin = orders_of(sheet, start) if start else None
    if len(sheet.visit_of) > LARGE and len(problem.engineers) >= 40:
        orders = solve_by_areas(sheet, stop=stop, clock=clock, seed=seed, start=begin, progress=progress)
    else:
        orders = _solve_whole(sheet, stop, clock, seed, begin, progress)
    return plan_of(sheet, orders, engine=engine, clock=clock)


def _solve_whole(
    sheet: Sheet, stop: Stop, clock: Clock, seed: int, begin: Orders | None, progress: Progress | None
) -> Orders:
    n, m = len(sheet.visit_of), len(sheet.problem.engineers)
    search = Search(sheet, np.arange(n), np.arange(m), seed=seed)
    if begin:
        search.load(begin)
    else:
        search.load([[] for _ in range(m)])
    search.fill()
    hot, cold = temperatures(search)
    if begin:
        hot = max(cold, 0.1 * hot)
    best = search.best
    told = 0.0
    while n and (share := stop.share(clock)) < 1.0:
        search.run(search.chunk, heat=hot * (cold / hot) ** share)
        clock.steps += search.chunk
        if search.best < best - 1e-9:
            best = search.best
            clock.improved_at_step = clock.steps
            if progress and clock.wall_seconds - told > 0.2:
                told = clock.wall_seconds
                progress(best, clock.cpu_seconds)
    if progress:
        progress(search.best, clock.cpu_seconds)
    return search.orders()


def orders_of(sheet: Sheet, plan: Plan) -> Orders:
    """The plan's routes in the sheet's numbers; visits and engineers it no longer knows are passed over."""
    problem = sheet.problem
    row_of: dict[str, list[int]] = {}
    for row, visit in enumerate(sheet.visit_of):
        row_of.setdefault(problem.visits[visit].name, []).append(row)
    orders: Orders = [[] for _ in problem.engineers]
    for route in plan.routes:
        if route.engineer in problem.engineer_number:
            v = problem.engineer_number[route.engineer]
            orders[v] = [row_of[name].pop(0) for name in route.visits if row_of.get(name)]
    return orders


def plan_of(sheet: Sheet, orders: Orders, *, engine: str, clock: Clock) -> Plan:
    """Write routes in the sheet's numbers out as a plan."""
    problem = sheet.problem
    named = {
        problem.engineers[v].name: [problem.visits[sheet.visit_of[row]].name for row in order]
        for v, order in enumerate(orders)
    }
    plan = plan_from_orders(problem, named)
    return Plan(plan.routes, plan.left_out, plan.value, engine, clock.cpu_seconds, clock.steps)
