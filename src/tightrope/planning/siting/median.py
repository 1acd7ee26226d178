"""The p-median: open `count` sites so that the travel of everybody together is least.

Search: variable neighbourhood search over the interchange neighbourhood (close one site, open
another). Proof: a Lagrangean bound and, where that leaves a gap, an integer programme over what the
bound could not rule out (`median_bound`).

Sources
-------
Teitz, Bart (1968), "Heuristic methods for estimating the generalized vertex median", Operations
Research 16(5): the interchange. Whitaker (1983), "A fast algorithm for the greedy interchange",
INFOR 21(2), and Resende, Werneck (2007), "A fast swap-based local search procedure for location
problems", Annals of OR 150: gain and loss apart, so that all swaps are valued at once. Hansen,
Mladenovic (1997), "Variable neighborhood search for the p-median", Location Science 5(4): the
shaking. Here the loss of every (site out, site in) is one sparse matrix product instead of a loop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.arrays import (
    Floats,
    Ints,
    finite_travel,
    nearest,
    site_count,
    site_set,
    travel_array,
    weight_array,
)
from tightrope.planning.siting.median_bound import Bounding
from tightrope.planning.siting.stop import Stop, Stopping, patience_of

_PATIENCE = 200
_CELLS_AT_ONCE = 250_000
"""As many as stay in the caches of a core between the steps on them."""


def solve_median(
    travel: ArrayLike,
    *,
    count: int,
    weights: ArrayLike | None = None,
    fixed: Sequence[int] = (),
    start: Sequence[int] | None = None,
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Answer:
    """Open `count` sites so that the weighted travel to the nearest open site is least.

    Parameters
    ----------
    travel : (n_points, n_sites) float
        Travel from each site to each point, any one unit, zero or more; infinity where impossible.
    count : int
        Sites to open, 1 to n_sites.
    weights : (n_points,) float, optional
        What each point counts for (visits a year); ones when not given.
    fixed : sequence of int
        Sites that stay open in every answer.
    start : sequence of int, optional
        `count` sites to start from (today's, or those of a similar problem).
    stop : Stop, optional
        Ends the search; so do 200 rounds without a better answer, unless nothing is to be proven after
        them. The answer is kept.
    prove_seconds : float
        Most seconds spent on proof; 0 leaves the bound at minus infinity.

    Returns
    -------
    Answer
        `value` is the sum of weight x travel; `served_from` is -1 where nothing open reaches.

    Raises
    ------
    BadProblem
        For a malformed table, an impossible `count`, or sites that do not exist.
    """
    table = travel_array(travel)
    demand = weight_array(weights, count=table.shape[0])
    kept = site_set(fixed, n_sites=table.shape[1], where="fixed sites")
    site_count(count, n_sites=table.shape[1], n_fixed=len(kept))
    first = None if start is None else site_set(start, n_sites=table.shape[1], where="start")
    lengths, far = finite_travel(table)
    search = _Search(lengths, demand, count=count, fixed=kept, seed=seed, progress=progress)
    search.begin(first)
    bounding = Bounding(lengths, demand, count=count, fixed=kept)
    if prove_seconds > 0:
        # The bound is cheap and its by-product, a set of promising sites, is a better start than any
        # random one, so it comes before the search.
        for promising in bounding.raise_bound(lambda: search.value, seconds=prove_seconds / 2, stop=stop):
            search.try_from(promising)
    patience = patience_of(stop, prove_seconds, rounds=_PATIENCE)
    search.run(stop, patience=patience, is_good_enough=lambda: search.value <= bounding.bound * (1 + 1e-12))
    if prove_seconds > 0 and search.value > bounding.bound:
        better = bounding.close(search.value, seconds=prove_seconds, stop=stop)
        if better is not None:
            search.try_from(better)
    return _answer(table, search, bounding.bound if prove_seconds > 0 else -math.inf, far)


class _Search:
    """Variable neighbourhood search with one current best set of open sites."""

    def __init__(
        self,
        lengths: Floats,
        weights: Floats,
        *,
        count: int,
        fixed: Ints,
        seed: int,
        progress: Progress | None,
    ) -> None:
        self.lengths = lengths
        self.weights = weights
        self.count = count
        self.fixed = fixed
        self.random = np.random.default_rng(seed)
        self.progress = progress
        self.began = time.monotonic()
        self.rounds = 0
        self.best: Ints = np.empty(0, dtype=np.intp)
        self.value = math.inf

    def begin(self, start: Ints | None) -> None:
        """Start from `start`, completed or cut to the wanted number of sites, or from greedy adding."""
        if start is None:
            self.try_from(greedy_sites(self.lengths, self.weights, count=self.count, fixed=self.fixed))
        else:
            self.try_from(self._fit(start))

    def run(self, stop: Stopping | None, *, patience: float, is_good_enough: Callable[[], bool]) -> None:
        """Shake and descend, wider after each failure, until told to stop or known to be best."""
        n_closed = self.lengths.shape[1] - self.count
        n_loose = self.count - len(self.fixed)
        if n_closed == 0 or n_loose == 0:
            return
        widest = max(1, min(n_loose, n_closed, 12))
        limit = stop if stop is not None else Stop()
        swaps, failures = 1, 0
        while not limit.is_reached(self.rounds) and failures < patience and not is_good_enough():
            self.rounds += 1
            if self.try_from(self._shaken(swaps)):
                swaps, failures = 1, 0
            else:
                swaps, failures = swaps % widest + 1, failures + 1

    def try_from(self, sites: Ints) -> bool:
        """Descend from `sites`; keep the end when it is the best so far."""
        found, value = interchange(self.lengths, self.weights, sites=sites, fixed=self.fixed)
        if value >= self.value - 1e-9 * max(1.0, abs(self.value)) and self.best.size:
            return False
        self.best, self.value = np.sort(found), value
        if self.progress is not None:
            self.progress(value, time.monotonic() - self.began)
        return True

    def _shaken(self, swaps: int) -> Ints:
        loose = np.setdiff1d(self.best, self.fixed)
        closed = np.setdiff1d(np.arange(self.lengths.shape[1]), self.best)
        out = self.random.choice(loose, size=swaps, replace=False)
        into = self.random.choice(closed, size=swaps, replace=False)
        return np.concatenate([np.setdiff1d(self.best, out), into])

    def _fit(self, start: Ints) -> Ints:
        kept = np.union1d(self.fixed, start).astype(np.intp)
        if len(kept) > self.count:
            loose = np.setdiff1d(kept, self.fixed)
            kept = np.concatenate([self.fixed, loose[: self.count - len(self.fixed)]])
        return greedy_sites(self.lengths, self.weights, count=self.count, fixed=kept)


def greedy_sites(lengths: Floats, weights: Floats, *, count: int, fixed: Ints) -> Ints:
    """Add the site that saves most, from `fixed` up to `count` sites. O(count n_points n_sites)."""
    chosen = [int(site) for site in fixed]
    if chosen:
        closest = lengths[:, chosen].min(axis=1)
    else:
        chosen = [int((weights @ lengths).argmin())]
        closest = lengths[:, chosen[0]].copy()
    while len(chosen) < count:
        totals = _sums_of_least(lengths, weights, closest)
        totals[chosen] = np.inf
        site = int(totals.argmin())
        chosen.append(site)
        np.minimum(closest, lengths[:, site], out=closest)
    return np.array(chosen, dtype=np.intp)


def _sums_of_least(lengths: Floats, weights: Floats, closest: Floats) -> Floats:
    n_points, n_sites = lengths.shape
    totals = np.empty(n_sites)
    for block in _blocks(n_points, n_sites):
        totals[block] = weights @ np.minimum(lengths[:, block], closest[:, None])
    return totals


def interchange(lengths: Floats, weights: Floats, *, sites: Ints, fixed: Ints) -> tuple[Ints, float]:
    """Swap one open for one closed site until no swap saves; each time the best swap of a block of sites.

    Returns the sites (unsorted) and their value. Valuing all swaps costs O(n_points n_sites): each point
    adds to the row of its own site only. Tables of a quarter of a million cells are one block.
    """
    sites = sites.copy()
    n_points, n_sites = lengths.shape
    keep = np.isin(sites, fixed)
    first, closest, second = _two_nearest(lengths, sites)
    if keep.all() or len(sites) == n_sites:
        return sites, float(weights @ closest)
    blocks = _blocks(n_points, n_sites)
    at, fruitless = 0, 0
    while fruitless < len(blocks):
        block = blocks[at]
        change = _changes(lengths, weights, sites, block, (first, closest, second))
        change[keep] = np.inf
        row, column = divmod(int(change.argmin()), change.shape[1])
        if change[row, column] < -1e-9 * max(1.0, float(weights @ closest)):
            sites[row] = column + block.start
            first, closest, second = _two_nearest(lengths, sites)
            fruitless = 0
        else:
            fruitless += 1
        at = (at + 1) % len(blocks)
    return sites, float(weights @ closest)


def _changes(
    lengths: Floats, weights: Floats, sites: Ints, block: slice, near: tuple[Ints, Floats, Floats]
) -> Floats:
    """(n_open, block) what closing one and opening the other adds to the value."""
    from scipy.sparse import csr_array

    first, closest, second = near
    part = lengths[:, block]
    serves = csr_array((weights, (first, np.arange(len(first)))), shape=(len(sites), len(first)))
    gain = weights @ np.minimum(part, closest[:, None]) - weights @ closest
    # Where a point goes that loses its site: to its second site or to the new one, if not there before.
    instead = np.minimum(part, second[:, None])
    np.maximum(instead, closest[:, None], out=instead)
    change: Floats = serves @ instead - (serves @ closest)[:, None] + gain
    # Opening an open site again saves nothing; its column may only look good by rounding.
    change[:, sites[(sites >= block.start) & (sites < block.stop)] - block.start] = np.inf
    return change


def _two_nearest(lengths: Floats, sites: Ints) -> tuple[Ints, Floats, Floats]:
    part = lengths[:, sites]
    rows = np.arange(part.shape[0])
    if len(sites) == 1:
        return np.zeros(len(rows), dtype=np.intp), part[:, 0], np.full(len(rows), np.inf)
    first = part.argmin(axis=1)
    closest = part[rows, first].copy()
    part[rows, first] = np.inf
    return first, closest, part.min(axis=1)


def _blocks(n_points: int, n_sites: int) -> list[slice]:
    width = max(1, _CELLS_AT_ONCE // n_points)
    return [slice(low, min(low + width, n_sites)) for low in range(0, n_sites, width)]


def _answer(table: Floats, search: _Search, bound: float, far: float) -> Answer:
    served, closest = nearest(table, search.best)
    unreached = ~np.isfinite(closest)
    served[unreached] = -1
    value = float(search.weights @ np.where(unreached, far if unreached.any() else 0.0, closest))
    return Answer(
        sites=search.best, served_from=served, value=value, bound=min(bound, value), rounds=search.rounds
    )
