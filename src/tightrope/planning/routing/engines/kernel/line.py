"""What a whole line of stops costs where time itself has a price, or tools and parts are fetched.

Where every visit has one window and nobody has lunch, by joining segments (duration, earliest, latest) as
in Vidal et al. 2013, Computers & Operations Research 40(1), section 4.2; elsewhere by walking forward for
the earliest end and backward from it for the latest start. With one window each the duration found is the
least possible; with several it is the least among those that end as early as possible.
"""

# NumPy's whole numbers pass for ints in compiled code.
# mypy: disable-error-code="no-any-return,arg-type,assignment"

from __future__ import annotations

import numpy as np

from tightrope.planning.routing.engines.kernel.compiled import inner
from tightrope.planning.routing.engines.kernel.facts import (
    COUNT,
    END,
    FAIR_LOAD,
    FAIRNESS,
    FETCH,
    HANDLING,
    KEEP,
    KEEP_COST,
    KIT_TOOLS,
    LATEST,
    LUNCH,
    NEVER,
    NOW,
    PER_OVERTIME,
    PER_ROUTE,
    PER_TICK,
    PER_TRIP,
    REGULAR,
    SEGMENTS,
    SERVICE,
    SHIFT,
    START,
    STORE_CLOSES,
    STORE_OPENS,
    STORE_PARTS,
    STORE_ROW,
    STORE_TOOLS,
    TOOLS,
    WINDOW,
    Facts,
    Ints,
    State,
)
from tightrope.planning.routing.engines.kernel.timing import (
    home_late,
    label_route,
    latest,
    lunch_end,
    step_early,
    step_late,
    work_at,
)


@inner
def price_route(f: Facts, s: State, v: int) -> bool:
    """Labels and cost of route ``v`` from its stops; False when it breaks a rule.

    The labels leave out the call at a store, which makes them bounds here.
    """
    label_route(f, s, v)
    n = s.routes[v, COUNT]
    if n == 0:
        return True
    for p in range(n):
        s.line[p] = s.stops[NOW, v, p]
    s.value[v, 0] = line_cost(f, s, v, n)[0]
    return s.value[v, 0] < np.inf


@inner
def line_cost(f: Facts, s: State, v: int, n: int) -> tuple[float, int, int]:
    """Least cost of serving ``s.line[:n]`` in this order: (cost, stop before which to fetch or -1, store).

    O(n) by segments, else O(n) for each place of the store. Infinite when a rule is broken.
    """
    busy = 0
    fixed = f.rates[v, PER_ROUTE]
    for p in range(n):
        j = s.line[p]
        busy += f.visits[j, SERVICE]
        if f.visits[j, KEEP] >= 0 and f.visits[j, KEEP] != v:
            fixed += f.worth[j, KEEP_COST]
    reach = _carried(f, s, v, n)
    best = np.inf
    best_at = -1
    best_store = -1
    by_segments = f.rules[SEGMENTS] > 0.0
    if by_segments and not _tail(f, s, v, n):
        return best, -1, -1
    if reach == n:
        if by_segments:
            return _plain_segments(f, s, v, n, busy, fixed), -1, -1
        return _walk(f, s, v, n, -1, -1, busy, fixed), -1, -1
    if f.people[v, FETCH] == 0:
        return best, -1, -1
    for store in range(f.stores.shape[0]):
        if not _store_serves(f, s, v, n, store):
            continue
        if by_segments:
            cost, at = _store_segments(f, s, v, n, store, busy, fixed, reach)
            if cost < best:
                best, best_at, best_store = cost, at, store
            continue
        for at in range(reach + 1):
            cost = _walk(f, s, v, n, at, store, busy, fixed)
            if cost < best:
                best, best_at, best_store = cost, at, store
    return best, best_at, best_store


@inner
def _carried(f: Facts, s: State, v: int, n: int) -> int:
    """How many first stops of the line the van serves with its own tools and parts."""
    lacking = ~f.people[v, KIT_TOOLS]
    reach = n
    for p in range(n):
        if f.visits[s.line[p], TOOLS] & lacking:
            reach = p
            break
    for q in range(f.kit.shape[1]):
        rest = f.kit[v, q]
        for p in range(reach):
            rest -= f.parts[s.line[p], q]
            if rest < 0:
                reach = p
                break
    return reach


@inner
def _store_serves(f: Facts, s: State, v: int, n: int, store: int) -> bool:
    """Whether kit and this store together hold what the whole line needs."""
    lacking = ~(f.people[v, KIT_TOOLS] | f.stores[store, STORE_TOOLS])
    for p in range(n):
        if f.visits[s.line[p], TOOLS] & lacking:
            return False
    for q in range(f.kit.shape[1]):
        if f.stores[store, STORE_PARTS + q] == 0:
            used = 0
            for p in range(n):
                used += f.parts[s.line[p], q]
            if used > f.kit[v, q]:
                return False
    return True


@inner
def _priced(f: Facts, v: int, duration: int, end: int, trips: int, busy: int, fixed: float) -> float:
    over = max(0, end - f.people[v, REGULAR])
    return (
        fixed
        + f.rates[v, PER_TRIP] * trips
        + f.rates[v, PER_TICK] * duration
        + f.rates[v, PER_OVERTIME] * over
        + f.rules[FAIRNESS] * max(0.0, busy - f.rates[v, FAIR_LOAD])
    )


@inner
def _tail(f: Facts, s: State, v: int, n: int) -> bool:
    """Segments from every stop to the end place in scratch[0], cost and ticks of its trips in scratch[1]."""
    tail, trips = s.scratch[0], s.scratch[1]
    d, a, b = 0, f.people[v, SHIFT], f.people[v, LATEST]
    tail[n, 0], tail[n, 1], tail[n, 2] = d, a, b
    trips[n, 0] = 0
    trips[n, 1] = 0
    row = f.people[v, END]
    for p in range(n - 1, -1, -1):
        j = s.line[p]
        x = f.travel[j, row]
        trips[p, 0] = trips[p + 1, 0] + f.cost[j, row]
        trips[p, 1] = trips[p + 1, 1] + x
        span = f.visits[j, SERVICE] + x
        opens, closes = f.visits[j, WINDOW], f.visits[j, WINDOW + 1]
        if opens + span > b:
            return False
        wait = max(0, a - span - closes)
        d += span + wait
        a = max(a - span, opens) - wait
        b = min(b - span, closes)
        tail[p, 0], tail[p, 1], tail[p, 2] = d, a, b
        row = j
    return True


@inner
def _plain_segments(f: Facts, s: State, v: int, n: int, busy: int, fixed: float) -> float:
    row = f.people[v, START]
    nxt = s.line[0] if n > 0 else f.people[v, END]
    d, a, b = s.scratch[0, 0, 0], s.scratch[0, 0, 1], s.scratch[0, 0, 2]
    x = f.travel[row, nxt]
    if f.people[v, SHIFT] + x > b:
        return np.inf
    wait = max(0, a - x - f.people[v, LATEST])
    d += x + wait
    a = max(a - x, f.people[v, SHIFT]) - wait
    trips = s.scratch[1, 0, 0] + f.cost[row, nxt]
    return _priced(f, v, d, a + d, trips, busy + s.scratch[1, 0, 1] + x, fixed)


@inner
def _store_segments(
    f: Facts, s: State, v: int, n: int, store: int, busy: int, fixed: float, reach: int
) -> tuple[float, int]:
    """Best of all places of the store up to stop ``reach``, each joined from head, store and tail."""
    tail, trips = s.scratch[0], s.scratch[1]
    best = np.inf
    best_at = -1
    here = f.stores[store, STORE_ROW]
    opens, closes, handling = (
        f.stores[store, STORE_OPENS],
        f.stores[store, STORE_CLOSES],
        f.stores[store, HANDLING],
    )
    hd, ha, hb = 0, f.people[v, SHIFT], f.people[v, LATEST]
    row = f.people[v, START]
    gone = 0
    paid = 0
    for at in range(reach + 1):
        x = f.travel[row, here]
        span = hd + x
        if ha + span <= closes:
            wait = max(0, opens - span - hb)
            d = span + wait + handling
            a = max(opens - span, ha) - wait
            b = min(closes - span, hb)
            nxt = s.line[at] if at < n else f.people[v, END]
            y = f.travel[here, nxt]
            span = d + y
            if a + span <= tail[at, 2]:
                wait = max(0, tail[at, 1] - span - b)
                d = span + wait + tail[at, 0]
                a = max(tail[at, 1] - span, a) - wait
                pay = paid + f.cost[row, here] + f.cost[here, nxt] + trips[at, 0]
                cost = _priced(f, v, d, a + d, pay, busy + gone + x + y + trips[at, 1] + handling, fixed)
                if cost < best:
                    best, best_at = cost, at
        if at == reach:
            break
        j = s.line[at]
        x = f.travel[row, j]
        span = hd + x
        if ha + span > f.visits[j, WINDOW + 1]:
            break
        wait = max(0, f.visits[j, WINDOW] - span - hb)
        ha = max(f.visits[j, WINDOW] - span, ha) - wait
        hb = min(f.visits[j, WINDOW + 1] - span, hb)
        hd = span + wait + f.visits[j, SERVICE]
        gone += x
        paid += f.cost[row, j]
        row = j
    return best, best_at


@inner
def _store_early(stores: Ints, store: int, t: int) -> int:
    if t > stores[store, STORE_CLOSES]:
        return NEVER
    return max(t, stores[store, STORE_OPENS]) + stores[store, HANDLING]


@inner
def _walk(f: Facts, s: State, v: int, n: int, at: int, store: int, busy: int, fixed: float) -> float:
    """Cost of the line with the store called at before stop ``at`` (-1: not at all)."""
    travel, visits, people, site = f.travel, f.visits, f.people, f.site
    has_lunch = people[v, LUNCH] > 0
    e0 = people[v, SHIFT] if has_lunch else NEVER
    e1 = NEVER if has_lunch else people[v, SHIFT]
    row = people[v, START]
    trips = 0
    for p in range(n + 1):
        if p == at:
            here = f.stores[store, STORE_ROW]
            x = travel[row, here]
            n1 = _store_early(f.stores, store, e1 + x)
            n0 = NEVER
            if has_lunch:
                n0 = _store_early(f.stores, store, e0 + x)
                n1 = min(n1, _store_early(f.stores, store, lunch_end(people, v, e0) + x))
                n1 = min(n1, _store_early(f.stores, store, lunch_end(people, v, e0 + x)))
            e0, e1 = min(n0, NEVER), min(n1, NEVER)
            busy += x + f.stores[store, HANDLING]
            trips += f.cost[row, here]
            row = here
        if p == n:
            break
        j = s.line[p]
        e0, e1 = step_early(travel, visits, site, people, v, row, j, e0, e1)
        if e0 >= NEVER and e1 >= NEVER:
            return np.inf
        busy += travel[row, j] + work_at(visits, site, row, j) - visits[j, SERVICE]
        trips += f.cost[row, j]
        row = j
    x = travel[row, people[v, END]]
    end = e1 + x
    if has_lunch:
        end = min(end, lunch_end(people, v, e0) + x)
    if end > people[v, LATEST]:
        return np.inf
    busy += x
    trips += f.cost[row, people[v, END]]
    start = people[v, SHIFT]
    if f.rates[v, PER_TICK] > 0.0:
        start = _latest_start(f, s, v, n, at, store, end)
    return _priced(f, v, end - start, end, trips, busy, fixed)


@inner
def _latest_start(f: Facts, s: State, v: int, n: int, at: int, store: int, end: int) -> int:
    """Latest start of the line's day that still ends at ``end``."""
    travel, visits, people, site = f.travel, f.visits, f.people, f.site
    row = s.line[n - 1] if n > 0 else people[v, START]
    if at == n:
        row = f.stores[store, STORE_ROW]
    l0, l1 = home_late(travel, people, v, row, end)
    for p in range(n, -1, -1):
        if p < n:
            j = s.line[p]
            row = s.line[p - 1] if p > 0 else people[v, START]
            if p == at:
                row = f.stores[store, STORE_ROW]
            work = work_at(visits, site, row, j)
            a0 = latest(visits, j, l0 - work)
            a1 = latest(visits, j, l1 - work)
            l0, l1 = step_late(travel, people, v, row, j, a0, a1)
        if p == at:
            row = s.line[p - 1] if p > 0 else people[v, START]
            a0 = min(l0 - f.stores[store, HANDLING], f.stores[store, STORE_CLOSES])
            a1 = min(l1 - f.stores[store, HANDLING], f.stores[store, STORE_CLOSES])
            a0 = a0 if a0 >= f.stores[store, STORE_OPENS] else -NEVER
            a1 = a1 if a1 >= f.stores[store, STORE_OPENS] else -NEVER
            l0, l1 = step_late(travel, people, v, row, f.stores[store, STORE_ROW], a0, a1)
    return l0 if people[v, LUNCH] > 0 else l1
