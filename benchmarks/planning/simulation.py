"""The twin: runs a second, exact formulas, and the example company's held-out quarter.

    python benchmarks/planning/simulation.py --runs 200 --processes 2

Needs no files.
"""

import argparse
import tempfile
import time
from pathlib import Path

from measuring import Rows

from tightrope.planning.commands.models import MODELS
from tightrope.planning.commands.reading import read_problem
from tightrope.planning.example import write_company
from tightrope.planning.simulation import BackTestWish, back_test, replicate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_company(Path(folder), seed=chosen.seed)
        problem = read_problem(MODELS["simulate"], f"{folder}/simulate.json", folder=None, form="own")
    began, cpu = time.monotonic(), time.process_time()
    sample = replicate(
        problem.company, problem.window, runs=chosen.runs, seed=chosen.seed, processes=chosen.processes
    )
    wall = time.monotonic() - began
    # Workers that have not ended yet would not be counted.
    spent = time.process_time() - cpu if chosen.processes == 1 else 0.0
    rows = Rows("simulation")
    kept = sample.of("kept")
    rows.add(
        f"{chosen.runs} runs of a quarter, 25 engineers: kept",
        kept.mean,
        seed=chosen.seed,
        cpu=spent,
        note=f"{kept.low:.4f} to {kept.high:.4f}; {wall:.0f} s of wall time on {chosen.processes} processes",
        wall_s=wall,
    )
    tested = back_test(
        problem.company, problem.history, BackTestWish(91, 60), seed=chosen.seed, processes=chosen.processes
    )
    for name, one in tested.figures.items():
        rows.add(
            f"held-out quarter: {name}",
            one.foretold,
            one.lived,
            seed=chosen.seed,
            note=f"reference: as lived; {one.before:.4g} in the quarter before",
        )


if __name__ == "__main__":
    main()
