"""Small problems that tests share."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from tightrope.planning.routing import Engineer, Lunch, Problem, Store, Visit

LUNCH = Lunch(opens=690, closes=810, length=30)


def line(places: int, *, step: float = 10.0) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Travel times between places along one road, `step` apart."""
    at = np.arange(places) * step
    return np.abs(at[:, None] - at[None, :])


def engineer(name: str = "Wu", **facts: Any) -> Engineer:
    """An engineer who lives at place 0 and works from 8 to 17."""
    return Engineer(**{"name": name, "start": 0, "end": 0, "shift": (480.0, 1020.0), **facts})


def visit(name: str, place: int, **facts: Any) -> Visit:
    """Half an hour of work."""
    return Visit(**{"name": name, "place": place, "service": 30.0, **facts})


def full_town(seed: int = 3, visits: int = 10, engineers: int = 3) -> Problem:
    """A day with every feature in it: levels, windows, set-up, lunch, stock, tools, a store and a crew."""
    draw = random.Random(seed)
    points = np.array([(draw.uniform(0, 30), draw.uniform(0, 30)) for _ in range(visits + engineers + 1)])
    apart = points[:, None, :] - points[None, :, :]
    return Problem(
        visits=tuple(
            visit(
                f"V{n}",
                engineers + 1 + n,
                service=draw.choice([20.0, 30.0, 45.0]),
                windows=((480.0, 720.0), (800.0, 1000.0)) if n % 3 == 0 else (),
                setup=5.0 if n % 4 == 0 else 0.0,
                skills={"pumps": 1 + n % 2} if n % 2 else {},
                weight=draw.choice([60.0, 180.0, None]),
                parts={"seal": 1} if n % 5 == 0 else {},
                tools=frozenset({"press"}) if n % 6 == 0 else frozenset(),
                crew=2 if n == 3 else 1,
            )
            for n in range(visits)
        ),
        engineers=tuple(
            engineer(
                f"E{k}",
                start=k,
                end=k,
                overtime=60.0,
                overtime_cost=2.0,
                skills={"pumps": 2},
                parts={"seal": k % 2},
                lunch=LUNCH,
                fixed_cost=10.0,
            )
            for k in range(engineers)
        ),
        travel=2.0 * np.hypot(apart[..., 0], apart[..., 1]),
        stores=(Store(name="depot", place=engineers, handling=5.0),),
        fairness=0.1,
        fair_share=0.6,
        points=points,
    )
