"""The city field-service day: plain mappings of engineers and jobs, as its generator hands them out.

An engineer has ``home`` (km), ``shift``, ``skills``, ``cap`` (stock of each part type) and ``lunch``
(earliest start, latest start, length); a job has ``at``, ``skill``, ``dur``, ``tw``, ``prio`` and
``parts``. Travel is Euclidean × 1.3 at 30 km/h, rounded up to whole minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Engineer, Lunch, Problem, Visit

MINUTES_PER_KM = 2.6
COST_OF_PRIORITY = {1: 60.0, 2: 180.0, 3: 600.0}
"""Six minutes of travel for each point of priority weight (10, 30, 100)."""


def city_day(
    engineers: Sequence[Mapping[str, Any]], jobs: Sequence[Mapping[str, Any]], *, name: str = "city"
) -> Problem:
    """The day with lunch; see `without_lunch`. Places are the homes, then the jobs."""
    if not jobs:
        raise BadProblem("jobs", "there is none")
    points = np.array([e["home"] for e in engineers] + [j["at"] for j in jobs], dtype=float)
    return Problem(
        visits=tuple(
            Visit(
                name=str(number),
                place=len(engineers) + number,
                service=float(job["dur"]),
                windows=((float(job["tw"][0]), float(job["tw"][1])),),
                skills={f"skill {job['skill']}": 1},
                weight=COST_OF_PRIORITY[job["prio"]],
                parts={f"part {kind}": count for kind, count in enumerate(job["parts"]) if count},
            )
            for number, job in enumerate(jobs)
        ),
        engineers=tuple(_engineer(number, each) for number, each in enumerate(engineers)),
        travel=_travel(points),
        points=points,
        name=name,
    )


def city_day_without_lunch(
    engineers: Sequence[Mapping[str, Any]], jobs: Sequence[Mapping[str, Any]], *, name: str = "city"
) -> Problem:
    """The day on which nobody eats."""
    return city_day([{**each, "lunch": None} for each in engineers], jobs, name=name)


def city_routes(plan: Plan) -> dict[int, list[int]]:
    """The plan as the generator's own checker wants it: {engineer: [job, ...]}."""
    return {int(route.engineer): [int(visit) for visit in route.visits] for route in plan.routes}


def _engineer(number: int, each: Mapping[str, Any]) -> Engineer:
    lunch = each["lunch"]
    return Engineer(
        name=str(number),
        start=number,
        end=number,
        shift=(float(each["shift"][0]), float(each["shift"][1])),
        skills={f"skill {skill}": 1 for skill in each["skills"]},
        parts={f"part {kind}": count for kind, count in enumerate(each["cap"])},
        lunch=Lunch(opens=float(lunch[0]), closes=float(lunch[1]), length=float(lunch[2])) if lunch else None,
        store_calls=0,
    )


def _travel(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Row by row in blocks, so that a large city needs little more than the matrix itself."""
    travel = np.empty((len(points), len(points)), dtype=np.int32)
    for first in range(0, len(points), 256):
        apart = points[first : first + 256, None, :] - points[None, :, :]
        travel[first : first + 256] = np.ceil(MINUTES_PER_KM * np.hypot(apart[..., 0], apart[..., 1]))
    return travel
