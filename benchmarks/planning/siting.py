"""Siting: CPU seconds to the optimum and to the proof, on public and on made instances.

    python benchmarks/planning/siting.py [--data FOLDER] [--seeds 3]

The p-median files ``pmed1.txt`` to ``pmed10.txt`` are read from ``FOLDER/siting`` (or FOLDER itself), by default
from the folder named in TIGHTROPE_BENCH_DATA; without it that part is left out. Covering and cost instances
are made here. Values without a published optimum stand beside the bound proven.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
from measuring import Rows

from tightrope.planning.siting import (
    Point,
    Site,
    SitingProblem,
    Stop,
    check,
    place,
    read_pmed,
    solve_centre,
    solve_coverage,
    solve_median,
)

# Beasley (1985), OR-Library: proven optima of pmed1 to pmed10.
PROVEN = "reference: the bound proven"
OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)


def medians(rows: Rows, folder: Path, seeds: int) -> None:
    """Optimum and proof of each file, the search from each seed without the proof's help too."""
    for number, optimum in enumerate(OPTIMA, start=1):
        travel, count = read_pmed(folder / f"pmed{number}.txt")
        for seed in range(seeds):
            begun = time.process_time()
            searched = solve_median(travel, count=count, seed=seed, stop=Stop(rounds=400), prove_seconds=0)
            search_cpu = time.process_time() - begun
            begun = time.process_time()
            answer = solve_median(travel, count=count, seed=seed, prove_seconds=60)
            rows.add(
                f"pmed{number}",
                answer.value,
                optimum,
                seed=seed,
                cpu=time.process_time() - begun,
                note=f"bound {answer.bound:.6g}; search alone {searched.value:.0f} in {search_cpu:.2f} s",
            )


def centres(rows: Rows, folder: Path) -> None:
    for number in (1, 5, 6, 10):
        travel, count = read_pmed(folder / f"pmed{number}.txt")
        begun = time.process_time()
        answer = solve_centre(travel, count=count, prove_seconds=60)
        spent = time.process_time() - begun
        rows.add(f"pmed{number} as centre", answer.value, answer.bound, seed=0, cpu=spent, note=PROVEN)


def coverings(rows: Rows, seeds: int) -> None:
    """Points that are candidates too, weights 1 to 99: search of one second, then HiGHS for fifty."""
    for points, count, within in ((1000, 20, 0.08), (1000, 40, 0.05), (3000, 40, 0.05), (3000, 60, 0.04)):
        for seed in range(seeds):
            random = np.random.default_rng(seed)
            places = random.random((points, 2))
            travel = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
            weights = random.integers(1, 100, points).astype(float)
            begun = time.process_time()
            quick = solve_coverage(
                travel,
                within=within,
                count=count,
                weights=weights,
                seed=seed,
                stop=CpuSecond(),
                prove_seconds=0,
            )
            quick_cpu = time.process_time() - begun
            begun = time.process_time()
            answer = solve_coverage(
                travel, within=within, count=count, weights=weights, seed=seed, prove_seconds=50
            )
            cpu = time.process_time() - begun
            short = 1 - quick.value / answer.bound
            rows.add(
                f"cover {points}/{count}/{within}",
                answer.value,
                answer.bound,
                seed=seed,
                cpu=cpu,
                note=f"{PROVEN}; search alone {short:.3%} below the bound in {quick_cpu:.2f} s",
            )


class CpuSecond:
    """Ends a search after one CPU second of this process, whatever else the machine does."""

    def __init__(self) -> None:
        self.until = time.process_time() + 1.0

    def is_reached(self, rounds: int = 0) -> bool:
        return time.process_time() >= self.until

    def seconds_left(self) -> float:
        return self.until - time.process_time()


def costs(rows: Rows, seeds: int) -> None:
    """Whole heads and limited bases: 30 and 80 towns, 12 and 20 cities."""
    for towns, cities in ((30, 12), (80, 12), (80, 20)):
        for seed in range(seeds):
            problem = made_company(towns, cities, seed)
            begun = time.process_time()
            quick = place(problem, seed=seed, prove_seconds=0)
            quick_cpu = time.process_time() - begun
            begun = time.process_time()
            plan = place(problem, seed=seed, prove_seconds=30)
            cpu = time.process_time() - begun
            wrong = [*check(problem, quick), *check(problem, plan)]
            rows.add(
                f"cost {towns}/{cities}",
                plan.value,
                plan.bound,
                seed=seed,
                cpu=cpu,
                note=f"{PROVEN}; search alone {quick.value / plan.bound - 1:.3%} above the bound in {quick_cpu:.2f} s,"
                f" {len(wrong)} violations",
            )


def made_company(towns: int, cities: int, seed: int) -> SitingProblem:
    random = np.random.default_rng(seed)
    places = random.random((towns, 2)) * 600
    visits = random.lognormal(4, 0.8, towns)
    gaps = places[:, None] - places[None, :cities]
    return SitingProblem(
        points=tuple(Point(f"town {n}", float(visits[n]), 2.0) for n in range(towns)),
        sites=tuple(
            Site(f"city {n}", float(random.uniform(1e5, 3e5)), float(random.uniform(1.2e5, 2e5)), 12)
            for n in range(cities)
        ),
        travel_minutes=np.hypot(gaps[..., 0], gaps[..., 1]) * 1.3 / 70 * 60,
        aim="cost",
        travel_cost_per_hour=60.0,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("TIGHTROPE_BENCH_DATA"))
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    rows = Rows("siting")
    if chosen.data is None:
        print("no folder of instances given: pmed1 to pmed10 are left out")
    else:
        folder = Path(chosen.data)
        folder = folder / "siting" if (folder / "siting").is_dir() else folder
        medians(rows, folder, chosen.seeds)
        centres(rows, folder)
    coverings(rows, chosen.seeds)
    costs(rows, chosen.seeds)


if __name__ == "__main__":
    main()
