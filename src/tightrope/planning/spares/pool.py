"""How many loaner or exchange units a model needs: queues with a finite number of customers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import Floats, chances, reach

Aim = Literal["availability", "filled_at_once"]


@dataclass(frozen=True, slots=True)
class PoolService:
    """What a pool of ``size`` units does.

    ``availability``: share of customers with a working machine (their own, swapped or on loan), on
    average over time. ``filled_at_once``: share of failures that find a unit on the shelf. ``out``:
    units away from the shelf on average; ``utilisation`` = out / size. ``waiting``: customers without
    any machine on average. ``failures_per_day`` of the whole base.
    """

    size: int
    availability: float
    filled_at_once: float
    out: float
    utilisation: float
    waiting: float
    failures_per_day: float


@dataclass(frozen=True, slots=True)
class ExchangePool:
    """The customer keeps the unit he is given; his faulty one is repaired and joins the pool.

    A closed network of ``machines + size`` units: in use (each fails at ``failures_per_day``), on the
    road for ``transport_days`` in all, and in a shop of ``repairers`` (None: nobody waits) who each
    take ``repair_days`` on average. Exact for exponential times to failure and repair at the shop; road
    times, and repair times without waiting, matter by their mean only (product form: Gordon & Newell
    1967; machine repair with spares: Gross et al. 2008, section 2.7.1). O(units^2) at worst.
    """

    machines: int
    failures_per_day: float
    transport_days: float
    repair_days: float
    repairers: int | None = None

    def __post_init__(self) -> None:
        _check(self.machines, self.failures_per_day, self.transport_days, self.repair_days, self.repairers)

    def judge(self, size: int) -> PoolService:
        """Service with ``size`` units beside those at the customers."""
        if size < 0:
            raise BadProblem("pool", f"its size cannot be {size}")
        n, units = self.machines, self.machines + size
        down = _down(self, units)
        working = np.minimum(units - np.arange(units + 1), n)
        spare_left = np.arange(units + 1) < size
        failing = working * down
        used = float(working @ down)
        out = float(np.minimum(np.arange(units + 1), size) @ down)
        return PoolService(
            size=size,
            availability=used / n,
            filled_at_once=float(failing[spare_left].sum() / failing.sum()),
            out=out,
            utilisation=out / size if size else 0.0,
            waiting=n - used,
            failures_per_day=used * self.failures_per_day,
        )


@dataclass(frozen=True, slots=True)
class LoanerPool:
    """The customer gets his own machine back and returns the loaner.

    His machine is away for ``transport_days`` plus its turn in the shop; the loaner is then busy for
    another ``return_days`` (way back, inspection, wiping its data). A customer who finds no loaner
    waits for a loaner or his own machine, whichever comes first. Machines down are counted exactly as
    in :class:`ExchangePool` without spares; loaners on their way back are taken as Poisson and
    independent of them, as if every failure had been lent one: close for a pool that is rarely empty,
    on the safe side for one that often is. Loaners do not fail while on loan.
    """

    machines: int
    failures_per_day: float
    transport_days: float
    repair_days: float
    repairers: int | None = None
    return_days: float = 0.0

    def __post_init__(self) -> None:
        _check(self.machines, self.failures_per_day, self.transport_days, self.repair_days, self.repairers)
        if not (math.isfinite(self.return_days) and self.return_days >= 0):
            raise BadProblem("pool", f"return days cannot be {self.return_days}")

    def judge(self, size: int) -> PoolService:
        """Service with ``size`` loaners."""
        if size < 0:
            raise BadProblem("pool", f"its size cannot be {size}")
        n = self.machines
        down = _down(self, n)
        numbers = np.arange(n + 1)
        per_day = float((n - numbers) @ down) * self.failures_per_day
        mean_down = float(numbers @ down)
        returning = per_day * self.return_days
        coming = chances(returning, returning, reach(returning, returning))
        served, filled = _served(down, coming, size)
        failing = (n - numbers) * down
        with_loaner = float(served @ down)
        waiting = mean_down - with_loaner
        out = min(with_loaner + returning, float(size))
        return PoolService(
            size=size,
            availability=1 - waiting / n,
            filled_at_once=float(filled @ failing / failing.sum()),
            out=out,
            utilisation=out / size if size else 0.0,
            waiting=waiting,
            failures_per_day=per_day,
        )


def _served(down: Floats, coming: Floats, size: int) -> tuple[Floats, Floats]:
    """For each number down: mean loaners at customers, and chance that one is free for the next."""
    free_law = np.zeros(size + 1)
    count = min(coming.size, size + 1)
    # With r loaners coming back, size - r are usable; more than all of them coming back leaves none.
    free_law[size - np.arange(count)] = coming[:count]
    free_law[0] += max(0.0, 1.0 - float(coming[:count].sum()))
    usable = np.arange(size + 1)
    numbers = np.arange(down.size)
    tail = np.cumsum(free_law[::-1])[::-1]
    # E[min(n, usable)] is the sum of P(usable > j) for j < n.
    above = np.concatenate((tail[1:], [0.0]))
    mean = np.concatenate(([0.0], np.cumsum(above)))
    served = mean[np.minimum(numbers, usable.size)]
    filled = np.where(numbers < size, above[np.minimum(numbers, size)], 0.0)
    return served, filled


def size_for(
    pool: ExchangePool | LoanerPool, target: float, *, aim: Aim = "availability", most: int | None = None
) -> PoolService:
    """Smallest pool that reaches ``target`` (a share below 1) of the aim.

    Raises
    ------
    BadProblem
        If even ``most`` units (default: one for each machine, and twice that) do not: then the shop is
        the bottleneck, and more units would only queue in it.
    """
    if not 0 < target < 1:
        raise BadProblem("pool target", f"must lie between 0 and 1, not {target}")
    limit = 2 * pool.machines if most is None else most

    def reached(size: int) -> PoolService | None:
        service = pool.judge(size)
        return service if getattr(service, aim) >= target else None

    found, high = reached(0), 0
    if found is not None:
        return found
    low, high = 0, 1
    while (found := reached(high)) is None:
        if high >= limit:
            raise BadProblem(
                "pool",
                f"{high} units give {getattr(pool.judge(high), aim):.4f}, not {target}: the shop is too slow",
            )
        low, high = high, min(high * 2, limit)
    while high - low > 1:
        middle = (low + high) // 2
        service = reached(middle)
        if service is None:
            low = middle
        else:
            high, found = middle, service
    return found


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One figure changed by ``factor``: the pool then needed, and what the pool planned would give.

    ``size`` is None when no pool would do.
    """

    what: str
    factor: float
    size: int | None
    planned_gives: float


def what_ifs(
    pool: ExchangePool | LoanerPool, target: float, *, aim: Aim = "availability", by: float = 0.2
) -> list[WhatIf]:
    """How the answer moves when failure rate, repair time or installed base are ``by`` off."""
    planned = size_for(pool, target, aim=aim).size
    changes: list[tuple[str, Callable[[float], ExchangePool | LoanerPool]]] = [
        ("failure rate", lambda f: replace(pool, failures_per_day=pool.failures_per_day * f)),
        ("repair time", lambda f: replace(pool, repair_days=pool.repair_days * f)),
        ("installed base", lambda f: replace(pool, machines=max(1, round(pool.machines * f)))),
    ]
    rows = []
    for what, changed in changes:
        for factor in (1 - by, 1 + by):
            other = changed(factor)
            gives = float(getattr(other.judge(planned), aim))
            try:
                size = size_for(other, target, aim=aim).size
            except BadProblem:
                size = None
            rows.append(WhatIf(what, factor, size, gives))
    return rows


def _down(pool: ExchangePool | LoanerPool, units: int) -> Floats:
    """Chances of 0 ... ``units`` units on the road or in the shop, from the product form.

    Every station's weights are tilted by x ** (units there), which cancels because the total is fixed;
    x is chosen so that no station's weights grow without end.
    """
    rate, n = pool.failures_per_day, pool.machines
    if pool.repairers is None:
        x = n * rate
        road_days = pool.transport_days + pool.repair_days
        rest = np.array([0.0])
    else:
        x = n * rate if pool.repair_days == 0 else min(n * rate, pool.repairers / pool.repair_days)
        road_days = pool.transport_days
        busy = np.minimum(np.arange(1, units + 1), pool.repairers)
        with np.errstate(divide="ignore"):
            rest = np.concatenate(([0.0], np.cumsum(np.log(x * pool.repair_days / busy))))
    mean = x * road_days
    road = chances(mean, mean, min(units, reach(mean, mean)))
    shop = np.exp(rest - rest.max())
    away = np.convolve(road, shop)[: units + 1]
    away = np.concatenate((away, np.zeros(units + 1 - away.size)))
    working = np.minimum(np.arange(1, units + 1), n)
    use = np.concatenate(([0.0], np.cumsum(np.log(x / (working * rate)))))[::-1]
    with np.errstate(divide="ignore"):
        logs = np.log(away) + use
    law = np.exp(logs - logs.max())
    return np.asarray(law / law.sum())


def _check(machines: int, rate: float, road: float, repair: float, repairers: int | None) -> None:
    if machines < 1:
        raise BadProblem("pool", f"it serves {machines} machines; one is the least")
    if not (math.isfinite(rate) and rate > 0):
        raise BadProblem("pool", f"failures per machine and day must be above zero, not {rate}")
    for name, value in (("transport days", road), ("repair days", repair)):
        if not (math.isfinite(value) and value >= 0):
            raise BadProblem("pool", f"{name} cannot be {value}")
    if road + repair == 0:
        raise BadProblem("pool", "a repair that takes no time needs no pool")
    if repairers is not None and repairers < 1:
        raise BadProblem("pool", f"{repairers} repairers repair nothing")
