"""Staffing questions as people ask them, each with one answer.

`QueueProblem`: how many at the desk right now. `DeskProblem`: through a week, from given or forecast
arrivals, with a roster when shifts and people are named. `FieldProblem`: how many field engineers, and
when that breaks. `SecondLine` (in `pooling`): headquarters or regions.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.field import (
    FieldHeads,
    FieldPromise,
    Territory,
    heads_for_territory,
    rule_of_thumb,
)
from tightrope.planning.staffing.forecast import Forecast, forecast
from tightrope.planning.staffing.frontier import Frontier, Money, frontier
from tightrope.planning.staffing.growth import Growth, Outlook, outlook
from tightrope.planning.staffing.pooling import Comparison, SecondLine, compare
from tightrope.planning.staffing.positions import Floats, Ints, Positions, ServiceTarget, positions_for
from tightrope.planning.staffing.roster import DAYS, Roster, RosterProblem, Shift, Worker, make_roster
from tightrope.planning.staffing.week import (
    WeekHeads,
    heads_through,
    lagged_load,
    lived_service,
    offered_load,
    stationary_load,
)

LOADS = {"offered": offered_load, "lagged": lagged_load, "stationary": stationary_load}


@dataclass(frozen=True)
class QueueProblem:
    """Constant arrivals: how many positions? `arrivals` in `period_minutes`."""

    arrivals: float
    period_minutes: float
    work_minutes: float
    target: ServiceTarget = field(default_factory=ServiceTarget)


@dataclass(frozen=True)
class DeskProblem:
    """A week at the desk from Monday 0:00.

    Attributes
    ----------
    arrivals : (n_steps,) float, or empty when `history` is given
        Expected arrivals in each step of one week.
    history : (n_past,) float, or empty
        Past arrivals by step, whole weeks ending now; NaN where unknown. The coming week is forecast.
    plan_for : "mean" | "high"
        Plan for the forecast's mean or for the upper end of its interval.
    load : "offered" | "lagged" | "stationary"
        How arrivals become load, see `week`.
    opened : (n_steps,) bool, or empty
        Steps in which the desk is open. Not given: those with arrivals, in the history at any time. A
        closed step has heads only while half a caller or more is still being served.
    shifts, workers
        Both given: a roster is made.
    """

    step_minutes: int
    work_minutes: float
    arrivals: Floats = field(default_factory=lambda: np.empty(0))
    history: Floats = field(default_factory=lambda: np.empty(0))
    target: ServiceTarget = field(default_factory=ServiceTarget)
    load: str = "offered"
    plan_for: str = "mean"
    opened: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    shifts: tuple[Shift, ...] = ()
    workers: tuple[Worker, ...] = ()
    days_off_together: bool = False
    understaffed_cost_per_hour: float = 100.0

    def __post_init__(self) -> None:
        if self.step_minutes <= 0 or 1440 % self.step_minutes:
            raise BadProblem("step_minutes", f"must divide a day, not {self.step_minutes}")
        if bool(len(self.arrivals)) == bool(len(self.history)):
            raise BadProblem("arrivals", "either arrivals of one week or history must be given")
        if len(self.arrivals) and len(self.arrivals) != self.steps:
            raise BadProblem("arrivals", f"{len(self.arrivals)} are not the {self.steps} steps of a week")
        if len(self.opened) not in (0, self.steps):
            raise BadProblem("opened", f"{len(self.opened)} are not the {self.steps} steps of a week")
        if self.load not in LOADS:
            raise BadProblem("load", f"must be one of {', '.join(LOADS)}, not {self.load!r}")
        if self.plan_for not in ("mean", "high"):
            raise BadProblem("plan_for", f"must be mean or high, not {self.plan_for!r}")
        if bool(self.shifts) != bool(self.workers):
            raise BadProblem("shifts", "a roster needs both shifts and workers")

    @property
    def steps(self) -> int:
        return DAYS * 1440 // self.step_minutes

    @property
    def open_steps(self) -> NDArray[np.bool_]:
        """Whether the desk is open in each step of the week, (n_steps,)."""
        if len(self.opened):
            return self.opened
        if len(self.arrivals):
            return np.asarray(self.arrivals > 0)
        weeks = self.history[len(self.history) % self.steps :].reshape(-1, self.steps)
        return np.asarray((np.nan_to_num(weeks) > 0).any(axis=0))


@dataclass(frozen=True)
class DeskPlan:
    """Heads through the week, what callers live through, and the roster if one was asked for.

    `lived` (n_steps,) is the share served in time with the planned heads, or with the rostered ones when
    there is a roster; None when callers are impatient, which the judge does not model.
    """

    arrivals: Floats
    forecast: Forecast | None
    heads: WeekHeads
    roster: Roster | None
    lived: Floats | None


@dataclass(frozen=True)
class FieldProblem:
    """Engineers for territories, each with its own group; growth and money of each where known."""

    territories: tuple[Territory, ...]
    promise: FieldPromise
    growth: dict[str, Growth] = field(default_factory=dict)
    money: dict[str, Money] = field(default_factory=dict)
    confidence: float = 0.9

    def __post_init__(self) -> None:
        names = [territory.name for territory in self.territories]
        if not names:
            raise BadProblem("territories", "there are none")
        for name in names:
            if names.count(name) > 1:
                raise BadProblem(f"territory {name}", "the name is used twice")
        for word, listed in (("growth", set(self.growth)), ("money", set(self.money))):
            for name in sorted(listed - set(names)):
                raise BadProblem(f"{word} of {name}", "there is no such territory")
        if not (math.isfinite(self.confidence) and 0 < self.confidence < 1):
            raise BadProblem("confidence", f"must lie between 0 and 1, not {self.confidence}")


@dataclass(frozen=True)
class FieldPlan:
    """Heads by territory, the same base at other sizes, and outlook and frontier where asked for."""

    heads: tuple[FieldHeads, ...]
    thumb: dict[str, list[FieldHeads]]
    outlooks: dict[str, Outlook]
    frontiers: dict[str, Frontier]

    @property
    def total(self) -> int:
        return sum(row.heads for row in self.heads)


Problem = QueueProblem | DeskProblem | FieldProblem | SecondLine
Plan = Positions | DeskPlan | FieldPlan | Comparison
Progress = Callable[[float, float], None]


class Stopping(Protocol):
    """Anything that can tell the work to end, from another thread if need be."""

    def is_reached(self, rounds: int = 0) -> bool: ...


def solve(
    problem: Problem,
    *,
    stop: Stopping | None = None,
    progress: Progress | None = None,
    seed: int = 0,
    roster_seconds: float = 10.0,
) -> Plan:
    """Answer the question.

    Everything is computed, nothing drawn, so `seed` changes nothing; it is taken because every planning
    model takes one. Only a roster takes time: at most `roster_seconds`, and `stop` ends it earlier with the
    best roster so far. `progress(value, seconds)` is called once with the plan's headline figure: heads,
    people-hours a week, a roster's wages, or the cheaper set-up's cost.
    """
    began = time.monotonic()
    plan = _answer(problem, stop, roster_seconds)
    if progress is not None:
        progress(_headline(plan), time.monotonic() - began)
    return plan


def _headline(plan: Plan) -> float:
    if isinstance(plan, Positions):
        return float(plan.scheduled)
    if isinstance(plan, FieldPlan):
        return float(plan.total)
    if isinstance(plan, Comparison):
        return min(plan.hq.cost, plan.regions.cost)
    return plan.heads.scheduled_hours if plan.roster is None else plan.roster.cost


def _answer(problem: Problem, stop: Stopping | None, roster_seconds: float) -> Plan:
    if isinstance(problem, QueueProblem):
        return positions_for(
            arrivals=problem.arrivals,
            period_minutes=problem.period_minutes,
            work_minutes=problem.work_minutes,
            target=problem.target,
        )
    if isinstance(problem, FieldProblem):
        return _field_plan(problem)
    if isinstance(problem, SecondLine):
        return compare(problem)
    return _desk_plan(
        problem,
        seconds=roster_seconds,
        is_cancelled=lambda: stop is not None and stop.is_reached(),
    )


def _field_plan(problem: FieldProblem) -> FieldPlan:
    promise, confidence = problem.promise, problem.confidence
    by_name = {territory.name: territory for territory in problem.territories}
    return FieldPlan(
        heads=tuple(
            heads_for_territory(territory, promise, confidence=confidence) for territory in by_name.values()
        ),
        thumb={name: rule_of_thumb(territory, promise) for name, territory in by_name.items()},
        outlooks={
            name: outlook(by_name[name], promise, growth, confidence=confidence)
            for name, growth in problem.growth.items()
        },
        frontiers={name: frontier(by_name[name], promise, money) for name, money in problem.money.items()},
    )


def _desk_plan(problem: DeskProblem, *, seconds: float, is_cancelled: Callable[[], bool]) -> DeskPlan:
    guess = None
    arrivals = problem.arrivals
    if len(problem.history):
        guess = forecast(problem.history, season=problem.steps, ahead=problem.steps)
        arrivals = guess.mean if problem.plan_for == "mean" else guess.high
    load = LOADS[problem.load](arrivals, step_minutes=problem.step_minutes, work_minutes=problem.work_minutes)
    heads = heads_through(
        np.where(problem.open_steps | (load >= 0.5), load, 0.0),
        step_minutes=problem.step_minutes,
        work_minutes=problem.work_minutes,
        target=problem.target,
    )
    roster, at_work = None, heads.servers
    if problem.shifts:
        roster = make_roster(roster_problem(problem, heads), seconds=seconds, is_cancelled=is_cancelled)
        # Shrinkage takes its part of the people who are rostered, too.
        at_work = np.floor(roster.present * (1.0 - problem.target.shrinkage) + 1e-9).astype(np.int64)
    return DeskPlan(
        arrivals=arrivals,
        forecast=guess,
        heads=heads,
        roster=roster,
        lived=_lived(problem, arrivals, at_work),
    )


def roster_problem(problem: DeskProblem, heads: WeekHeads) -> RosterProblem:
    """The roster that the desk's heads ask for."""
    return RosterProblem(
        heads=heads.scheduled,
        step_minutes=problem.step_minutes,
        shifts=problem.shifts,
        workers=problem.workers,
        days_off_together=problem.days_off_together,
        understaffed_cost_per_hour=problem.understaffed_cost_per_hour,
    )


def _lived(problem: DeskProblem, arrivals: Floats, at_work: Ints) -> Floats | None:
    if problem.target.patience_minutes is not None:
        return None
    return lived_service(
        arrivals,
        at_work,
        step_minutes=problem.step_minutes,
        work_minutes=problem.work_minutes,
        within_minutes=problem.target.within_minutes,
    )
