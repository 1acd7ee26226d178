"""Visits that need several engineers at the same time.

Each gets an appointment: a start and a team. Its members then serve a visit of their own, pinned and
locked to that start, which makes an ordinary problem of it for the search. Between the parts of a run the
appointments are looked at again, one by one, among the routes found so far, and moved where that is
cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tightrope.planning.routing.plan import LeftOut, Plan, Route
from tightrope.planning.routing.problem import Engineer, Problem, Visit
from tightrope.planning.routing.stop import Clock, Stop
from tightrope.planning.routing.timetable import (
    DoesNotFit,
    broken_rule,
    schedule,
    value_of,
    value_of_route,
    why_left_out,
)

PARTS = 3
"""Parts of a run, between which appointments are looked at again."""

TIMES = 12
"""Starts tried in each window, besides those at which a team member could be there at once."""

CANDIDATES = 12
"""Engineers considered for a team, those nearest by trip cost from home."""

JOIN = "\x1f"
"""Between visit and engineer in the name of a member's visit: the unit separator, which no name has."""

Solver = Callable[[Problem, Stop, Plan | None], Plan]
Orders = dict[str, list[Visit]]


@dataclass(frozen=True, slots=True)
class _Until:
    """The caller's rule, reached when a part of it is."""

    stop: Stop
    clock: Clock
    part: float
    steps_before: int

    def share(self, clock: Clock) -> float:
        self.clock.steps = self.steps_before + clock.steps
        return self.stop.share(self.clock) / self.part


def has_crews(problem: Problem) -> bool:
    """Whether any visit needs more than one engineer."""
    return any(visit.crew > 1 for visit in problem.visits)


def solve_with_crews(
    problem: Problem, *, stop: Stop, clock: Clock, start: Plan | None, solve: Solver
) -> Plan:
    """Appoint, search, look at the appointments again, search on."""
    crews = sorted((v for v in problem.visits if v.crew > 1), key=lambda v: -problem.weight_of(v))
    orders = _orders_of(problem, start) if start else {}
    for visit in crews:
        _appoint(problem, orders, visit)
    plan: Plan | None = start
    for part in range(1, PARTS + 1):
        if part > 1:
            for visit in crews:
                _appoint(problem, orders, visit)
        members = [each for order in orders.values() for each in order if JOIN in each.name]
        ordinary = replace(problem, visits=(*(v for v in problem.visits if v.crew == 1), *members))
        begin = _plan_of_orders(ordinary, orders)
        plan = solve(ordinary, _Until(stop, clock, part / PARTS, clock.steps), begin)
        orders = _orders_of(ordinary, plan)
        if stop.share(clock) >= 1.0:
            break
    return _joined(problem, orders)


def _member(visit: Visit, engineer: Engineer, start: float) -> Visit:
    """The visit as one member of the team serves it."""
    return replace(
        visit,
        name=f"{visit.name}{JOIN}{engineer.name}",
        crew=1,
        pinned=engineer.name,
        forbidden=frozenset(),
        windows=(),
        locked_start=start,
        weight=None,
    )


def _orders_of(problem: Problem, plan: Plan) -> Orders:
    """The plan's routes as visits; members of crews carry the start they have in the plan."""
    orders: Orders = {}
    for route in plan.routes:
        if route.engineer not in problem.engineer_number:
            continue
        engineer = problem.engineer(route.engineer)
        order = []
        for stop in route.stops:
            if stop.kind != "visit" or stop.name not in problem.visit_number:
                continue
            visit = problem.visit(stop.name)
            order.append(_member(visit, engineer, stop.starts) if visit.crew > 1 else visit)
        orders[route.engineer] = order
    return orders


def _appoint(problem: Problem, orders: Orders, visit: Visit) -> None:
    """Give the visit the cheapest start and team beside ``orders``, or none where that is dearer than leaving
    it out. An appointment that nothing betters stays."""
    present = _remove(orders, visit)
    found: list[tuple[float, list[tuple[str, list[Visit]]]]] = []
    engineers = _candidates(problem, visit, set(present))
    for start in _starts(problem, visit, engineers, present):
        offers = []
        for engineer in engineers:
            offer = _offer(problem, orders, engineer, _member(visit, engineer, start))
            if offer is not None:
                offers.append((offer[0], engineer.name, offer[1]))
        if len(offers) >= visit.crew:
            chosen = sorted(offers, key=lambda each: each[:2])[: visit.crew]
            found.append((sum(cost for cost, *_ in chosen), [(name, order) for _, name, order in chosen]))
    if not found:
        return
    cost, team = min(found, key=lambda each: each[0])
    if cost < problem.weight_of(visit):
        orders.update(team)


def _remove(orders: Orders, visit: Visit) -> dict[str, float]:
    """Take the visit's members out of the orders; returns who they were and when they were to start."""
    present: dict[str, float] = {}
    for name, order in orders.items():
        for each in order:
            if each.name == f"{visit.name}{JOIN}{name}" and each.locked_start is not None:
                present[name] = each.locked_start
        orders[name] = [each for each in order if each.name != f"{visit.name}{JOIN}{name}"]
    return present


def _candidates(problem: Problem, visit: Visit, present: set[str]) -> list[Engineer]:
    able = [e for e in problem.engineers if broken_rule(problem, e, visit) is None]
    able.sort(key=lambda e: (e.name not in present, float(problem.trip_cost[e.start, visit.place]), e.name))
    return able[: CANDIDATES + len(present)]


def _starts(
    problem: Problem, visit: Visit, engineers: list[Engineer], present: dict[str, float]
) -> Iterator[float]:
    """Starts worth trying: as it was, window edges, an even grid, and straight from home."""
    if visit.locked_start is not None:
        yield visit.locked_start
        return
    first = min((e.shift[0] for e in problem.engineers), default=0.0)
    last = max((e.shift[1] + e.overtime for e in problem.engineers), default=0.0)
    tried: set[float] = set(present.values())
    yield from sorted(tried)
    for opens, closes in visit.windows or ((first, last),):
        opens, closes = max(opens, first), min(closes, last)
        grid = [opens + (closes - opens) * n / TIMES for n in range(TIMES + 1)]
        straight = [e.shift[0] + float(problem.travel[e.start, visit.place]) for e in engineers]
        for start in (*grid, *straight):
            # Whole units where the problem thinks in them, so that locked starts stay exact.
            start = float(round(start)) if opens <= round(start) <= closes else start
            if opens <= start <= closes and start not in tried:
                tried.add(start)
                yield start


def _offer(
    problem: Problem, orders: Orders, engineer: Engineer, member: Visit
) -> tuple[float, list[Visit]] | None:
    """Cost of the member's visit in the engineer's present order and the order with it; None: no room."""
    order = orders.get(engineer.name, [])
    best: tuple[float, list[Visit]] | None = None
    before = value_of_route(problem, engineer, schedule(problem, engineer, order)).total if order else 0.0
    for at in range(len(order) + 1):
        longer = [*order[:at], member, *order[at:]]
        try:
            cost = value_of_route(problem, engineer, schedule(problem, engineer, longer)).total - before
        except DoesNotFit:
            continue
        if best is None or cost < best[0]:
            best = (cost, longer)
    return best


def _plan_of_orders(problem: Problem, orders: Orders) -> Plan:
    """Routes alone, as a start for an engine."""
    return Plan(
        tuple(schedule(problem, problem.engineer(name), order) for name, order in orders.items() if order)
    )


def _joined(problem: Problem, orders: Orders) -> Plan:
    """The plan in the problem's own visits. A crew that is not complete does not come at all."""
    coming: dict[str, int] = {}
    for order in orders.values():
        for each in order:
            if JOIN in each.name:
                coming[each.name.split(JOIN)[0]] = coming.get(each.name.split(JOIN)[0], 0) + 1
    routes: list[Route] = []
    for name, order in orders.items():
        whole = [
            each
            for each in order
            if JOIN not in each.name
            or coming[each.name.split(JOIN)[0]] == problem.visit(each.name.split(JOIN)[0]).crew
        ]
        if whole:
            route = schedule(problem, problem.engineer(name), whole)
            stops = tuple(replace(stop, name=stop.name.split(JOIN)[0]) for stop in route.stops)
            routes.append(replace(route, stops=stops))
    served = {visit for route in routes for visit in route.visits}
    left_out: tuple[LeftOut, ...] = tuple(
        why_left_out(problem, visit) for visit in problem.visits if visit.name not in served
    )
    return Plan(tuple(routes), left_out, value_of(problem, routes, left_out))
