"""Our own large-neighbourhood search, anytime and with a warm start; the engine for what libraries cannot."""

from __future__ import annotations

from dataclasses import replace

from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.areas import solve_by_areas
from tightrope.planning.routing.engines.arrays import Sheet, sheet_of
from tightrope.planning.routing.engines.crews import has_crews, solve_with_crews
from tightrope.planning.routing.engines.search import Orders
from tightrope.planning.routing.engines.whole import solve_whole
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
    if has_crews(problem):

        def solve(ordinary: Problem, until: Stop, begin: Plan | None) -> Plan:
            return solve_by_lns(ordinary, stop=until, seed=seed, start=begin, progress=progress)

        joined = solve_with_crews(problem, stop=stop, clock=clock, start=start, solve=solve)
        return replace(joined, engine=engine, cpu_seconds=clock.cpu_seconds, steps=clock.steps)
    sheet = sheet_of(problem)
    begin = orders_of(sheet, start) if start else None
    if len(problem.visits) > LARGE and len(problem.engineers) >= 40:
        orders = solve_by_areas(sheet, stop=stop, clock=clock, seed=seed, start=begin, progress=progress)
    else:
        orders = solve_whole(sheet, stop=stop, clock=clock, seed=seed, start=begin, progress=progress)
    return plan_of(sheet, orders, engine=engine, clock=clock)


def orders_of(sheet: Sheet, plan: Plan) -> Orders:
    """The plan's routes in the sheet's numbers; visits and engineers it no longer knows are passed over."""
    problem = sheet.problem
    orders: Orders = [[] for _ in problem.engineers]
    for route in plan.routes:
        if route.engineer in problem.engineer_number:
            v = problem.engineer_number[route.engineer]
            orders[v] = [problem.visit_number[name] for name in route.visits if name in problem.visit_number]
    return orders


def plan_of(sheet: Sheet, orders: Orders, *, engine: str, clock: Clock) -> Plan:
    """Write routes in the sheet's numbers out as a plan."""
    problem = sheet.problem
    named = {
        problem.engineers[v].name: [problem.visits[row].name for row in order]
        for v, order in enumerate(orders)
    }
    plan = plan_from_orders(problem, named)
    return Plan(plan.routes, plan.left_out, plan.value, engine, clock.cpu_seconds, clock.steps)
