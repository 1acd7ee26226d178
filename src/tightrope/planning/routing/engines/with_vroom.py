"""VROOM as an engine, through pyvroom.

It plans skills, several windows, set-up times, lunch, van stock, priorities and pinned or forbidden pairs,
and minimises travel time after priorities; other costs are counted in the plan but not sought. It cannot
plan two engineers together, stores on the way or overtime, and has no seed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.arrays import Sheet, facts_of, sheet_of
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.lns import orders_of, plan_of
from tightrope.planning.routing.engines.search import Orders
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem
from tightrope.planning.routing.stop import Clock, CpuSeconds, FirstOf, Stop, WallSeconds

LEVEL = 5
"""VROOM's most thorough exploration."""


def solve_by_vroom(
    problem: Problem, *, stop: Stop, start: Plan | None = None, progress: Progress | None = None
) -> Plan:
    """VROOM's plan on one thread. Of ``stop`` only limits in seconds reach it, and no way to cancel."""
    import vroom

    clock = Clock.started()
    refuse_what_vroom_cannot(problem)
    sheet = sheet_of(problem)
    n, m = len(problem.visits), len(problem.engineers)
    facts = facts_of(sheet, np.arange(n), np.arange(m))
    model = vroom.Input()
    model.set_durations_matrix("car", facts.travel.astype(np.uint32))
    groups = [facts.able[:, row].tobytes() for row in range(n)]
    skill_of = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    model.add_job([_job(vroom, sheet, facts, row, skill_of[groups[row]]) for row in range(n)])
    begin = orders_of(sheet, start) if start else [[] for _ in range(m)]
    for v in range(m):
        skills = {skill for group, skill in skill_of.items() if group[v]}
        model.add_vehicle(_vehicle(vroom, facts, v, skills, begin[v]))
    seconds = _seconds(stop)
    answer = model.solve(
        exploration_level=LEVEL,
        nb_threads=1,
        timeout=timedelta(seconds=seconds) if seconds is not None else None,
    )
    orders: Orders = [[] for _ in range(m)]
    steps = answer.routes
    for vehicle, job in zip(
        steps["vehicle_id"][steps["type"] == "job"], steps["id"][steps["type"] == "job"], strict=True
    ):
        orders[int(vehicle)].append(int(job))
    plan = plan_of(sheet, orders, engine="vroom", clock=clock)
    if progress:
        progress(plan.value.total, clock.cpu_seconds)
    return plan


def refuse_what_vroom_cannot(problem: Problem) -> None:
    """Raise BadProblem for the first feature that VROOM has no notion of."""
    for visit in problem.visits:
        if visit.crew > 1:
            raise BadProblem(f"visit {visit.name}", "needs several engineers at once; vroom cannot plan that")
    for engineer in problem.engineers:
        if engineer.overtime > 0:
            raise BadProblem(f"engineer {engineer.name}", "may work overtime; vroom cannot plan that")
        if problem.stores and engineer.store_calls:
            raise BadProblem(f"engineer {engineer.name}", "may call at a store; vroom cannot plan that")


def _job(vroom: Any, sheet: Sheet, facts: col.Facts, row: int, skill: int) -> Any:
    visit = facts.visits[row]
    windows = [
        vroom.TimeWindow(max(0, int(visit[col.WINDOW + 2 * w])), max(0, int(visit[col.WINDOW + 2 * w + 1])))
        for w in range(visit[col.WINDOWS])
    ]
    return vroom.Job(
        id=row,
        location=row,
        default_setup=int(visit[col.SETUP]),
        default_service=int(visit[col.SERVICE]),
        delivery=[int(count) for count in facts.parts[row]],
        skills={skill},
        priority=_priority(sheet, row),
        time_windows=windows,
    )


def _priority(sheet: Sheet, row: int) -> int:
    """0 to 100 in proportion to the weight; what must be served comes first."""
    visit = sheet.problem.visits[row]
    if visit.weight is None:
        return 100
    top = max((v.weight for v in sheet.problem.visits if v.weight is not None), default=0.0)
    return round(99 * visit.weight / top) if top > 0 else 0


def _vehicle(vroom: Any, facts: col.Facts, v: int, skills: set[int], order: list[int]) -> Any:
    person = facts.people[v]
    lunch = []
    if person[col.LUNCH] > 0:
        window = vroom.TimeWindow(int(person[col.LUNCH_OPENS]), int(person[col.LUNCH_CLOSES]))
        lunch = [vroom.Break(id=0, time_windows=[window], service=int(person[col.LUNCH]))]
    return vroom.Vehicle(
        id=v,
        start=int(person[col.START]),
        end=int(person[col.END]),
        capacity=[int(count) for count in facts.kit[v]],
        skills=skills,
        time_window=vroom.TimeWindow(int(person[col.SHIFT]), int(person[col.LATEST])),
        breaks=lunch,
        steps=[vroom.VehicleStep("single", row) for row in order],
    )


def _seconds(stop: Stop) -> float | None:
    if isinstance(stop, CpuSeconds | WallSeconds):
        return stop.limit
    if isinstance(stop, FirstOf):
        limits = [limit for rule in stop.rules if (limit := _seconds(rule)) is not None]
        return min(limits, default=None)
    return None
