"""The twin: runs a second, exact formulas, and the example company's held-out quarter.

    python benchmarks/planning/simulation.py --runs 200 --processes 2

Needs no files. Each row is printed and appended to ``benchmarks/results/simulation.jsonl``.
"""

import argparse
import json
import platform
import resource
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tightrope.planning.commands.models import MODELS
from tightrope.planning.commands.reading import read_problem
from tightrope.planning.example import write_company
from tightrope.planning.simulation import BackTestWish, back_test, replicate

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_company(Path(folder), seed=chosen.seed)
        problem = read_problem(MODELS["simulate"], f"{folder}/simulate.json", folder=None, form="own")
    began, cpu = time.monotonic(), _cpu()
    sample = replicate(
        problem.company, problem.window, runs=chosen.runs, seed=chosen.seed, processes=chosen.processes
    )
    wall, spent = time.monotonic() - began, _cpu() - cpu
    report("quarter", runs=chosen.runs, seconds=wall, cpu=spent, runs_per_cpu_second=chosen.runs / spent)
    report("kept", value=sample.of("kept").mean, low=sample.of("kept").low, high=sample.of("kept").high)
    tested = back_test(
        problem.company, problem.history, BackTestWish(91, 60), seed=chosen.seed, processes=chosen.processes
    )
    for name, one in tested.figures.items():
        report(
            f"held out: {name}", foretold=one.foretold, lived=one.lived, error=one.error, before=one.before
        )


def _cpu() -> float:
    """Of this process and its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def report(name: str, **values: Any) -> None:
    """Print and keep one row."""
    print(f"{name:<28}" + "  ".join(f"{key} {value:,.4f}" for key, value in values.items()))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    row = {
        "what": name,
        **values,
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).isoformat(),
        "machine": platform.processor() or platform.machine(),
    }
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "simulation.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
