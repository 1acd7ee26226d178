"""When the present set-up breaks as the installed base grows, and when hiring must start.

Month 0 is today. Machines grow by a monthly rate with an uncertainty that widens with the square root of
time; heads leave at a yearly rate; a hire decided today works after `hiring_months` and counts in full
after `ramp_months` more, in even steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.field import (
    FieldPromise,
    Territory,
    failure_rate_interval,
    heads_for_territory,
    is_kept,
    response_with,
)


@dataclass(frozen=True)
class Growth:
    """What is known about the coming months.

    Attributes
    ----------
    monthly_growth : float
        Share by which the base grows in a month, above -1 (0.02 is 2 % a month).
    monthly_spread : float
        Standard deviation of one month's growth, zero or more.
    heads : float
        On the payroll today.
    leaving_per_year : float
        Share of heads that leaves in a year, 0 to below 1.
    hiring_months, ramp_months : int
        From the decision to the first day, and from there to full work.
    months : int
        How far to look, 1 to 240.
    """

    monthly_growth: float
    heads: float
    monthly_spread: float = 0.0
    leaving_per_year: float = 0.0
    hiring_months: int = 3
    ramp_months: int = 3
    months: int = 36

    def __post_init__(self) -> None:
        if not (math.isfinite(self.monthly_growth) and self.monthly_growth > -1):
            raise BadProblem("monthly_growth", f"must be above -1, not {self.monthly_growth}")
        for name in ("monthly_spread", "heads", "hiring_months", "ramp_months"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise BadProblem(name, f"must be zero or more, not {value}")
        if not 0 <= self.leaving_per_year < 1:
            raise BadProblem(
                "leaving_per_year", f"must be 0 or more and below 1, not {self.leaving_per_year}"
            )
        if not 1 <= self.months <= 240:
            raise BadProblem("months", f"must lie between 1 and 240, not {self.months}")


@dataclass(frozen=True)
class Month:
    """One month: the base (with its interval), heads needed for it, heads left without hiring, and service.

    heads_needed_high and is_kept_at_worst are for the upper end of both growth and failure rate.
    """

    month: int
    machines: float
    machines_low: float
    machines_high: float
    heads_needed: int
    heads_needed_high: int
    heads_left: float
    kept_share: float
    mean_response_hours: float
    is_kept: bool
    is_kept_at_worst: bool


@dataclass(frozen=True)
class Outlook:
    """The months, when the promise first fails without hiring, and what to do about it.

    Attributes
    ----------
    breaks_in, breaks_early : int or None
        First month in which the promise fails: as expected, and at the upper end of the interval.
    decide_by : int or None
        Month in which hiring must be decided so that the hires work in full when it would fail;
        negative says by how many months it is too late.
    hires : dict of month to int
        Hires to decide in each month so that heads in full work meet the need from the first month
        that hiring can still reach.
    uncovered : tuple of int
        Months that fail whatever is decided today.
    """

    months: tuple[Month, ...]
    breaks_in: int | None
    breaks_early: int | None
    decide_by: int | None
    hires: dict[int, int]
    uncovered: tuple[int, ...]


def outlook(
    territory: Territory, promise: FieldPromise, growth: Growth, *, confidence: float = 0.9
) -> Outlook:
    """Go through the months ahead. Raises BadProblem as `heads_for_territory` does."""
    rows = tuple(_month(territory, promise, growth, month, confidence) for month in range(growth.months + 1))
    fails = [row.month for row in rows if not row.is_kept]
    early = [row.month for row in rows if not row.is_kept_at_worst]
    breaks = fails[0] if fails else None
    lead = growth.hiring_months + growth.ramp_months
    hires, uncovered = _hires(rows, growth)
    return Outlook(
        months=rows,
        breaks_in=breaks,
        breaks_early=early[0] if early else None,
        decide_by=None if breaks is None else breaks - lead,
        hires=hires,
        uncovered=uncovered,
    )


def _month(
    territory: Territory, promise: FieldPromise, growth: Growth, month: int, confidence: float
) -> Month:
    from scipy.special import ndtri

    middle = territory.machines * (1.0 + growth.monthly_growth) ** month
    width = float(ndtri(0.5 + confidence / 2.0)) * growth.monthly_spread * math.sqrt(month)
    low, high = middle * math.exp(-width), middle * math.exp(width)
    left = growth.heads * (1.0 - growth.leaving_per_year) ** (month / 12.0)
    base = replace(territory, machines=middle)
    worst = replace(territory, machines=high)
    _low_rate, high_rate = failure_rate_interval(territory, confidence=confidence)
    worst_rate = replace(worst, failures_seen=high_rate * territory.machine_years_seen)
    mean, kept = response_with(base, promise, heads=left)
    return Month(
        month=month,
        machines=middle,
        machines_low=low,
        machines_high=high,
        heads_needed=heads_for_territory(base, promise, confidence=confidence).heads,
        heads_needed_high=heads_for_territory(worst, promise, confidence=confidence).heads_high,
        heads_left=left,
        kept_share=kept,
        mean_response_hours=mean,
        is_kept=is_kept(base, promise, heads=left),
        is_kept_at_worst=is_kept(worst_rate, promise, heads=left),
    )


def _hires(rows: tuple[Month, ...], growth: Growth) -> tuple[dict[int, int], tuple[int, ...]]:
    """Whole hires, each decided as late as possible; hired heads leave at the same rate."""
    lead = growth.hiring_months + growth.ramp_months
    stay = (1.0 - growth.leaving_per_year) ** (1.0 / 12.0)
    hires: dict[int, int] = {}
    uncovered = []
    for row in rows:
        have = row.heads_left + sum(
            count
            * _worth(row.month - decided, growth)
            * stay ** max(0, row.month - decided - growth.hiring_months)
            for decided, count in hires.items()
        )
        short = row.heads_needed - have
        if short <= 1e-9:
            continue
        if row.month < lead:
            uncovered.append(row.month)
            continue
        worth = stay**growth.ramp_months
        decided = row.month - lead
        hires[decided] = hires.get(decided, 0) + math.ceil(short / worth - 1e-9)
    return hires, tuple(uncovered)


def _worth(months: int, growth: Growth) -> float:
    """Share of a full head that a hire decided so many months ago is worth."""
    working = months - growth.hiring_months
    if working < 0:
        return 0.0
    return min(1.0, (working + 1) / (growth.ramp_months + 1))
