"""Sites for a problem by the aim it names: the one door to the bare models."""

from __future__ import annotations

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.arrays import Ints
from tightrope.planning.siting.centre import solve_centre
from tightrope.planning.siting.cost import solve_cost
from tightrope.planning.siting.coverage import solve_coverage
from tightrope.planning.siting.median import solve_median
from tightrope.planning.siting.plan import SitingPlan, plan_of
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.stop import Stopping


def place(
    problem: SitingProblem,
    *,
    stop: Stopping | None = None,
    seed: int = 0,
    start: Ints | None = None,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> SitingPlan:
    """Place bases by the problem's aim; the plan carries a proven bound where `prove_seconds` allow.

    `stop` ends the search early with the best plan so far; without it the search ends by itself after
    a fixed number of rounds without a better plan, and equal seeds give equal plans as long as the
    proof closes in its time.
    """
    answer = answer_of(
        problem, stop=stop, seed=seed, start=start, prove_seconds=prove_seconds, progress=progress
    )
    served = answer.served_from if problem.aim == "cost" else nearest_base(problem, answer.sites)
    return plan_of(problem, answer.sites, served, bound=answer.bound)


def answer_of(
    problem: SitingProblem,
    *,
    stop: Stopping | None = None,
    seed: int = 0,
    start: Ints | None = None,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Answer:
    """The bare answer of the model that the aim names."""
    first = None if start is None else [int(site) for site in start]
    if problem.aim == "cost":
        return solve_cost(
            problem, start=first, stop=stop, seed=seed, prove_seconds=prove_seconds, progress=progress
        )
    if problem.count is None:
        raise BadProblem("count", f"the aim {problem.aim!r} needs a number of sites")
    fixed = [int(site) for site in problem.fixed]
    if problem.aim == "centre":
        return solve_centre(
            problem.travel_minutes,
            count=problem.count,
            fixed=fixed,
            stop=stop,
            seed=seed,
            prove_seconds=prove_seconds,
            progress=progress,
        )
    if problem.aim == "coverage":
        return solve_coverage(
            problem.travel_minutes,
            within=problem.within_minutes,
            count=problem.count,
            weights=problem.visits,
            fixed=fixed,
            start=first,
            stop=stop,
            seed=seed,
            prove_seconds=prove_seconds,
            progress=progress,
        )
    return solve_median(
        problem.travel_minutes,
        count=problem.count,
        weights=problem.visits,
        fixed=fixed,
        start=first,
        stop=stop,
        seed=seed,
        prove_seconds=prove_seconds,
        progress=progress,
    )


def nearest_base(problem: SitingProblem, sites: Ints) -> Ints:
    """For each point the nearest open site, -1 where none reaches it."""
    part = problem.travel_minutes[:, sites]
    column = part.argmin(axis=1)
    return np.where(np.isfinite(part.min(axis=1)), sites[column], -1)


def plan_for_sites(problem: SitingProblem, sites: Ints) -> SitingPlan:
    """The plan when exactly `sites` are open and each point is served from the nearest: today, say."""
    return plan_of(problem, sites, nearest_base(problem, sites))
