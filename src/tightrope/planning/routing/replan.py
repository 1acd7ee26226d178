"""Planning anew after one event: urgent work arrives, somebody drops out.

Most people should keep the day they were told. The old plan is the start, a visit that loses its engineer
costs extra, and the search begins where the event struck: at visits that have nobody now and at their
neighbours. How much extra follows the search: more while fewer keep their engineer than asked, less while more
do, as every kept day is paid for with work left out or driven farther. A tenth of a second is enough.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.arrays import sheet_of
from tightrope.planning.routing.engines.crews import has_crews, solve_with_crews
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.anneal import AVERAGE, FROM_LEFT, LONGEST, REGRET, SINGLES
from tightrope.planning.routing.engines.lns import orders_of, plan_of
from tightrope.planning.routing.engines.search import Orders, Search
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem, Visit
from tightrope.planning.routing.stop import Clock, CpuSeconds, Stop

HEAT = 0.1
"""Temperature in short trips (see `Search.grain`): little more than descent."""

FROM_LEFT_SHARE = 0.3
"""Share of steps that begin at a visit that has nobody; the others make room elsewhere."""

SINGLES_SHARE = 0.7
"""Share of steps that take out single neighbours rather than strings: small changes keep more days."""

REGRET_SHARE = 0.7
"""Share of steps that put back by regret: of few visits out at a time, the choosiest first."""

RUIN = 5.0
"""Visits taken out in a step on average: half of a usual step's, as most of the day stays as it is."""

KEEP = 0.97
"""Share of visits that should keep their engineer when nothing else is asked."""

MOVED = 16.0
"""What it costs to send somebody else than was planned, in short trips (see `Search.grain`)."""

LOST_AT_FIRST, LOST_AT_MOST, FOLLOW = 4.0, 32.0, 1.1
"""What it costs beside its weight to leave out a visit that was planned: at first and at least, and at most, in
short trips; by what factor it changes between two looks at the share kept. It begins low, since what was once
kept at the expense of weightier work is seldom given up again by small steps."""

LOOK = 50
"""Steps between two looks at the clock and at the share kept."""


def without_engineers(problem: Problem, absent: Collection[str]) -> Problem:
    """The problem after some engineers dropped out. Raises BadProblem for unknown names or when all are out.

    A pin to somebody who is out no longer binds: the visit is free for others.
    """
    for name in absent:
        problem.engineer(name)
    present = tuple(e for e in problem.engineers if e.name not in absent)
    if not present:
        raise BadProblem("engineers", "all of them have dropped out")
    visits = tuple(dataclasses.replace(v, pinned=None) if v.pinned in absent else v for v in problem.visits)
    return dataclasses.replace(problem, engineers=present, visits=visits)


def with_visits(problem: Problem, arrived: Collection[Visit]) -> Problem:
    """The problem with more visits, whose places the travel matrix already knows."""
    return dataclasses.replace(problem, visits=(*problem.visits, *arrived))


def replan(
    problem: Problem,
    *,
    before: Plan,
    keep: float = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Plan:
    """A plan for the changed problem that keeps as many people's days as asked at little cost.

    Parameters
    ----------
    problem
        As it is after the event.
    before
        The plan as it was. Its visits and engineers that no longer exist are passed over.
    keep
        Share, 0 to 1, of visits that should keep their engineer (see `kept_share`). It is aimed at, not
        promised: weightier work may need their time, and a short search may miss by a few visits.
    stop
        By default 0.12 s of CPU time, conversion included.
    progress
        Told the value and the CPU seconds spent once, at the end.

    Raises
    ------
    BadProblem
        When ``keep`` is not a share.
    """
    if not 0.0 <= keep <= 1.0:
        raise BadProblem("keep", f"must be a share from 0 to 1, is {keep:g}")
    clock = Clock.started()
    stop = stop or CpuSeconds(0.12)
    if has_crews(problem):

        def anew(ordinary: Problem, until: Stop, begin: Plan | None) -> Plan:
            return _replan(ordinary, begin or before, keep, until, seed)

        plan = solve_with_crews(problem, stop=stop, clock=clock, start=before, solve=anew)
        plan = dataclasses.replace(plan, engine="replan", cpu_seconds=clock.cpu_seconds, steps=clock.steps)
    else:
        plan = _replan(problem, before, keep, stop, seed)
    if progress:
        progress(plan.value.total, clock.cpu_seconds)
    return plan


def _replan(problem: Problem, before: Plan, keep: float, stop: Stop, seed: int) -> Plan:
    clock = Clock.started()
    sheet = sheet_of(problem)
    begin = orders_of(sheet, before)
    n, m = len(problem.visits), len(problem.engineers)
    search = Search(sheet, np.arange(n), np.arange(m), seed=seed)
    loyalty = Loyalty(search, begin, keep)
    search.load(begin)
    search.fill()
    heat = HEAT * search.grain
    search.ways[[AVERAGE, LONGEST]] = RUIN
    search.ways[FROM_LEFT] = FROM_LEFT_SHARE
    search.ways[SINGLES] = SINGLES_SHARE
    search.ways[REGRET] = REGRET_SHARE
    while n and stop.share(clock) < 1.0:
        search.run(LOOK, heat=heat)
        clock.steps += LOOK
        loyalty.follow()
    return plan_of(sheet, search.orders(), engine="replan", clock=clock)


class Loyalty:
    """What it costs to take a planned visit from its engineer, led by the share of those kept.

    ``begin``: rows of the sheet that each engineer was to serve. A cost that changes is counted anew in the
    present and the best value of the search, so that both stay comparable.
    """

    def __init__(self, search: Search, begin: Orders, keep: float) -> None:
        self.search = search
        self.planned = np.array([row for order in begin for row in order], dtype=np.int64)
        self.whose = np.array([v for v, order in enumerate(begin) for _ in order], dtype=np.int64)
        # One visit more than asked for, as the share swings about what is aimed at.
        self.fewest = keep * len(self.planned) + 1.0
        self.lost = LOST_AT_FIRST
        search.facts.visits[self.planned, col.KEEP] = self.whose
        search.facts.worth[:, col.KEEP_COST] = MOVED * search.grain
        search.facts.worth[self.planned, col.WEIGHT] += self.lost * search.grain

    def follow(self) -> None:
        """Raise the cost of a lost visit while too few keep their engineer, lower it while enough do."""
        routes = self.search.state.status[self.planned, col.ROUTE]
        too_few = np.count_nonzero(routes == self.whose) < self.fewest
        lost = min(LOST_AT_MOST, self.lost * FOLLOW) if too_few else max(LOST_AT_FIRST, self.lost / FOLLOW)
        if lost == self.lost:
            return
        more = (lost - self.lost) * self.search.grain
        self.lost = lost
        served = np.zeros(len(self.search.rows), dtype=bool)
        for order in self.search.orders():
            served[order] = True
        self.search.facts.worth[self.planned, col.WEIGHT] += more
        self.search.state.total[col.VALUE] += more * np.count_nonzero(routes < 0)
        self.search.state.total[col.BEST_VALUE] += more * np.count_nonzero(~served[self.planned])


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
