"""Large problems area by area.

Routes are grouped with their neighbours, each group is searched with its visits and the visits left out
around it, and the groups are drawn anew in every round, so that every border moves. The temperature falls
through all rounds as it does in the search of a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tightrope.planning.routing.engines.arrays import Sheet
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.facts import Floats, Ints
from tightrope.planning.routing.engines.search import Orders, Search, temperatures
from tightrope.planning.routing.stop import Clock, Stop

GROUP = 40
"""Engineers in a group: few enough for the caches of a core, enough to trade visits among."""

ROUNDS = 8
"""Rounds in which a run with a known end draws its groups."""

LONGEST_SLICE = 20_000
"""Steps after which a group gives way even when no end is known."""


@dataclass
class _Tour:
    """Where a large search stands."""

    sheet: Sheet
    stop: Stop
    clock: Clock
    random: np.random.Generator
    progress: Callable[[float, float], None] | None
    orders: Orders
    values: dict[int, float] = field(default_factory=dict)


def solve_by_areas(
    sheet: Sheet,
    *,
    stop: Stop,
    clock: Clock,
    seed: int,
    start: Orders | None,
    progress: Callable[[float, float], None] | None,
) -> Orders:
    """Best routes found until ``stop``; everybody has been offered work once even when that is at once."""
    orders = start or [[] for _ in sheet.problem.engineers]
    tour = _Tour(sheet, stop, clock, np.random.default_rng(seed), progress, orders)
    best_value = _round(tour, share_of_round=0.0)
    best = [list(order) for order in tour.orders]
    _tell(tour, best_value)
    while stop.share(clock) < 1.0:
        value = _round(tour, share_of_round=1.0 / ROUNDS)
        if value < best_value:
            best_value, best = value, [list(order) for order in tour.orders]
            clock.improved_at_step = clock.steps
        _tell(tour, best_value)
    return best


def _tell(tour: _Tour, value: float) -> None:
    if tour.progress:
        tour.progress(value, tour.clock.cpu_seconds)


def _round(tour: _Tour, *, share_of_round: float) -> float:
    """Search every group once; returns the value of all routes together."""
    groups = _groups(tour)
    rows_of = _rows_of(tour, groups)
    total = 0.0
    for group, rows in zip(groups, rows_of, strict=True):
        search = Search(tour.sheet, rows, group, seed=int(tour.random.integers(1 << 30)))
        search.load([tour.orders[v] for v in group])
        search.fill()
        if share_of_round > 0.0:
            _slice(tour, search, share_of_round / len(groups))
        which = col.NOW if tour.stop.share(tour.clock) < 1.0 else col.BEST
        total += search.value if which == col.NOW else search.best
        for v, order in zip(group, search.orders(which), strict=True):
            tour.orders[v] = order
    return total


def _slice(tour: _Tour, search: Search, length: float) -> None:
    hot, cold = temperatures(search)
    begun = share = tour.stop.share(tour.clock)
    last_step = tour.clock.steps + LONGEST_SLICE
    chunk = search.chunk
    while share < min(1.0, begun + length) and (share > begun or tour.clock.steps < last_step):
        search.run(chunk, heat=hot * (cold / hot) ** share)
        tour.clock.steps += chunk
        share = tour.stop.share(tour.clock)


def _groups(tour: _Tour) -> list[Ints]:
    """Engineers grouped around the outermost of those not grouped yet, by the middles of their routes."""
    apart = _apart(tour, _middles(tour))
    free = np.ones(len(apart), dtype=bool)
    count = max(1, round(len(apart) / GROUP))
    sizes = [len(chunk) for chunk in np.array_split(np.arange(len(apart)), count)]
    centre = int(tour.random.integers(len(apart)))
    groups = []
    for size in sizes:
        candidates = np.flatnonzero(free)
        # From the far end of what is free, so that no group is left with scattered remains.
        first = candidates[int(np.argmax(apart[centre, candidates]))]
        members = candidates[np.argsort(apart[first, candidates], kind="stable")[:size]]
        free[members] = False
        groups.append(members.astype(np.int64))
    return groups


def _middles(tour: _Tour) -> Ints:
    """A place for each engineer: a random stop of the route, home on a day without work."""
    places = tour.sheet.starts.copy()
    for v, order in enumerate(tour.orders):
        if order:
            places[v] = tour.sheet.places[order[int(tour.random.integers(len(order)))]]
    return places


def _apart(tour: _Tour, middles: Ints) -> Floats:
    travel = tour.sheet.problem.travel[np.ix_(middles, middles)].astype(float)
    homes = tour.sheet.problem.travel[np.ix_(tour.sheet.starts, tour.sheet.starts)].astype(float)
    both: Floats = travel + travel.T + 0.5 * (homes + homes.T)
    return both


def _rows_of(tour: _Tour, groups: list[Ints]) -> list[Ints]:
    """Rows of each group: those on its routes, and left-out ones near one of its able engineers."""
    sheet = tour.sheet
    group_of = np.zeros(len(tour.orders), dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[group] = number
    rows: list[list[int]] = [[] for _ in groups]
    served = np.zeros(len(sheet.places), dtype=bool)
    for v, order in enumerate(tour.orders):
        rows[group_of[v]] += order
        served[order] = True
    middles = _middles(tour)
    for row in np.flatnonzero(~served):
        able = np.flatnonzero(sheet.able[:, row])
        if len(able) == 0:
            continue
        trips = sheet.problem.travel[sheet.places[row], middles[able]].astype(float)
        # Not always the nearest, so that another round may find room elsewhere.
        nearest = able[np.argmin(trips * tour.random.uniform(1.0, 2.0, len(able)))]
        rows[group_of[nearest]].append(int(row))
    return [np.array(sorted(each), dtype=np.int64) for each in rows]
