"""Least money a year: rents, wages of whole heads, and the road, with bases of limited size.

Search: facility location with heads counted in fractions guides which sites open (add, drop, swap);
the best sets are then refined by shifting points while heads turn from fractions into whole ones. Proof: an integer
programme.

Sources
-------
Sridharan (1995), "The capacitated plant location problem", European Journal of Operational Research
87: the single-sourcing model; here capacity is bought head by head ("modular capacity", Correia,
Captivo (2003), "A Lagrangean heuristic for a modular capacitated location problem", Annals of OR 122).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np

from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.arrays import Floats, Ints, site_set
from tightrope.planning.siting.cost_programme import integer_programme
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.stop import Stop, Stopping, patience_of

_PATIENCE = 150
_NEIGHBOURS = 40
_MOST_FOR_EXCHANGE = 300
_POWERS = (0.7, 0.4, 0.15, 0.0)


def solve_cost(
    problem: SitingProblem,
    *,
    start: Sequence[int] | None = None,
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Answer:
    """Open sites, man them with whole heads and give every point one base, at least cost.

    With ``problem.count`` exactly so many sites open, else as many as pay. A base that would need more
    than its `max_heads`, or a point out of reach, is accepted only when no better way is found; the
    plan names both. `value` is money a year; `bound` is proven within `prove_seconds` or below, and minus
    infinity where the programme shows that no plan keeps all limits.
    """
    search = _Search(problem, seed=seed, progress=progress)
    first = None if start is None else site_set(start, n_sites=len(problem.sites), where="start")
    search.begin(first)
    search.run(stop, patience=patience_of(stop, prove_seconds, rounds=_PATIENCE))
    bound = -math.inf
    if prove_seconds > 0:
        bound, served = integer_programme(problem, seconds=prove_seconds, stop=stop)
        if served is not None:
            search.offer(served)
    value = search.money(search.best)
    return Answer(
        sites=search.best_sites,
        served_from=np.where(search.reachable[np.arange(len(search.best)), search.best], search.best, -1),
        value=value,
        bound=min(bound, value) if math.isfinite(bound) else -math.inf,
        rounds=search.rounds,
    )


class _Search:
    def __init__(self, problem: SitingProblem, *, seed: int, progress: Progress | None) -> None:
        self.problem = problem
        self.reachable = np.isfinite(problem.travel_minutes) | (problem.visits == 0)[:, None]
        self.loads = np.where(self.reachable, problem.load_hours(), 0.0)
        self.wages = np.array([site.wage_per_year for site in problem.sites])
        self.rents = np.array([site.rent_per_year for site in problem.sites])
        limits = [math.inf if site.max_heads is None else site.max_heads for site in problem.sites]
        self.limits = np.array(limits)
        road = np.where(self.reachable, problem.road_cost(), 0.0)
        fluid = road + self.loads / problem.planned_hours * self.wages
        # A point out of reach costs more than everything else together, so it is served if any can.
        self.far = 10.0 * (1.0 + float(fluid.max()) * len(fluid) + float((self.rents + self.wages).sum()))
        self.road = np.where(self.reachable, road, self.far)
        self.fluid = np.where(self.reachable, fluid, self.far)
        self.fixed = problem.fixed
        self.random = np.random.default_rng(seed)
        self.progress = progress
        self.began = time.monotonic()
        self.rounds = 0
        self.power = 0.0
        self.best: Ints = np.empty(0, dtype=np.intp)
        self.best_sites: Ints = np.empty(0, dtype=np.intp)
        self.value = math.inf

    def begin(self, start: Ints | None) -> None:
        sites = self.fixed if start is None else np.union1d(self.fixed, start).astype(np.intp)
        self._refine(self._fluid_search(list(sites)))
        if start is not None and self.problem.count in (None, len(sites)):
            self._refine(sites)

    def run(self, stop: Stopping | None, *, patience: float) -> None:
        """Refine the neighbours of the best set in the order of their fluid cost, then shaken sets.

        Heads in fractions rank sets well but not exactly: the best set with whole heads is often a
        swap or two away from the best one in fractions.
        """
        limit = stop if stop is not None else Stop()
        failures, queue = 0, self._ranked_neighbours()
        while not limit.is_reached(self.rounds) and failures < patience:
            self.rounds += 1
            before = self.value
            if queue:
                self._refine(np.sort(np.array(queue.pop(0), dtype=np.intp)))
            else:
                self._shake()
            failures += 1
            if self.value < before:
                failures, queue = 0, self._ranked_neighbours()

    def _shake(self) -> None:
        """By turns: other sites in fractions, other sites as they come, other bases for some points."""
        if self.rounds % 3 == 0:
            served = self.best.copy()
            some = self.random.random(len(served)) < 0.15
            served[some] = self.random.choice(self.best_sites, size=int(some.sum()))
            far = self.road[np.arange(len(served)), served] >= self.far
            served[far] = self.best[far]
            self._keep(self.best_sites, *self._improved(self.best_sites, served))
            return
        changed = self._shaken()
        self._refine(self._fluid_search(changed) if self.rounds % 3 == 1 else self._sized(changed))

    def _ranked_neighbours(self) -> list[list[int]]:
        options = self._neighbours([int(site) for site in self.best_sites])
        options.sort(key=self._fluid_value)
        return options[:_NEIGHBOURS]

    def offer(self, served: Ints) -> None:
        """Take an assignment found elsewhere when it is better."""
        sites = np.union1d(served, self.fixed).astype(np.intp)
        count = self.problem.count
        if count is not None and len(sites) != count:
            sites = self._sized([int(site) for site in sites])
        self._keep(sites, *self._improved(sites, served.copy(), powers=_POWERS[-1:]))

    def money(self, served: Ints) -> float:
        """Money a year without the penalties, so that it can be compared with a bound."""
        heads, _over = self._heads(self._load_of(served))
        road = self.road[np.arange(len(served)), served]
        rest = float(road[road < self.far].sum())
        sites = self.best_sites
        return rest + float(self.rents[sites].sum() + self.wages[sites] @ heads[sites])

    def _shaken(self) -> list[int]:
        chosen = [int(site) for site in self.best_sites]
        loose = [site for site in chosen if site not in self.fixed]
        for _ in range(int(self.random.integers(1, 4))):
            closed = [site for site in range(len(self.wages)) if site not in chosen]
            move = self.random.integers(3)
            if move != 1 and closed:
                chosen.append(closed[int(self.random.integers(len(closed)))])
            if move != 0 and loose and len(chosen) > 1:
                out = loose.pop(int(self.random.integers(len(loose))))
                chosen.remove(out)
        return chosen

    def _sized(self, chosen: list[int]) -> Ints:
        """The set brought to the wanted number of sites, if there is one, by random choice."""
        count = self.problem.count
        sites = list(dict.fromkeys([*(int(site) for site in self.fixed), *chosen]))
        if count is None:
            return np.sort(np.array(sites or [int(self._single_costs().argmin())], dtype=np.intp))
        while len(sites) > count:
            sites.pop(int(self.random.integers(len(self.fixed), len(sites))))
        closed = [site for site in range(len(self.wages)) if site not in sites]
        while len(sites) < count:
            sites.append(closed.pop(int(self.random.integers(len(closed)))))
        return np.sort(np.array(sites, dtype=np.intp))

    def _single_costs(self) -> Floats:
        return np.asarray(self.rents + self.fluid.sum(axis=0))

    def _fluid_search(self, chosen: list[int]) -> Ints:
        """Add, drop or swap sites while that saves, with heads in fractions; obeys the count."""
        sites = [int(site) for site in self._sized(chosen)] if chosen or self.problem.count else []
        if not sites:
            sites = [int(self._single_costs().argmin())]
        value = self._fluid_value(sites)
        while True:
            candidate, best = None, value * (1 - 1e-12)
            for option in self._neighbours(sites):
                cost = self._fluid_value(option)
                if cost < best:
                    candidate, best = option, cost
            if candidate is None:
                return np.sort(np.array(sites, dtype=np.intp))
            sites, value = candidate, best

    def _neighbours(self, sites: list[int]) -> list[list[int]]:
        fixed = {int(site) for site in self.fixed}
        closed = [site for site in range(len(self.wages)) if site not in sites]
        loose = [site for site in sites if site not in fixed]
        options = [[*(site for site in sites if site != out), into] for out in loose for into in closed]
        if self.problem.count is None:
            options += [[*sites, into] for into in closed]
            if len(sites) > 1:
                options += [[site for site in sites if site != out] for out in loose]
        return options

    def _fluid_value(self, sites: list[int]) -> float:
        columns = np.array(sites, dtype=np.intp)
        served = self.fluid[:, columns].argmin(axis=1)
        rows = np.arange(len(served))
        hours = np.bincount(served, weights=self.loads[rows, columns[served]], minlength=len(columns))
        heads = hours / self.problem.planned_hours
        # The first head of a base is paid in full, and heads beyond the limit are not to be had.
        idle = np.maximum(1.0 - heads, 0.0) * self.wages[columns]
        over = np.maximum(heads - self.limits[columns], 0.0) * self.far / len(self.fluid)
        cost = self.fluid[rows, columns[served]].sum() + self.rents[columns].sum() + idle.sum() + over.sum()
        return float(cost)

    def _refine(self, sites: Ints) -> None:
        served = sites[self.fluid[:, sites].argmin(axis=1)]
        self._keep(sites, *self._improved(sites, served))

    def _keep(self, sites: Ints, served: Ints, value: float) -> None:
        if value < self.value * (1 - 1e-12) or not self.best.size:
            if self.problem.count is None:
                sites = np.union1d(served, self.fixed).astype(np.intp)
            self.best, self.best_sites, self.value = served, sites, value
            if self.progress is not None:
                self.progress(value, time.monotonic() - self.began)

    def _improved(self, sites: Ints, served: Ints, powers: tuple[float, ...] = _POWERS) -> tuple[Ints, float]:
        """Shift points between bases while the money falls, with heads ever more whole.

        Whole heads make most single shifts worthless and hide that several together save a head. So a
        started head first costs a root of the part in use: full bases draw load from nearly empty
        heads, and in the last pass, with heads whole, those are gone.
        """
        hours = self._load_of(served)
        rows = np.arange(len(served))
        for power in powers:
            self.power = power
            self._shift(sites, served, hours)
        heads, over = self._heads(hours)
        open_sites = sites if self.problem.count is not None else np.union1d(served, self.fixed)
        value = float(
            self.road[rows, served].sum()
            + self.rents[open_sites].sum()
            + self.wages[open_sites] @ heads[open_sites]
            + over.sum()
        )
        return served, value

    def _shift(self, sites: Ints, served: Ints, hours: Floats) -> None:
        least = -1e-9 * max(1.0, float(self.wages.max()))
        while True:
            change = self._shift_changes(sites, served, hours)
            point, column = divmod(int(change.argmin()), len(sites))
            if change[point, column] < least:
                self._move(point, int(sites[column]), served, hours)
                continue
            if len(served) > _MOST_FOR_EXCHANGE:
                return
            change = self._exchange_changes(served, hours)
            one, other = divmod(int(change.argmin()), len(served))
            if change[one, other] >= least:
                return
            home = int(served[one])
            self._move(one, int(served[other]), served, hours)
            self._move(other, home, served, hours)

    def _move(self, point: int, site: int, served: Ints, hours: Floats) -> None:
        hours[served[point]] -= self.loads[point, served[point]]
        hours[site] += self.loads[point, site]
        served[point] = site

    def _exchange_changes(self, served: Ints, hours: Floats) -> Floats:
        """Change of money when points i and j swap their bases, (n_points, n_points)."""
        rows = np.arange(len(served))
        own = self.loads[rows, served]
        # load_at[i, j]: the load of point i when it is served from the base of point j.
        load_at, road_at = self.loads[:, served], self.road[:, served]
        now = self._manning(hours)[served]
        here = np.broadcast_to(served, load_at.shape)
        after = self._manning(hours[served][None, :] - own[None, :] + load_at, here)
        moved = after + road_at - now[None, :] - self.road[rows, served][None, :]
        change = moved + moved.T
        change[served[:, None] == served[None, :]] = np.inf
        return np.asarray(change)

    def _shift_changes(self, sites: Ints, served: Ints, hours: Floats) -> Floats:
        """Change of money when point i moves to ``sites[k]``, (n_points, n_open)."""
        rows = np.arange(len(served))
        now = self._manning(hours)
        without = hours[served] - self.loads[rows, served]
        leaving = self._manning(without, served) - now[served] - self.road[rows, served]
        joined = hours[None, sites] + self.loads[:, sites]
        joining = self._manning(joined, sites) - now[None, sites] + self.road[:, sites]
        change = leaving[:, None] + joining
        change[served[:, None] == sites[None, :]] = np.inf
        return np.asarray(change)

    def _manning(self, hours: Floats, at: Ints | None = None) -> Floats:
        """Wages of heads (a started one by its root) and the penalty for heads beyond the limit."""
        numbers = np.arange(len(self.wages)) if at is None else at
        use = hours / self.problem.planned_hours
        whole = np.floor(use + 1e-9)
        started = np.maximum(use - whole, 0.0)
        heads = np.maximum(whole + np.where(started > 1e-9, started**self.power, 0.0), 1.0)
        money = heads * self.wages[numbers] + self._penalty(np.ceil(use - 1e-9), self.limits[numbers])
        if self.problem.count is not None:
            return np.asarray(money)
        # With a free number of sites a base that loses its last point closes: no wage, no rent.
        closed = (hours <= 1e-9) & ~np.isin(numbers, self.fixed)
        return np.asarray(np.where(closed, 0.0, money + self.rents[numbers]))

    def _penalty(self, heads: Floats, limits: Floats) -> Floats:
        return np.asarray(np.maximum(heads - limits, 0.0) * self.far / len(self.fluid))

    def _heads(self, hours: Floats) -> tuple[Floats, Floats]:
        heads = np.maximum(np.ceil(hours / self.problem.planned_hours - 1e-9), 1.0)
        used = hours > 1e-9
        return heads, np.where(used, self._penalty(heads, self.limits), 0.0)

    def _load_of(self, served: Ints) -> Floats:
        rows = np.arange(len(served))
        hours: Floats = np.bincount(
            served, weights=self.loads[rows, served], minlength=len(self.wages)
        ).astype(np.float64)
        return hours
