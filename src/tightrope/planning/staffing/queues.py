"""Erlang's formulas: how long people wait for a given number of servers.

Units: `load` is offered work in erlangs (arrivals per minute x minutes of work each), times are minutes.
Everything here is a recursion or a sum of positive terms, so no digits are lost to factorials that
overflow or to differences of nearly equal numbers; loads of many thousands are fine.

Sources
-------
Erlang (1917), "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges": B and C. Jagerman (1974), "Some properties of the Erlang loss function", Bell
System Technical Journal 53(3), eq. 5: the recursion for 1/B. Palm (1957), "Research on telephone traffic
carried by full availability groups", Tele 1, and Mandelbaum, Zeltyn (2007), "Service engineering in
action: the Palm/Erlang-A queue", section 4: impatience. Erlang A's integrals are written here as the
series of the incomplete gamma function, scaled to stay within range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tightrope.planning.errors import BadProblem

_SERIES_END = 1e-18
_TOO_LARGE = 1e260


def erlang_b(load: float, servers: int) -> float:
    """Share of calls that find all `servers` busy when nobody can wait, 0 to 1. O(servers).

    `load` in erlangs, zero or more; `servers` zero or more. Raises BadProblem otherwise.
    """
    _check(load, servers)
    if load == 0:
        return 1.0 if servers == 0 else 0.0
    inverse = 1.0
    for busy in range(1, servers + 1):
        inverse = 1.0 + busy / load * inverse
        if math.isinf(inverse):
            return 0.0
    return 1.0 / inverse


def erlang_c(load: float, servers: int) -> float:
    """Share of calls that have to wait when everybody does wait, 0 to 1; 1 when load >= servers."""
    _check(load, servers)
    if load >= servers:
        return 1.0
    blocked = erlang_b(load, servers)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


@dataclass(frozen=True)
class Waiting:
    """What a queue is like for those who arrive and those who serve.

    Attributes
    ----------
    delayed : float
        Share that waits at all, 0 to 1.
    mean_minutes : float
        Mean wait over everybody, minutes; infinity when the queue grows without end.
    service_level : float
        Share served without waiting longer than the target time, 0 to 1.
    abandoned : float
        Share that gives up before being served; 0 without impatience.
    occupancy : float
        Share of the time that a server is at work, 0 to 1.
    queue_length : float
        Mean number waiting.
    """

    delayed: float
    mean_minutes: float
    service_level: float
    abandoned: float
    occupancy: float
    queue_length: float


def waiting(load: float, servers: int, *, work_minutes: float, within_minutes: float = 0.0) -> Waiting:
    """Erlang C: everybody waits until served. `work_minutes` above zero is the mean work per call.

    With load >= servers nobody is served within any time in the long run: service level 0, wait infinite.
    """
    _check(load, servers)
    _check_times(work_minutes, within_minutes)
    if load >= servers:
        return Waiting(
            delayed=1.0,
            mean_minutes=math.inf,
            service_level=0.0,
            abandoned=0.0,
            occupancy=1.0,
            queue_length=math.inf,
        )
    delayed = erlang_c(load, servers)
    free = servers - load
    return Waiting(
        delayed=delayed,
        mean_minutes=delayed * work_minutes / free,
        service_level=1.0 - delayed * math.exp(-free * within_minutes / work_minutes),
        abandoned=0.0,
        occupancy=load / servers,
        queue_length=delayed * load / free,
    )


def impatient_waiting(
    load: float,
    servers: int,
    *,
    work_minutes: float,
    patience_minutes: float,
    within_minutes: float = 0.0,
) -> Waiting:
    """Erlang A: those who wait give up after an exponential patience of mean `patience_minutes`.

    Never without end, whatever the load. `service_level` counts those served within the time, out of
    all who called; `mean_minutes` includes the wait of those who gave up.
    """
    _check(load, servers)
    _check_times(work_minutes, within_minutes)
    if not (math.isfinite(patience_minutes) and patience_minutes > 0):
        raise BadProblem("patience_minutes", f"must be above zero, not {patience_minutes}")
    if load == 0:
        return Waiting(0.0 if servers else 1.0, 0.0, 1.0 if servers else 0.0, 0.0, 0.0, 0.0)
    blocked = erlang_b(load, servers)
    # Per unit of patience: a = service rate of all, x = arrival rate.
    a = servers * patience_minutes / work_minutes
    x = load * patience_minutes / work_minutes
    # States above "all busy", relative to it: the k-th is x^k / ((a+1) ... (a+k)).
    beyond, queue, scale = _palm_sums(a, x)
    # P(all busy) relative to the rest is blocked / (1 - blocked) as in Erlang B.
    if scale == 0.0:
        total = 1.0 / blocked + beyond - 1.0 if blocked > 0 else math.inf
        delayed = beyond / total
        waiting_mean = queue / total
        full = 1.0 / total
    else:
        rest = math.exp(-scale) * (1.0 / blocked - 1.0) if blocked > 0 else math.inf
        total = rest + beyond
        delayed, waiting_mean, full = beyond / total, queue / total, math.exp(-scale) / total
    abandoned = min(1.0, waiting_mean / x)
    late = _served_late(a, x, full, within_minutes / patience_minutes)
    return Waiting(
        delayed=delayed,
        mean_minutes=abandoned * patience_minutes,
        service_level=max(0.0, 1.0 - abandoned - late),
        abandoned=abandoned,
        occupancy=min(1.0, load * (1.0 - abandoned) / servers) if servers else 0.0,
        queue_length=waiting_mean,
    )


def _palm_sums(a: float, x: float) -> tuple[float, float, float]:
    """Sums of x^k / ((a+1)...(a+k)) and of k times it from k = 0, both times exp(-scale)."""
    # A plain running sum: all terms are positive, and this is where the time of a week's plan goes.
    term = total = 1.0
    queue, k = 0.0, 0.0
    while total < _TOO_LARGE:
        k += 1.0
        term *= x / (a + k)
        total += term
        queue += k * term
        if a + k > x and term * (k + 1.0) < total * _SERIES_END:
            return total, queue, 0.0
    return _scaled_palm_sums(a, x)


def _scaled_palm_sums(a: float, x: float) -> tuple[float, float, float]:
    """The same through logarithms, for a heavily overloaded queue, whose terms leave the range of numbers."""
    logs = [0.0]
    log, k, top = 0.0, 0, 0.0
    while True:
        k += 1
        log += math.log(x / (a + k))
        logs.append(log)
        top = max(top, log)
        if a + k > x and log < top + math.log(_SERIES_END) - math.log(k + 1.0):
            break
    terms = [math.exp(log - top) for log in logs]
    return math.fsum(terms), math.fsum(number * term for number, term in enumerate(terms)), top


def _served_late(a: float, x: float, full: float, time: float) -> float:
    """Share served after waiting longer than `time` (in mean patiences).

    Mandelbaum and Zeltyn's integral from `time` on of a e^-u exp(x(1 - e^-u) - a u), times P(just all
    busy). With y = x e^-time it is a/x exp(x - y - a time) times the sum of y^k / ((a+1)...(a+k)), k >= 1.
    """
    if a == 0:
        return 0.0
    y = x * math.exp(-time)
    log_front = math.log(a / x) + x - y - a * time + (math.log(full) if full > 0 else -math.inf)
    if log_front == -math.inf:
        return 0.0
    total, _queue, scale = _palm_sums(a, y) if y > 0 else (1.0, 0.0, 0.0)
    without_first = total - math.exp(-scale)
    if without_first < 0.5 * total:
        without_first = _palm_tail(a, y)
    if without_first <= 0:
        return 0.0
    return min(1.0, math.exp(min(0.0, log_front + scale + math.log(without_first))))


def _palm_tail(a: float, y: float) -> float:
    term, total, k = 1.0, 0.0, 0
    while True:
        k += 1
        term *= y / (a + k)
        total += term
        if term <= total * _SERIES_END:
            return total


def _check(load: float, servers: int) -> None:
    if not math.isfinite(load) or load < 0:
        raise BadProblem("load", f"must be zero or more erlangs, not {load}")
    if servers < 0:
        raise BadProblem("servers", f"must be zero or more, not {servers}")


def _check_times(work_minutes: float, within_minutes: float) -> None:
    if not (math.isfinite(work_minutes) and work_minutes > 0):
        raise BadProblem("work_minutes", f"must be above zero, not {work_minutes}")
    if not math.isfinite(within_minutes) or within_minutes < 0:
        raise BadProblem("within_minutes", f"must be zero or more, not {within_minutes}")
