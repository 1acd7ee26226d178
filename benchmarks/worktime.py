"""How fast working time is added and measured: python benchmarks/worktime.py

Prints processor time (what the code costs) beside wall time (what a busy machine makes of it), the best of
several rounds each. Ends with code 1 when warm additions stay under the goal.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tightrope.worktime import (
    Calendar,
    Span,
    WeekPattern,
    add_working,
    due_after,
    is_open,
    public_holidays,
    working_seconds_between,
)

GOAL_PER_SECOND = 100_000
CALLS = 50_000
ROUNDS = 5
YEARS = range(2024, 2028)
OFFICE_HOURS = WeekPattern.weekdays("08:30-12:00", "13:00-17:30")


def main() -> int:
    rng = random.Random(20260301)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=rng.randrange(3 * 365 * 86_400)) for _ in range(CALLS)]
    work = [rng.choice((1, 4, 8, 24, 40)) * 3600 for _ in range(CALLS)]
    ends = [start + timedelta(seconds=rng.randrange(30 * 86_400)) for start in starts]
    calendars = {
        "Shanghai, office hours": Calendar(
            pattern=OFFICE_HOURS, zone="Asia/Shanghai", holidays=public_holidays("CN", years=YEARS)
        ),
        "Berlin, nights": Calendar(
            pattern=WeekPattern.every_day("22:00-06:00"),
            zone="Europe/Berlin",
            holidays=public_holidays("DE", years=YEARS, subdivision="BE"),
        ),
        "round the clock": Calendar(pattern=WeekPattern.round_the_clock(), zone="Asia/Shanghai"),
    }
    slowest = float("inf")
    for name, calendar in calendars.items():
        _print_compiling(name, calendar)
        pauses = [(Span(start + timedelta(hours=1), start + timedelta(hours=9)),) for start in starts]
        jobs: dict[str, Callable[[], object]] = {
            "add": lambda c=calendar: [
                add_working(c, start=s, seconds=w) for s, w in zip(starts, work, strict=True)
            ],
            "subtract": lambda c=calendar: [
                add_working(c, start=s, seconds=-w) for s, w in zip(starts, work, strict=True)
            ],
            "measure": lambda c=calendar: [
                working_seconds_between(c, start=s, end=e) for s, e in zip(starts, ends, strict=True)
            ],
            "open?": lambda c=calendar: [is_open(c, at=s) for s in starts],
            "due with a pause": lambda c=calendar, p=pauses: [
                due_after(c, start=s, seconds=w, pauses=q) for s, w, q in zip(starts, work, p, strict=True)
            ],
        }
        for job, run in jobs.items():
            per_second, per_wall_second = _best_rates(run)
            print(f"  {job:<18} {per_second:>10,.0f} /s processor {per_wall_second:>10,.0f} /s wall")
            if job == "add":
                slowest = min(slowest, per_second)
    print(f"import tightrope.worktime: {_import_milliseconds():.0f} ms beyond Python itself")
    print(f"slowest warm additions: {slowest:,.0f} /s (goal {GOAL_PER_SECOND:,})")
    return 0 if slowest >= GOAL_PER_SECOND else 1


def _print_compiling(name: str, calendar: Calendar) -> None:
    began = time.process_time()
    for year in YEARS:
        is_open(calendar, at=datetime(year, 7, 1, tzinfo=UTC))
    per_year = (time.process_time() - began) / len(YEARS) * 1000
    print(f"{name}: {per_year:.1f} ms to compile a year")


def _best_rates(run: Callable[[], object]) -> tuple[float, float]:
    processor, wall = [], []
    for _ in range(ROUNDS):
        began, began_wall = time.process_time(), time.perf_counter()
        run()
        processor.append(time.process_time() - began)
        wall.append(time.perf_counter() - began_wall)
    return CALLS / min(processor), CALLS / min(wall)


def _import_milliseconds() -> float:
    def best(code: str) -> float:
        timed = f"import time; t = time.process_time(); {code}; print(time.process_time() - t)"
        outputs = (
            subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout
            for _ in range(ROUNDS)
        )
        return min(map(float, outputs))

    return (best("import tightrope.worktime") - best("pass")) * 1000


if __name__ == "__main__":
    sys.exit(main())
