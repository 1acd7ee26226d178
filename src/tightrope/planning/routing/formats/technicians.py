"""Technician routing and scheduling instances (Pillac, Guéret & Medaglia 2013).

Optimization Letters 7, doi:10.1007/s11590-012-0567-4. Every technician starts and ends at home with his own
tools and parts and may call once at the central depot, where all tools and any number of parts are to be
had. The cost of a route is its least duration; every request must be served.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.problem import Engineer, Problem, Store, Visit

_ROW = re.compile(
    r"^\s*(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+\[(.*?)\]\s*\[(.*?)\]\s*\[(.*?)\]\s*$"
)


def read_technicians(path: Path) -> Problem:
    """The instance in ``path``. Raises BadProblem where a line cannot be read."""
    lines = path.read_text(encoding="utf-8").splitlines()
    crew = _crew(path, lines)
    rows = [match for line in lines if (match := _ROW.match(line))]
    if len(rows) < crew + 1:
        raise BadProblem(path.name, f"has {len(rows)} rows, fewer than a depot and {crew} technicians")
    numbers = [tuple(float(row[column]) for column in (2, 3, 4, 5, 6)) for row in rows]
    points = np.array([(x, y) for x, y, *_ in numbers])
    engineers, visits = [], []
    for place, (row, (_, _, opens, closes, service)) in enumerate(zip(rows, numbers, strict=True)):
        skills = {f"skill {name}": 1 for name in _list(row[7])}
        tools = frozenset(f"tool {name}" for name in _list(row[8]))
        parts = {f"part {kind}": int(count) for kind, count in enumerate(_list(row[9])) if int(count)}
        if 1 <= place <= crew:
            engineers.append(
                Engineer(
                    name=row[1],
                    start=place,
                    end=place,
                    shift=(opens, closes),
                    skills=skills,
                    tools=tools,
                    parts=parts,
                    travel_cost=0.0,
                    time_cost=1.0,
                )
            )
        elif place > crew:
            visits.append(
                Visit(
                    name=row[1],
                    place=place,
                    service=service,
                    windows=((opens, closes),),
                    skills=skills,
                    tools=tools,
                    parts=parts,
                )
            )
    apart = points[:, None, :] - points[None, :, :]
    depot = Store(name="depot", place=0, window=(numbers[0][2], numbers[0][3]))
    return Problem(
        visits=tuple(visits),
        engineers=tuple(engineers),
        travel=np.hypot(apart[..., 0], apart[..., 1]),
        stores=(depot,),
        points=points,
        name=path.stem,
    )


def _crew(path: Path, lines: list[str]) -> int:
    for line, following in itertools.pairwise(lines):
        if line.startswith("CREW COUNT"):
            return int(following.split()[0])
    raise BadProblem(path.name, "has no CREW COUNT")


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
