"""Planning anew after one event: urgent work arrives, somebody drops out.

Most people should keep the day they were told. The old plan is the start, giving a visit to somebody else
costs extra, and the search begins where the event struck: at visits that have nobody now and at their
neighbours. A few hundredths of a second are enough.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines.arrays import sheet_of
from tightrope.planning.routing.engines.crews import has_crews, solve_with_crews
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.anneal import AVERAGE, FROM_LEFT, LONGEST, REGRET, SINGLES
from tightrope.planning.routing.engines.lns import orders_of, plan_of
from tightrope.planning.routing.engines.search import Search
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem, Visit
from tightrope.planning.routing.stop import Clock, CpuSeconds, Stop

HEAT = 0.1
"""Temperature in short trips (see `Search.grain`): little more than descent."""

FROM_LEFT_SHARE = 0.3
"""Share of steps that begin at a visit that has nobody; the others make room elsewhere."""

SINGLES_SHARE = 0.7
"""Share of steps that take out single neighbours rather than strings: small changes keep more days."""

REGRET_SHARE = 0.3
"""Share of steps that put back by regret: of few visits out at a time, the choosiest first."""

RUIN = 5.0
"""Visits taken out in a step on average: half of a usual step's, as most of the day stays as it is."""

LOYALTY = 16.0
"""What it costs to send somebody else than was planned, or nobody, in short trips (see `Search.grain`)."""


def without_engineers(problem: Problem, absent: Collection[str]) -> Problem:
    """The problem after some engineers dropped out. Raises BadProblem for unknown names or when all are out.

    A pin to somebody who is out no longer binds: the visit is free for others.
    """
    for name in absent:
        problem.engineer(name)
    present = tuple(e for e in problem.engineers if e.name not in absent)
    if not present:
        raise BadProblem("engineers", "all of them have dropped out")
    visits = tuple(replace(v, pinned=None) if v.pinned in absent else v for v in problem.visits)
    return replace(problem, engineers=present, visits=visits)


def with_visits(problem: Problem, arrived: Collection[Visit]) -> Problem:
    """The problem with more visits, whose places the travel matrix already knows."""
    return replace(problem, visits=(*problem.visits, *arrived))


def replan(problem: Problem, *, before: Plan, stop: Stop | None = None, seed: int = 0) -> Plan:
    """A plan for the changed problem that keeps as many people's days as it can at little cost.

    Parameters
    ----------
    problem
        As it is after the event.
    before
        The plan as it was. Its visits and engineers that no longer exist are passed over.
    stop
        By default 0.12 s of CPU time, conversion included.
    """
    clock = Clock.started()
    stop = stop or CpuSeconds(0.12)
    if not has_crews(problem):
        return _replan(problem, before, stop, seed)

    def anew(ordinary: Problem, until: Stop, begin: Plan | None) -> Plan:
        return _replan(ordinary, begin or before, until, seed)

    joined = solve_with_crews(problem, stop=stop, clock=clock, start=before, solve=anew)
    return replace(joined, engine="replan", cpu_seconds=clock.cpu_seconds, steps=clock.steps)


def _replan(problem: Problem, before: Plan, stop: Stop, seed: int) -> Plan:
    clock = Clock.started()
    sheet = sheet_of(problem)
    begin = orders_of(sheet, before)
    n, m = len(problem.visits), len(problem.engineers)
    search = Search(sheet, np.arange(n), np.arange(m), seed=seed)
    for v, order in enumerate(begin):
        search.facts.visits[order, col.KEEP] = v
        search.facts.worth[order, col.WEIGHT] += LOYALTY * search.grain
    search.facts.worth[:, col.KEEP_COST] = LOYALTY * search.grain
    search.load(begin)
    search.fill()
    heat = HEAT * search.grain
    search.ways[[AVERAGE, LONGEST]] = RUIN
    search.ways[FROM_LEFT] = FROM_LEFT_SHARE
    search.ways[SINGLES] = SINGLES_SHARE
    search.ways[REGRET] = REGRET_SHARE
    while n and stop.share(clock) < 1.0:
        search.run(100, heat=heat)
        clock.steps += 100
    return plan_of(sheet, search.orders(), engine="replan", clock=clock)


def kept_share(problem: Problem, *, before: Plan, after: Plan) -> float:
    """Share of visits with the same engineers as before, among those that the changed problem still has
    together with their engineers. 1 when there are none."""
    asked = [
        (visit, team)
        for visit, team in before.engineers_of.items()
        if visit in problem.visit_number and all(name in problem.engineer_number for name in team)
    ]
    if not asked:
        return 1.0
    kept = sum(1 for visit, team in asked if set(after.engineers_of.get(visit, ())) == set(team))
    return kept / len(asked)
