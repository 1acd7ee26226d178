"""A problem searched as a whole: cycles of annealing, and the best set of the routes met in them.

One long cooling serves large problems best. A small one is cooled several times from the same best plan:
each time it freezes elsewhere, and the routes of all cycles together hold better plans than any one of them
(see `mosaic`). The last share of the run improves on that set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tightrope.planning.routing.engines import Progress
from tightrope.planning.routing.engines.arrays import Sheet
from tightrope.planning.routing.engines.mosaic import Mosaic
from tightrope.planning.routing.engines.search import Orders, Search, temperatures
from tightrope.planning.routing.stop import Clock, Stop

STEPS_A_VISIT = 1_500
"""Steps for each visit that a cycle takes at least; with fewer it freezes too early."""

MOST_CYCLES = 8
"""Cycles of a run whose end is known."""

MOST_VISITS = 300
"""Visits up to which the best set of routes is found within a second or two."""

FINISH = 0.92
"""Share of the run at which cycles end and the best set of their routes is improved on."""

WARM = 0.1
"""Temperature at the start of the finish, and of a run from a given plan, as a share of the usual one."""


@dataclass
class _Course:
    """How a run is divided: ``cycles`` up to ``finish``, cooled from ``hot`` to ``cold`` each."""

    hot: float
    cold: float
    span: int
    cycles: int = 0
    finish: float = 1.0
    begun: float = -1.0

    def set_out(self, share: float, steps: int, visits: int) -> None:
        """Decide on cycles once the pace is known; what was spent before the first step tells nothing."""
        if self.begun < 0.0:
            self.begun = share
        if self.cycles or share < self.begun + 0.01:
            return
        expected = steps / (share - self.begun)
        self.cycles = max(1, min(MOST_CYCLES, int(expected / self.span)))
        if visits <= MOST_VISITS and expected >= self.span:
            self.finish = FINISH

    def place(self, share: float, steps: int) -> tuple[int, float]:
        """Number of the cycle and the share of it that is over; the finish counts as one."""
        if share == 0.0:
            return divmod(steps, self.span)[0], steps % self.span / self.span
        if share >= self.finish:
            return self.cycles, (share - self.finish) / max(1e-9, 1.0 - self.finish)
        cycle, part = divmod(share / self.finish * max(1, self.cycles), 1.0)
        return int(cycle), part

    def heat(self, share: float, part: float) -> float:
        """Temperature; that of the finish begins low."""
        hot = self.hot if share < self.finish else max(self.cold, WARM * self.hot)
        return float(hot * (self.cold / hot) ** part)


def solve_whole(
    sheet: Sheet, *, stop: Stop, clock: Clock, seed: int, start: Orders | None, progress: Progress | None
) -> Orders:
    """Best routes found until ``stop``; never worse than ``start`` where that is valid."""
    n, m = len(sheet.places), len(sheet.problem.engineers)
    search = Search(sheet, np.arange(n), np.arange(m), seed=seed)
    search.load(start or [[] for _ in range(m)])
    search.fill()
    hot, cold = temperatures(search)
    course = _Course(max(cold, WARM * hot) if start else hot, cold, STEPS_A_VISIT * n)
    mosaic = Mosaic(search)
    best, told, cycle = search.best, 0.0, 0
    while n and (share := stop.share(clock)) < 1.0:
        course.set_out(share, clock.steps, n)
        now, part = course.place(share, clock.steps)
        if now > cycle:
            cycle = now
            is_finish = share >= course.finish
            search.load((mosaic.best_set() if is_finish else None) or search.orders())
        search.run(search.chunk, heat=course.heat(share, part))
        clock.steps += search.chunk
        if n <= MOST_VISITS:
            mosaic.note()
        if search.best < best - 1e-9:
            best = search.best
            clock.improved_at_step = clock.steps
            if progress and clock.wall_seconds - told > 0.2:
                told = clock.wall_seconds
                progress(best, clock.cpu_seconds)
    if progress:
        progress(search.best, clock.cpu_seconds)
    return search.orders()
