"""Where a visit fits best, remembered per visit and route until the route changes."""

# NumPy's whole numbers pass for ints in compiled code.
# mypy: disable-error-code="no-any-return,arg-type,assignment"

from __future__ import annotations

import numpy as np

from tightrope.planning.routing.engines.kernel.compiled import inlined, inner
from tightrope.planning.routing.engines.kernel.facts import (
    ABLE_FROM,
    ABLE_TO,
    BUSY,
    CHANGED,
    COUNT,
    EARLY,
    EARLY_HUNGRY,
    END,
    FAIR_LOAD,
    FAIRNESS,
    KEEP,
    KEEP_COST,
    KIND,
    LATE,
    LATE_HUNGRY,
    LATEST,
    LEFT,
    LEFT_AT,
    LEG,
    LOAD,
    LUNCH,
    LUNCH_CLOSES,
    LUNCH_OPENS,
    NEVER,
    NEXT,
    NOW,
    OPENING,
    PER_ROUTE,
    PER_TRIP,
    PLAIN,
    RANDOM,
    ROUTE,
    SAVED,
    SAVED_COUNT,
    SAVED_VERSION,
    SERVICE,
    SETUP,
    STAGED,
    START,
    TOUCHED,
    VERSION,
    WINDOW,
    WINDOWS,
    Facts,
    Ints,
    State,
)
from tightrope.planning.routing.engines.kernel.line import line_cost, price_route
from tightrope.planning.routing.engines.kernel.timing import (
    begin,
    label_route,
    step_early,
    step_late,
    work_at,
)


@inlined
def uniform(tally: Ints) -> float:
    """Next random number in (0, 1): two multiplicative generators combined (L'Ecuyer 1988, CACM 31)."""
    a = (tally[RANDOM] * 40014) % 2147483563
    b = (tally[RANDOM + 1] * 40692) % 2147483399
    tally[RANDOM] = a
    tally[RANDOM + 1] = b
    c = a - b
    if c < 1:
        c += 2147483562
    return c * 4.6566130573917691e-10


@inner
def refresh(f: Facts, s: State, v: int) -> bool:
    """Recompute what is known of route ``v`` after its stops changed; False when it breaks a rule."""
    if f.rules[STAGED] > 0.0:
        return price_route(f, s, v)
    return label_route(f, s, v)


@inner
def _by_labels(f: Facts, s: State, v: int, j: int) -> tuple[float, int]:
    # Rows of their own, as the loop below is where most of the time goes.
    out, onward, back = f.travel[j], f.cost[j], f.back[j]
    inward, labels = f.cost_back[j], s.labels[v]
    n = s.routes[v, COUNT]
    for q in range(f.kit.shape[1]):
        if s.routes[v, LOAD + q] + f.parts[j, q] > f.kit[v, q]:
            return np.inf, -1
    plain = f.rules[PLAIN] > 0.0
    service = f.visits[j, SERVICE]
    opens = f.visits[j, WINDOW]
    closes = f.visits[j, WINDOW + 2 * f.visits[j, WINDOWS] - 1]
    best = NEVER
    best_at = -1
    row = np.int64(f.people[v, START])
    for p in range(n + 1):
        gone = labels[p, EARLY]
        if gone > closes and (plain or labels[p, EARLY_HUNGRY] > closes):
            break
        nxt = labels[p, NEXT]
        rise = np.int64(inward[row]) + onward[nxt] - labels[p, LEG]
        if rise < best:
            if plain:
                t = gone + back[row]
                fits = t <= closes and max(t, opens) + service + out[nxt] <= labels[p, LATE]
            else:
                fits = _fits(f, s, v, j, p, n, row, nxt)
            if fits:
                best = rise
                best_at = p
        row = nxt
    if best_at < 0:
        return np.inf, -1
    total = f.rates[v, PER_TRIP] * best
    if n == 0:
        total += f.rates[v, PER_ROUTE]
    if f.rules[FAIRNESS] > 0.0:
        total += f.rules[FAIRNESS] * _more_unfair(f, s, v, j, best_at, n)
    return total, best_at


@inner
def _more_unfair(f: Facts, s: State, v: int, j: int, at: int, n: int) -> float:
    """Ticks of work above the fair load that the insertion adds."""
    row = np.int64(s.stops[NOW, v, at - 1]) if at > 0 else np.int64(f.people[v, START])
    nxt = np.int64(s.stops[NOW, v, at]) if at < n else np.int64(f.people[v, END])
    more = f.travel[row, j] + work_at(f.visits, f.site, row, j) + f.travel[j, nxt]
    if n > 0:
        more -= f.travel[row, nxt]
    if at < n:
        more += work_at(f.visits, f.site, j, nxt) - work_at(f.visits, f.site, row, nxt)
    busy = s.routes[v, BUSY]
    fair = f.rates[v, FAIR_LOAD]
    return max(0.0, busy + more - fair) - max(0.0, busy - fair)


@inner
def _fits(f: Facts, s: State, v: int, j: int, p: int, n: int, row: int, nxt: int) -> bool:
    """Whether ``j`` fits between ``row`` and ``nxt``, with lunch, several windows and set-up times."""
    travel, visits, site, people, labels = f.travel, f.visits, f.site, f.people, s.labels
    e0, e1 = step_early(
        travel, visits, site, people, v, row, j, labels[v, p, EARLY_HUNGRY], labels[v, p, EARLY]
    )
    if p == n:
        return _home_in_time(f, v, j, e0, e1)
    if visits[nxt, SETUP] == 0 or (site[row] == site[nxt]) == (site[j] == site[nxt]):
        l0, l1 = step_late(travel, people, v, j, nxt, labels[v, p, LATE_HUNGRY], labels[v, p, LATE])
        return e1 <= l1 or e0 <= l0
    # The next stop gains or loses its set-up, so that its own latest arrival no longer holds.
    e0, e1 = step_early(travel, visits, site, people, v, j, nxt, e0, e1)
    if p + 1 == n:
        return _home_in_time(f, v, nxt, e0, e1)
    after = np.int64(s.stops[NOW, v, p + 1])
    l0, l1 = step_late(travel, people, v, nxt, after, labels[v, p + 1, LATE_HUNGRY], labels[v, p + 1, LATE])
    return e1 <= l1 or e0 <= l0


@inner
def _home_in_time(f: Facts, v: int, row: int, e0: int, e1: int) -> bool:
    x = f.travel[row, f.people[v, END]]
    if e1 + x <= f.people[v, LATEST]:
        return True
    if f.people[v, LUNCH] == 0 or e0 >= NEVER:
        return False
    begins = max(e0, f.people[v, LUNCH_OPENS])
    return begins <= f.people[v, LUNCH_CLOSES] and begins + f.people[v, LUNCH] + x <= f.people[v, LATEST]


@inner
def _by_lines(f: Facts, s: State, v: int, j: int) -> tuple[float, int]:
    labels = s.labels[v]
    n = s.routes[v, COUNT]
    plain = f.rules[PLAIN] > 0.0
    best = np.inf
    best_at = -1
    for p in range(n):
        s.line[p + 1] = s.stops[NOW, v, p]
    s.line[0] = j
    row = np.int64(f.people[v, START])
    for p in range(n + 1):
        nxt = labels[p, NEXT]
        if plain:
            t = begin(f.visits, j, labels[p, EARLY] + f.back[j, row]) + f.visits[j, SERVICE]
            fits = t + f.travel[j, nxt] <= labels[p, LATE]
        else:
            fits = _fits(f, s, v, j, p, n, row, nxt)
        if fits:
            cost = line_cost(f, s, v, n + 1)[0]
            if cost < best:
                best = cost
                best_at = p
        if p < n:
            s.line[p] = nxt
            s.line[p + 1] = j
        row = nxt
    return best - s.value[v, 0], best_at


@inner
def look(f: Facts, s: State, v: int, j: int) -> float:
    """Work out the cost of the best place for ``j`` on route ``v`` (inf: none) and remember both."""
    cost = np.inf
    at = -1
    if s.routes[v, COUNT] < s.stops.shape[2]:
        if f.rules[STAGED] > 0.0:
            cost, at = _by_lines(f, s, v, j)
        else:
            cost, at = _by_labels(f, s, v, j)
            if f.visits[j, KEEP] >= 0 and f.visits[j, KEEP] != v:
                cost += f.worth[j, KEEP_COST]
    s.seen[j, v] = s.routes[v, VERSION]
    s.delta[j, v] = cost
    s.place[j, v] = at
    return np.float64(s.delta[j, v])


@inner
def touch(s: State, v: int) -> None:
    """Save route ``v`` as it is, so that the step can be undone."""
    if s.routes[v, TOUCHED]:
        return
    s.routes[v, TOUCHED] = 1
    s.lists[CHANGED, s.tally[CHANGED]] = v
    s.tally[CHANGED] += 1
    n = s.routes[v, COUNT]
    s.routes[v, SAVED_COUNT] = n
    s.routes[v, SAVED_VERSION] = s.routes[v, VERSION]
    s.value[v, 1] = s.value[v, 0]
    for p in range(n):
        s.stops[SAVED, v, p] = s.stops[NOW, v, p]


@inner
def leave(s: State, j: int) -> None:
    """Write ``j`` on the list of visits left out."""
    k = s.tally[LEFT]
    s.status[j, ROUTE] = -1
    s.lists[LEFT, k] = j
    s.status[j, LEFT_AT] = k
    s.tally[LEFT] = k + 1


@inner
def take_up(s: State, j: int, v: int) -> None:
    """Strike ``j`` from the list of visits left out."""
    k = s.status[j, LEFT_AT]
    last = s.tally[LEFT] - 1
    moved = s.lists[LEFT, last]
    s.status[j, ROUTE] = v
    s.lists[LEFT, k] = moved
    s.status[moved, LEFT_AT] = k
    s.tally[LEFT] = last
    s.status[j, LEFT_AT] = -1


@inner
def put(f: Facts, s: State, v: int, j: int, at: int) -> None:
    """Insert ``j`` as stop ``at`` of route ``v``."""
    touch(s, v)
    n = s.routes[v, COUNT]
    for p in range(n, at, -1):
        s.stops[NOW, v, p] = s.stops[NOW, v, p - 1]
    s.stops[NOW, v, at] = j
    s.routes[v, COUNT] = n + 1
    take_up(s, j, v)
    refresh(f, s, v)


@inner
def best_route(f: Facts, s: State, j: int, blink: float, only_changed: bool) -> tuple[int, float, float]:
    """Cheapest route for ``j``: (engineer or -1, its cost, second best cost).

    With probability ``blink`` a route is overlooked (Christiaens & Vanden Berghe 2020, section 5.2).
    Of idle interchangeable engineers only the first is looked at. What an idle engineer's first visit costs
    counts at the share in ``s.total``: the way from home and back, and to a store, serves later visits too.
    """
    seen, delta, routes = s.seen, s.delta, s.routes
    best_v = -1
    best = np.inf
    second = np.inf
    if only_changed:
        for k in range(s.tally[CHANGED]):
            v = s.lists[CHANGED, k]
            if f.able[v, j]:
                cost = np.float64(delta[j, v]) if seen[j, v] == routes[v, VERSION] else look(f, s, v, j)
                if cost < best:
                    best, best_v, second = cost, v, best
                elif cost < second:
                    second = cost
        return best_v, best, second
    idle_kind = -1
    opening = s.total[OPENING]
    skip = 1 << 30
    if blink > 0.0:
        skip = int(np.log(uniform(s.tally)) / np.log(1.0 - blink))
    for k in range(f.visits[j, ABLE_FROM], f.visits[j, ABLE_TO]):
        v = np.int64(f.able_list[k])
        if routes[v, COUNT] == 0:
            if f.people[v, KIND] == idle_kind:
                continue
            idle_kind = f.people[v, KIND]
        if skip == 0:
            skip = int(np.log(uniform(s.tally)) / np.log(1.0 - blink))
            continue
        skip -= 1
        cost = np.float64(delta[j, v]) if seen[j, v] == routes[v, VERSION] else look(f, s, v, j)
        if routes[v, COUNT] == 0:
            cost *= opening
        if cost < best:
            best, best_v, second = cost, v, best
        elif cost < second:
            second = cost
    return best_v, best, second
