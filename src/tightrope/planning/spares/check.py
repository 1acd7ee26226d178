"""An independent judge of stock plans: no code shared with the models that make them.

Single lines are recomputed by adding up chances with `math.lgamma`, parts behind a depot by playing
their days: orders, shipments and arrivals one by one.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tightrope.planning.spares.problem import Line, Part, Problem

Levels = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with the plan (empty when nothing is) and the figures found.

    ``fill_rate`` carries the margin of the simulation in ``error`` (twice its standard error; 0 where
    every line could be computed).
    """

    wrong: tuple[str, ...]
    fill_rate: float
    error: float
    money: float


def check(problem: Problem, levels: Levels, *, seed: int = 1, orders: int = 40_000) -> Verdict:
    """Judge levels against the problem's limits and target.

    ``orders`` is the number of demands played for each part behind a depot. Demand in bursts is played
    as clusters with logarithmic sizes, the compound Poisson process whose counts are negative binomial.
    """
    wrong = []
    known = {line.key for line in problem.lines}
    wrong += [f"{part} at {place}: no such line" for part, place in levels if (part, place) not in known]
    parts = {part.name: part for part in problem.parts}
    money = 0.0
    for line in problem.lines:
        level = levels.get(line.key)
        where = f"{line.part} at {line.location}"
        if level is None:
            wrong.append(f"{where}: the plan has no level for it")
            continue
        if level < line.at_least:
            wrong.append(f"{where}: level {level} is below the least allowed, {line.at_least}")
        if line.at_most is not None and level > line.at_most:
            wrong.append(f"{where}: level {level} is above the most allowed, {line.at_most}")
        money += level * parts[line.part].unit_cost

    filled, variance, demand = 0.0, 0.0, 0.0
    for name in dict.fromkeys(line.part for line in problem.lines):
        lines = [line for line in problem.lines if line.part == name]
        depot = next((line for line in lines if line.location == problem.depot), None)
        served = [line for line in lines if line.demand_per_day > 0]
        total = sum(line.demand_per_day for line in served)
        demand += total
        if depot is not None and len(lines) > 1 and served:
            share, error = _played(parts[name], depot, served, levels, seed, orders)
            filled += total * share
            variance += (total * error) ** 2
        else:
            filled += sum(
                line.demand_per_day * _computed(parts[name], line, levels.get(line.key, 0)) for line in served
            )
    fill_rate = filled / demand
    error = 2 * math.sqrt(variance) / demand
    if fill_rate + error < problem.target_fill_rate - 1e-9:
        wrong.append(f"all lines: fill rate {fill_rate:.5f} is below the target {problem.target_fill_rate}")
    return Verdict(tuple(wrong), fill_rate, error, money)


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """What is wrong with a plan (as JSON) made here or elsewhere; empty when nothing is."""
    if not problem.lines:
        return []
    stock = given.get("stock")
    listed = stock.get("lines") if isinstance(stock, Mapping) else None
    if not isinstance(listed, list) or not all(isinstance(line, Mapping) for line in listed):
        return ["the plan has no stock lines"]
    wrong: list[str] = []
    levels: dict[tuple[str, str], int] = {}
    for i, line in enumerate(listed):
        level = line.get("level")
        if isinstance(level, bool) or not isinstance(level, int) or level < 0:
            wrong.append(f"plan line {i}: its level must be a whole number, not {level!r}")
            continue
        key = (str(line.get("part")), str(line.get("location")))
        if key in levels:
            wrong.append(f"{key[0]} at {key[1]}: the plan names it twice")
        levels[key] = level
    return [*wrong, *check(problem, levels, seed=seed).wrong]


def _computed(part: Part, line: Line, level: int) -> float:
    days = line.repaired_share * line.repair_days + (1 - line.repaired_share) * line.lead_days
    mean = line.demand_per_day * days
    if level == 0:
        return 0.0
    if mean == 0:
        return 1.0
    if part.variance_ratio <= 1 + 1e-9:
        return sum(math.exp(x * math.log(mean) - mean - math.lgamma(x + 1)) for x in range(level))
    q = 1 / part.variance_ratio
    r = mean * q / (1 - q)
    due = [
        math.exp(
            math.lgamma(x + r) - math.lgamma(r) - math.lgamma(x + 1) + r * math.log(q) + x * math.log(1 - q)
        )
        for x in range(level)
    ]
    # Of a burst of b units that finds h on the shelf, min(b, h) are filled at once.
    sizes = [-((1 - q) ** b) / (b * math.log(q)) for b in range(1, level)]
    mean_size = -(1 - q) / (q * math.log(q))

    def filled(on_shelf: int) -> float:
        small = sum(b * chance for b, chance in enumerate(sizes[: on_shelf - 1], start=1))
        return small + on_shelf * (1 - sum(sizes[: on_shelf - 1]))

    return sum(chance * filled(level - x) for x, chance in enumerate(due)) / mean_size


def _played(
    part: Part, depot: Line, bases: list[Line], levels: Levels, seed: int, orders: int
) -> tuple[float, float]:
    """Share of demands filled from the base's shelf, with its standard error from twenty batches."""
    rng = random.Random(f"{seed} {part.name}")
    total = sum(base.demand_per_day for base in bases)
    cumulative, reached = [], 0.0
    for base in bases:
        reached += base.demand_per_day / total
        cumulative.append(reached)
    shelf = [levels.get(base.key, 0) for base in bases]
    backlog = [0] * len(bases)
    depot_shelf, depot_queue = levels.get(depot.key, 0), deque[int]()
    coming: list[tuple[float, int]] = []
    bursts = 1 - 1 / part.variance_ratio
    mean_burst = -bursts / ((1 - bursts) * math.log(1 - bursts)) if bursts > 1e-9 else 1.0

    def settle(until: float) -> None:
        nonlocal depot_shelf
        while coming and coming[0][0] <= until:
            at, place = heapq.heappop(coming)
            if place >= 0:
                if backlog[place]:
                    backlog[place] -= 1
                else:
                    shelf[place] += 1
            elif depot_queue:
                to = depot_queue.popleft()
                heapq.heappush(coming, (at + bases[to].lead_days, to))
            else:
                depot_shelf += 1

    now, played, warm = 0.0, 0, orders // 5
    batches = [[0, 0] for _ in range(20)]
    while played < orders + warm:
        now += rng.expovariate(total / mean_burst)
        settle(now)
        place = _drawn(rng, cumulative)
        for _ in range(_burst(rng, bursts)):
            if played >= warm:
                batch = batches[min((played - warm) * 20 // orders, 19)]
                batch[0] += shelf[place] > 0
                batch[1] += 1
            played += 1
            if shelf[place]:
                shelf[place] -= 1
            else:
                backlog[place] += 1
            base = bases[place]
            if rng.random() < base.repaired_share:
                heapq.heappush(coming, (now + base.repair_days, place))
                continue
            heapq.heappush(coming, (now + depot.lead_days, -1))
            if depot_shelf:
                depot_shelf -= 1
                heapq.heappush(coming, (now + base.lead_days, place))
            else:
                depot_queue.append(place)
    shares = [hit / seen for hit, seen in batches if seen]
    mean = sum(shares) / len(shares)
    spread = sum((share - mean) ** 2 for share in shares) / (len(shares) - 1)
    return mean, math.sqrt(spread / len(shares))


def _drawn(rng: random.Random, cumulative: list[float]) -> int:
    draw = rng.random()
    return next((i for i, edge in enumerate(cumulative) if draw <= edge), len(cumulative) - 1)


def _burst(rng: random.Random, bursts: float) -> int:
    """Logarithmic size by inversion; 1 when demand comes one by one."""
    if bursts <= 1e-9:
        return 1
    chance = -bursts / math.log(1 - bursts)
    draw, size = rng.random(), 1
    while draw > chance and size < 10_000:
        draw -= chance
        size += 1
        chance *= bursts * (size - 1) / size
    return size
