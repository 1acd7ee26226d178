"""How many to hire and train, and when, so that the work can be done while people come and go."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import Floats
from tightrope.planning.turnover.leaving import LeavingHazard
from tightrope.planning.turnover.workforce import Course, Workforce, simulate

Progress = Callable[[float, float], None]

MOST_TURNS = 6


class Stopping(Protocol):
    """Anything that can tell the work to end, from another thread if need be."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class Target:
    """What must be possible over ``M`` months.

    Attributes
    ----------
    demand : (M,) float
        Output needed each month.
    at_least : {level number: (M,) float}
        Heads needed at this level or above.
    hire_cost, seat_cost : float
        Per head hired, per training seat taken; salaries come from the levels.
    committed : (k,) float
        Hires of the first months that are already decided; more cannot arrive before month k.
    most_seats : float
        Training seats a month at each step.
    confidence : float or None
        Chance with which each month's demand shall be met; None plans for the mean, which is missed in
        about half of the months.
    """

    demand: Floats
    at_least: dict[int, Floats] = field(default_factory=dict)
    hire_cost: float = 1.0
    seat_cost: float = 0.0
    committed: tuple[float, ...] = ()
    most_seats: float = float("inf")
    confidence: float | None = 0.9


@dataclass(frozen=True, slots=True)
class IntakePlan:
    """Hires (M,), training seats (M, L - 1), what they lead to and cost.

    ``short`` (M,) is mean output missing where no plan could provide it (people hired now are not yet
    here or not yet able); ``short_heads`` the same for levels. ``cost`` covers hiring, training and
    salaries over the months planned. No plan for the same (raised) demand costs less than ``bound``,
    even with seats in fractions; it means little where something is short.
    """

    hires: Floats
    seats: Floats
    cost: float
    short: Floats
    short_heads: dict[int, Floats]
    course: Course
    bound: float

    @property
    def gap(self) -> float:
        """How far the cost can be from the least possible, as a share of it."""
        return max(0.0, self.cost / self.bound - 1) if self.bound > 0 else 0.0


def plan_intake(
    force: Workforce,
    target: Target,
    *,
    hazard: LeavingHazard | None = None,
    seed: int = 0,
    runs: int = 400,
    seconds: float = 30.0,
    stop: Stopping | None = None,
    progress: Progress | None = None,
) -> IntakePlan:
    """Cheapest whole numbers of hires, with training seats, that meet the target.

    Mean stocks are linear in hires and trainings, so this is a mixed-integer programme with flows of
    people by level and month of service (manpower planning: Bartholomew, Forbes & McClean 1991,
    chapter 5). For a ``confidence`` the plan is simulated, each month's demand is raised by what the
    unlucky runs fall short, and the programme solved again until the plan holds, six times at most;
    ``course.enough`` says how often it does. ``progress(cost, seconds)`` after each.

    Raises
    ------
    BadProblem
        If the target's figures are impossible.
    """
    _check(force, target)
    started = time.monotonic()
    demand, at_least = target.demand, target.at_least
    best: IntakePlan | None = None
    aim = 0.95 if target.confidence is None else target.confidence
    for turn in range(1 if target.confidence is None else MOST_TURNS):
        if best is not None and stop is not None and stop.is_reached(turn):
            break
        found = _solve(force, target, demand, at_least, seconds)
        course = simulate(
            force,
            found.hires,
            found.seats,
            demand=target.demand,
            runs=runs,
            seed=seed,
            hazard=hazard,
            confidence=aim,
        )
        missing = np.maximum(found.short - (demand - target.demand), 0.0)
        best = IntakePlan(
            found.hires, found.seats, found.cost, missing, found.short_heads, course, found.bound
        )
        if progress is not None:
            progress(found.cost, time.monotonic() - started)
        late = np.arange(demand.size) >= len(target.committed)
        if (course.enough[late] >= aim - 0.02).all():
            break
        demand = demand + np.maximum(target.demand - course.capacity_low, 0.0)
    if best is None:
        raise BadProblem("intake", "stopped before anything was planned")
    return best


def steady_intake(hazard: LeavingHazard, heads: float, *, most_months: float = 480.0) -> float:
    """Hires a month that keep this many heads for ever: heads / mean tenure (Little's law)."""
    if not heads >= 0:
        raise BadProblem("intake", f"heads cannot be {heads}")
    return heads / hazard.mean_tenure(most_months)


def _solve(
    force: Workforce, target: Target, demand: Floats, at_least: dict[int, Floats], seconds: float
) -> Solved:
    """Whole hires with fractional seats first; then hires again for whole seats, rounded two ways.

    Whole seats in one programme take the solver fifty times as long for a cost within its own gap.
    """
    loose = _programme(force, target, demand, at_least, seconds, None)
    total = np.cumsum(loose.seats, axis=0)
    tried = []
    for rounding in (0.5, 1e-6):
        whole = np.diff(np.floor(total + rounding), axis=0, prepend=0.0)
        whole = np.minimum(whole, np.floor(target.most_seats))
        tried.append(_programme(force, target, demand, at_least, seconds, whole))
    best = min(tried, key=lambda solved: solved.objective)
    return replace(best, bound=loose.bound)


@dataclass(frozen=True, slots=True)
class Solved:
    """One solution of the programme; ``objective`` is its cost with what is short priced in."""

    hires: Floats
    seats: Floats
    cost: float
    short: Floats
    short_heads: dict[int, Floats]
    objective: float
    bound: float


def _programme(
    force: Workforce,
    target: Target,
    demand: Floats,
    at_least: dict[int, Floats],
    seconds: float,
    fixed_seats: Floats | None,
) -> Solved:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    M, (L, T) = demand.size, force.heads.shape
    n = np.arange(M * L * T).reshape(M, L, T)
    up = n.size + np.arange(M * (L - 1) * T).reshape(M, L - 1, T)
    hire = n.size + up.size + np.arange(M)
    short = hire[-1] + 1 + np.arange(M)
    needs = sorted(at_least)
    lacking = short[-1] + 1 + np.arange(len(needs) * M).reshape(len(needs), M)
    seat = n.size + up.size + 2 * M + lacking.size + np.arange(M * (L - 1)).reshape(M, L - 1)
    size = n.size + up.size + 2 * M + lacking.size + seat.size

    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    low: list[float] = []
    high: list[float] = []

    def constrain(terms: list[tuple[int, float]], least: float, most: float) -> None:
        for column, value in terms:
            rows.append(len(low))
            columns.append(column)
            values.append(value)
        low.append(least)
        high.append(most)

    stays = 1 - force.leaving
    for level in range(L):
        for t in range(T):
            start = float(force.heads[level, t])
            terms = [(int(n[0, level, t]), 1.0)]
            if level == 0 and t == 0:
                terms.append((int(hire[0]), -1.0))
            constrain(terms, start, start)
    for m in range(M - 1):
        for level in range(L):
            for t in range(T):
                terms = [(int(n[m + 1, level, t]), 1.0)]
                if level == 0 and t == 0:
                    terms.append((int(hire[m + 1]), -1.0))
                for s in {t - 1, t} if t == T - 1 else {t - 1}:
                    if s < 0:
                        continue
                    stay = float(stays[level, s])
                    terms.append((int(n[m, level, s]), -stay))
                    if level < L - 1:
                        terms.append((int(up[m, level, s]), stay))
                    if level > 0:
                        terms.append((int(up[m, level - 1, s]), -stay))
                constrain(terms, 0.0, 0.0)
    for m in range(M):
        terms = [(int(n[m, k, t]), float(force.output[k, t])) for k in range(L) for t in range(T)]
        terms += [
            (int(up[m, k, t]), -force.away_share * float(force.output[k, t]))
            for k in range(L - 1)
            for t in range(T)
        ]
        constrain([*terms, (int(short[m]), 1.0)], float(demand[m]), np.inf)
        for i, level in enumerate(needs):
            terms = [(int(n[m, k, t]), 1.0) for k in range(level, L) for t in range(T)]
            constrain([*terms, (int(lacking[i, m]), 1.0)], float(at_least[level][m]), np.inf)
        for k in range(L - 1):
            for t in range(force.levels[k + 1].min_months, T):
                constrain([(int(n[m, k, t]), 1.0), (int(up[m, k, t]), -1.0)], 0.0, np.inf)
            taken = [(int(up[m, k, t]), 1.0) for t in range(force.levels[k + 1].min_months, T)]
            constrain([*taken, (int(seat[m, k]), -1.0)], 0.0, 0.0)

    upper = np.full(size, np.inf)
    lower = np.zeros(size)
    for k in range(L - 1):
        upper[up[:, k, : force.levels[k + 1].min_months]] = 0.0
    upper[seat] = target.most_seats
    if fixed_seats is not None:
        upper[seat] = fixed_seats
    for m, number in enumerate(target.committed[:M]):
        lower[hire[m]] = upper[hire[m]] = number
    cost = np.zeros(size)
    for k, one in enumerate(force.levels):
        cost[n[:, k]] = one.salary_per_month
    cost[seat] = target.seat_cost
    cost[hire] = target.hire_cost
    # Missing output must never be the cheap way out, so it costs more than a head for the whole horizon.
    dear = 10 * (target.hire_cost + M * max(one.salary_per_month for one in force.levels) + 1)
    top = float(force.output.max()) or 1.0
    cost[short] = dear / top
    cost[lacking] = dear
    integral = np.zeros(size)
    integral[hire] = 1
    matrix = coo_array((values, (rows, columns)), shape=(len(low), size)).tocsr()
    found = milp(
        cost,
        integrality=integral,
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(matrix, np.array(low), np.array(high)),
        options={"time_limit": seconds, "mip_rel_gap": 2e-3},
    )
    if found.x is None:
        raise BadProblem("intake", f"no plan was found within {seconds:g} s; give it more time")
    x = np.asarray(found.x, dtype=np.float64)
    missing = float(cost[short] @ x[short] + (cost[lacking] * x[lacking]).sum())
    return Solved(
        hires=np.round(x[hire]),
        seats=x[seat] if fixed_seats is None else fixed_seats,
        cost=float(found.fun) - missing,
        short=x[short],
        short_heads={level: x[lacking[i]] for i, level in enumerate(needs)},
        objective=float(found.fun),
        bound=float(found.mip_dual_bound) - missing,
    )


def _check(force: Workforce, target: Target) -> None:
    demand = np.asarray(target.demand, dtype=np.float64)
    if demand.ndim != 1 or demand.size == 0 or not np.isfinite(demand).all() or (demand < 0).any():
        raise BadProblem("demand", "must be one number of zero or more for each month")
    for level, heads in target.at_least.items():
        if not 0 <= level < len(force.levels):
            raise BadProblem("heads needed", f"there is no level {level}")
        if heads.shape != demand.shape or not np.isfinite(heads).all() or (heads < 0).any():
            raise BadProblem(
                f"heads needed at {force.levels[level].name}", "must be one number for each month"
            )
    for name, value in (("hire cost", target.hire_cost), ("seat cost", target.seat_cost)):
        if not (np.isfinite(value) and value >= 0):
            raise BadProblem(name, f"cannot be {value}")
    if any(number < 0 or number != int(number) for number in target.committed):
        raise BadProblem("committed hires", "must be whole numbers of zero or more")
    if target.confidence is not None and not 0.5 <= target.confidence < 1:
        raise BadProblem("confidence", f"must be from 0.5 to below 1, not {target.confidence}")
    if target.most_seats < 0:
        raise BadProblem("training seats", f"cannot be {target.most_seats}")
