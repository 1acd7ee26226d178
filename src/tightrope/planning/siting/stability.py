"""Does the answer hold when demand is not exactly what was forecast?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.arrays import Ints
from tightrope.planning.siting.place import answer_of, plan_for_sites
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.stop import Stop, Stopping


@dataclass(frozen=True)
class Stability:
    """How a plan fares over many demands drawn around the expected one.

    Attributes
    ----------
    chosen_share : dict of site name to float
        Share of draws in which the best plan opens the site; only sites chosen at least once.
    same_share : float
        Share of draws whose best plan opens exactly the plan's sites.
    regret_mean, regret_worst_tenth : float
        By how much the plan's sites are worse than the best sites for the demand that came, as a share
        of that best value: the mean, and what nine draws of ten do not exceed.
    draws : int
        Draws made; fewer than asked for when the search was stopped.
    """

    chosen_share: dict[str, float]
    same_share: float
    regret_mean: float
    regret_worst_tenth: float
    draws: int


def stability_of(
    problem: SitingProblem,
    plan: SitingPlan,
    *,
    draws: int = 50,
    spread: float = 0.2,
    rounds: int = 30,
    stop: Stopping | None = None,
    seed: int = 0,
) -> Stability:
    """Draw demands, solve each anew from the plan's sites, and compare.

    Each point's visits are multiplied by an independent lognormal factor of mean 1 and coefficient of
    variation `spread` (0.2 is a usual error of a yearly forecast). Each draw is searched `rounds` rounds
    without proof, so the regret is a lower estimate. The answer of the centre does not depend on
    demand; its regret is 0. Raises BadProblem for fewer than one draw or a spread that is not positive.
    """
    if draws < 1:
        raise BadProblem("draws", f"must be one or more, not {draws}")
    if not (math.isfinite(spread) and spread > 0):
        raise BadProblem("spread", f"must be above zero, not {spread}")
    random = np.random.default_rng(seed)
    ours = problem.site_numbers(list(plan.site_names))
    sigma = math.sqrt(math.log1p(spread**2))
    found: list[Ints] = []
    regrets: list[float] = []
    for draw in range(draws):
        if found and stop is not None and stop.is_reached(draw):
            break
        factors = random.lognormal(-(sigma**2) / 2, sigma, len(problem.points))
        noisy = problem.with_visits(problem.visits * factors)
        sites, regret = _compared(noisy, ours, rounds=rounds, seed=seed)
        found.append(sites)
        regrets.append(regret)
    times = np.bincount(np.concatenate(found), minlength=len(problem.sites))
    return Stability(
        chosen_share={
            problem.sites[site].name: float(times[site] / len(found)) for site in np.flatnonzero(times)
        },
        same_share=float(np.mean([np.array_equal(sites, ours) for sites in found])),
        regret_mean=float(np.mean(regrets)),
        regret_worst_tenth=float(np.quantile(regrets, 0.9)),
        draws=len(found),
    )


def _compared(noisy: SitingProblem, ours: Ints, *, rounds: int, seed: int) -> tuple[Ints, float]:
    """Best sites found for this demand and the regret of staying with ours."""
    answer = answer_of(noisy, start=ours, stop=Stop(rounds=rounds), seed=seed, prove_seconds=0.0)
    if noisy.aim == "cost":
        # Ours gets the same whole-head refinement: its points may move, its sites may not.
        closed = [
            replace(site, must_open=number in ours, max_heads=site.max_heads if number in ours else 0)
            for number, site in enumerate(noisy.sites)
        ]
        kept = replace(noisy, sites=tuple(closed), count=len(ours))
        stayed = answer_of(kept, start=ours, stop=Stop(rounds=rounds), seed=seed, prove_seconds=0.0).value
    else:
        stayed = plan_for_sites(noisy, ours).value
    best = answer.value
    if (stayed <= best and noisy.aim != "coverage") or (stayed >= best and noisy.aim == "coverage"):
        # The search started from ours, so a tie means that nothing better was found.
        return ours, 0.0
    return answer.sites, abs(stayed - best) / abs(best) if best else 0.0
