"""The p-centre: open `count` sites so that the worst travel to anybody is least.

The answer is one of the lengths in the table, so the search halves the list of lengths: "do `count`
sites cover everybody within this length?" is a set-covering question, answered yes by a greedy
cover where that succeeds, else yes or no by an integer programme.

Sources
-------
Hakimi (1964), "Optimum locations of switching centers ...", Operations Research 12(3): the model.
Minieka (1970), "The m-center problem", SIAM Review 12(1): covering at a sequence of lengths.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.arrays import Floats, Ints, nearest, site_count, site_set, travel_array
from tightrope.planning.siting.proof import minimise
from tightrope.planning.siting.stop import Stopping


def solve_centre(
    travel: ArrayLike,
    *,
    count: int,
    fixed: Sequence[int] = (),
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Answer:
    """Open `count` sites so that the longest travel from a point to its nearest open site is least.

    Parameters
    ----------
    travel : (n_points, n_sites) float
        Travel from each site to each point, one unit; infinity where impossible.
    count, fixed, stop, seed, prove_seconds
        As for `solve_median`; the greedy covers are repeated in random order with `seed`.

    Returns
    -------
    Answer
        `value` is the longest travel; when `prove_seconds` run out, `bound` is the greatest length
        known to be too short.

    Raises
    ------
    BadProblem
        As `solve_median`, and when no `count` sites reach every point.
    """
    table = travel_array(travel)
    kept = site_set(fixed, n_sites=table.shape[1], where="fixed sites")
    site_count(count, n_sites=table.shape[1], n_fixed=len(kept))
    began = time.monotonic()
    lengths = np.unique(table[np.isfinite(table)])
    random = np.random.default_rng(seed)
    sites = _farthest_first(table, count=count, fixed=kept)
    best = _longest(table, sites)
    # Everybody goes somewhere, so no value beats the farthest point's nearest site.
    low = int(np.searchsorted(lengths, table.min(axis=1).max()))
    high = int(np.searchsorted(lengths, best)) if math.isfinite(best) else len(lengths)
    high, sites = _cover_down(table, lengths, low, high, sites, count, kept, random)
    rounds = 0
    while low < high and prove_seconds > 0:
        left = prove_seconds - (time.monotonic() - began)
        if left <= 0 or (stop is not None and stop.is_reached(rounds)):
            break
        rounds += 1
        middle = (low + high) // 2
        cover, is_known = _covered_exactly(
            table <= lengths[middle], count=count, fixed=kept, seconds=left, stop=stop
        )
        if cover is not None:
            high, sites = int(np.searchsorted(lengths, _longest(table, cover))), cover
            if progress is not None:
                progress(float(lengths[high]), time.monotonic() - began)
        elif is_known:
            low = middle + 1
        else:
            break
    if high == len(lengths):
        why = "no" if low == high else "found no"
        raise BadProblem("sites", f"{why} {count} sites that reach every point")
    bound = float(lengths[low]) if prove_seconds > 0 else float(table.min(axis=1).max())
    served, closest = nearest(table, sites)
    return Answer(sites=sites, served_from=served, value=float(closest.max()), bound=bound, rounds=rounds)


def _longest(table: Floats, sites: Ints) -> float:
    return float(table[:, sites].min(axis=1).max())


def _farthest_first(table: Floats, *, count: int, fixed: Ints) -> Ints:
    """Serve the worst-off point from its nearest site, again and again."""
    chosen = [int(site) for site in fixed] or [
        int(np.where(np.isfinite(table), table, 1e300).max(axis=0).argmin())
    ]
    while len(chosen) < count:
        closest = table[:, chosen].min(axis=1)
        order = table[int(closest.argmax())].argsort(kind="stable")
        chosen.append(next(int(site) for site in order if site not in chosen))
    return np.sort(np.array(chosen, dtype=np.intp))


def _cover_down(
    table: Floats,
    lengths: Floats,
    low: int,
    high: int,
    sites: Ints,
    count: int,
    fixed: Ints,
    random: np.random.Generator,
) -> tuple[int, Ints]:
    """Halve the lengths with greedy covers alone: cheap, and leaves little for the exact question."""
    while low < high:
        middle = (low + high) // 2
        cover = _covered_greedily(table <= lengths[middle], count=count, fixed=fixed, random=random)
        if cover is None:
            low = middle + 1
        else:
            sites = cover
            high = min(middle, int(np.searchsorted(lengths, _longest(table, cover))))
    return high, sites


def _covered_greedily(
    covers: NDArray[np.bool_], *, count: int, fixed: Ints, random: np.random.Generator
) -> Ints | None:
    for attempt in range(8):
        chosen = [int(site) for site in fixed]
        left = np.asarray(~covers[:, chosen].any(axis=1))
        # After the plain greedy, points that few sites reach weigh more, with some chance added.
        rarity = 1.0 / np.maximum(covers.sum(axis=1), 1)
        weights = np.ones(len(left)) if attempt == 0 else rarity * random.uniform(0.5, 1.5, len(left))
        while left.any() and len(chosen) < count:
            site = int(((weights * left) @ covers).argmax())
            chosen.append(site)
            left &= ~covers[:, site]
        if not left.any():
            return _topped_up(chosen, count=count, n_sites=covers.shape[1])
    return None


def _covered_exactly(
    covers: NDArray[np.bool_], *, count: int, fixed: Ints, seconds: float, stop: Stopping | None
) -> tuple[Ints | None, bool]:
    """Sites that cover every point, and whether "none do" is known when there are none."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    n_sites = covers.shape[1]
    lower = np.zeros(n_sites)
    lower[fixed] = 1.0
    rows = np.unique(covers, axis=0).astype(np.float64)
    proof = minimise(
        np.ones(n_sites),
        constraints=[LinearConstraint(csr_array(rows), 1.0, np.inf)],
        whole=np.ones(n_sites),
        lower=lower,
        seconds=seconds,
        stop=stop,
    )
    if proof.x is not None and proof.value < count + 0.5:
        chosen = [int(site) for site in np.flatnonzero(proof.x > 0.5)]
        return _topped_up(chosen, count=count, n_sites=n_sites), True
    return None, proof.bound > count + 1e-6


def _topped_up(chosen: list[int], *, count: int, n_sites: int) -> Ints:
    spare = (site for site in range(n_sites) if site not in chosen)
    while len(chosen) < count:
        chosen = [*chosen, next(spare)]
    return np.sort(np.array(chosen, dtype=np.intp))
