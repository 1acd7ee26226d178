"""Room for a weighty visit where a lighter one stands."""

# NumPy's whole numbers pass for ints in compiled code.
# mypy: disable-error-code="no-any-return,arg-type,assignment"

from __future__ import annotations

from tightrope.planning.routing.engines.kernel.compiled import compiled, inner
from tightrope.planning.routing.engines.kernel.facts import (
    ABLE_FROM,
    ABLE_TO,
    COUNT,
    FIXED,
    NOW,
    ROUTE,
    WEIGHT,
    Facts,
    Ints,
    State,
)
from tightrope.planning.routing.engines.kernel.scan import leave, look, put, refresh


@compiled
def eject(f: Facts, s: State, waiting: Ints) -> int:
    """Put each of ``waiting`` that is out in the place of one lighter visit where that pays best.

    The lighter one is left out; offer it elsewhere with `fill`, which also counts the value anew. Returns
    how many have changed places. O(waiting × stops of able engineers × stops of a route).
    """
    changed = 0
    for i in range(waiting.shape[0]):
        j = waiting[i]
        if s.status[j, ROUTE] >= 0:
            continue
        best_v = -1
        best_p = -1
        best = 1e-6
        for a in range(f.visits[j, ABLE_FROM], f.visits[j, ABLE_TO]):
            v = int(f.able_list[a])
            for p in range(s.routes[v, COUNT]):
                k = s.stops[NOW, v, p]
                if f.worth[k, WEIGHT] >= f.worth[j, WEIGHT] or f.visits[k, FIXED]:
                    continue
                before = s.value[v, 0]
                _cut(s, v, p)
                refresh(f, s, v)
                cost = s.value[v, 0] + look(f, s, v, j) + f.worth[k, WEIGHT]
                gain = before + f.worth[j, WEIGHT] - cost
                _mend(s, v, p, k)
                s.value[v, 0] = before
                if gain > best:
                    best, best_v, best_p = gain, v, p
            refresh(f, s, v)
        if best_v >= 0:
            k = s.stops[NOW, best_v, best_p]
            _cut(s, best_v, best_p)
            refresh(f, s, best_v)
            leave(s, k)
            look(f, s, best_v, j)
            put(f, s, best_v, j, s.place[j, best_v])
            changed += 1
    return changed


@inner
def _cut(s: State, v: int, at: int) -> None:
    n = s.routes[v, COUNT]
    for p in range(at, n - 1):
        s.stops[NOW, v, p] = s.stops[NOW, v, p + 1]
    s.routes[v, COUNT] = n - 1


@inner
def _mend(s: State, v: int, at: int, j: int) -> None:
    n = s.routes[v, COUNT]
    for p in range(n, at, -1):
        s.stops[NOW, v, p] = s.stops[NOW, v, p - 1]
    s.stops[NOW, v, at] = j
    s.routes[v, COUNT] = n + 1
