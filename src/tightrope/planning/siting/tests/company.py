"""A small made-up company for tests: towns on a plane, some of which could hold a base."""

import numpy as np

from tightrope.planning.siting import Point, Site, SitingProblem


def a_company(*, towns=16, cities=5, seed=1, **changes):
    random = np.random.default_rng(seed)
    places = random.random((towns, 2)) * 400
    points = tuple(
        Point(f"town {number}", float(random.integers(20, 400)), 1.5, float(x), float(y))
        for number, (x, y) in enumerate(places)
    )
    sites = tuple(
        Site(
            f"city {number}",
            rent_per_year=float(random.integers(60, 160)) * 1000,
            wage_per_year=float(random.integers(90, 150)) * 1000,
            max_heads=40,
            is_open_today=number < 2,
            x=float(x),
            y=float(y),
        )
        for number, (x, y) in enumerate(places[:cities])
    )
    gaps = places[:, None] - places[None, :cities]
    facts = {
        "points": points,
        "sites": sites,
        "travel_minutes": np.hypot(gaps[..., 0], gaps[..., 1]) * 1.3,
        "within_minutes": 120.0,
        "travel_cost_per_hour": 40.0,
    }
    return SitingProblem(**{**facts, **changes})
