"""A run in figures, and many runs as means with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from tightrope.planning.simulation.hours import DAY
from tightrope.planning.simulation.lived import NEVER, Case, Lived
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.recent import Recent
from tightrope.planning.simulation.twin import live

DAYS_PER_YEAR = 365.25
FIGURES: Mapping[str, str] = {
    "cases": "reported",
    "visits": "made in the field",
    "kept": "share in which somebody arrived, or the machine worked again, in time",
    "visited_in_time": "share of cases with a visit in which the engineer arrived in time",
    "response_hours": "service hours to that moment, mean",
    "response_90": "service hours within which nine of ten are met",
    "ended_hours": "service hours to the end of the case, mean",
    "down_hours": "clock hours until the machine, or a loaner, works, mean",
    "desk_in_time": "share answered by the desk in time",
    "desk_wait_minutes": "mean",
    "utilisation": "engineers' travel and work, share of the hours they are there",
    "travel_share": "of that, on the road",
    "overtime_hours": "all engineers together",
    "expert_wait_hours": "for the second line, service hours, mean",
    "expert_utilisation": "of the second line",
    "parts_at_once": "share of part needs filled from the city's shelf",
    "loaners_at_once": "share of wishes for a loaner that found one",
    "backlog": "visits that wait for an engineer, mean number in service hours",
    "open_at_end": "cases not ended when the measured time ends",
    "cost": "of the measured time",
    "cost_per_case": "cost over cases",
}
"""What is measured, and what it means."""


@dataclass(frozen=True)
class Window:
    """Measured are cases reported in `days`, after `warm_up_days`; `after_days` let them end."""

    days: int = 91
    warm_up_days: int = 14
    after_days: int = 14

    @property
    def begins(self) -> float:
        return DAY * self.warm_up_days

    @property
    def ends(self) -> float:
        return self.begins + DAY * self.days

    @property
    def until(self) -> float:
        return self.ends + DAY * self.after_days


@dataclass(frozen=True)
class Estimate:
    """Mean over runs, with the interval that covers the true mean with the confidence asked for."""

    mean: float
    low: float
    high: float
    deviation: float


def play(
    company: Company, window: Window, *, seed: int, run: int, past: Recent | None = None
) -> dict[str, float]:
    """The figures of one run; NaN where nothing happened to be measured. Late shares by city come as
    ``late:<city>``. With `past`, the warm-up is what was recorded, and the pace of failures as uncertain as
    it says.
    """
    if past is not None:
        company = replace(company, growth=company.growth * past.pace(seed=seed, run=run))
    return measure(company, window, live(company, seed=seed, run=run, until=window.until, past=past))


def measure(company: Company, window: Window, lived: Lived) -> dict[str, float]:
    """Figures of what was lived through."""
    hours = company.hours
    cases = [case for case in lived.cases if window.begins <= case.reported < window.ends]
    found = _of_cases(company, window, cases)
    span = hours.served(window.ends) - hours.served(window.begins)
    busy = present = 0.0
    for worker in lived.workers:
        for start, end in worker.busy:
            start, end = max(start, window.begins), min(end, window.ends)
            if end > start:
                busy += hours.served(end) - hours.served(start)
    present = span * len(lived.workers) * (1.0 - company.absent)
    road = sum(case.travelled for case in cases)
    share = (window.ends - window.begins) / window.until
    overtime = share * sum(worker.overtime for worker in lived.workers)
    worked = sum(case.worked for case in cases)
    waits = [wait for at, wait in lived.expert_wait if window.begins <= at < window.ends]
    experts = sum(company.second_line.experts.values())
    filled = [there for at, there in lived.orders if window.begins <= at < window.ends]
    found |= {
        "utilisation": busy / present if present else math.nan,
        "travel_share": road / (road + worked) if road + worked else math.nan,
        "overtime_hours": overtime,
        "expert_wait_hours": _mean(waits),
        "expert_utilisation": lived.expert_busy / (experts * hours.served(window.until))
        if experts
        else math.nan,
        "parts_at_once": _mean([float(there) for there in filled]),
        "backlog": sum(case.queued_hours for case in cases) / span,
        "cost": cost_of(company, window, road=road, overtime=overtime, cases=cases),
    }
    found["cost_per_case"] = found["cost"] / len(cases) if cases else math.nan
    return found


def _of_cases(company: Company, window: Window, cases: Sequence[Case]) -> dict[str, float]:
    served = company.hours.served
    promise = company.promise
    kept = in_time = visited = answered = 0
    response, ended, down, desk = [], [], [], []
    late: dict[int, list[int]] = {c: [0, 0] for c in range(len(company.cities))}
    for case in cases:
        reported = served(case.reported)
        met = min(case.met, case.works_again, window.until)
        took = served(met) - reported
        response.append(took)
        is_kept = took <= promise.response_hours + 1e-9 and min(case.met, case.works_again) < window.until
        kept += is_kept
        late[case.city][0] += 1
        late[case.city][1] += not is_kept
        if case.way == "visit":
            visited += 1
            in_time += served(
                min(case.arrived, window.until)
            ) - reported <= promise.response_hours + 1e-9 and (case.arrived < window.until)
        ended.append(served(min(case.ended, window.until)) - reported)
        down.append(min(case.works_again, window.until) - case.reported)
        wait = 60.0 * (min(case.answered, window.until) - case.reported)
        desk.append(wait)
        answered += wait <= promise.desk_minutes + 1e-9
    n = len(cases)
    wanted = [case for case in cases if case.wanted_loaner]
    return {
        "cases": float(n),
        "visits": float(sum(case.visits for case in cases)),
        "kept": kept / n if n else math.nan,
        "visited_in_time": in_time / visited if visited else math.nan,
        "response_hours": _mean(response),
        "response_90": float(np.quantile(response, 0.9)) if n else math.nan,
        "ended_hours": _mean(ended),
        "down_hours": _mean(down),
        "desk_in_time": answered / n if n else math.nan,
        "desk_wait_minutes": _mean(desk),
        "loaners_at_once": sum(case.has_loaner for case in wanted) / len(wanted) if wanted else math.nan,
        "open_at_end": float(sum(case.ended >= window.ends for case in cases)),
        "late_cases": float(n - kept),
        **{f"late:{company.cities[c].name}": float(number) for c, (_, number) in late.items()},
        **{f"cases:{company.cities[c].name}": float(number) for c, (number, _) in late.items()},
    }


def cost_of(
    company: Company, window: Window, *, road: float, overtime: float, cases: Sequence[Case]
) -> float:
    """Money of the measured time: what stands there anyhow, the road, and what late and broken costs."""
    money = company.money
    late = 0
    down = 0.0
    if money.late_cost or money.down_cost_per_hour:
        served = company.hours.served
        for case in cases:
            met = min(case.met, case.works_again)
            late += (
                met == NEVER or served(met) - served(case.reported) > company.promise.response_hours + 1e-9
            )
            down += min(case.works_again, window.until) - case.reported
    return (
        standing_cost_per_year(company) * window.days / DAYS_PER_YEAR
        + road * 2.0 * money.road_per_hour
        + overtime * money.overtime_per_hour
        + late * money.late_cost
        + down * money.down_cost_per_hour
    )


def standing_cost_per_year(company: Company) -> float:
    """Wages, rents, and the capital in stock and loaners."""
    by_name = {city.name: city for city in company.cities}
    heads = company.heads_by_city()
    bases = set(heads) | {name for name, number in company.second_line.experts.items() if number}
    desk_hours = sum((s.closes - s.opens) * len(s.days) * s.people for s in company.desk.shifts)
    stock = sum(
        part.unit_cost * (sum(part.city_stock.values()) + (part.depot_stock or 0)) for part in company.parts
    )
    capital = stock + company.loaners.size * company.loaners.price
    return (
        sum(by_name[name].wage_per_year * number for name, number in heads.items())
        + sum(by_name[name].rent_per_year for name in bases)
        + sum(company.second_line.experts.values()) * company.second_line.wage_per_year
        + desk_hours * company.desk.wage_per_hour * DAYS_PER_YEAR / 7
        + capital * company.money.holding_share
    )


def estimate(values: Sequence[float], confidence: float) -> Estimate:
    """Mean of independent runs by Student's t; runs without a value are left out."""
    known = np.array([value for value in values if not math.isnan(value)])
    if known.size == 0:
        return Estimate(math.nan, math.nan, math.nan, math.nan)
    mean = float(known.mean())
    if known.size == 1:
        return Estimate(mean, math.nan, math.nan, math.nan)
    deviation = float(known.std(ddof=1))
    half = _t(confidence, known.size - 1) * deviation / math.sqrt(known.size)
    return Estimate(mean, mean - half, mean + half, deviation)


@lru_cache(maxsize=256)
def _t(confidence: float, degrees: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + confidence / 2))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
