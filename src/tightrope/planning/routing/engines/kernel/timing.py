"""When things happen on a route.

A route is described by two rows of labels: the earliest end of every stop and the latest arrival at the
next one that keeps the rest possible, each once "hungry" (lunch still to come) and once with lunch had.
Waiting is always allowed, so "arrive no later than" is all that the rest of a route asks, also with
several windows, and an insertion is tried in constant time.
"""

# NumPy's whole numbers pass for ints in compiled code.
# mypy: disable-error-code="no-any-return,arg-type,assignment"

from __future__ import annotations

from tightrope.planning.routing.engines.kernel.compiled import inlined, inner
from tightrope.planning.routing.engines.kernel.facts import (
    BUSY,
    CLOCK,
    COUNT,
    EARLY,
    EARLY_HUNGRY,
    END,
    FAIR_LOAD,
    FAIRNESS,
    KEEP,
    KEEP_COST,
    LATE,
    LATE_HUNGRY,
    LATEST,
    LEG,
    LOAD,
    LUNCH,
    LUNCH_CLOSES,
    LUNCH_OPENS,
    NEVER,
    NEXT,
    NOW,
    PER_ROUTE,
    PER_TRIP,
    PLAIN,
    SERVICE,
    SETUP,
    SHIFT,
    START,
    VERSION,
    WINDOW,
    WINDOWS,
    Facts,
    Int32,
    Ints,
    State,
)


@inlined
def begin(visits: Ints, j: int, t: int) -> int:
    """First start of visit ``j`` at or after ``t``; NEVER when its windows are over."""
    for w in range(visits[j, WINDOWS]):
        if t <= visits[j, WINDOW + 2 * w + 1]:
            return max(t, visits[j, WINDOW + 2 * w])
    return NEVER


@inlined
def latest(visits: Ints, j: int, t: int) -> int:
    """Latest start of visit ``j`` at or before ``t``; -NEVER when there is none."""
    for w in range(visits[j, WINDOWS] - 1, -1, -1):
        if t >= visits[j, WINDOW + 2 * w]:
            return min(t, visits[j, WINDOW + 2 * w + 1])
    return -NEVER


@inlined
def lunch_end(people: Ints, v: int, t: int) -> int:
    """End of a lunch that begins as early as possible from ``t`` on."""
    s = max(t, people[v, LUNCH_OPENS])
    if s <= people[v, LUNCH_CLOSES]:
        return s + people[v, LUNCH]
    return NEVER


@inlined
def lunch_from(people: Ints, v: int, t: int) -> int:
    """Latest moment at which one may turn to lunch and be back at ``t``."""
    s = min(people[v, LUNCH_CLOSES], t - people[v, LUNCH])
    if s >= people[v, LUNCH_OPENS]:
        return s
    return -NEVER


@inlined
def work_at(visits: Ints, site: Ints, row: int, j: int) -> int:
    """Service time of visit ``j``, with its set-up when one comes from another site."""
    work = visits[j, SERVICE]
    if visits[j, SETUP] > 0 and site[row] != site[j]:
        work += visits[j, SETUP]
    return work


@inner
def step_early(
    travel: Int32, visits: Ints, site: Ints, people: Ints, v: int, row: int, j: int, hungry: int, fed: int
) -> tuple[int, int]:
    """Earliest ends of visit ``j`` after leaving ``row`` at ``hungry`` (lunch to come) or ``fed``."""
    d = travel[row, j]
    work = work_at(visits, site, row, j)
    n1 = begin(visits, j, fed + d)
    n0 = NEVER
    if people[v, LUNCH] > 0 and hungry < NEVER:
        n0 = begin(visits, j, hungry + d)
        n1 = min(n1, begin(visits, j, lunch_end(people, v, hungry) + d))
        n1 = min(n1, begin(visits, j, lunch_end(people, v, hungry + d)))
    return min(n0 + work, NEVER), min(n1 + work, NEVER)


@inner
def step_late(travel: Int32, people: Ints, v: int, row: int, to: int, a0: int, a1: int) -> tuple[int, int]:
    """Latest departures from ``row`` so that ``to`` is reached by ``a0`` (lunch to come) or ``a1`` (had)."""
    d = travel[row, to]
    l0 = a0 - d
    l1 = a1 - d
    if people[v, LUNCH] > 0:
        l0 = max(l0, lunch_from(people, v, a1 - d), lunch_from(people, v, a1) - d)
    return l0, l1


@inner
def home_late(travel: Int32, people: Ints, v: int, row: int, end: int) -> tuple[int, int]:
    """Latest departures from ``row`` to be at the end place by ``end``; lunch, if due, before the trip."""
    l1 = end - travel[row, people[v, END]]
    l0 = -NEVER
    if people[v, LUNCH] > 0:
        l0 = lunch_from(people, v, l1)
    return l0, l1


@inner
def label_route(f: Facts, s: State, v: int) -> bool:
    """Labels, load, work and cost of route ``v`` from its stops; False when it breaks a rule.

    For problems without costs of time. O(stops).
    """
    travel, cost, visits, people, site = f.travel, f.cost, f.visits, f.people, f.site
    stops, labels = s.stops, s.labels
    n = s.routes[v, COUNT]
    s.routes[v, VERSION] = s.tally[CLOCK]
    s.tally[CLOCK] += 1
    for q in range(f.kit.shape[1]):
        used = 0
        for p in range(n):
            used += f.parts[stops[NOW, v, p], q]
        s.routes[v, LOAD + q] = used
    plain = f.rules[PLAIN] > 0.0
    has_lunch = people[v, LUNCH] > 0
    e0 = people[v, SHIFT] if has_lunch else NEVER
    e1 = NEVER if has_lunch else people[v, SHIFT]
    labels[v, 0, EARLY_HUNGRY] = e0
    labels[v, 0, EARLY] = e1
    row = people[v, START]
    busy = 0
    paid = 0
    kept = 0.0
    for p in range(n):
        j = stops[NOW, v, p]
        busy += travel[row, j] + work_at(visits, site, row, j)
        paid += cost[row, j]
        labels[v, p, LEG] = cost[row, j]
        labels[v, p, NEXT] = j
        if visits[j, KEEP] >= 0 and visits[j, KEEP] != v:
            kept += f.worth[j, KEEP_COST]
        if plain:
            e1 = begin(visits, j, e1 + travel[row, j]) + visits[j, SERVICE]
        else:
            e0, e1 = step_early(travel, visits, site, people, v, row, j, e0, e1)
        labels[v, p + 1, EARLY_HUNGRY] = e0
        labels[v, p + 1, EARLY] = e1
        row = j
    s.value[v, 0] = 0.0
    labels[v, n, LEG] = cost[row, people[v, END]]
    labels[v, n, NEXT] = people[v, END]
    if n > 0:
        busy += travel[row, people[v, END]]
        paid += cost[row, people[v, END]]
        over = max(0.0, busy - f.rates[v, FAIR_LOAD])
        s.value[v, 0] = f.rates[v, PER_TRIP] * paid + f.rates[v, PER_ROUTE] + kept + f.rules[FAIRNESS] * over
    s.routes[v, BUSY] = busy
    l0, l1 = home_late(travel, people, v, row, people[v, LATEST])
    good = n == 0 or e1 <= l1 or e0 <= l0
    labels[v, n, LATE_HUNGRY] = -NEVER
    labels[v, n, LATE] = people[v, LATEST]
    for p in range(n - 1, -1, -1):
        j = stops[NOW, v, p]
        row = stops[NOW, v, p - 1] if p > 0 else people[v, START]
        work = work_at(visits, site, row, j)
        a1 = latest(visits, j, l1 - work)
        a0 = -NEVER
        if plain:
            l1 = a1 - travel[row, j]
        else:
            a0 = latest(visits, j, l0 - work)
            l0, l1 = step_late(travel, people, v, row, j, a0, a1)
        labels[v, p, LATE_HUNGRY] = a0
        labels[v, p, LATE] = a1
    for q in range(f.kit.shape[1]):
        if s.routes[v, LOAD + q] > f.kit[v, q]:
            good = False
    return good
