"""What each further city costs and what it buys, beside what is open today."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.answer import Progress
from tightrope.planning.siting.place import place, plan_for_sites
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.stop import Stopping


@dataclass(frozen=True)
class Rung:
    """The best plan with so many cities, and the step from the rung before.

    more_cost is money a year; fewer_minutes is mean one-way travel saved; nearer_share is the share of
    visits that comes within reach; cost_per_minute is money a year for each minute of mean travel saved
    (None when nothing is saved). All are None on the first rung.
    """

    plan: SitingPlan
    more_cost: float | None
    fewer_minutes: float | None
    nearer_share: float | None

    @property
    def cities(self) -> int:
        return len(self.plan.bases)

    @property
    def cost_per_minute(self) -> float | None:
        if self.more_cost is None or not self.fewer_minutes or self.fewer_minutes <= 0:
            return None
        return self.more_cost / self.fewer_minutes


@dataclass(frozen=True)
class Ladder:
    """Rungs in rising number of cities; `today` is None when no site is open today."""

    rungs: tuple[Rung, ...]
    today: SitingPlan | None

    @property
    def cheapest(self) -> Rung:
        return min(self.rungs, key=lambda rung: rung.plan.cost)


def climb(
    problem: SitingProblem,
    *,
    fewest: int = 1,
    most: int,
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 5.0,
    progress: Progress | None = None,
) -> Ladder:
    """Solve the problem with `fewest` to `most` sites by its own aim.

    `prove_seconds` is for each rung. When `stop` is reached the rungs climbed so far are returned, at
    least one. Raises BadProblem for an impossible range.
    """
    if not 1 <= fewest <= most <= len(problem.sites):
        raise BadProblem("ladder", f"{fewest} to {most} is no range within 1 to {len(problem.sites)} sites")
    began = time.monotonic()
    rungs: list[Rung] = []
    lowest = max(fewest, len(problem.fixed), 1)
    for count in range(lowest, most + 1):
        if rungs and stop is not None and stop.is_reached():
            break
        plan = place(replace(problem, count=count), stop=stop, seed=seed, prove_seconds=prove_seconds)
        rungs.append(_rung(plan, rungs[-1].plan if rungs else None))
        if progress is not None:
            progress(plan.value, time.monotonic() - began)
    if not rungs:
        raise BadProblem("ladder", f"{lowest} sites must open, so {most} are too few")
    today = problem.today
    return Ladder(rungs=tuple(rungs), today=plan_for_sites(problem, today) if len(today) else None)


def _rung(plan: SitingPlan, before: SitingPlan | None) -> Rung:
    if before is None:
        return Rung(plan=plan, more_cost=None, fewer_minutes=None, nearer_share=None)
    return Rung(
        plan=plan,
        more_cost=plan.cost - before.cost,
        fewer_minutes=before.mean_minutes - plan.mean_minutes,
        nearer_share=plan.near_share - before.near_share,
    )
