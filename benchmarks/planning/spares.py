"""Spares against published digits, exact answers and proven bounds: python benchmarks/planning/spares.py"""

from __future__ import annotations

import random

import numpy as np
from measuring import Rows, cpu_seconds

from tightrope.planning.spares import (
    ExchangePool,
    Line,
    LoanerPool,
    Location,
    Normal,
    Part,
    Problem,
    cheapest_reorder,
    check,
    judge_echelons,
    one_buy,
    plan_stock,
    poisson,
    size_for,
    two_echelons,
)


def main() -> None:
    rows = Rows("spares")
    digits(rows)
    echelons(rows)
    stock(rows)
    pools(rows)


def digits(rows: Rows) -> None:
    for level, reference in enumerate((1, 0.36788, 0.10364, 0.02334, 0.00435)):
        rows.add(
            f"backorders, one due, {level} in stock",
            float(poisson(1.0).expected_backorders(level)),
            reference,
        )
    seconds, plan = cpu_seconds(
        lambda: cheapest_reorder(
            holding_cost=20, stockout_cost=150, fixed_cost=100, demand_rate=1.5, lead_time=2
        )
    )
    rows.add("(r, Q): r", plan.reorder_at, 3, cpu=seconds)
    rows.add("(r, Q): Q", plan.quantity, 5)
    rows.add("(r, Q): cost", plan.cost, 107.9236)
    rows.add(
        "newsvendor, normal 50/8: quantity",
        one_buy(Normal(50, 8), over_cost=0.18, under_cost=0.7).quantity,
        56.6039559,
    )
    rows.add(
        "newsvendor, Poisson 50: cost", one_buy(poisson(50), over_cost=0.18, under_cost=0.7).cost, 1.7972352
    )


def echelons(rows: Rows) -> None:
    """Backorders at the bases against the exact answer, worst of 60 systems."""
    rng = np.random.default_rng(1)
    systems = [
        (
            two_echelons(
                rng.uniform(0.02, 0.4, 4), ship_days=rng.uniform(1, 5, 4), depot_days=rng.uniform(10, 40)
            ),
            int(rng.integers(0, 15)),
            rng.integers(1, 5, 4),
        )
        for _ in range(60)
    ]
    for method in ("metric", "vari-metric"):
        worst, seconds = 0.0, 0.0
        for system, depot, base in systems:
            spent, service = cpu_seconds(
                lambda s=system, d=depot, b=base, m=method: judge_echelons(
                    s, depot_stock=d, base_stock=b, method=m
                )
            )
            exact = judge_echelons(system, depot_stock=depot, base_stock=base, method="exact")
            seconds += spent
            worst = max(worst, abs(service.fill_rate - exact.fill_rate))
        rows.add(f"{method}: worst error of fill rate", worst, 0.0, seed=1, cpu=seconds / 60)


def stock(rows: Rows) -> None:
    """Money against the proven bound; fill rate of the independent judge against the target."""
    for parts, bases, ratio in ((20, 5, 1.0), (20, 5, 2.0), (300, 12, 1.0)):
        problem = company(parts, bases, ratio=ratio)
        seconds, plan = cpu_seconds(lambda problem=problem: plan_stock(problem))
        name = f"stock, {parts} parts x {bases} bases, ratio {ratio:g}"
        rows.add(f"{name}: money", plan.outcome.money, plan.bound, seed=1, cpu=seconds)
        rows.add(f"{name}: today's money for it", plan.outcome.money, plan.today.money, seed=1)
        if parts <= 20:
            verdict = check(problem, plan.outcome.levels)
            rows.add(f"{name}: judged fill rate", verdict.fill_rate, problem.target_fill_rate, seed=1)
            rows.add(f"{name}: violations", len(verdict.wrong), 0, seed=1)
    problem = company(2000, 10, depot=False)
    seconds, plan = cpu_seconds(lambda: plan_stock(problem))
    rows.add("stock, 20,000 lines without depot: money", plan.outcome.money, plan.bound, seed=1, cpu=seconds)


def pools(rows: Rows) -> None:
    """Pool sizes for 3,000 machines, and availability against an event-by-event simulation."""
    for name, pool in (
        ("exchange pool, 3000 machines", ExchangePool(3000, 0.4 / 365, 6, 9, 60)),
        ("loaner pool, 3000 machines", LoanerPool(3000, 0.4 / 365, 6, 9, 60, 5)),
    ):
        seconds, service = cpu_seconds(lambda pool=pool: size_for(pool, 0.995))
        rows.add(f"{name}: availability", service.availability, 0.995, cpu=seconds)
    for machines, size, rate, road, repair, repairers in ((10, 2, 0.02, 3, 5, 1), (50, 4, 0.01, 4, 3, 2)):
        service = ExchangePool(machines, rate, road, repair, repairers).judge(size)
        played = np.mean([_play(machines, size, rate, road, repair, repairers, seed) for seed in range(4)])
        rows.add(
            f"exchange pool, {machines} machines + {size}, played",
            service.availability,
            float(played),
            seed="0-3",
        )


def company(parts: int, bases: int, *, ratio: float = 1.0, depot: bool = True, seed: int = 1) -> Problem:
    rng = random.Random(seed)
    places = [Location(f"city {i}") for i in range(bases)]
    kinds, lines = [], []
    for p in range(parts):
        kinds.append(Part(f"part {p}", round(rng.lognormvariate(5, 1.2), 2), ratio))
        usual, far = rng.lognormvariate(-4.5, 1.2), rng.choice([20, 45, 90])
        if depot:
            lines.append(Line(f"part {p}", "HQ", 0, far, stock=rng.randint(0, 8)))
        for i in range(bases):
            days = rng.choice([1, 2, 4]) if depot else far
            lines.append(
                Line(f"part {p}", f"city {i}", usual * rng.uniform(0.2, 2), days, stock=rng.randint(0, 2))
            )
    if depot:
        places.append(Location("HQ", is_depot=True))
    return Problem(tuple(places), tuple(kinds), tuple(lines), target_fill_rate=0.95)


def _play(
    machines: int, size: int, rate: float, road: float, repair: float, repairers: int, seed: int
) -> float:
    """Share of customers with a working machine over 200,000 days, exponential shop, constant road."""
    import heapq

    rng = random.Random(seed)
    events: list[tuple[float, int, str]] = []
    number = 0

    def push(at: float, what: str) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (at, number, what))

    for _ in range(machines):
        push(rng.expovariate(rate), "fails")
    shelf, waiting, queue, busy, now, lost = size, 0, 0, 0, 0.0, 0.0
    while now < 200_000:
        at, _, what = heapq.heappop(events)
        lost += waiting * (at - now)
        now = at
        if what == "fails":
            push(now + road, "arrives")
            if shelf:
                shelf -= 1
                push(now + rng.expovariate(rate), "fails")
            else:
                waiting += 1
        elif what == "arrives":
            queue += 1
        else:
            busy -= 1
            if waiting:
                waiting -= 1
                push(now + rng.expovariate(rate), "fails")
            else:
                shelf += 1
        while queue and busy < repairers:
            queue, busy = queue - 1, busy + 1
            push(now + rng.expovariate(1 / repair), "repaired")
    return 1 - lost / now / machines


if __name__ == "__main__":
    main()
