"""The integer programme behind `cost`: sites, whole heads and one base per point."""

from __future__ import annotations

import numpy as np

from tightrope.planning.siting.arrays import Floats, Ints
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.proof import minimise
from tightrope.planning.siting.stop import Stopping


def integer_programme(
    problem: SitingProblem, *, seconds: float, stop: Stopping | None
) -> tuple[float, Ints | None]:
    """A bound below every plan's money a year, and each point's site when a plan was found.

    Variables, in this order: opened (n_sites), heads (n_sites), served (pairs that can be reached).
    The bound is infinite when no plan keeps all limits.
    """
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    n_sites = len(problem.sites)
    reach = np.isfinite(problem.travel_minutes) | (problem.visits == 0)[:, None]
    points, sites = np.nonzero(reach)
    loads, road = problem.load_hours()[points, sites], problem.road_cost()[points, sites]
    rents = np.array([site.rent_per_year for site in problem.sites])
    wages = np.array([site.wage_per_year for site in problem.sites])
    most = _most_heads(problem, loads, sites)
    n_pairs = len(points)
    pair = np.arange(n_pairs)
    served = 2 * n_sites + pair
    opened, heads = np.arange(n_sites), n_sites + np.arange(n_sites)
    width = 2 * n_sites + n_pairs

    def matrix(rows: Ints, columns: Ints, values: Floats, height: int) -> object:
        return csr_array((values, (rows, columns)), shape=(height, width))

    ones, site_ones = np.ones(n_pairs), np.ones(n_sites)
    constraints = [
        LinearConstraint(matrix(points, served, ones, len(problem.points)), 1.0, 1.0),
        LinearConstraint(
            matrix(np.r_[pair, pair], np.r_[served, sites], np.r_[ones, -ones], n_pairs), -np.inf, 0.0
        ),
        LinearConstraint(
            matrix(
                np.r_[sites, opened],
                np.r_[served, heads],
                np.r_[loads / problem.planned_hours, -site_ones],
                n_sites,
            ),
            -np.inf,
            0.0,
        ),
        LinearConstraint(
            matrix(np.r_[opened, opened], np.r_[heads, opened], np.r_[site_ones, -most], n_sites),
            -np.inf,
            0.0,
        ),
        LinearConstraint(
            matrix(np.r_[opened, opened], np.r_[heads, opened], np.r_[site_ones, -site_ones], n_sites),
            0.0,
            np.inf,
        ),
    ]
    if problem.count is not None:
        row = matrix(np.zeros(n_sites, dtype=np.intp), opened, site_ones, 1)
        constraints.append(LinearConstraint(row, problem.count, problem.count))
    lower, upper = np.zeros(width), np.ones(width)
    lower[problem.fixed] = 1.0
    upper[heads] = most
    proof = minimise(
        np.concatenate([rents, wages, road]),
        constraints=constraints,
        whole=np.ones(width),
        lower=lower,
        upper=upper,
        seconds=seconds,
        stop=stop,
    )
    if proof.x is None:
        return proof.bound, None
    chosen = proof.x[served] > 0.5
    answer = np.zeros(len(problem.points), dtype=np.intp)
    answer[points[chosen]] = sites[chosen]
    return proof.bound, answer


def _most_heads(problem: SitingProblem, loads: Floats, sites: Ints) -> Floats:
    """Heads that a base can need at most: everybody who can be served from it, or its limit."""
    everybody = np.bincount(sites, weights=loads, minlength=len(problem.sites)) / problem.planned_hours
    most = np.maximum(np.ceil(everybody), 1.0)
    limits = [np.inf if site.max_heads is None else float(site.max_heads) for site in problem.sites]
    return np.minimum(most, limits)
