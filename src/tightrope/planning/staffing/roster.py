"""Rosters: who works when, so that every step has its heads, or it is said which have not.

A tour is a shift start with a set of days off, the same every day of the week, so that rest between
shifts is kept by itself. The integer programme chooses how many people of each kind work each tour; then
people get tours by name, those with fewer choices first.

Source: Dantzig (1954), "A comment on Edie's 'Traffic delays at toll booths'", Operations Research 2(3),
the covering model; Baker (1976), "Workforce allocation in cyclical scheduling problems", Operational
Research Quarterly 27(1), days off. Here understaffed hours are allowed at a price and listed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.positions import Floats, Ints

DAYS = 7


@dataclass(frozen=True)
class Shift:
    """A shift: start and length in hours (0 to 24), and an unpaid break.

    The break begins `break_after_hours` after the start and lasts `break_hours`; 0 is none. A shift may
    run past midnight; Sunday's night ends on Monday of the same repeating week.
    """

    name: str
    start_hour: float
    length_hours: float
    break_after_hours: float = 4.0
    break_hours: float = 0.0

    def __post_init__(self) -> None:
        where = f"shift {self.name}"
        if not (math.isfinite(self.start_hour) and 0 <= self.start_hour < 24):
            raise BadProblem(where, f"must start at 0 or later and before 24, not {self.start_hour}")
        if not (math.isfinite(self.length_hours) and 0 < self.length_hours <= 16):
            raise BadProblem(where, f"must last more than 0 and at most 16 hours, not {self.length_hours}")
        if not (math.isfinite(self.break_hours) and self.break_hours >= 0):
            raise BadProblem(where, f"break_hours must be zero or more, not {self.break_hours}")
        if self.break_hours and not (
            self.break_after_hours > 0 and self.break_after_hours + self.break_hours < self.length_hours
        ):
            raise BadProblem(where, "the break must lie inside the shift")

    @property
    def paid_hours(self) -> float:
        return self.length_hours - self.break_hours


@dataclass(frozen=True)
class Worker:
    """Somebody to be rostered: days a week, days that cannot be (0 is Monday), shifts that can be.

    Who is rostered works exactly `days_per_week` days (fewer only when absent on more), or none at all.

    `shifts` None means any. Cost is per paid hour.
    """

    name: str
    days_per_week: int = 5
    absent_days: frozenset[int] = frozenset()
    shifts: frozenset[str] | None = None
    cost_per_hour: float = 1.0

    def __post_init__(self) -> None:
        where = f"worker {self.name}"
        if not 0 <= self.days_per_week <= DAYS:
            raise BadProblem(where, f"days_per_week must lie between 0 and 7, not {self.days_per_week}")
        if not self.absent_days <= set(range(DAYS)):
            raise BadProblem(where, "absent_days are numbered 0 (Monday) to 6 (Sunday)")
        if not math.isfinite(self.cost_per_hour) or self.cost_per_hour < 0:
            raise BadProblem(where, f"cost_per_hour must be zero or more, not {self.cost_per_hour}")


@dataclass(frozen=True)
class RosterProblem:
    """Heads needed in each step of a week from Monday 0:00, the shifts there are, and the people.

    Attributes
    ----------
    heads : (n_steps,) int
        Needed at work; n_steps x step_minutes is one week.
    step_minutes : int
        Divides a day; shifts start and end on its grid.
    days_off_together : bool
        Days off must follow each other (Sunday and Monday do).
    understaffed_cost_per_hour : float
        Price of one missing head for one hour; far above the cost of a head unless holes are wanted.
    """

    heads: Ints
    step_minutes: int
    shifts: tuple[Shift, ...]
    workers: tuple[Worker, ...]
    days_off_together: bool = False
    understaffed_cost_per_hour: float = 100.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", _whole_heads(self.heads))
        if self.step_minutes <= 0 or 1440 % self.step_minutes:
            raise BadProblem("step_minutes", f"must divide a day, not {self.step_minutes}")
        if len(self.heads) * self.step_minutes != DAYS * 1440:
            raise BadProblem("heads", f"{len(self.heads)} steps of {self.step_minutes} minutes are no week")
        for kind, names in (
            ("shift", [shift.name for shift in self.shifts]),
            ("worker", [worker.name for worker in self.workers]),
        ):
            for name in names:
                if names.count(name) > 1:
                    raise BadProblem(f"{kind} {name}", "the name is used twice")
        if not self.shifts:
            raise BadProblem("shifts", "there are none")
        for shift in self.shifts:
            for hours in (shift.start_hour, shift.length_hours):
                if abs(hours * 60 / self.step_minutes - round(hours * 60 / self.step_minutes)) > 1e-9:
                    raise BadProblem(
                        f"shift {shift.name}", f"does not fit steps of {self.step_minutes} minutes"
                    )
        known = {shift.name for shift in self.shifts}
        for worker in self.workers:
            for name in (worker.shifts or frozenset()) - known:
                raise BadProblem(f"worker {worker.name}", f"shift {name} does not exist")
        if not (math.isfinite(self.understaffed_cost_per_hour) and self.understaffed_cost_per_hour > 0):
            raise BadProblem("understaffed_cost_per_hour", "must be above zero")


@dataclass(frozen=True)
class Tour:
    """One person's week: a shift and the days worked (0 is Monday); no shift is a week at home."""

    worker: str
    shift: str | None
    days: tuple[int, ...]


@dataclass(frozen=True)
class Hole:
    """A stretch with fewer heads than needed: day (0 is Monday), hours, and how many are missing."""

    day: int
    from_hour: float
    until_hour: float
    missing: int


@dataclass(frozen=True)
class Roster:
    """Tours by person, what is missing, and money.

    Attributes
    ----------
    present : (n_steps,) int
        Heads at work.
    missing_hours, surplus_hours : float
        Head-hours below and above the need.
    cost : float
        Wages for the week.
    gap : float
        Share by which wages plus the price of holes could at most be lower; 0 is proven best.
    """

    tours: tuple[Tour, ...]
    present: Ints
    holes: tuple[Hole, ...]
    missing_hours: float
    surplus_hours: float
    cost: float
    gap: float


def make_roster(
    problem: RosterProblem,
    *,
    seconds: float = 10.0,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Roster:
    """Least wages and holes within `seconds`. When cancelled, the best greedy roster is returned."""
    from tightrope.planning.staffing.roster_programme import solve_tours

    kinds = _kinds(problem)
    options = {kind: _options(problem, members[0]) for kind, members in kinds.items()}
    counts, gap = solve_tours(
        problem,
        options=[options[kind] for kind in kinds],
        sizes=[len(members) for members in kinds.values()],
        wages=[members[0].cost_per_hour for members in kinds.values()],
        seconds=seconds,
        is_cancelled=is_cancelled,
    )
    tours: list[Tour] = []
    for members, choices, numbers in zip(kinds.values(), options.values(), counts, strict=True):
        week = [choice for choice, number in zip(choices, numbers, strict=True) for _ in range(number)]
        for worker, (shift, days) in zip(members, [*week, *[(None, ())] * len(members)], strict=False):
            tours.append(Tour(worker.name, None if shift is None else shift.name, days))
    order = {worker.name: number for number, worker in enumerate(problem.workers)}
    tours.sort(key=lambda tour: order[tour.worker])
    return described(problem, tuple(tours), gap=gap)


def described(problem: RosterProblem, tours: tuple[Tour, ...], *, gap: float = math.inf) -> Roster:
    """Presence, holes and wages of tours made here or elsewhere."""
    shifts = {shift.name: shift for shift in problem.shifts}
    wages = {worker.name: worker.cost_per_hour for worker in problem.workers}
    present = np.zeros(len(problem.heads), dtype=np.int64)
    cost = 0.0
    for tour in tours:
        if tour.shift is not None:
            present += presence(problem, shifts[tour.shift], tour.days)
            cost += shifts[tour.shift].paid_hours * len(tour.days) * wages[tour.worker]
    lacking = np.maximum(problem.heads - present, 0)
    step_hours = problem.step_minutes / 60.0
    return Roster(
        tours=tours,
        present=present,
        holes=tuple(_holes(lacking, problem.step_minutes)),
        missing_hours=float(lacking.sum() * step_hours),
        surplus_hours=float(np.maximum(present - problem.heads, 0).sum() * step_hours),
        cost=cost,
        gap=gap,
    )


def presence(problem: RosterProblem, shift: Shift, days: tuple[int, ...]) -> Ints:
    """1 in each step in which somebody on this tour is at work, (n_steps,).

    A step that the break touches only in part counts as away: a customer finds nobody there.
    """
    per_day = 1440 // problem.step_minutes
    step_hours = problem.step_minutes / 60.0
    length = round(shift.length_hours / step_hours)
    begins = np.arange(length) * step_hours
    at_work = np.ones(length, dtype=np.int64)
    if shift.break_hours:
        break_end = shift.break_after_hours + shift.break_hours
        at_work[(begins + step_hours > shift.break_after_hours + 1e-9) & (begins < break_end - 1e-9)] = 0
    row = np.zeros(DAYS * per_day, dtype=np.int64)
    for day in days:
        first = day * per_day + round(shift.start_hour / step_hours)
        row[(first + np.arange(length)) % len(row)] += at_work
    return row


def _kinds(problem: RosterProblem) -> dict[tuple[object, ...], list[Worker]]:
    """Workers who can be exchanged for each other, the least free first."""
    kinds: dict[tuple[object, ...], list[Worker]] = {}
    for worker in problem.workers:
        key = (worker.days_per_week, worker.absent_days, worker.shifts, worker.cost_per_hour)
        kinds.setdefault(key, []).append(worker)
    return kinds


def _options(problem: RosterProblem, worker: Worker) -> list[tuple[Shift, tuple[int, ...]]]:
    free = [day for day in range(DAYS) if day not in worker.absent_days]
    worked = min(worker.days_per_week, len(free))
    if worked == 0:
        return []
    patterns = [
        days
        for days in combinations(free, worked)
        if not problem.days_off_together or _follow_each_other(set(range(DAYS)) - set(days))
    ]
    if not patterns:
        patterns = list(combinations(free, worked))
    shifts = [shift for shift in problem.shifts if worker.shifts is None or shift.name in worker.shifts]
    return [(shift, days) for shift in shifts for days in patterns]


def _follow_each_other(days: set[int]) -> bool:
    # Around the week: at most one day off is not followed by another day off.
    return sum((day + 1) % DAYS not in days for day in days) <= 1


def _holes(lacking: Ints, step_minutes: int) -> list[Hole]:
    per_day = 1440 // step_minutes
    step_hours = step_minutes / 60.0
    holes: list[Hole] = []
    for step, missing in enumerate(lacking):
        day, hour = step // per_day, step % per_day * step_hours
        if not missing:
            continue
        last = holes[-1] if holes else None
        if last is not None and (last.day, last.until_hour, last.missing) == (day, hour, int(missing)):
            holes[-1] = Hole(day, last.from_hour, hour + step_hours, int(missing))
        else:
            holes.append(Hole(day, hour, hour + step_hours, int(missing)))
    return holes


def _whole_heads(heads: ArrayLike) -> Ints:
    try:
        given: Floats = np.asarray(heads, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadProblem("heads", "must be a row of whole numbers") from error
    if given.ndim != 1:
        raise BadProblem("heads", "must be a row of whole numbers")
    for step in np.flatnonzero(~np.isfinite(given) | (given < 0) | (given != np.rint(given)))[:1]:
        raise BadProblem(
            f"heads of step {step}", f"must be a whole number of zero or more, not {given[step]}"
        )
    return given.astype(np.int64)
