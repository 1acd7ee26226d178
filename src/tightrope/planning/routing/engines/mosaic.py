"""The best set of all the routes met on the way.

A search meets thousands of good routes and keeps one set of them at a time. Which of all those met serve
every visit once, with one route an engineer at most, at the least cost is a set-partitioning problem
(Foster & Ryan 1976, Operational Research Quarterly 27(2)). Its linear relaxation proves of most routes that
no better set holds them, and HiGHS chooses among the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.facts import Floats, Ints
from tightrope.planning.routing.engines.search import Orders, Search

MOST = 30_000
"""Routes remembered; beyond it the older half is forgotten."""

WITHIN = 0.03
"""Routes of states at most this share above the best value are remembered."""

PIVOTS, NODES, LIKELIEST = 20_000, 20, 600
"""Steps of the simplex, nodes of the tree and routes in it at most: the same limits on every machine."""


class Mosaic:
    """Routes met by one search, for each engineer and set of visits the cheapest order."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._routes: dict[tuple[int, bytes], tuple[float, bytes]] = {}
        self._versions: Ints = np.full(len(search.engineers), -1, dtype=np.int64)

    def note(self) -> None:
        """Remember the present routes where the present state is a good one."""
        search = self.search
        if search.value > search.best + WITHIN * abs(search.best):
            return
        state = search.state
        versions = state.routes[:, col.VERSION]
        for v in np.flatnonzero(versions != self._versions):
            count = int(state.routes[v, col.COUNT])
            if not count:
                continue
            stops = state.stops[col.NOW, v, :count]
            key = (int(v), np.sort(stops).tobytes())
            cost = float(state.value[v, 0])
            known = self._routes.get(key)
            if known is None or cost < known[0]:
                self._routes[key] = (cost, stops.tobytes())
        self._versions[:] = versions
        if len(self._routes) > MOST:
            self._routes = dict(list(self._routes.items())[MOST // 2 :])

    def best_set(self) -> Orders | None:
        """Routes in the sheet's numbers that cost less together than the search's best, if there are any."""
        if not self._routes:
            return None
        owners = np.array([v for v, _ in self._routes], dtype=np.int64)
        orders = [np.frombuffer(order, dtype=np.int32) for _, order in self._routes.values()]
        costs = np.array([cost for cost, _ in self._routes.values()])
        chosen = _least(self.search, owners, orders, costs)
        if chosen is None:
            return None
        found: Orders = [[] for _ in self.search.engineers]
        for k in chosen:
            found[owners[k]] = [int(self.search.rows[j]) for j in orders[k]]
        return found


def _least(search: Search, owners: Ints, orders: list[Any], costs: Floats) -> list[int] | None:
    """Numbers of the routes of the cheapest set, or None when nothing below the best value was found."""
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp
    from scipy.sparse import csr_array, eye_array, hstack

    n, m, k = len(search.rows), len(search.engineers), len(orders)
    columns = np.repeat(np.arange(k), [len(order) for order in orders])
    serves = csr_array((np.ones(len(columns)), (np.concatenate(orders), columns)), shape=(n, k))
    owns = csr_array((np.ones(k), (owners, np.arange(k))), shape=(m, k))
    limit = search.best - 1e-6 * max(1.0, abs(search.best))
    # Who is worth more than the whole plan is not left out by a cheaper one; great numbers harm the solver.
    left = np.minimum(search.facts.worth[:, col.WEIGHT], 2.0 * abs(search.best) + 1.0)
    cost = np.concatenate([costs, left])
    each = hstack([serves, eye_array(n)], format="csr")
    once = hstack([owns, csr_array((m, n))], format="csr")
    relaxed = linprog(
        cost,
        A_ub=once,
        b_ub=np.ones(m),
        A_eq=each,
        b_eq=np.ones(n),
        method="highs",
        options={"maxiter": PIVOTS},
    )
    if relaxed.status != 0 or relaxed.fun >= limit:
        return None
    reduced = cost - each.T @ relaxed.eqlin.marginals - once.T @ relaxed.ineqlin.marginals
    likely = np.argsort(reduced, kind="stable")[:LIKELIEST]
    open_ = likely[reduced[likely] < limit - relaxed.fun]
    answer = milp(
        cost[open_],
        constraints=[
            LinearConstraint(each[:, open_], 1, 1),
            LinearConstraint(once[:, open_], -np.inf, 1),
        ],
        integrality=np.ones(len(open_)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "presolve": False},
    )
    if answer.x is None or answer.fun >= limit:
        return None
    return [int(c) for c in open_[answer.x > 0.5] if c < k]
