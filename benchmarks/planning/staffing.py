"""Staffing: reference digits, the time of a week in quarters of an hour, lived service, rosters, forecasts.

    python benchmarks/planning/staffing.py

Needs no files. Each row is printed and appended to ``benchmarks/results/staffing.jsonl``.
"""

import argparse
import json
import math
import os
import platform
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

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

RESULTS = Path(__file__).parents[1] / "results"


def references() -> None:
    """Values of the formulas against exact fractions."""
    b = Fraction(10) ** 15 / math.factorial(15)
    exact_b = float(b / sum(Fraction(10) ** n / math.factorial(n) for n in range(16)))
    last = Fraction(5) ** 8 / math.factorial(8) * Fraction(8, 3)
    exact_c = float(last / (sum(Fraction(5) ** n / math.factorial(n) for n in range(8)) + last))
    level = waiting(5, 8, work_minutes=5, within_minutes=20 / 60).service_level
    report("Erlang B(10, 15)", measured(lambda: erlang_b(10, 15)), erlang_b(10, 15), exact_b)
    report("Erlang C(5, 8)", measured(lambda: erlang_c(5, 8)), erlang_c(5, 8), exact_c)
    report("within 20 s", 0.0, level, 1 - exact_c * math.exp(-3 * 20 / 300))
    target = ServiceTarget(share=0.8, within_minutes=20 / 60, max_occupancy=0.85, shrinkage=0.3)

    def positions() -> Any:
        return positions_for(arrivals=100, period_minutes=30, work_minutes=3, target=target)

    report("positions for 100 calls", measured(positions), positions().servers, 14)


def week() -> None:
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
            report(name, measured(planned), mean, None, note=note)


def rosters() -> None:
    hours = np.arange(168)
    day = 2 + 8 * np.exp(-(((hours % 24 - 11) / 3.5) ** 2)) + 5 * np.exp(-(((hours % 24 - 17) / 3) ** 2))
    need = np.ceil(day * np.where(hours // 24 >= 5, 0.5, 1.0))
    shifts = tuple(Shift(f"from {start}", start, 9, 4, 1) for start in range(24))
    for people in (15, 30):
        workers = tuple(
            Worker(f"w{n}", absent_days=frozenset({2}) if n < 3 else frozenset()) for n in range(people)
        )
        problem = RosterProblem(need, 60, shifts, workers)
        began = time.process_time()
        roster = make_roster(problem, seconds=10)
        cpu = time.process_time() - began
        note = f"{roster.missing_hours:g} head-hours missing, gap {roster.gap:.2%}"
        report(f"roster, {people} people", cpu, roster.cost, None, note=note)


def forecasts() -> None:
    """Twenty-six weeks of hours, known truth: error of the mean forecast against the true mean."""
    hours = np.arange(168)
    day = 0.3 + 8 * np.exp(-(((hours % 24 - 10) / 2.5) ** 2)) + 6 * np.exp(-(((hours % 24 - 15.5) / 2) ** 2))
    pattern = day * np.where(hours // 24 >= 5, 0.35, 1.0)
    for name, scale, growth in (("busy", 3.0, 0.2), ("growing", 1.0, 1.0), ("sparse", 0.05, 0.0)):
        truth = np.tile(pattern, 26) * scale * np.repeat(np.linspace(1, 1 + growth, 26), 168)
        history = np.random.default_rng(3).poisson(truth).astype(float)
        began = time.process_time()
        found = forecast(history)
        cpu = time.process_time() - began
        ahead = pattern * scale * (1 + growth * 26 / 25)
        off = float(np.abs(found.mean - ahead).sum() / ahead.sum())
        naive = next(error for error in found.errors if error.method == "seasonal naive")
        report(
            f"forecast, {name}",
            cpu,
            off,
            None,
            note=f"{found.method}; by day {found.error.day_error:.1%} (naive {naive.day_error:.1%}),"
            f" coverage {found.coverage:.1%} of {found.confidence:.0%}",
        )


def measured(work: Callable[[], Any]) -> float:
    """Least CPU seconds of five runs, each of as many calls as fill ten milliseconds."""
    best = math.inf
    for _ in range(5):
        calls, began = 0, time.process_time()
        while time.process_time() - began < 0.01:
            work()
            calls += 1
        best = min(best, (time.process_time() - began) / calls)
    return best


def report(name: str, cpu: float, value: float, reference: float | None, *, note: str = "") -> None:
    off = "" if reference is None else f"{abs(value - reference):.1e}"
    print(f"{name:<40}{cpu * 1000:>12.3f}{value:>16.9f}{off:>10}  {note}", flush=True)
    row = {
        "instance": name,
        "cpu_seconds": cpu,
        "value": value,
        "reference": reference,
        "note": note,
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()} x{os.cpu_count()}",
    }
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "staffing.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    print(f"{'what':<40}{'cpu ms':>12}{'value':>16}{'off':>10}  note")
    references()
    week()
    rosters()
    forecasts()


if __name__ == "__main__":
    main()
