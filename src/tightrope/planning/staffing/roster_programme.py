"""The integer programme behind rosters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from tightrope.planning.staffing.positions import Ints
from tightrope.planning.staffing.roster import RosterProblem, Shift, presence

Option = tuple[Shift, tuple[int, ...]]


def solve_tours(
    problem: RosterProblem,
    *,
    options: list[list[Option]],
    sizes: list[int],
    wages: list[float],
    seconds: float,
    is_cancelled: Callable[[], bool],
) -> tuple[list[list[int]], float]:
    """How many of each kind work each option, and the relative gap left (infinity when unknown).

    `options` and the answer have one list for each kind of worker. Steps with equal need and equal cover
    are one row, which makes nights and closed hours vanish.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array, eye_array

    columns = [presence(problem, shift, days) for choices in options for shift, days in choices]
    if not columns:
        return [[] for _ in options], 0.0
    cover = np.array(columns).T
    rows, times = np.unique(np.column_stack([problem.heads, cover]), axis=0, return_counts=True)
    needed = rows[:, 0] > 0
    rows, times = rows[needed], times[needed]
    n_tours, n_rows = cover.shape[1], len(rows)
    kind_of = np.repeat(np.arange(len(options)), [len(choices) for choices in options])
    costs = np.array(
        [
            wages[kind] * shift.paid_hours * len(days)
            for kind, choices in enumerate(options)
            for shift, days in choices
        ]
    )
    hole_costs = times * problem.step_minutes / 60.0 * problem.understaffed_cost_per_hour
    members = csr_array((np.ones(n_tours), (kind_of, np.arange(n_tours))), shape=(len(options), n_tours))
    constraints = [LinearConstraint(block_array([[members, csr_array((len(options), n_rows))]]), 0, sizes)]
    if n_rows:
        matrix = block_array([[csr_array(rows[:, 1:].astype(float)), eye_array(n_rows)]])
        constraints.append(LinearConstraint(matrix, rows[:, 0], np.inf))
    outcome: list[Any] = []

    def work() -> None:
        outcome.append(
            milp(
                np.concatenate([costs, hole_costs]),
                constraints=constraints,
                integrality=np.concatenate([np.ones(n_tours), np.zeros(n_rows)]),
                bounds=Bounds(0, np.inf),
                options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 1e-4},
            )
        )

    # HiGHS gives Python's lock back while it works, so a cancel is seen at once; the run that is left
    # behind ends at its own time limit.
    thread = threading.Thread(target=work, name="roster-programme", daemon=True)
    thread.start()
    while thread.is_alive() and not is_cancelled():
        thread.join(timeout=0.05)
    if outcome and outcome[0].x is not None:
        counts = np.rint(outcome[0].x[:n_tours]).astype(np.int64)
        gap = float(outcome[0].mip_gap) if outcome[0].mip_gap is not None else 0.0
    else:
        counts, gap = _greedy(problem, cover, costs, kind_of, sizes), float("inf")
    ends = np.cumsum([0, *(len(choices) for choices in options)])
    return [counts[low:high].tolist() for low, high in pairwise(ends)], gap


def _greedy(problem: RosterProblem, cover: Ints, costs: Any, kind_of: Ints, sizes: list[int]) -> Ints:
    """Person by person the tour that fills most missing heads for its wages, while it pays."""
    counts = np.zeros(cover.shape[1], dtype=np.int64)
    left = np.array(sizes)
    lacking = problem.heads.astype(np.int64).copy()
    price = problem.step_minutes / 60.0 * problem.understaffed_cost_per_hour
    while left.any():
        saving = np.minimum(np.maximum(lacking, 0)[:, None], cover).sum(axis=0) * price - costs
        saving = np.where(left[kind_of] > 0, saving, -np.inf)
        best = int(saving.argmax())
        if saving[best] <= 0:
            break
        counts[best] += 1
        left[kind_of[best]] -= 1
        lacking -= cover[:, best]
    return counts
