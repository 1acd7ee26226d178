"""From an order of visits to a day with times, in the problem's own numbers.

Plain Python on floats: engines decide the order in whole ticks and this module writes it out. It also
says, in words, which rule an order breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tightrope.planning.routing.plan import LeftOut, Plan, Route, Stop, Value
from tightrope.planning.routing.problem import Engineer, Problem, Store, Visit

TOLERANCE = 1e-6
"""Times closer than this are equal: windows and travel of public instances come with rounding."""


class DoesNotFit(Exception):
    """The order of visits breaks ``rule``; the message says how."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule = rule
        self.why = why


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing to do at one place: work in one of its windows, or lunch, or the end of the day."""

    kind: Literal["visit", "store", "lunch", "end"]
    name: str
    place: int
    windows: tuple[tuple[float, float], ...]
    length: float
    setup: float = 0.0


def broken_rule(problem: Problem, engineer: Engineer, visit: Visit) -> DoesNotFit | None:
    """The first rule, apart from time and room, for which the engineer can never do the visit."""
    if visit.pinned is not None and visit.pinned != engineer.name:
        return DoesNotFit("pinned", f"{visit.name} is pinned to {visit.pinned}")
    if engineer.name in visit.forbidden:
        return DoesNotFit("forbidden", f"{engineer.name} is not to come to {visit.name}")
    for skill, level in visit.skills.items():
        if skill not in engineer.skills:
            return DoesNotFit("skill", f"{engineer.name} has not the skill {skill}")
        if engineer.skills[skill] < level:
            return DoesNotFit(
                "skill", f"{engineer.name} has {skill} at level {engineer.skills[skill]}, {level} is needed"
            )
    callable_stores = problem.stores if engineer.store_calls >= 1 else ()
    for tool in sorted(visit.tools - engineer.tools):
        if not any(store.tools is None or tool in store.tools for store in callable_stores):
            return DoesNotFit("tools", f"{engineer.name} has not the tool {tool} and no store lends it")
    for part, count in visit.parts.items():
        if count > engineer.parts.get(part, 0) and not any(
            store.parts is None or part in store.parts for store in callable_stores
        ):
            return DoesNotFit(
                "parts", f"{engineer.name} carries {engineer.parts.get(part, 0)} of {part}, {count} needed"
            )
    return None


def schedule(problem: Problem, engineer: Engineer, visits: Sequence[Visit]) -> Route:
    """The cheapest day that serves ``visits`` in this order, lunch and a store call placed as fits best.

    Raises DoesNotFit with the rule that the order breaks. O(n²) for n visits with lunch or a store call,
    O(n³) with both.
    """
    for visit in visits:
        broken = broken_rule(problem, engineer, visit)
        if broken:
            raise broken
    best: tuple[float, Route] | None = None
    trouble: DoesNotFit | None = None
    for items in _orders(problem, engineer, visits):
        try:
            route = _timed(problem, engineer, items)
        except DoesNotFit as late:
            trouble = trouble or late
            continue
        cost = value_of_route(problem, engineer, route).total
        # Among equally cheap days, the one that is over first.
        key = cost + 1e-9 * route.ends
        if best is None or key < best[0]:
            best = (key, route)
    if best is None:
        raise trouble or DoesNotFit("parts", f"{engineer.name} lacks tools or parts that no one store has")
    return best[1]


def _orders(problem: Problem, engineer: Engineer, visits: Sequence[Visit]) -> Iterator[list[_Item]]:
    work = [_visit_item(visit) for visit in visits]
    for with_store in _with_store(problem, engineer, visits, work):
        if engineer.lunch is None or not visits:
            yield with_store
            continue
        lunch = engineer.lunch
        window = ((lunch.opens, lunch.closes),)
        for gap in range(len(with_store) + 1):
            before = with_store[gap - 1].place if gap else engineer.start
            there = {before} if gap == len(with_store) else {before, with_store[gap].place}
            for place in sorted(there):
                meal = _Item("lunch", "lunch", place, window, lunch.length)
                yield [*with_store[:gap], meal, *with_store[gap:]]


def _visit_item(visit: Visit) -> _Item:
    windows = tuple(sorted(visit.windows)) or ((float("-inf"), float("inf")),)
    if visit.locked_start is not None:
        windows = ((visit.locked_start, visit.locked_start),)
    return _Item("visit", visit.name, visit.place, windows, visit.service, visit.setup)


def _with_store(
    problem: Problem, engineer: Engineer, visits: Sequence[Visit], work: list[_Item]
) -> Iterator[list[_Item]]:
    reach = _carried(engineer, visits)
    if reach == len(visits):
        yield work
        return
    if engineer.store_calls < 1:
        return
    for store in problem.stores:
        if not _serves(store, engineer, visits):
            continue
        call = _Item(
            "store",
            store.name,
            store.place,
            (store.window,) if store.window else ((float("-inf"), float("inf")),),
            store.handling,
        )
        for at in range(reach + 1):
            yield [*work[:at], call, *work[at:]]


def _carried(engineer: Engineer, visits: Sequence[Visit]) -> int:
    rest = dict(engineer.parts)
    for number, visit in enumerate(visits):
        if visit.tools - engineer.tools:
            return number
        for part, count in visit.parts.items():
            rest[part] = rest.get(part, 0) - count
            if rest[part] < 0 and count > 0:
                return number
    return len(visits)


def _serves(store: Store, engineer: Engineer, visits: Sequence[Visit]) -> bool:
    tools = frozenset().union(*(visit.tools for visit in visits))
    if store.tools is not None and tools - engineer.tools - store.tools:
        return False
    if store.parts is None:
        return True
    kinds = {part for visit in visits for part in visit.parts} - store.parts
    return all(sum(v.parts.get(part, 0) for v in visits) <= engineer.parts.get(part, 0) for part in kinds)


def _timed(problem: Problem, engineer: Engineer, items: list[_Item]) -> Route:
    """Earliest times, the start of the day put off as long as that delays nothing that matters."""
    starts, closes = engineer.shift[0], engineer.shift[1] + engineer.overtime
    day_end = _Item("end", "the end of the day", engineer.end, ((float("-inf"), closes),), 0.0)
    items = [*items, day_end]
    stops = _forward(problem, engineer, items, starts)
    until = _latest_start(problem, engineer, items, stops)
    if engineer.time_cost <= 0.0:
        # Time costs nothing: be early, but do not wait at the first door.
        until = min(until, starts + max(0.0, stops[0].starts - stops[0].arrives))
        if stops[0].kind == "lunch":
            until = starts
    starts = max(starts, until)
    stops = _forward(problem, engineer, items, starts)
    return Route(engineer.name, starts, tuple(stops[:-1]), stops[-1].arrives)


def _forward(problem: Problem, engineer: Engineer, items: list[_Item], start: float) -> list[Stop]:
    stops: list[Stop] = []
    here, now = engineer.start, start
    for item in items:
        arrives = now + (float(problem.travel[here, item.place]) if here != item.place else 0.0)
        begins = _begin(item, arrives)
        if begins is None:
            closes = item.windows[-1][1]
            rule = {"end": "shift", "lunch": "lunch"}.get(item.kind, "window")
            raise DoesNotFit(rule, f"{engineer.name} reaches {item.name} {arrives - closes:.6g} too late")
        works = item.length + (item.setup if here != item.place else 0.0)
        kind = item.kind if item.kind != "end" else "visit"
        stops.append(Stop(kind, item.name, item.place, arrives, begins, begins + works))
        here, now = item.place, begins + works
    return stops


def _begin(item: _Item, at: float) -> float | None:
    for opens, closes in item.windows:
        if at <= closes + TOLERANCE:
            return max(opens, at)
    return None


def _latest_start(problem: Problem, engineer: Engineer, items: list[_Item], stops: list[Stop]) -> float:
    """Latest start of the day with the same end."""
    reach = stops[-1].arrives
    for number in range(len(items) - 1, -1, -1):
        item = items[number]
        here = items[number - 1].place if number else engineer.start
        if number < len(items) - 1:
            works = item.length + (item.setup if here != item.place else 0.0)
            reach = max(
                (min(closes, reach - works) for opens, closes in item.windows if opens <= reach - works),
                default=stops[number].starts,
            )
            # Rounding may push the start below the one already known to be possible.
            reach = max(reach, stops[number].starts)
        reach -= float(problem.travel[here, item.place]) if here != item.place else 0.0
    return reach


def value_of_route(problem: Problem, engineer: Engineer, route: Route) -> Value:
    """What the route costs."""
    if not route.visits:
        return Value()
    trips = problem.trip_cost
    here, paid, busy = engineer.start, 0.0, 0.0
    for stop in (*route.stops, Stop("visit", "", engineer.end, 0.0, 0.0, 0.0)):
        if stop.place != here:
            paid += float(trips[here, stop.place])
            busy += float(problem.travel[here, stop.place])
        if stop.kind != "lunch":
            busy += stop.ends - stop.starts
        here = stop.place
    shift = engineer.shift[1] - engineer.shift[0]
    return Value(
        travel=engineer.travel_cost * paid,
        time=engineer.time_cost * (route.ends - route.starts),
        fixed=engineer.fixed_cost,
        overtime=engineer.overtime_cost * max(0.0, route.ends - engineer.shift[1]),
        unfairness=problem.fairness * max(0.0, busy - problem.fair_share * shift),
    )


def value_of(problem: Problem, routes: Sequence[Route], left_out: Sequence[LeftOut]) -> Value:
    """What a plan costs in all."""
    parts = [value_of_route(problem, problem.engineer(route.engineer), route) for route in routes]
    missing = [problem.visit(each.visit) for each in left_out]
    return Value(
        left_out=sum(visit.weight for visit in missing if visit.weight is not None),
        travel=sum(part.travel for part in parts),
        time=sum(part.time for part in parts),
        fixed=sum(part.fixed for part in parts),
        overtime=sum(part.overtime for part in parts),
        unfairness=sum(part.unfairness for part in parts),
        must_left_out=sum(1 for visit in missing if visit.weight is None),
    )


def plan_from_orders(problem: Problem, orders: dict[str, list[str]]) -> Plan:
    """A plan from each engineer's visits in order; everybody else is left out, with the reason.

    Raises DoesNotFit when an order breaks a rule.
    """
    routes = []
    for name, visits in orders.items():
        if visits:
            routes.append(
                schedule(problem, problem.engineer(name), [problem.visit(visit) for visit in visits])
            )
    served = {visit for route in routes for visit in route.visits}
    left_out = tuple(why_left_out(problem, v) for v in problem.visits if v.name not in served)
    return Plan(tuple(routes), left_out, value_of(problem, routes, left_out))


def why_left_out(problem: Problem, visit: Visit) -> LeftOut:
    """The rule that keeps every engineer from the visit even on an empty day, else "no_room"."""
    able = 0
    broken: list[DoesNotFit] = []
    for engineer in problem.engineers:
        try:
            schedule(problem, engineer, [replace(visit, crew=1)])
        except DoesNotFit as trouble:
            broken.append(trouble)
        else:
            able += 1
            if able >= visit.crew:
                return LeftOut(visit.name, "no_room", "it fits no day beside what is worth more")
    rules = [trouble.rule for trouble in broken]
    if able:
        return LeftOut(visit.name, "crew", f"needs {visit.crew} engineers at once, {able} can come at all")
    rule = max(sorted(set(rules)), key=rules.count)
    if len(set(rules)) == 1:
        example = next(trouble for trouble in broken if trouble.rule == rule)
        return LeftOut(visit.name, rule, f"nobody can: {example.why}")
    counts = ", ".join(f"{name} {rules.count(name)}" for name in sorted(set(rules)))
    return LeftOut(visit.name, rule, f"nobody can ({counts})")
