"""When today's set-up breaks as the installed base grows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.figures import Estimate, Window
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.replicate import Stopping, replicate


@dataclass(frozen=True)
class GrowthWish:
    """The base grows by `monthly` a month; look `months` ahead, `every` so many; hiring takes `hiring_months`."""

    monthly: float
    months: int = 24
    every: int = 3
    hiring_months: int = 6
    runs: int = 30

    def __post_init__(self) -> None:
        if not -1 < self.monthly < 1:
            raise BadProblem("growth", f"monthly must lie between -1 and 1, not {self.monthly}")
        if self.months < 1 or self.every < 1 or self.hiring_months < 0 or self.runs < 2:
            raise BadProblem("growth", "needs months, every and hiring_months of a month, and 2 runs or more")


@dataclass(frozen=True)
class Month:
    """The quarter that begins so many months from now, with today's people and stock."""

    month: int
    machines: float
    kept: Estimate
    backlog: Estimate
    utilisation: Estimate


@dataclass(frozen=True)
class Outlook:
    """Months looked at, in order; `breaks_in` is the first month (not only of those looked at) in which the
    promise fails, between `breaks_from` (its interval's upper end no longer covers) and later; `decide_by`
    leaves the time to hire. None: holds as far as was looked, or was stopped.
    """

    months: tuple[Month, ...]
    breaks_in: int | None
    decide_by: int | None


def outlook(
    company: Company,
    window: Window,
    wish: GrowthWish,
    *,
    seed: int,
    confidence: float,
    processes: int = 1,
    stop: Stopping | None = None,
) -> Outlook:
    """Look every few months ahead; where the promise fails first, month by month between."""
    seen: dict[int, Month] = {}

    def look(month: int) -> Month:
        if month not in seen:
            factor = (1.0 + wish.monthly) ** month
            larger = replace(company, growth=company.growth * factor)
            sample = replicate(
                larger,
                window,
                runs=wish.runs,
                seed=seed,
                confidence=confidence,
                processes=processes,
                stop=stop,
            )
            seen[month] = Month(
                month, larger.installed, sample.of("kept"), sample.of("backlog"), sample.of("utilisation")
            )
        return seen[month]

    def holds(month: int) -> bool:
        kept = look(month).kept.mean
        return math.isnan(kept) or kept >= company.promise.share

    breaks, before = None, 0
    for month in range(0, wish.months + 1, wish.every):
        if stop is not None and seen and stop.is_reached():
            break
        if not holds(month):
            breaks = month
            break
        before = month
    if breaks:
        low, high = before, breaks
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        breaks = high
        # The curve beyond the break shows how fast it gets worse.
        for month in range(breaks, wish.months + 1, wish.every):
            if stop is not None and stop.is_reached():
                break
            look(month)
    return Outlook(
        months=tuple(seen[month] for month in sorted(seen)),
        breaks_in=breaks,
        decide_by=None if breaks is None else breaks - wish.hiring_months,
    )
