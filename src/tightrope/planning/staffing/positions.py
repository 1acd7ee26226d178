"""The inverse question: the fewest servers that keep a promise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.queues import Waiting, impatient_waiting, waiting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_SERVERS = 1_000_000


@dataclass(frozen=True)
class ServiceTarget:
    """What callers are promised and what servers can be asked.

    Attributes
    ----------
    share : float
        Share of callers to be served in time, 0 to below 1.
    within_minutes : float
        The time they may wait, zero or more.
    max_occupancy : float
        Greatest share of their time that servers may be at work, above 0 and up to 1.
    shrinkage : float
        Share of paid time that is not served (leave, training, breaks), 0 to below 1.
    patience_minutes : float or None
        Mean patience of those who wait; None when everybody waits as long as it takes.
    """

    share: float = 0.8
    within_minutes: float = 1.0 / 3.0
    max_occupancy: float = 1.0
    shrinkage: float = 0.0
    patience_minutes: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise BadProblem("share", f"must be 0 or more and below 1, not {self.share}")
        if not math.isfinite(self.within_minutes) or self.within_minutes < 0:
            raise BadProblem("within_minutes", f"must be zero or more, not {self.within_minutes}")
        if not 0 < self.max_occupancy <= 1:
            raise BadProblem("max_occupancy", f"must be above 0 and at most 1, not {self.max_occupancy}")
        if not 0 <= self.shrinkage < 1:
            raise BadProblem("shrinkage", f"must be 0 or more and below 1, not {self.shrinkage}")
        if self.patience_minutes is not None and not (
            math.isfinite(self.patience_minutes) and self.patience_minutes > 0
        ):
            raise BadProblem("patience_minutes", f"must be above zero, not {self.patience_minutes}")


@dataclass(frozen=True)
class Positions:
    """Servers at work (`servers`), people to schedule for them (`scheduled`), and the queue they give."""

    servers: int
    scheduled: int
    load: float
    waiting: Waiting


def positions_for(
    *, arrivals: float, period_minutes: float, work_minutes: float, target: ServiceTarget
) -> Positions:
    """Fewest servers for `arrivals` per `period_minutes`, each taking `work_minutes` on average.

    Erlang C, or Erlang A when the target states a patience. Raises BadProblem for negative or unreal
    numbers.
    """
    if not math.isfinite(arrivals) or arrivals < 0:
        raise BadProblem("arrivals", f"must be zero or more, not {arrivals}")
    if not (math.isfinite(period_minutes) and period_minutes > 0):
        raise BadProblem("period_minutes", f"must be above zero, not {period_minutes}")
    load = arrivals * work_minutes / period_minutes
    servers = int(servers_for_loads([load], work_minutes=work_minutes, target=target)[0])
    return Positions(
        servers=servers,
        scheduled=scheduled_for(servers, shrinkage=target.shrinkage),
        load=load,
        waiting=waiting_with(load, servers, work_minutes=work_minutes, target=target),
    )


def scheduled_for(servers: int, *, shrinkage: float) -> int:
    """People to schedule so that `servers` are at work when `shrinkage` of paid time is lost."""
    return math.ceil(servers / (1.0 - shrinkage) - 1e-9)


def waiting_with(load: float, servers: int, *, work_minutes: float, target: ServiceTarget) -> Waiting:
    """The queue that the target is measured on, patient or impatient as it says."""
    if load == 0:
        # Nobody calls, so nobody waits, whatever the number of servers.
        return Waiting(0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    if target.patience_minutes is None:
        return waiting(load, servers, work_minutes=work_minutes, within_minutes=target.within_minutes)
    return impatient_waiting(
        load,
        servers,
        work_minutes=work_minutes,
        patience_minutes=target.patience_minutes,
        within_minutes=target.within_minutes,
    )


def servers_for_loads(loads: ArrayLike, *, work_minutes: float, target: ServiceTarget) -> Ints:
    """Fewest servers for each offered load, (n,) erlangs to (n,); 0 for a load of 0.

    Erlang C for all loads at once: one recursion over servers, O(greatest answer) array steps. With
    impatience each load is searched from the answer of the one before.
    """
    array = np.atleast_1d(np.asarray(loads, dtype=np.float64))
    for number in np.flatnonzero(~np.isfinite(array) | (array < 0))[:1]:
        raise BadProblem(f"load {number}", f"must be zero or more erlangs, not {array[number]}")
    if not (math.isfinite(work_minutes) and work_minutes > 0):
        raise BadProblem("work_minutes", f"must be above zero, not {work_minutes}")
    if target.patience_minutes is None:
        return _patient_servers(array, work_minutes, target)
    answer = np.zeros(len(array), dtype=np.int64)
    guess = 1
    for number in np.flatnonzero(array > 0):
        load = float(array[number])

        def is_enough(servers: int, load: float = load) -> bool:
            queue = waiting_with(load, servers, work_minutes=work_minutes, target=target)
            return queue.service_level >= target.share and queue.occupancy <= target.max_occupancy + 1e-12

        guess = least_servers(is_enough, guess=guess)
        answer[number] = guess
    return answer


def least_servers(is_enough: Callable[[int], bool], *, guess: int = 1) -> int:
    """Least number, one or more, for which `is_enough` holds, given that it holds for all above.

    Looks near `guess` first. Raises BadProblem when a million are not enough.
    """
    low, high, step = 0, max(1, guess), 1
    if is_enough(high):
        while high - step > 0 and is_enough(high - step):
            high, step = high - step, step * 2
        low = max(0, high - step)
    else:
        low = high
        while not is_enough(low + step):
            low, step = low + step, step * 2
            if low > _MOST_SERVERS:
                raise BadProblem("target", "cannot be kept with any number of servers")
        high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _patient_servers(loads: Floats, work_minutes: float, target: ServiceTarget) -> Ints:
    answer = np.zeros(len(loads), dtype=np.int64)
    left = np.flatnonzero(loads > 0)
    load = loads[left]
    inverse = np.ones(len(left))
    servers = 0
    while len(left):
        servers += 1
        # Jagerman's recursion; it overflows to infinity for hopelessly many servers, where B is 0.
        inverse = 1.0 + servers / load * inverse
        with np.errstate(divide="ignore", over="ignore"):
            blocked = 1.0 / inverse
        free = servers - load
        stable = free > 0
        use = load / servers
        delayed = np.where(stable, blocked / np.where(stable, 1.0 - use * (1.0 - blocked), 1.0), 1.0)
        level = 1.0 - delayed * np.exp(-np.maximum(free, 0.0) * target.within_minutes / work_minutes)
        enough = stable & (level >= target.share) & (use <= target.max_occupancy + 1e-12)
        if enough.any():
            answer[left[enough]] = servers
            left, load, inverse = left[~enough], load[~enough], inverse[~enough]
    return answer
