"""Measure routing on public and generated instances.

    python benchmarks/planning/routing.py technicians --seconds 60
    python benchmarks/planning/routing.py vrptw --engines lns,pyvrp,vroom --seconds 30
    python benchmarks/planning/routing.py city --day 50x500 --seeds 1,2,3 --seconds 30
    python benchmarks/planning/routing.py replan --seeds 1,2,3
    python benchmarks/planning/routing.py drawn-vehicles --sizes 400,1000 --engines lns,pyvrp,vroom --seconds 30
    python benchmarks/planning/routing.py drawn-technicians --seeds 1,2 --seconds 60

Instances are read from the folder in ``TIGHTROPE_BENCH_DATA`` (or ``--data``), which holds ``routing/``; the
city generator from the folder in ``TIGHTROPE_BENCH_TOOLS`` (or ``--tools``). CPU seconds are those of the
engine alone; loading or compiling the inner loops is printed apart.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import os
import random
import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import _drawn as drawn
from measuring import Rows

from tightrope.planning.routing import (
    CpuSeconds,
    Plan,
    Problem,
    Steps,
    Stop,
    Visit,
    WallSeconds,
    check,
    solve,
)
from tightrope.planning.routing.formats.city import city_day, city_day_without_lunch, city_routes
from tightrope.planning.routing.formats.technicians import read_technicians
from tightrope.planning.routing.formats.vrptw import read_vrptw
from tightrope.planning.routing.replan import kept_share, replan, with_visits, without_engineers

BEST_KNOWN = {"vrptw_R101": 1637.7, "vrptw_RC208": 776.1, "vrptw_r1_2_1": 4667.2}
GOALS = {"50x500": 5310.0, "200x2000": 12670.0, "500x5000": 39900.0}


def main() -> None:
    """Run one family of instances."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("family", choices=sorted(FAMILIES))
    parser.add_argument("--data", default=os.environ.get("TIGHTROPE_BENCH_DATA", "."))
    parser.add_argument("--tools", default=os.environ.get("TIGHTROPE_BENCH_TOOLS", "."))
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--engines", default="lns")
    parser.add_argument("--seeds", default="1", help="seeds of the generator (city, replan)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the engine")
    parser.add_argument("--day", default="50x500")
    parser.add_argument("--lunch", action="store_true")
    parser.add_argument("--only", default="*")
    parser.add_argument("--sizes", default="200,400,600,800,1000", help="customers (drawn-vehicles)")
    parser.add_argument("--kinds", default="R1,RC2", help="of drawn-vehicles, see _drawn.py")
    asked = parser.parse_args()
    begun = time.process_time()
    warm_up()
    print(f"loading or compiling the inner loops: {time.process_time() - begun:.1f} CPU s")
    FAMILIES[asked.family](asked, Rows(f"routing-{asked.family}"))


def warm_up() -> None:
    """Have every compiled loop loaded before the first measurement."""
    home = {"home": (0.0, 0.0), "shift": (480, 1020), "skills": [0], "cap": [9], "lunch": (690, 810, 30)}
    jobs = [
        {"at": (k, 1.0), "skill": 0, "dur": 30, "tw": (480, 1020), "prio": 1, "parts": [1]} for k in range(30)
    ]
    solve(city_day([home, home], jobs), stop=Steps(300))


def technicians(asked: argparse.Namespace, rows: Rows) -> None:
    """Technician routing with tools and parts to fetch, against the published values."""
    folder = Path(asked.data) / "routing"
    published = dict(
        line.split() for line in (folder / "trsp_published.tsv").read_text(encoding="utf-8").splitlines()
    )
    gaps = []
    for path in sorted(folder.glob(f"trsp_{asked.only}.txt")):
        problem = read_technicians(path)
        name = path.stem.removeprefix("trsp_")
        reference = float(next(value for key, value in published.items() if key.startswith(name + ".")))
        plan = measured(rows, asked, problem, path.stem, "lns", reference)
        gaps.append(plan.value.total / reference - 1.0)
        assert plan.value.must_left_out == 0, f"{path.stem} leaves requests out"
    print(f"mean gap to the published values {100 * sum(gaps) / len(gaps):+.3f} % over {len(gaps)} instances")


def vrptw(asked: argparse.Namespace, rows: Rows) -> None:
    """Vehicle routing with time windows: our engine beside the libraries through the same model."""
    for path in sorted((Path(asked.data) / "routing").glob(f"vrptw_{asked.only}.txt")):
        for engine in asked.engines.split(","):
            measured(rows, asked, read_vrptw(path), path.stem, engine, BEST_KNOWN.get(path.stem))


def city(asked: argparse.Namespace, rows: Rows) -> None:
    """City days, judged by our checker and by the generator's own."""
    generator = _generator(asked)
    engineers, jobs = (int(number) for number in asked.day.split("x"))
    for seed in (int(number) for number in asked.seeds.split(",")):
        people, work = generator.city(engineers, jobs, seed=seed)
        problem = (city_day if asked.lunch else city_day_without_lunch)(people, work)
        goal = GOALS.get(asked.day) if seed == 1 and not asked.lunch else None
        for engine in asked.engines.split(","):
            plan = measured(rows, asked, problem, f"city {asked.day} seed {seed}", engine, goal)
            verdict = generator.check(people, work, city_routes(plan), problem.travel, asked.lunch)
            assert verdict["errors"] == 0, verdict
            assert verdict["combined"] == round(plan.value.total), (verdict, plan.value)


def drawn_vehicles(asked: argparse.Namespace, rows: Rows) -> None:
    """Vehicle routing of our own making: each engine beside the best of all of them."""
    for size, kind in zip(_numbers(asked.sizes), itertools.cycle(asked.kinds.split(","))):
        problem = drawn.vehicles(size, kind=kind, seed=_numbers(asked.seeds)[0])
        side_by_side(rows, asked, problem, f"drawn {problem.name}")


def drawn_technicians(asked: argparse.Namespace, rows: Rows) -> None:
    """Technicians of our own making. With a store: beside our own run of four times the time and another seed,
    as no library knows stores; without one: beside PyVRP and VROOM.
    """
    shapes = ((60, 12, False), (100, 20, True), (150, 25, False), (200, 30, True))
    for seed in _numbers(asked.seeds):
        for requests, people, clustered in shapes:
            problem = drawn.technicians(requests, people=people, seed=seed, clustered=clustered)
            name = f"drawn {problem.name}, seed {seed}"
            long = solve(problem, stop=CpuSeconds(4 * asked.seconds), seed=asked.seed + 100)
            measured(rows, asked, problem, f"{name}, store", "lns", long.value.total)
            plain = drawn.technicians(
                requests, people=people, seed=seed, clustered=clustered, with_store=False
            )
            side_by_side(rows, asked, plain, f"{name}, no store")


def side_by_side(rows: Rows, asked: argparse.Namespace, problem: Problem, name: str) -> None:
    """Every engine asked for; the gap is to the best plan that any engine has made in this or an earlier run
    that leaves as few out.
    """
    found = {}
    for engine in asked.engines.split(","):
        begun = time.process_time()
        plan = solve(problem, stop=_limit(engine, asked.seconds), seed=asked.seed, engine=engine)
        found[engine] = plan, time.process_time() - begun
        assert not check(problem, plan).violations, (name, engine)
    known = [(len(plan.left_out), plan.value.total) for plan, _ in found.values()]
    known += [(row["left_out"], row["value"]) for row in rows.known(f"{name}, ") if "left_out" in row]
    for engine, (plan, spent) in found.items():
        rows.add(
            f"{name}, {engine}",
            plan.value.total,
            min(known)[1],
            seed=asked.seed,
            cpu=spent,
            note=f"{len(plan.left_out)} left out, 0 violations; reference: the best of all engines",
            left_out=len(plan.left_out),
        )


def _limit(engine: str, seconds: float) -> Stop:
    """VROOM counts wall time, which on a shared machine is less work: it may take as long as it likes to."""
    return WallSeconds(20 * seconds) if engine == "vroom" else CpuSeconds(seconds)


def replanning(asked: argparse.Namespace, rows: Rows) -> None:
    """Urgent jobs arrive and engineers drop out: warm against cold."""
    generator = _generator(asked)
    for seed in (int(number) for number in asked.seeds.split(",")):
        draw = random.Random(seed)
        people, work = generator.city(50, 506, seed=seed)
        whole = city_day_without_lunch(people, work)
        urgent = set(draw.sample([n for n, job in enumerate(work) if job["prio"] == 3], 6))
        known = [visit for number, visit in enumerate(whole.visits) if number not in urgent]
        arrived: list[Visit] = [whole.visits[number] for number in sorted(urgent)]
        today = replace(whole, visits=tuple(known))
        before = solve(today, stop=CpuSeconds(asked.seconds), seed=asked.seed)
        absent = {str(number) for number in draw.sample(range(50), 2)}
        after_event = without_engineers(with_visits(today, arrived), absent)
        replan(after_event, before=before, stop=Steps(100))
        begun = time.process_time()
        warm = replan(after_event, before=before, seed=asked.seed)
        spent = time.process_time() - begun
        cold = solve(after_event, stop=CpuSeconds(2.5), seed=asked.seed)
        share = kept_share(after_event, before=before, after=warm)
        served = [v for v in after_event.visits if v.name in warm.engineers_of]
        of_served = kept_share(replace(after_event, visits=tuple(served)), before=before, after=warm)
        wrong = len(check(after_event, warm).violations)
        rows.add(
            f"replan 50x500, day {seed}: share that keeps its engineer",
            share,
            0.97,
            seed=asked.seed,
            cpu=spent,
            note=f"of visits whose engineer is still there, those pushed out counted as lost; of those still"
            f" served {of_served:.1%}; cold {kept_share(after_event, before=before, after=cold):.1%};"
            f" {wrong} violations",
        )
        rows.add(
            f"replan 50x500, day {seed}: value",
            warm.value.total,
            cold.value.total,
            seed=asked.seed,
            cpu=spent,
            note="reference: planned anew in 2.5 CPU s",
        )


def measured(
    rows: Rows, asked: argparse.Namespace, problem: Problem, name: str, engine: str, reference: float | None
) -> Plan:
    """Solve once, judge, print and record."""
    begun = time.process_time()
    plan = solve(problem, stop=_limit(engine, asked.seconds), seed=asked.seed, engine=engine)
    spent = time.process_time() - begun
    violations = check(problem, plan).violations
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows.add(
        f"{name}, {engine}",
        plan.value.total,
        reference,
        seed=asked.seed,
        cpu=spent,
        note=f"{len(plan.left_out)} left out, {len(violations)} violations, peak {peak} MB",
        steps=plan.steps,
    )
    assert not violations, violations[:3]
    return plan


def _generator(asked: argparse.Namespace) -> Any:
    spec = importlib.util.spec_from_file_location("citygen", Path(asked.tools) / "citygen.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no citygen.py in {asked.tools}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


FAMILIES = {
    "technicians": technicians,
    "vrptw": vrptw,
    "city": city,
    "replan": replanning,
    "drawn-vehicles": drawn_vehicles,
    "drawn-technicians": drawn_technicians,
}

if __name__ == "__main__":
    main()
