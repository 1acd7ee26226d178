"""What chance brings, drawn before the twin lives through it.

Every failure carries its own luck (how long, which part, is it solved at the desk), drawn from streams
named by city and model. So two set-ups compared under one seed meet the same failures with the same luck,
whoever serves them in whatever order, and a larger base meets the same ones sooner: common random numbers
(Law, Simulation Modeling and Analysis, 5th ed., section 11.2).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from tightrope.planning.simulation.hours import WEEK
from tightrope.planning.simulation.problem import Company, Floats

WEEKS_PER_YEAR = 365.25 / 7
LUCK = 8
DESK, PART_NEEDED, WHICH_PART, AGAIN, ON_SITE, LOANER, CUSTOMER, TRAVEL = range(LUCK)


@dataclass(frozen=True)
class Failures:
    """Sorted by time, (n,) each; `luck` (n, LUCK) uniform, `work` (n, 4) of mean 1: desk, visit, again, expert."""

    at: Floats
    city: Floats
    model: Floats
    luck: Floats
    work: Floats


def draw_failures(company: Company, *, until: float, seed: int, run: int) -> Failures:
    """All failures before `until` (clock hours) of one run."""
    cumulative = _week_of_reports(company)
    at, city, model, luck, work = [], [], [], [], []
    weeks = until / WEEK
    for c, place in enumerate(company.cities):
        for m, kind in enumerate(company.models):
            number = company.machines.get(place.name, {}).get(kind.name, 0) * company.growth
            rate = number * kind.failures_per_year / WEEKS_PER_YEAR
            if rate <= 0:
                continue
            named = zlib.crc32(f"{place.name}/{kind.name}".encode())
            streams = [np.random.default_rng([seed, run, named, stream]) for stream in range(3)]
            expected = rate * weeks
            gaps = streams[0].exponential(size=int(expected + 8 * expected**0.5 + 16))
            times = np.cumsum(gaps) / rate
            times = times[times < weeks]
            n = len(times)
            if n == 0:
                continue
            whole = np.floor(times)
            at.append(whole * WEEK + np.interp(times - whole, cumulative, np.arange(169.0)))
            city.append(np.full(n, c))
            model.append(np.full(n, m))
            luck.append(streams[1].random((n, LUCK)))
            work.append(_lengths(company, kind.spread, n, streams[2]))
    if not at:
        return Failures(np.empty(0), np.empty(0), np.empty(0), np.empty((0, LUCK)), np.empty((0, 4)))
    every = np.concatenate(at)
    order = np.argsort(every, kind="stable")
    return Failures(
        every[order],
        np.concatenate(city)[order],
        np.concatenate(model)[order],
        np.concatenate(luck)[order],
        np.concatenate(work)[order],
    )


def draw_absences(company: Company, *, days: int, seed: int, run: int) -> list[list[bool]]:
    """Whether each engineer is away on each day, by an own stream for each name."""
    if company.absent == 0:
        return [[False] * days for _ in company.engineers]
    away = []
    for engineer in company.engineers:
        named = zlib.crc32(engineer.name.encode())
        away.append((np.random.default_rng([seed, run, named, 9]).random(days) < company.absent).tolist())
    return away


def _lengths(company: Company, spread: float, n: int, stream: np.random.Generator) -> Floats:
    """Gamma of mean 1 with the given coefficients of variation; 0 is always 1."""
    lengths = np.ones((n, 4))
    columns = ((0, company.desk.spread), (1, spread), (2, spread), (3, company.second_line.spread))
    # One sub-stream a column: rejection inside the gamma draw must not shift the others.
    for (column, variation), own in zip(columns, stream.spawn(4), strict=True):
        if variation > 0:
            shape = variation**-2
            lengths[:, column] = own.standard_gamma(shape, size=n) / shape
    return lengths


def _week_of_reports(company: Company) -> Floats:
    """Share of a week's reports made by each full hour of it, (169,)."""
    weights = company.profile
    if weights is None:
        hours = company.hours
        served = np.array([hours.served(float(hour)) for hour in range(168)] + [hours.per_week])
        return served / hours.per_week
    cumulative: Floats = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
    return cumulative
