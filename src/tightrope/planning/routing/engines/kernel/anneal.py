"""Ruin and recreate under simulated annealing.

After Christiaens & Vanden Berghe 2020, Transportation Science 54(2), "Slack induction by string
removals": strings of neighbouring routes are taken out and put back greedily with blinks. What differs:
visits may stay out at a price, and are offered only to routes that have changed since they last failed;
besides strings there are single neighbours and whole routes as ruins, and besides the greedy order
there is insertion by regret; insertions are remembered until their route changes.
"""

# NumPy's whole numbers pass for ints in compiled code.
# mypy: disable-error-code="no-any-return,arg-type,assignment"

from __future__ import annotations

import numpy as np

from tightrope.planning.routing.engines.kernel.compiled import compiled, inner
from tightrope.planning.routing.engines.kernel.facts import (
    BEST,
    CHANGED,
    COUNT,
    FIXED,
    KEY,
    LEFT,
    LEFT_AT,
    NOW,
    OPENING,
    ORIGIN,
    OUT,
    ROUTE,
    SAVED,
    SAVED_COUNT,
    SAVED_VERSION,
    STEPS,
    TOUCHED,
    VERSION,
    WEIGHT,
    Facts,
    Floats,
    State,
)
from tightrope.planning.routing.engines.kernel.scan import (
    best_route,
    leave,
    put,
    refresh,
    take_up,
    touch,
    uniform,
)

# Cells of `ways`, what a search does how often.
AVERAGE, LONGEST, BLINK, SINGLES, WHOLES, REGRET, FROM_LEFT, OFFERS, OPENS = range(9)


@compiled
def load_routes(f: Facts, s: State) -> bool:
    """Take the routes in ``s.stops`` as the present state; False when one breaks a rule."""
    good = True
    s.tally[LEFT] = 0
    for j in range(f.visits.shape[0]):
        s.status[j, ROUTE] = -1
        s.status[j, LEFT_AT] = -1
        s.status[j, ORIGIN] = -1
    total = 0.0
    for v in range(f.people.shape[0]):
        for p in range(s.routes[v, COUNT]):
            s.status[s.stops[NOW, v, p], ROUTE] = v
        if not refresh(f, s, v):
            good = False
        total += s.value[v, 0]
    for j in range(f.visits.shape[0]):
        if s.status[j, ROUTE] < 0:
            leave(s, j)
            total += f.worth[j, WEIGHT]
    s.total[0] = total
    _keep_best(s)
    return good


@inner
def _keep_best(s: State) -> None:
    s.total[1] = s.total[0]
    for v in range(s.routes.shape[0]):
        n = s.routes[v, COUNT]
        s.best_count[v] = n
        for p in range(n):
            s.stops[BEST, v, p] = s.stops[NOW, v, p]


@compiled
def fill(f: Facts, s: State, order: Floats) -> None:
    """Offer every visit that is out to every route, in the order of the keys."""
    for k in range(s.tally[LEFT]):
        s.lists[OUT, k] = s.lists[LEFT, k]
    s.tally[OUT] = s.tally[LEFT]
    _sort_out(f, s, order)
    for i in range(s.tally[OUT]):
        j = s.lists[OUT, i]
        v, cost, _ = best_route(f, s, j, 0.0, False)
        if v >= 0 and cost < f.worth[j, WEIGHT]:
            put(f, s, v, j, s.place[j, v])
    total = 0.0
    for v in range(f.people.shape[0]):
        total += s.value[v, 0]
    for k in range(s.tally[LEFT]):
        total += f.worth[s.lists[LEFT, k], WEIGHT]
    s.total[0] = total
    _settle(s)
    _keep_best(s)


@inner
def _take_out(f: Facts, s: State, v: int, first: int, length: int, spare: int) -> None:
    """Take ``length`` stops from ``first`` on out of route ``v``, passing over ``spare`` of them inside."""
    touch(s, v)
    n = s.routes[v, COUNT]
    kept_from = n
    kept_to = n
    if spare > 0 and length > spare + 1:
        kept_from = first + 1 + int(uniform(s.tally) * (length - spare - 1))
        kept_to = kept_from + spare
    w = 0
    for p in range(n):
        j = s.stops[NOW, v, p]
        if first <= p < first + length and not (kept_from <= p < kept_to) and f.visits[j, FIXED] == 0:
            s.lists[OUT, s.tally[OUT]] = j
            s.tally[OUT] += 1
            s.status[j, ORIGIN] = v
            leave(s, j)
        else:
            s.stops[NOW, v, w] = j
            w += 1
    s.routes[v, COUNT] = w


@inner
def _stop_of(s: State, v: int, j: int) -> int:
    at = 0
    while s.stops[NOW, v, at] != j:
        at += 1
    return at


@inner
def _ruin_strings(f: Facts, s: State, seed: int, average: float, longest: float) -> None:
    used = 0
    for v in range(f.people.shape[0]):
        if s.routes[v, COUNT] > 0:
            used += 1
    mean = (f.visits.shape[0] - s.tally[LEFT]) / max(1, used)
    most = max(1.0, min(longest, mean))
    strings = int(1.0 + uniform(s.tally) * (4.0 * average / (1.0 + most) - 1.0))
    j = seed
    k = -1
    while s.tally[CHANGED] < strings:
        v = s.status[j, ROUTE]
        if v >= 0 and s.routes[v, TOUCHED] == 0:
            size = s.routes[v, COUNT]
            length = int(1.0 + uniform(s.tally) * min(float(size), most))
            length = min(length, size)
            at = _stop_of(s, v, j)
            spare = 0
            if 1 < length < size and uniform(s.tally) < 0.5:
                spare = 1
                while length + spare < size and uniform(s.tally) < 0.01:
                    spare += 1
            span = length + spare
            lowest = max(0, at - span + 1)
            highest = min(at, size - span)
            first = lowest + int(uniform(s.tally) * (highest - lowest + 1))
            _take_out(f, s, v, first, span, spare)
        k += 1
        if k >= f.near.shape[1]:
            break
        j = np.int64(f.near[seed, k])


@inner
def _ruin_neighbours(f: Facts, s: State, seed: int, average: float) -> None:
    """Take out about ``average`` served visits near the seed, the nearer the likelier."""
    wanted = 1 + int(uniform(s.tally) * (2.0 * average - 1.0))
    j = seed
    k = -1
    while s.tally[OUT] < wanted:
        v = s.status[j, ROUTE]
        if v >= 0:
            _take_out(f, s, v, _stop_of(s, v, j), 1, 0)
        k += 1
        if uniform(s.tally) < 0.3:
            k += 1
        if k >= f.near.shape[1]:
            break
        j = np.int64(f.near[seed, k])


@inner
def _ruin_route(f: Facts, s: State, seed: int) -> None:
    """Take out the seed's whole route and a string of a neighbouring one."""
    v = s.status[seed, ROUTE]
    if v >= 0:
        _take_out(f, s, v, 0, s.routes[v, COUNT], 0)
    for k in range(f.near.shape[1]):
        u = s.status[f.near[seed, k], ROUTE]
        if u >= 0 and s.routes[u, TOUCHED] == 0:
            size = s.routes[u, COUNT]
            length = 1 + int(uniform(s.tally) * min(size, 5))
            length = min(length, size)
            first = int(uniform(s.tally) * (size - length + 1))
            _take_out(f, s, u, first, length, 0)
            break


@inner
def _sort_out(f: Facts, s: State, order: Floats) -> None:
    """Order the visits to be put back by one of the keys, or at random."""
    count = s.tally[OUT]
    u = uniform(s.tally) * order[-1]
    key = 0
    while u > order[key]:
        key += 1
    if KEY + key >= f.worth.shape[1]:
        for i in range(count - 1, 0, -1):
            k = int(uniform(s.tally) * (i + 1))
            j = s.lists[OUT, i]
            s.lists[OUT, i] = s.lists[OUT, k]
            s.lists[OUT, k] = j
        return
    # A sort by insertion, as the list is short except once, at the start.
    for i in range(1, count):
        j = s.lists[OUT, i]
        x = f.worth[j, KEY + key]
        k = i - 1
        while k >= 0 and f.worth[s.lists[OUT, k], KEY + key] > x:
            s.lists[OUT, k + 1] = s.lists[OUT, k]
            k -= 1
        s.lists[OUT, k + 1] = j


@inner
def _offer_left(f: Facts, s: State, seed: int, most: int) -> None:
    """Add visits that were out already to the list of those to be put back: all, or the nearest ones."""
    known = s.tally[LEFT] - s.tally[OUT]
    if known <= 0:
        return
    end = s.tally[OUT]
    if known <= most:
        for k in range(s.tally[LEFT]):
            j = s.lists[LEFT, k]
            if s.status[j, ORIGIN] < 0:
                s.lists[OUT, s.tally[OUT]] = j
                s.tally[OUT] += 1
        return
    k = -1
    j = seed
    while s.tally[OUT] - end < most:
        if s.status[j, ROUTE] < 0 and s.status[j, ORIGIN] < 0:
            s.lists[OUT, s.tally[OUT]] = j
            s.tally[OUT] += 1
        k += 1
        if k >= f.near.shape[1]:
            return
        j = np.int64(f.near[seed, k])


@inner
def _recreate_greedily(f: Facts, s: State, blink: float) -> None:
    # A visit that was out before this step had been offered to every route then, so that only the
    # routes changed since can be news to it.
    for i in range(s.tally[OUT]):
        j = s.lists[OUT, i]
        v, cost, _ = best_route(f, s, j, blink, s.status[j, ORIGIN] < 0)
        if v >= 0 and cost < f.worth[j, WEIGHT]:
            put(f, s, v, j, s.place[j, v])


@inner
def _recreate_by_regret(f: Facts, s: State, noise: float) -> None:
    """Put back first whoever would lose most by waiting (second best place minus best place)."""
    waiting = s.tally[OUT]
    while waiting > 0:
        chosen = -1
        chosen_v = -1
        worst = -np.inf
        for i in range(waiting):
            j = s.lists[OUT, i]
            v, cost, second = best_route(f, s, j, 0.0, s.status[j, ORIGIN] < 0)
            if v < 0 or cost >= f.worth[j, WEIGHT]:
                continue
            regret = (min(second, f.worth[j, WEIGHT]) - cost) * (1.0 + noise * uniform(s.tally))
            if regret > worst:
                worst, chosen, chosen_v = regret, i, v
        if chosen < 0:
            return
        j = s.lists[OUT, chosen]
        put(f, s, chosen_v, j, s.place[j, chosen_v])
        waiting -= 1
        s.lists[OUT, chosen] = s.lists[OUT, waiting]
        s.lists[OUT, waiting] = j


@inner
def _undo(f: Facts, s: State) -> None:
    """Put every changed route back as it was before the step."""
    for i in range(s.tally[OUT]):
        j = s.lists[OUT, i]
        was = s.status[j, ORIGIN]
        if was >= 0:
            if s.status[j, ROUTE] < 0:
                take_up(s, j, was)
            s.status[j, ROUTE] = was
        elif s.status[j, ROUTE] >= 0:
            leave(s, j)
    for k in range(s.tally[CHANGED]):
        v = s.lists[CHANGED, k]
        s.routes[v, COUNT] = s.routes[v, SAVED_COUNT]
        for p in range(s.routes[v, COUNT]):
            s.stops[NOW, v, p] = s.stops[SAVED, v, p]
        refresh(f, s, v)
        s.routes[v, VERSION] = s.routes[v, SAVED_VERSION]
        s.value[v, 0] = s.value[v, 1]


@inner
def _settle(s: State) -> None:
    for i in range(s.tally[OUT]):
        s.status[s.lists[OUT, i], ORIGIN] = -1
    s.tally[OUT] = 0
    for k in range(s.tally[CHANGED]):
        s.routes[s.lists[CHANGED, k], TOUCHED] = 0
    s.tally[CHANGED] = 0


@inner
def _change(f: Facts, s: State) -> float:
    """What the step has changed in the value."""
    change = 0.0
    for k in range(s.tally[CHANGED]):
        v = s.lists[CHANGED, k]
        change += s.value[v, 0] - s.value[v, 1]
    for i in range(s.tally[OUT]):
        j = s.lists[OUT, i]
        if s.status[j, ORIGIN] >= 0:
            if s.status[j, ROUTE] < 0:
                change += f.worth[j, WEIGHT]
        elif s.status[j, ROUTE] >= 0:
            change -= f.worth[j, WEIGHT]
    return change


@compiled
def anneal(f: Facts, s: State, steps: int, hot: float, cold: float, ways: Floats, order: Floats) -> None:
    """Run ``steps`` steps while the temperature falls from ``hot`` to ``cold``.

    ``ways``: see the names of its cells. ``order``: cumulative shares of the orders in ``f.worth`` and,
    last, of the random order.
    """
    n = f.visits.shape[0]
    heat = hot
    factor = (cold / hot) ** (1.0 / max(1, steps))
    for _step in range(steps):
        heat *= factor
        seed = int(uniform(s.tally) * n)
        if s.tally[LEFT] > 0 and uniform(s.tally) < ways[FROM_LEFT]:
            # Of three visits left out the weightiest: what should not be out is tried most often.
            seed = s.lists[LEFT, int(uniform(s.tally) * s.tally[LEFT])]
            for _ in range(2):
                other = s.lists[LEFT, int(uniform(s.tally) * s.tally[LEFT])]
                if f.worth[other, WEIGHT] > f.worth[seed, WEIGHT]:
                    seed = other
        u = uniform(s.tally)
        if u < ways[SINGLES]:
            _ruin_neighbours(f, s, seed, ways[AVERAGE])
        elif u < ways[SINGLES] + ways[WHOLES]:
            _ruin_route(f, s, seed)
        else:
            _ruin_strings(f, s, seed, ways[AVERAGE], ways[LONGEST])
        for k in range(s.tally[CHANGED]):
            refresh(f, s, s.lists[CHANGED, k])
        _offer_left(f, s, seed, int(ways[OFFERS]))
        if uniform(s.tally) < ways[OPENS]:
            s.total[OPENING] = uniform(s.tally)
        if uniform(s.tally) < ways[REGRET]:
            _recreate_by_regret(f, s, 0.5)
        else:
            _sort_out(f, s, order)
            _recreate_greedily(f, s, ways[BLINK])
        s.total[OPENING] = 1.0
        change = _change(f, s)
        if change < -heat * np.log(uniform(s.tally)):
            s.total[0] += change
            if s.total[0] < s.total[1] - 1e-7:
                _keep_best(s)
        else:
            _undo(f, s)
        _settle(s)
        s.tally[STEPS] += 1
