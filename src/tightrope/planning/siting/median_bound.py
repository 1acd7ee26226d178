"""How good a p-median can be at best: a Lagrangean bound, and the proof when it leaves a gap.

Sources
-------
Narula, Ogbu, Samuelsson (1977), "An algorithm for the p-median problem", Operations Research 25(4):
relaxing "every point is served" prices each site on its own. Elloumi (2010), "A tighter formulation of
the p-median problem", Journal of Combinatorial Optimization 19: the programme over distances instead
of pairs, of which only the part that the bound could not rule out is built.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from tightrope.planning.siting.arrays import Floats, Ints
from tightrope.planning.siting.proof import minimise
from tightrope.planning.siting.stop import Stopping

_STEPS = 3000
_STEPS_WITHOUT_RISE = 25
_SMALLEST_STEP = 2e-3
_MOST_PAIRS = 300_000
_PROBING_STEPS = 120


class Bounding:
    """A rising lower bound on a p-median and what it says about each site."""

    def __init__(self, lengths: Floats, weights: Floats, *, count: int, fixed: Ints) -> None:
        self.costs = lengths * weights[:, None]
        self.count = count
        self.fixed = fixed
        self.bound = -math.inf
        self.prices = np.zeros(len(weights))
        # With whole weights and lengths every value is whole, so a bound may be rounded up.
        self.is_whole = bool(np.all(self.costs == np.rint(self.costs)) and self.costs.sum() < 2**50)

    def raise_bound(
        self, value: Callable[[], float], *, seconds: float, stop: Stopping | None
    ) -> Iterator[Ints]:
        """Subgradient steps; yields promising site sets.

        Ends when the bound meets `value()`, when it rests, or after `seconds`.
        """
        limit = time.monotonic() + seconds
        prices = np.partition(self.costs, min(1, self.costs.shape[1] - 1), axis=1)[:, :2].max(axis=1)
        self.prices = prices.copy()
        step, rest, seen = 2.0, 0, set()
        for number in range(_STEPS):
            reduced = np.minimum(self.costs - prices[:, None], 0.0)
            chosen, total = self._cheapest(reduced.sum(axis=0))
            relaxed = float(prices.sum() + total)
            if relaxed > self.bound + 1e-7 * max(1.0, abs(self.bound)):
                rest = 0
            else:
                rest += 1
            if relaxed > self.bound:
                self.bound, self.prices = relaxed, prices.copy()
            if self._rounded(self.bound) >= value() or step < _SMALLEST_STEP:
                break
            if number % 16 == 15 and time.monotonic() > limit:
                break
            if stop is not None and number % 16 == 0 and stop.is_reached():
                break
            if rest >= _STEPS_WITHOUT_RISE:
                step, rest, prices = step / 1.7, 0, self.prices.copy()
                key = chosen.tobytes()
                if key not in seen:
                    seen.add(key)
                    yield chosen
                continue
            slope = 1.0 - (reduced[:, chosen] < 0).sum(axis=1)
            norm = float(slope @ slope)
            if norm == 0:
                yield chosen
                break
            prices = prices + step * max(value() - relaxed, 1e-3 * abs(relaxed) + 1e-9) / norm * slope
        self.bound = self._rounded(self.bound)

    def close(self, value: float, *, seconds: float, stop: Stopping | None) -> Ints | None:
        """Prove `value` best or find better sites by an integer programme; raises `bound`.

        Not tried when more is undecided than HiGHS could settle in a sensible time.
        """
        until = time.monotonic() + seconds
        must, may = self._undecided(value)
        must, may = self._probed(must, may, value, until=time.monotonic() + seconds / 4, stop=stop)
        if len(must) + len(may) < self.count or len(must) > self.count:
            self.bound = max(self.bound, value)
            return None
        if len(self.costs) * len(may) > _MOST_PAIRS:
            return None
        programme = _Programme(self.costs, must=must, may=may, count=self.count)
        if not len(programme.cost):
            self.bound = max(self.bound, self._rounded(programme.constant))
            return must
        proof = minimise(
            programme.cost,
            constraints=programme.constraints(),
            whole=programme.whole,
            seconds=until - time.monotonic(),
            stop=stop,
        )
        # Sites were ruled out only where they cannot beat `value`, so the true optimum is at least
        # the smaller of the two.
        proven = self._rounded(proof.bound + programme.constant)
        self.bound = max(self.bound, min(proven, value))
        if proof.x is None or proof.value + programme.constant >= value - 1e-9 * max(1.0, value):
            return None
        return programme.sites(proof.x)

    def _cheapest(self, site_prices: Floats) -> tuple[Ints, float]:
        ranked = site_prices.copy()
        ranked[self.fixed] = -np.inf
        chosen = np.argpartition(ranked, self.count - 1)[: self.count]
        return np.sort(chosen), float(site_prices[chosen].sum())

    def _undecided(self, value: float) -> tuple[Ints, Ints]:
        """Sites in every better answer, and those that may or may not be in one."""
        reduced = np.minimum(self.costs - self.prices[:, None], 0.0).sum(axis=0)
        chosen, total = self._cheapest(reduced)
        relaxed = float(self.prices.sum() + total)
        limit = self._limit(value)
        loose = np.setdiff1d(chosen, self.fixed)
        others = np.setdiff1d(np.arange(len(reduced)), chosen)
        if not len(loose) or not len(others):
            return self.fixed, np.setdiff1d(np.arange(len(reduced)), self.fixed)
        entry = relaxed + reduced[others] - reduced[loose].max()
        leaving = relaxed - reduced[loose] + reduced[others].min()
        must = np.concatenate([self.fixed, loose[leaving > limit]])
        may = np.concatenate([loose[leaving <= limit], others[entry <= limit]])
        return np.sort(must), np.sort(may)

    def _probed(
        self, must: Ints, may: Ints, value: float, *, until: float, stop: Stopping | None
    ) -> tuple[Ints, Ints]:
        """Raise the bound with one undecided site forced open, then shut, and decide what that settles.

        Over the few columns left such a bound costs next to nothing, and each decided site halves what
        the programme would have to try.
        """
        limit, settled = self._limit(value), True
        while settled:
            settled = False
            for site in may.tolist():
                if time.monotonic() > until or (stop is not None and stop.is_reached()):
                    return must, may
                others = may[may != site]
                if len(must) + len(others) < self.count or len(must) >= self.count:
                    return must, may
                if self._bound_with(np.append(must, site), others, limit) > limit:
                    may, settled = others, True
                elif self._bound_with(must, others, limit) > limit:
                    must, may, settled = np.sort(np.append(must, site)), others, True
        return must, may

    def _bound_with(self, forced: Ints, free: Ints, limit: float) -> float:
        """The bound when `forced` are open and the rest come from `free`; stops above `limit`."""
        missing = self.count - len(forced)
        if missing > len(free) or missing < 0:
            return math.inf
        costs = self.costs[:, np.concatenate([forced, free])]
        prices, best, step = self.prices.copy(), -math.inf, 1.0
        opened = np.arange(len(forced))
        for number in range(_PROBING_STEPS):
            reduced = np.minimum(costs - prices[:, None], 0.0)
            gains = reduced.sum(axis=0)
            if missing:
                picked = np.argpartition(gains[len(forced) :], missing - 1)[:missing] + len(forced)
                opened = np.concatenate([np.arange(len(forced)), picked])
            relaxed = float(prices.sum() + gains[opened].sum())
            best = max(best, relaxed)
            slope = 1.0 - (reduced[:, opened] < 0).sum(axis=1)
            norm = float(slope @ slope)
            if best > limit or norm == 0:
                return best
            if number % 20 == 19:
                step /= 1.7
            prices = prices + step * max(limit - relaxed, 1e-3 * abs(relaxed) + 1e-9) / norm * slope
        return best

    def _limit(self, value: float) -> float:
        """A bound above this leaves no better answer: whole values fall by one at least."""
        return value - (1.0 - 1e-6 if self.is_whole else 0.0)

    def _rounded(self, bound: float) -> float:
        if not self.is_whole or not math.isfinite(bound):
            return bound
        return float(math.ceil(bound - 1e-6))


class _Programme:
    """Elloumi's programme over the undecided sites: z says "no site within the k-th distance"."""

    def __init__(self, costs: Floats, *, must: Ints, may: Ints, count: int) -> None:
        self.must = must
        self.may = may
        self.count = count
        self.constant = 0.0
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._signs: list[float] = []
        self._needs: list[float] = []
        z_costs: list[float] = []
        reachable = costs[:, must].min(axis=1) if len(must) else np.full(len(costs), np.inf)
        # Among the undecided, `count - len(must)` open: the farthest ones are never a point's nearest.
        most_closed = len(may) - (count - len(must))
        for point in range(len(costs)):
            near = costs[point, may]
            order = np.argsort(near, kind="stable")
            levels = np.unique(np.minimum(near[order[: most_closed + 1]], reachable[point]))
            if not len(levels):
                levels = reachable[point : point + 1]
            self.constant += float(levels[0])
            previous = -1
            for low, high in pairwise(levels):
                z = len(may) + len(z_costs)
                z_costs.append(float(high - low))
                at_level = order[near[order] == low] if previous >= 0 else order[near[order] <= low]
                self._add_row(z, at_level, previous)
                previous = z
        self.cost = np.concatenate([np.zeros(len(may)), np.array(z_costs)])
        self.whole = np.concatenate([np.ones(len(may)), np.zeros(len(z_costs))])

    def _add_row(self, z: int, sites: Ints, previous: int) -> None:
        row = len(self._needs)
        columns = [z, *(int(site) for site in sites)]
        self._columns += columns
        self._signs += [1.0] * len(columns)
        if previous >= 0:
            self._columns.append(previous)
            self._signs.append(-1.0)
        self._rows += [row] * (len(columns) + (previous >= 0))
        self._needs.append(1.0 if previous < 0 else 0.0)

    def constraints(self) -> list[object]:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        shape = (len(self._needs), len(self.cost))
        matrix = csr_array((self._signs, (self._rows, self._columns)), shape=shape)
        is_site = np.concatenate([np.ones(len(self.may)), np.zeros(shape[1] - len(self.may))])
        opened = self.count - len(self.must)
        return [
            LinearConstraint(matrix, np.array(self._needs), np.inf),
            LinearConstraint(csr_array(is_site[None, :]), opened, opened),
        ]

    def sites(self, x: Floats) -> Ints:
        return np.sort(np.concatenate([self.must, self.may[x[: len(self.may)] > 0.5]]))
