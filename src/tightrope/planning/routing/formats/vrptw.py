"""Vehicle routing with time windows as Solomon and Gehring & Homberger write it.

Distances follow the DIMACS convention of the published best values: Euclidean, cut after one decimal.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.problem import Engineer, Problem, Visit


def read_vrptw(path: Path) -> Problem:
    """The instance in ``path``; vehicles become engineers whose van carries the capacity.

    Raises BadProblem where the text is not such an instance.
    """
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    fleet = _after(path, lines, "NUMBER")
    try:
        vehicles, capacity = int(fleet[0]), int(fleet[1])
        rows = [[float(cell) for cell in line] for line in lines if len(line) == 7 and line[0].isdigit()]
    except (ValueError, IndexError) as wrong:
        raise BadProblem(path.name, f"is not a VRPTW instance: {wrong}") from wrong
    if not rows:
        raise BadProblem(path.name, "has no customers")
    points = np.array([(row[1], row[2]) for row in rows])
    apart = points[:, None, :] - points[None, :, :]
    depot = rows[0]
    engineers = tuple(
        Engineer(
            name=f"vehicle {number}", start=0, end=0, shift=(depot[4], depot[5]), parts={"load": capacity}
        )
        for number in range(1, vehicles + 1)
    )
    visits = tuple(
        Visit(
            name=f"customer {int(row[0])}",
            place=place,
            service=row[6],
            windows=((row[4], row[5]),),
            parts={"load": int(row[3])} if row[3] else {},
        )
        for place, row in enumerate(rows)
        if place
    )
    # The small addend keeps whole distances whole where the root comes out a hair too small.
    travel = np.floor(10.0 * np.hypot(apart[..., 0], apart[..., 1]) + 1e-9) / 10.0
    return Problem(visits=visits, engineers=engineers, travel=travel, points=points, name=path.stem)


def _after(path: Path, lines: list[list[str]], heading: str) -> list[str]:
    for line, following in itertools.pairwise(lines):
        if line and line[0] == heading:
            return following
    raise BadProblem(path.name, f"has no line that begins with {heading}")
