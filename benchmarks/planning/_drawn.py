"""Instances of our own making, so that no engine is judged only on files it may have been tuned to.

Vehicle routing in the manner of Gehring & Homberger (customers at random, in clusters or half and half; narrow
or wide windows; short or long days), and technicians in the manner of Pillac, Guéret & Medaglia with other
densities: more or fewer people a request, skills, tools and parts, clustered or spread. All from a seed.
"""

from __future__ import annotations

import numpy as np

from tightrope.planning.routing import Problem
from tightrope.planning.routing.problem import Engineer, Store, Visit


def vehicles(customers: int, *, kind: str, seed: int) -> Problem:
    """``kind``: R, C or RC, then 1 (short days, small vans) or 2 (long days, large vans)."""
    chance = np.random.default_rng([customers, seed, len(kind), ord(kind[0])])
    is_long = kind.endswith("2")
    side = 70.0 * (customers / 100) ** 0.5
    points = np.vstack(([[side / 2, side / 2]], _places(customers, kind, side, chance)))
    apart = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    travel = np.floor(10.0 * apart + 1e-9) / 10.0
    service = 90.0 if kind.startswith("C") else 10.0
    day = float(np.ceil((14 if is_long else 5) * side * 0.75 + service * (30 if is_long else 10)))
    capacity = 1000 if is_long else 200
    visits = []
    for place in range(1, customers + 1):
        earliest, latest = travel[0, place], day - travel[place, 0] - service
        width = float(chance.choice([0.05, 0.1, 0.3])) * day * (0.7 + 0.6 * chance.random())
        middle = earliest + chance.random() * (latest - earliest)
        is_free = chance.random() < 0.25
        opens = 0.0 if is_free else max(0.0, round(middle - width / 2))
        closes = latest if is_free else min(latest, round(middle + width / 2))
        visits.append(
            Visit(
                name=f"customer {place}",
                place=place,
                service=service,
                windows=((float(min(opens, closes)), float(np.floor(closes))),),
                parts={"load": int(chance.integers(1, 41))},
            )
        )
    vans = tuple(
        Engineer(name=f"vehicle {n}", start=0, end=0, shift=(0.0, day), parts={"load": capacity})
        for n in range(customers // 4)
    )
    return Problem(
        visits=tuple(visits), engineers=vans, travel=travel, points=points, name=f"{kind} {customers}"
    )


def technicians(
    requests: int, *, people: int, seed: int, clustered: bool = False, with_store: bool = True
) -> Problem:
    """Technicians from home with skills, tools and parts; without a store everybody carries everything."""
    chance = np.random.default_rng([requests, people, seed, int(clustered)])
    homes = chance.random((people, 2)) * 100.0
    places = _places(requests, "C" if clustered else "R", 100.0, chance)
    points = np.vstack(([[50.0, 50.0]], homes, places))
    apart = points[:, None, :] - points[None, :, :]
    kinds, day = 6, 480.0
    engineers = []
    for n in range(people):
        skills = set(chance.choice(kinds, size=int(chance.integers(3, kinds + 1)), replace=False).tolist())
        carried = chance.integers(2, 12, size=kinds)
        tools = {k for k in range(kinds) if chance.random() < 0.55}
        if not with_store:
            tools, carried = set(range(kinds)), np.full(kinds, 10 * requests)
        engineers.append(
            Engineer(
                name=f"T{n}",
                start=n + 1,
                end=n + 1,
                shift=(0.0, day),
                skills={f"skill {k}": 1 for k in sorted(skills | {n % kinds})},
                tools=frozenset(f"tool {k}" for k in sorted(tools)),
                parts={f"part {k}": int(c) for k, c in enumerate(carried)},
                travel_cost=0.0,
                time_cost=1.0,
            )
        )
    visits = []
    for n in range(requests):
        opens = float(chance.integers(0, 330))
        width = float(chance.choice([60, 120, 240]))
        visits.append(
            Visit(
                name=f"R{n}",
                place=people + 1 + n,
                service=float(chance.integers(5, 30)),
                windows=((opens, min(opens + width, 400.0)),),
                skills={f"skill {int(chance.integers(kinds))}": 1},
                tools=frozenset({f"tool {int(chance.integers(kinds))}"} if chance.random() < 0.4 else ()),
                parts={f"part {int(chance.integers(kinds))}": 1} if chance.random() < 0.6 else {},
            )
        )
    stores = (Store(name="depot", place=0, window=(0.0, day)),) if with_store else ()
    return Problem(
        visits=tuple(visits),
        engineers=tuple(engineers),
        travel=np.hypot(apart[..., 0], apart[..., 1]),
        stores=stores,
        points=points,
        name=f"{requests} requests, {people} technicians, {'clustered' if clustered else 'spread'}",
    )


def _places(number: int, kind: str, side: float, chance: np.random.Generator) -> np.ndarray:
    middles = chance.random((max(3, number // 12), 2)) * side
    close = middles[chance.integers(len(middles), size=number)] + chance.normal(0, side / 45, (number, 2))
    spread = chance.random((number, 2)) * side
    if kind.startswith("RC"):
        is_close = chance.random(number) < 0.5
        return np.clip(np.where(is_close[:, None], close, spread), 0, side).round()
    return np.clip(close if kind.startswith("C") else spread, 0, side).round()
