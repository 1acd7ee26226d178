"""An independent judge of plans: reads the written times against the rules and shares no code with engines."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from tightrope.planning.routing.plan import Plan, Route, Stop, Value
from tightrope.planning.routing.problem import Engineer, Problem, Visit

SLACK = 1e-6
"""Times may be off by this much, times one plus their size over a thousand."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where, which rule and how."""

    where: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the judge found, and the value counted anew."""

    violations: tuple[Violation, ...]
    value: Value

    @property
    def is_clean(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations


def check(problem: Problem, plan: Plan) -> Report:
    """Judge every rule of the problem on the plan's own times; also that its stated value is true."""
    judge = _Judge(problem)
    for route in plan.routes:
        judge.route(route)
    judge.visits(plan)
    judge.value(plan)
    return Report(tuple(judge.found), judge.total)


class _Judge:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.found: list[Violation] = []
        self.total = Value()
        self.engineers = {engineer.name: engineer for engineer in problem.engineers}
        self.by_name = {visit.name: visit for visit in problem.visits}
        self.stores = {store.name: store for store in problem.stores}
        self.seen_engineers: set[str] = set()
        self.starts: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.costs: dict[str, float] = defaultdict(float)

    def say(self, where: str, rule: str, text: str) -> None:
        self.found.append(Violation(where, rule, text))

    def late(self, moment: float, limit: float) -> bool:
        return moment > limit + SLACK * (1.0 + abs(limit) / 1000.0)

    def route(self, route: Route) -> None:
        where = f"engineer {route.engineer}"
        engineer = self.engineers.get(route.engineer)
        if engineer is None:
            self.say(where, "unknown", "is not part of the problem")
            return
        if route.engineer in self.seen_engineers:
            self.say(where, "twice", "has two routes")
        self.seen_engineers.add(route.engineer)
        moments = [route.starts, route.ends]
        moments += [moment for stop in route.stops for moment in (stop.arrives, stop.starts, stop.ends)]
        if not all(math.isfinite(moment) for moment in moments):
            # No comparison with such a time would find anything wrong.
            self.say(where, "times", "has a time that is no finite number")
            return
        if self.late(engineer.shift[0], route.starts):
            self.say(where, "shift", f"leaves at {route.starts:g}, before the shift at {engineer.shift[0]:g}")
        if self.late(route.ends, engineer.shift[1] + engineer.overtime):
            self.say(
                where, "shift", f"ends at {route.ends:g}, after {engineer.shift[1] + engineer.overtime:g}"
            )
        self.times(where, engineer, route)
        self.lunch(where, engineer, route)
        self.kit(where, engineer, route)
        self.cost(engineer, route)

    def times(self, where: str, engineer: Engineer, route: Route) -> None:
        here, now = engineer.start, route.starts
        for stop in route.stops:
            at = f"{where}, {stop.kind} {stop.name}"
            if not 0 <= stop.place < len(self.problem.travel):
                self.say(at, "place", f"place {stop.place} does not exist")
                return
            trip = 0.0 if stop.place == here else float(self.problem.travel[here, stop.place])
            if self.late(now + trip, stop.arrives):
                self.say(at, "travel", f"arrives at {stop.arrives:g}, cannot before {now + trip:g}")
            if self.late(stop.arrives, stop.starts):
                self.say(at, "order", "starts before arriving")
            if stop.kind == "visit":
                self.work(at, engineer, stop, here)
            elif stop.kind == "store":
                self.call(at, stop)
            here, now = stop.place, stop.ends
        trip = 0.0 if engineer.end == here else float(self.problem.travel[here, engineer.end])
        if self.late(now + trip, route.ends):
            self.say(where, "travel", f"is back at {route.ends:g}, cannot before {now + trip:g}")

    def work(self, at: str, engineer: Engineer, stop: Stop, here: int) -> None:
        visit = self.by_name.get(stop.name)
        if visit is None:
            self.say(at, "unknown", "the visit is not part of the problem")
            return
        self.starts[visit.name].append((engineer.name, stop.starts))
        if stop.place != visit.place:
            self.say(at, "place", f"is at place {visit.place}, not {stop.place}")
        needed = visit.service + (visit.setup if here != visit.place else 0.0)
        if self.late(stop.starts + needed, stop.ends):
            self.say(at, "service", f"takes {needed:g}, has {stop.ends - stop.starts:g}")
        if visit.windows and not any(
            not self.late(opens, stop.starts) and not self.late(stop.starts, closes)
            for opens, closes in visit.windows
        ):
            self.say(at, "window", f"starts at {stop.starts:g}, outside its windows")
        if visit.locked_start is not None and abs(stop.starts - visit.locked_start) > 2 * SLACK:
            self.say(at, "locked", f"starts at {stop.starts:g}, was promised for {visit.locked_start:g}")
        if engineer.name in visit.forbidden:
            self.say(at, "forbidden", f"{engineer.name} is not to come")
        if visit.pinned is not None and visit.pinned != engineer.name:
            self.say(at, "pinned", f"is pinned to {visit.pinned}")
        for skill, level in visit.skills.items():
            have = engineer.skills.get(skill)
            if have is None or have < level:
                self.say(at, "skill", f"needs {skill} at level {level}, {engineer.name} has {have or 'none'}")

    def call(self, at: str, stop: Stop) -> None:
        store = self.stores.get(stop.name)
        if store is None:
            self.say(at, "unknown", "the store is not part of the problem")
            return
        if stop.place != store.place:
            self.say(at, "place", f"is at place {store.place}, not {stop.place}")
        if self.late(stop.starts + store.handling, stop.ends):
            self.say(at, "service", f"takes {store.handling:g}")
        if store.window and (
            self.late(store.window[0], stop.starts) or self.late(stop.starts, store.window[1])
        ):
            self.say(at, "window", f"the store is closed at {stop.starts:g}")

    def lunch(self, where: str, engineer: Engineer, route: Route) -> None:
        meals = [stop for stop in route.stops if stop.kind == "lunch"]
        if engineer.lunch is None:
            if meals:
                self.say(where, "lunch", "has a lunch that is not due")
            return
        if not route.visits:
            return
        if len(meals) != 1:
            self.say(where, "lunch", f"has {len(meals)} lunches, one is due")
            return
        meal, due = meals[0], engineer.lunch
        if self.late(due.opens, meal.starts) or self.late(meal.starts, due.closes):
            self.say(where, "lunch", f"starts lunch at {meal.starts:g}, due {due.opens:g}–{due.closes:g}")
        if self.late(meal.starts + due.length, meal.ends):
            self.say(where, "lunch", f"has {meal.ends - meal.starts:g} for lunch, {due.length:g} due")

    def kit(self, where: str, engineer: Engineer, route: Route) -> None:
        """Tools in hand and parts on the van, stop by stop; a store fills up whatever it has."""
        tools, every_tool = set(engineer.tools), False
        fetched: set[str] = set()
        every_part = False
        rest = Counter(dict(engineer.parts))
        calls = 0
        for stop in route.stops:
            if stop.kind == "store" and stop.name in self.stores:
                calls += 1
                store = self.stores[stop.name]
                every_tool = every_tool or store.tools is None
                every_part = every_part or store.parts is None
                tools |= store.tools or set()
                fetched |= store.parts or set()
            if stop.kind != "visit" or stop.name not in self.by_name:
                continue
            visit = self.by_name[stop.name]
            lacking = set() if every_tool else visit.tools - tools
            if lacking:
                self.say(f"{where}, visit {stop.name}", "tools", f"lacks {', '.join(sorted(lacking))}")
            for part, count in visit.parts.items():
                if every_part or part in fetched:
                    continue
                rest[part] -= count
                if rest[part] < 0 and count > 0:
                    self.say(f"{where}, visit {stop.name}", "parts", f"the van has run out of {part}")
        if calls > engineer.store_calls:
            self.say(where, "store", f"calls at stores {calls} times, may {engineer.store_calls} times")

    def cost(self, engineer: Engineer, route: Route) -> None:
        if not route.visits:
            return
        places = [engineer.start, *(stop.place for stop in route.stops), engineer.end]
        legs = [(a, b) for a, b in itertools.pairwise(places) if a != b]
        if any(not 0 <= place < len(self.problem.travel) for place in places):
            return
        travelled = sum(float(self.problem.travel[a, b]) for a, b in legs)
        worked = sum(stop.ends - stop.starts for stop in route.stops if stop.kind != "lunch")
        share = self.problem.fair_share * (engineer.shift[1] - engineer.shift[0])
        self.costs["travel"] += engineer.travel_cost * sum(
            float(self.problem.trip_cost[a, b]) for a, b in legs
        )
        self.costs["time"] += engineer.time_cost * (route.ends - route.starts)
        self.costs["fixed"] += engineer.fixed_cost
        self.costs["overtime"] += engineer.overtime_cost * max(0.0, route.ends - engineer.shift[1])
        self.costs["unfairness"] += self.problem.fairness * max(0.0, travelled + worked - share)

    def visits(self, plan: Plan) -> None:
        left_out = Counter(each.visit for each in plan.left_out)
        for name in left_out:
            if name not in self.by_name:
                self.say(f"visit {name}", "unknown", "is left out and not part of the problem")
        for visit in self.problem.visits:
            self.crew(visit, self.starts.get(visit.name, []), left_out[visit.name])

    def crew(self, visit: Visit, starts: list[tuple[str, float]], left_out: int) -> None:
        where = f"visit {visit.name}"
        if not starts:
            if left_out == 0:
                self.say(where, "lost", "is neither served nor left out")
            if visit.weight is None:
                self.costs["must_left_out"] += 1
            else:
                self.costs["left_out"] += visit.weight
            return
        if left_out:
            self.say(where, "twice", "is both served and left out")
        if len(starts) != visit.crew:
            self.say(where, "crew", f"needs {visit.crew} engineers, {len(starts)} come")
        if len({name for name, _ in starts}) != len(starts):
            self.say(where, "twice", "is served twice by the same engineer")
        if self.late(max(t for _, t in starts), min(t for _, t in starts)):
            self.say(where, "crew", "the engineers do not start together")

    def value(self, plan: Plan) -> None:
        counted = dict(self.costs)
        must = int(counted.pop("must_left_out", 0))
        self.total = Value(must_left_out=must, **counted)
        stated = plan.value
        if stated.must_left_out != must:
            self.say("plan", "value", f"states {stated.must_left_out} mandatory visits left out, has {must}")
        if not abs(stated.total - self.total.total) <= 1e-6 * (1.0 + abs(self.total.total)):
            self.say("plan", "value", f"states a value of {stated.total:g}, it is {self.total.total:g}")
