"""PyVRP as an engine.

It plans skills and forbidden pairs (one profile of travel for each set of engineers that may do the same
visits), one window, van stock, weights, fixed, duration and overtime costs. It cannot plan lunch, several
windows, set-up times at shared places, stores on the way, two engineers together or fairness.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.arrays import facts_of, sheet_of
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.lns import orders_of, plan_of
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem
from tightrope.planning.routing.stop import Clock, Stop

CENT = 100
"""PyVRP's costs are whole numbers: hundredths of ours per tick of trip cost."""

BARRED = 1 << 30
"""Travel to a visit that the engineer may not do; longer than any day."""

MOST_CELLS = 100_000_000
"""Cells of all matrices together; more would take gigabytes."""


def solve_by_pyvrp(
    problem: Problem, *, stop: Stop, seed: int, start: Plan | None = None, progress: Progress | None = None
) -> Plan:
    """PyVRP's best plan until ``stop``."""
    import pyvrp

    clock = Clock.started()
    refuse_what_pyvrp_cannot(problem)
    sheet = sheet_of(problem)
    n, m = len(problem.visits), len(problem.engineers)
    facts = facts_of(sheet, np.arange(n), np.arange(m))
    if facts.visits[:, col.SETUP].any():
        raise BadProblem("visits", "have set-up times; pyvrp cannot plan them")
    data = _data(pyvrp, facts, sheet.coins)
    begin = None
    if start:
        routes = [
            pyvrp.Route(data, [pyvrp.Activity(f"C{row}") for row in order], vehicle_type=v)
            for v, order in enumerate(orders_of(sheet, start))
            if order
        ]
        begin = pyvrp.Solution(data, routes)
    told = [float("inf")]

    def is_over(best: int) -> bool:
        clock.steps += 1
        if best < told[0]:
            told[0] = best
            clock.improved_at_step = clock.steps
            if progress:
                progress(best / CENT / sheet.coins, clock.cpu_seconds)
        return stop.share(clock) >= 1.0

    answer: Any = pyvrp.solve
    result = answer(data, stop=is_over, seed=seed, collect_stats=False, display=False, initial_solution=begin)
    orders: list[list[int]] = [[] for _ in range(m)]
    if result.best.is_feasible():
        for route in result.best.routes():
            orders[route.vehicle_type()] = [a.idx for a in route if a.is_client()]
    return plan_of(sheet, orders, engine="pyvrp", clock=clock)


def refuse_what_pyvrp_cannot(problem: Problem) -> None:
    """Raise BadProblem for the first feature that PyVRP has no notion of."""
    for visit in problem.visits:
        if visit.crew > 1:
            raise BadProblem(f"visit {visit.name}", "needs several engineers at once; pyvrp cannot plan that")
        if len(visit.windows) > 1:
            raise BadProblem(f"visit {visit.name}", "has several windows; pyvrp cannot plan that")
    for engineer in problem.engineers:
        if engineer.lunch:
            raise BadProblem(f"engineer {engineer.name}", "has a lunch; pyvrp cannot plan that")
        if problem.stores and engineer.store_calls:
            raise BadProblem(f"engineer {engineer.name}", "may call at a store; pyvrp cannot plan that")


def _data(pyvrp: Any, facts: col.Facts, coins: float) -> Any:
    n, m = len(facts.visits), len(facts.people)
    places = len(facts.travel)
    # Travel rows are visits first; PyVRP wants depots and clients by place, in any order.
    depots = [pyvrp.Depot(location=place) for place in range(n, places)]
    scale = CENT * coins
    clients = [
        pyvrp.Client(
            location=row,
            delivery=[int(count) for count in facts.parts[row]],
            service_duration=int(facts.visits[row, col.SERVICE]),
            tw_early=max(0, int(facts.visits[row, col.WINDOW])),
            tw_late=max(0, int(facts.visits[row, col.WINDOW + 1])),
            prize=round(facts.worth[row, col.WEIGHT] * scale),
            required=False,
        )
        for row in range(n)
    ]
    profiles: dict[bytes, int] = {}
    profile_of = [profiles.setdefault(facts.able[v].tobytes(), len(profiles)) for v in range(m)]
    if len(profiles) * places * places > MOST_CELLS:
        raise BadProblem("engineers", f"have {len(profiles)} sets of skills, too many for pyvrp at this size")
    distances, durations = [], []
    for able in profiles:
        barred = np.flatnonzero(np.frombuffer(able, dtype=np.uint8) == 0)
        distances.append(_barring(facts.cost, barred))
        durations.append(_barring(facts.travel, barred))
    types = [
        pyvrp.VehicleType(
            num_available=1,
            capacity=[int(count) for count in facts.kit[v]],
            start_depot=int(facts.people[v, col.START]) - n,
            end_depot=int(facts.people[v, col.END]) - n,
            fixed_cost=round(facts.rates[v, col.PER_ROUTE] * scale),
            tw_early=int(facts.people[v, col.SHIFT]),
            tw_late=int(facts.people[v, col.LATEST]),
            unit_distance_cost=round(facts.rates[v, col.PER_TRIP] * scale),
            unit_duration_cost=round(facts.rates[v, col.PER_TICK] * scale),
            profile=profile_of[v],
        )
        for v in range(m)
    ]
    locations = [pyvrp.Location(0, 0) for _ in range(places)]
    return pyvrp.ProblemData(locations, clients, depots, types, distances, durations)


def _barring(matrix: col.Int32, barred: col.Ints) -> col.Ints:
    whole: col.Ints = matrix.astype(np.int64)
    whole[:, barred] = BARRED
    whole[barred, barred] = 0
    return whole
