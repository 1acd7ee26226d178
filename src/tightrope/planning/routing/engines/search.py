"""A search on some visits and engineers: routes in, annealing in slices, routes out."""

from __future__ import annotations

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines.arrays import ORDERS, Sheet, facts_of, state_of
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.anneal import anneal, fill, load_routes
from tightrope.planning.routing.engines.kernel.eject import eject
from tightrope.planning.routing.engines.kernel.facts import Floats, Ints

Orders = list[list[int]]
"""For each engineer of the sheet, the rows he serves, in order."""

# How a search goes about it: visits out per step, longest string, blink rate, share of steps that take out
# single neighbours, whole routes, that put back by regret; of seeds among visits left out; most of those
# offered per step; share of steps in which work for the idle is weighed at less than it costs. Christiaens &
# Vanden Berghe's values, with small shares of the additions.
WAYS = np.array([10.0, 10.0, 0.01, 0.10, 0.01, 0.01, 0.05, 30.0, 0.10])

# Shares of the orders in which visits are put back: weight, weight per work, narrow windows, few able
# engineers, early windows, long work, much to carry, far away; last, at random.
SHARES = np.array([1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0])


# Temperatures at the start and the end, in short trips (see `Search.grain`).
HOT, COLD = 5.0, 0.02


class Search:
    """Routes of some engineers over some rows of a sheet, improved step by step.

    ``rows`` and ``engineers`` number visits and people in the sheet; inside, both are numbered anew.
    """

    def __init__(self, sheet: Sheet, rows: Ints, engineers: Ints, *, seed: int) -> None:
        self.sheet, self.rows, self.engineers = sheet, rows, engineers
        self.facts = facts_of(sheet, rows, engineers)
        self.state = state_of(self.facts, seed=seed)
        self.order = _shares(self.facts.worth)
        self.ways = WAYS.copy()

    @property
    def value(self) -> float:
        """Present value."""
        return float(self.state.total[0])

    @property
    def best(self) -> float:
        """Best value so far."""
        return float(self.state.total[1])

    @property
    def chunk(self) -> int:
        """Steps between two looks at the clock: some milliseconds."""
        return max(20, min(100, 50_000 // max(1, len(self.rows))))

    @property
    def grain(self) -> float:
        """What a short trip costs here: the mean over visits of the trips to their ten nearest."""
        if self.facts.near.shape[1] == 0:
            return 1.0
        near = self.facts.near[:, :10].astype(np.int64)
        legs = self.facts.cost[np.arange(len(near))[:, None], near]
        rate = self.facts.rates[:, col.PER_TRIP].mean()
        if self.facts.rules[col.STAGED]:
            rate += self.facts.rates[:, col.PER_TICK].mean()
        return max(1e-9, float(legs.mean()) * float(rate))

    def load(self, orders: Orders) -> None:
        """Begin from these routes (in the sheet's numbers, one list for each engineer of the search).

        Visits that an engineer may no longer do, and the cheapest of routes that are no longer possible,
        are passed over.
        """
        here = {int(row): number for number, row in enumerate(self.rows)}
        self.state.routes[:, col.COUNT] = 0
        for v, order in enumerate(orders):
            stops = [here[row] for row in order if row in here and self.facts.able[v, here[row]]]
            if len(stops) > self.state.stops.shape[2]:
                raise BadProblem(
                    f"engineer {self.sheet.problem.engineers[self.engineers[v]].name}",
                    f"cannot serve {len(stops)} visits in a day",
                )
            self.state.stops[col.NOW, v, : len(stops)] = stops
            self.state.routes[v, col.COUNT] = len(stops)
        self.state.seen[:] = -1
        if not load_routes(self.facts, self.state):
            self._drop_broken(orders)

    def _drop_broken(self, orders: Orders) -> None:
        """Routes that no longer keep every rule lose visits until they do; those are offered anew later."""
        for v in range(len(orders)):
            while self.state.routes[v, col.COUNT] and not self._keeps_rules(v):
                self._drop_worst(v)
        load_routes(self.facts, self.state)

    def _keeps_rules(self, v: int) -> bool:
        alone = self.state.routes[:, col.COUNT].copy()
        self.state.routes[:, col.COUNT] = 0
        self.state.routes[v, col.COUNT] = alone[v]
        good = load_routes(self.facts, self.state)
        self.state.routes[:, col.COUNT] = alone
        return bool(good)

    def _drop_worst(self, v: int) -> None:
        count = int(self.state.routes[v, col.COUNT])
        stops = self.state.stops[col.NOW, v, :count].copy()
        victim = int(np.argmin(self.facts.worth[stops, col.WEIGHT]))
        self.state.stops[col.NOW, v, : count - 1] = np.delete(stops, victim)
        self.state.routes[v, col.COUNT] = count - 1

    def fill(self) -> None:
        """Insert what is out, most weighty first, each where it costs least or in the place of a lighter one."""
        first = np.zeros(len(self.order))
        first[:] = 1.0
        fill(self.facts, self.state, first)
        left = self.state.lists[col.LEFT, : self.state.tally[col.LEFT]]
        weights = self.facts.worth[left, col.WEIGHT]
        waiting = left[np.argsort(-weights, kind="stable")].copy()
        if eject(self.facts, self.state, waiting):
            fill(self.facts, self.state, first)

    def run(self, steps: int, *, heat: float) -> None:
        """Anneal for so many steps at one temperature."""
        if len(self.rows):
            anneal(self.facts, self.state, steps, heat, heat, self.ways, self.order)

    def orders(self, which: int = col.BEST) -> Orders:
        """The best (or, with col.NOW, the present) routes, in the sheet's numbers."""
        counts = self.state.best_count if which == col.BEST else self.state.routes[:, col.COUNT]
        return [
            [int(self.rows[j]) for j in self.state.stops[which, v, : counts[v]]]
            for v in range(len(self.engineers))
        ]


def temperatures(search: Search) -> tuple[float, float]:
    """Temperature at the start and at the end of a search."""
    return HOT * search.grain, COLD * search.grain


def _shares(worth: Floats) -> Floats:
    """Cumulative shares of the orders; an order in which all visits are alike gets none."""
    shares = SHARES.copy()
    if len(worth):
        shares[:ORDERS][np.ptp(worth[:, col.KEY :], axis=0) == 0] = 0.0
    cumulative: Floats = np.cumsum(shares)
    return cumulative
