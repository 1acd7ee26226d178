"""Staffing: reference digits, the time of a week in quarters of an hour, lived service, rosters, forecasts.

    python benchmarks/planning/staffing.py

Needs no files.
"""

import argparse
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from measuring import Rows, cpu_seconds, least_cpu

from tightrope.planning.staffing import (
    RosterProblem,
    ServiceTarget,
    Shift,
    Worker,
    erlang_b,
    erlang_c,
    forecast,
    heads_through,
    lagged_load,
    lived_service,
    make_roster,
    offered_load,
    positions_for,
    stationary_load,
    waiting,
)


def references(rows: Rows) -> None:
    """Values of the formulas against exact fractions."""
    b = Fraction(10) ** 15 / math.factorial(15)
    exact_b = float(b / sum(Fraction(10) ** n / math.factorial(n) for n in range(16)))
    last = Fraction(5) ** 8 / math.factorial(8) * Fraction(8, 3)
    exact_c = float(last / (sum(Fraction(5) ** n / math.factorial(n) for n in range(8)) + last))
    level = waiting(5, 8, work_minutes=5, within_minutes=20 / 60).service_level
    rows.add("Erlang B(10, 15)", erlang_b(10, 15), exact_b, cpu=least_cpu(lambda: erlang_b(10, 15)))
    rows.add("Erlang C(5, 8)", erlang_c(5, 8), exact_c, cpu=least_cpu(lambda: erlang_c(5, 8)))
    rows.add("within 20 s", level, 1 - exact_c * math.exp(-3 * 20 / 300))
    target = ServiceTarget(share=0.8, within_minutes=20 / 60, max_occupancy=0.85, shrinkage=0.3)

    def positions() -> Any:
        return positions_for(arrivals=100, period_minutes=30, work_minutes=3, target=target)

    rows.add("positions for 100 calls", positions().servers, 14, cpu=least_cpu(positions))


def week(rows: Rows) -> None:
    """A week in quarters of an hour: planning time, and what callers live through, at three work times."""
    hours = np.arange(672) / 4
    shape = (
        2 + 30 * np.exp(-((((hours % 24) - 11) / 3) ** 2)) + 20 * np.exp(-((((hours % 24) - 16) / 2) ** 2))
    )
    target = ServiceTarget(share=0.8, within_minutes=1 / 3)
    for work in (5.0, 25.0, 60.0):
        for load in (stationary_load, lagged_load, offered_load):

            def planned(load: Callable[..., Any] = load, work: float = work) -> Any:
                erlangs = load(shape, step_minutes=15, work_minutes=work)
                return heads_through(erlangs, step_minutes=15, work_minutes=work, target=target)

            heads = planned()
            lived = lived_service(
                shape, heads.servers, step_minutes=15, work_minutes=work, within_minutes=1 / 3, rounds=1
            )[96:]
            note = f"lived: worst step {lived.min():.3f}, steps below 80 % {np.mean(lived < 0.8):.1%}"
            name = f"week, work {work:g} min, {load.__name__}"
            mean = float(lived @ shape[96:] / shape[96:].sum())
            rows.add(name, mean, cpu=least_cpu(planned), note=note)


def impatience(rows: Rows) -> None:
    """The same week with callers who give up after three minutes on average: the goal is 50 ms."""
    hours = np.arange(672) / 4
    shape = (
        2 + 30 * np.exp(-((((hours % 24) - 11) / 3) ** 2)) + 20 * np.exp(-((((hours % 24) - 16) / 2) ** 2))
    )
    target = ServiceTarget(share=0.8, within_minutes=1 / 3, patience_minutes=3.0)
    for work in (5.0, 25.0, 60.0):

        def planned(work: float = work) -> Any:
            erlangs = offered_load(shape, step_minutes=15, work_minutes=work)
            return heads_through(erlangs, step_minutes=15, work_minutes=work, target=target)

        spent = least_cpu(planned)
        rows.add(f"week, work {work:g} min, with impatience: ms", spent * 1000, 50, cpu=spent)


def rosters(rows: Rows) -> None:
    hours = np.arange(168)
    day = 2 + 8 * np.exp(-(((hours % 24 - 11) / 3.5) ** 2)) + 5 * np.exp(-(((hours % 24 - 17) / 3) ** 2))
    need = np.ceil(day * np.where(hours // 24 >= 5, 0.5, 1.0))
    shifts = tuple(Shift(f"from {start}", start, 9, 4, 1) for start in range(24))
    for people in (15, 30):
        workers = tuple(
            Worker(f"w{n}", absent_days=frozenset({2}) if n < 3 else frozenset()) for n in range(people)
        )
        problem = RosterProblem(need, 60, shifts, workers)
        cpu, roster = cpu_seconds(lambda problem=problem: make_roster(problem, seconds=10))
        note = f"{roster.missing_hours:g} head-hours missing, gap {roster.gap:.2%}"
        rows.add(f"roster, {people} people: cost", roster.cost, cpu=cpu, note=note)


def forecasts(rows: Rows) -> None:
    """Twenty-six weeks of hours, known truth: error of the mean forecast against the true mean."""
    hours = np.arange(168)
    day = 0.3 + 8 * np.exp(-(((hours % 24 - 10) / 2.5) ** 2)) + 6 * np.exp(-(((hours % 24 - 15.5) / 2) ** 2))
    pattern = day * np.where(hours // 24 >= 5, 0.35, 1.0)
    for name, scale, growth in (("busy", 3.0, 0.2), ("growing", 1.0, 1.0), ("sparse", 0.05, 0.0)):
        truth = np.tile(pattern, 26) * scale * np.repeat(np.linspace(1, 1 + growth, 26), 168)
        history = np.random.default_rng(3).poisson(truth).astype(float)
        cpu, found = cpu_seconds(lambda history=history: forecast(history))
        ahead = pattern * scale * (1 + growth * 26 / 25)
        off = float(np.abs(found.mean - ahead).sum() / ahead.sum())
        naive = next(error for error in found.errors if error.method == "seasonal naive")
        rows.add(
            f"forecast, {name}: error",
            off,
            cpu=cpu,
            note=f"{found.method}; by day {found.error.day_error:.1%} (naive {naive.day_error:.1%}),"
            f" coverage {found.coverage:.1%} of {found.confidence:.0%}",
        )


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    rows = Rows("staffing")
    references(rows)
    week(rows)
    impatience(rows)
    rosters(rows)
    forecasts(rows)


if __name__ == "__main__":
    main()
