"""The twin: runs a second, exact formulas, and the example company's held-out quarter.

    python benchmarks/planning/simulation.py --runs 200 --processes 2
    python benchmarks/planning/simulation.py --runs 0 --companies 12

One company's held-out quarter is one draw of chance: its mean response hangs on a few waits for parts. With
``--companies`` as many example companies are drawn, and the errors of all of them told. Needs no files.
"""

import argparse
import tempfile
import time
from pathlib import Path

from measuring import Rows

from tightrope.planning.commands.models import MODELS
from tightrope.planning.commands.reading import read_problem
from tightrope.planning.example import write_company
from tightrope.planning.simulation import BackTestWish, Compared, back_test, replicate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--companies", type=int, default=0, help="foretell as many companies' quarters")
    chosen = parser.parse_args()
    rows = Rows("simulation")
    if chosen.companies:
        many(rows, chosen.companies)
    if chosen.runs:
        one(rows, chosen)


def many(rows: Rows, companies: int) -> None:
    """Each figure over several companies: foretold and lived on average, and the errors' size."""
    found: dict[str, list[Compared]] = {}
    for seed in range(1, companies + 1):
        with tempfile.TemporaryDirectory() as folder:
            write_company(Path(folder), seed=seed)
            problem = read_problem(MODELS["simulate"], f"{folder}/simulate.json", folder=None, form="own")
        tested = back_test(problem.company, problem.history, BackTestWish(91, 24), seed=1)
        for name, each in tested.figures.items():
            found.setdefault(name, []).append(each)
    for name, all_of in found.items():
        off = sum(abs(each.error) for each in all_of) / companies
        plain = sum(abs(each.error_of_before) for each in all_of) / companies
        rows.add(
            f"held-out quarter of {companies} companies: {name}",
            sum(each.foretold for each in all_of) / companies,
            sum(each.lived for each in all_of) / companies,
            note=f"off by {off:.3g} on average, the quarter before by {plain:.3g};"
            f" {sum(each.is_inside for each in all_of)} of {companies} within the band of nine in ten",
        )


def one(rows: Rows, chosen: argparse.Namespace) -> None:
    """Runs a second, and the quarter of one company."""
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
    for name, each in tested.figures.items():
        rows.add(
            f"held-out quarter: {name}",
            each.foretold,
            each.lived,
            seed=chosen.seed,
            note=f"reference: as lived; {each.before:.4g} in the quarter before",
        )


if __name__ == "__main__":
    main()
