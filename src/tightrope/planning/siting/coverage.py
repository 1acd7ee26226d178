"""Maximal covering: open `count` sites so that as much as possible lies within reach.

Search: greedy adding, then interchange with exact gains, then shaking. Proof: an integer programme by
HiGHS over points merged by what reaches them; its linear relaxation is close on plane instances.

Sources
-------
Church, ReVelle (1974), "The maximal covering location problem", Papers of the Regional Science
Association 32: model and greedy. Resende (1998), "Computing approximate solutions of the maximum covering
problem with GRASP", Journal of Heuristics 4: hiding candidates so that greedy fills differ.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.arrays import Floats, Ints, site_count, site_set, travel_array, weight_array
from tightrope.planning.siting.proof import minimise
from tightrope.planning.siting.stop import Stop, Stopping, patience_of

_PATIENCE = 300


def solve_coverage(
    travel: ArrayLike,
    *,
    within: float,
    count: int,
    weights: ArrayLike | None = None,
    fixed: Sequence[int] = (),
    start: Sequence[int] | None = None,
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Answer:
    """Open `count` sites so that the weight of points within travel `within` is greatest.

    Parameters
    ----------
    travel : (n_points, n_sites) float
        Travel from each site to each point, one unit; infinity where impossible.
    within : float
        A point is covered when an open site lies at this travel or nearer; same unit, zero or more.
    count, weights, fixed, start, stop, seed, prove_seconds
        As for `solve_median`.

    Returns
    -------
    Answer
        `value` is the covered weight (maximised), `bound` lies above it; `served_from` is the nearest
        open site of a covered point and -1 for the others.

    Raises
    ------
    BadProblem
        As `solve_median`, and for a negative or unreal `within`.
    """
    table = travel_array(travel)
    n_points, n_sites = table.shape
    demand = weight_array(weights, count=n_points)
    if not math.isfinite(within) or within < 0:
        raise BadProblem("within", f"must be zero or more, not {within}")
    kept = site_set(fixed, n_sites=n_sites, where="fixed sites")
    site_count(count, n_sites=n_sites, n_fixed=len(kept))
    covers = table <= within
    search = _Search(covers, demand, count=count, fixed=kept, seed=seed, progress=progress)
    search.begin(None if start is None else site_set(start, n_sites=n_sites, where="start"))
    bound = math.inf
    if prove_seconds > 0:
        # A short search first: on a large instance the programme may end with less than it finds.
        search.run(stop, patience=_PATIENCE // 10)
        bound = _integer_programme(search, seconds=prove_seconds, stop=stop)
    if search.value < bound * (1 - 1e-12):
        search.run(stop, patience=patience_of(stop, prove_seconds, rounds=_PATIENCE))
    return _answer(table, within, search, bound)


class _Search:
    """Greedy adding, interchange and shaking over who is covered how often."""

    def __init__(
        self,
        covers: NDArray[np.bool_],
        weights: Floats,
        *,
        count: int,
        fixed: Ints,
        seed: int,
        progress: Progress | None,
    ) -> None:
        from scipy.sparse import csr_array

        self.by_site: Any = csr_array(covers.T, dtype=np.float64)
        self.by_point: Any = csr_array(covers, dtype=np.float64)
        self.weights = weights
        self.count = count
        self.fixed = fixed
        self.n_sites = covers.shape[1]
        self.random = np.random.default_rng(seed)
        self.progress = progress
        self.began = time.monotonic()
        self.rounds = 0
        self.best: Ints = np.empty(0, dtype=np.intp)
        self.value = -math.inf

    def begin(self, start: Ints | None) -> None:
        chosen = self.fixed if start is None else np.union1d(self.fixed, start).astype(np.intp)
        if len(chosen) > self.count:
            chosen = np.concatenate([self.fixed, np.setdiff1d(chosen, self.fixed)])[: self.count]
        self.try_from(self._filled(list(chosen)))

    def run(self, stop: Stopping | None, *, patience: float) -> None:
        """Take some sites away, fill up greedily with one candidate in ten hidden, and improve again."""
        loose = self.count - len(self.fixed)
        if loose == 0 or self.count == self.n_sites:
            return
        limit = stop if stop is not None else Stop()
        failures = 0
        while not limit.is_reached(self.rounds) and failures < patience:
            self.rounds += 1
            size = int(self.random.integers(1, max(2, min(loose, 2 + loose // 4)) + 1))
            out = self.random.choice(
                np.setdiff1d(self.best, self.fixed), size=min(size, loose), replace=False
            )
            hidden = np.asarray(self.random.random(self.n_sites) < 0.1)
            hidden[out] = True
            better = self.try_from(self._filled(list(np.setdiff1d(self.best, out)), hidden=hidden))
            failures = 0 if better else failures + 1

    def try_from(self, sites: list[int]) -> bool:
        found, value = self._interchanged(np.array(sites, dtype=np.intp))
        if value <= self.value + 1e-9 * max(1.0, abs(self.value)):
            return False
        self.best, self.value = np.sort(found), value
        if self.progress is not None:
            self.progress(value, time.monotonic() - self.began)
        return True

    def _filled(self, chosen: list[int], hidden: NDArray[np.bool_] | None = None) -> list[int]:
        uncovered = self.weights.copy()
        for site in chosen:
            uncovered[self._points_of(site)] = 0.0
        gains = self.by_site @ uncovered
        while len(chosen) < self.count:
            open_gains = gains.copy()
            open_gains[chosen] = -np.inf
            if hidden is not None and not (hidden | np.isin(np.arange(self.n_sites), chosen)).all():
                open_gains[hidden] = -np.inf
            site = int(open_gains.argmax())
            if np.isneginf(open_gains[site]):
                site = next(number for number in range(self.n_sites) if number not in chosen)
            chosen.append(site)
            points = self._points_of(site)
            newly = np.zeros_like(uncovered)
            newly[points] = uncovered[points]
            uncovered[points] = 0.0
            gains = gains - self.by_site @ newly
        return chosen

    def _interchanged(self, sites: Ints) -> tuple[Ints, float]:
        """Best swap each time until none gains: gain of the new, loss of the old, plus their overlap."""
        sites = sites.copy()
        loose = ~np.isin(sites, self.fixed)
        times = np.asarray(self.by_point[:, sites].sum(axis=1)).ravel()
        while True:
            value = float(self.weights @ (times > 0))
            if not loose.any() or len(sites) == self.n_sites:
                return sites, value
            gains = self.by_site @ (self.weights * (times == 0))
            alone = self.weights * (times == 1)
            ours = self.by_site[sites].multiply(alone[None, :]).tocsr()
            losses = np.asarray(ours.sum(axis=1)).ravel()
            overlap = (ours @ self.by_point).toarray()
            change = gains[None, :] - losses[:, None] + overlap
            change[~loose] = -np.inf
            change[:, sites] = -np.inf
            row, site = divmod(int(change.argmax()), self.n_sites)
            if change[row, site] <= 1e-9 * max(1.0, value):
                return sites, value
            times[self._points_of(int(sites[row]))] -= 1
            times[self._points_of(site)] += 1
            sites[row] = site

    def _points_of(self, site: int) -> Ints:
        low, high = self.by_site.indptr[site], self.by_site.indptr[site + 1]
        return np.asarray(self.by_site.indices[low:high], dtype=np.intp)


def _integer_programme(search: _Search, *, seconds: float, stop: Stopping | None) -> float:
    """Bound from above, and better sites for `search` when the programme finds them.

    Points with the same sites in reach count as one and uncovered points vanish: on clustered data
    that halves the programme.
    """
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array, eye_array, hstack

    groups: dict[bytes, int] = {}
    rows: list[int] = []
    merged: list[float] = []
    matrix = search.by_point
    for point in range(matrix.shape[0]):
        reach = matrix.indices[matrix.indptr[point] : matrix.indptr[point + 1]]
        if not len(reach) or search.weights[point] == 0:
            continue
        key = np.sort(reach).tobytes()
        if key not in groups:
            groups[key] = len(merged)
            rows.append(point)
            merged.append(0.0)
        merged[groups[key]] += float(search.weights[point])
    if not merged:
        return 0.0
    n_sites, n_groups = search.n_sites, len(merged)
    lower = np.zeros(n_sites + n_groups)
    lower[search.fixed] = 1.0
    is_site = np.concatenate([np.ones(n_sites), np.zeros(n_groups)])
    proof = minimise(
        np.concatenate([np.zeros(n_sites), -np.array(merged)]),
        constraints=[
            LinearConstraint(csr_array(hstack([-matrix[rows], eye_array(n_groups)])), -np.inf, 0.0),
            LinearConstraint(csr_array(is_site[None, :]), 0, search.count),
        ],
        whole=is_site,
        lower=lower,
        seconds=seconds,
        stop=stop,
    )
    if proof.x is not None:
        opened = [int(site) for site in np.flatnonzero(proof.x[:n_sites] > 0.5)]
        search.try_from(search._filled(opened))
    return -proof.bound


def _answer(table: Floats, within: float, search: _Search, bound: float) -> Answer:
    part = table[:, search.best]
    column = part.argmin(axis=1)
    covered = part[np.arange(len(part)), column] <= within
    served = np.where(covered, search.best[column], -1)
    value = float(search.weights @ covered)
    return Answer(
        sites=search.best, served_from=served, value=value, bound=max(bound, value), rounds=search.rounds
    )
