"""`tightrope plan`: planning from files, without a database and without the rest of the program."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tightrope.planning.commands.models import MODELS, Model
from tightrope.planning.commands.reading import FORMATS, read_json, read_problem
from tightrope.planning.commands.running import Run, cancelled_by_hand
from tightrope.planning.errors import BadProblem

LIVED = ("simulate", "board")
"""Subcommands that live through many runs, and may do so in several processes."""

DONE, FAULTS_FOUND, BAD_PROBLEM, NOT_FIT, ENDED_BY_HAND = 0, 1, 2, 3, 130

EPILOG = """\
examples:
  tightrope plan example company                    our own example company, a problem for each subcommand
  tightrope plan route company/route.json --seconds 20 --out day.json --picture day.png
  tightrope plan route company/route.json --check day.json
  tightrope plan simulate company/simulate.json --table --picture frontier.png
  tightrope plan site pmed1 --format pmed --folder ~/instances

Ctrl-C ends a search with the best plan kept. A value in a JSON problem that ends in .csv or .json names a
table or a problem beside it. exit codes: 0 done, 1 --check found faults, 2 the problem or the use is wrong, 3 a package is missing.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand. Returns the exit code; a bad problem is told in one sentence."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
    except BadProblem as bad:
        sys.stderr.write(f"tightrope plan: {bad}\n")
        return BAD_PROBLEM
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("tightrope"):
            raise
        extra = "plots" if missing.name == "matplotlib" else "planning"
        sys.stderr.write(f"tightrope plan: {missing.name} is not installed: install tightrope[{extra}].\n")
        return NOT_FIT
    except OSError as wrong:
        sys.stderr.write(f"tightrope plan: {wrong}\n")
        return BAD_PROBLEM
    except KeyboardInterrupt:
        # Only while reading, writing or drawing: a search ends by itself with its best plan kept.
        sys.stderr.write("tightrope plan: ended by hand.\n")
        return ENDED_BY_HAND


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "tightrope plan", description="Plan from files.", epilog=EPILOG, formatter_class=form
    )
    acts = parser.add_subparsers(title="what to plan", metavar="WHAT", required=True)
    for model in MODELS.values():
        said = model.question[:1].upper() + model.question[1:] + "."
        made = acts.add_parser(model.name, help=model.question, description=said)
        made.set_defaults(act=_plan, model=model)
        _add_options(made, model)
    example = acts.add_parser("example", help="write an example company with a problem for each subcommand")
    example.add_argument("folder", type=Path, metavar="DIR", help="is made where it does not exist")
    example.add_argument("--seed", type=int, default=1, help="of the company (%(default)s)")
    example.set_defaults(act=_example)
    return parser


def _add_options(made: argparse.ArgumentParser, model: Model) -> None:
    formats = [name for name, (of, _) in FORMATS.items() if of == model.name]
    made.add_argument("file", metavar="FILE", help="the problem, JSON (or CSV where one table is enough)")
    made.add_argument("--format", choices=["own", *formats], default="own", help="of FILE (%(default)s)")
    made.add_argument(
        "--folder", type=Path, help="look for FILE below this folder (else TIGHTROPE_BENCH_DATA)"
    )
    made.add_argument("--seconds", type=_limit, default=model.seconds, help="end after this (%(default)s)")
    made.add_argument(
        "--steps", type=_count, help="end after so many steps; alone, equal seeds give equal plans"
    )
    made.add_argument("--seed", type=int, default=1, help="of everything drawn (%(default)s)")
    made.add_argument("--out", type=Path, metavar="PLAN.json", help="write the plan")
    made.add_argument("--table", action="store_true", help="show the plan as text, also beside --out")
    made.add_argument("--picture", type=Path, metavar="PLAN.png", help="draw the plan (png, svg or pdf)")
    made.add_argument(
        "--check", type=Path, metavar="PLAN.json", help="judge this plan of FILE and plan nothing"
    )
    if model.name == "route":
        made.add_argument(
            "--engine", choices=["lns", "insertion", "vroom", "pyvrp"], default="lns", help="(%(default)s)"
        )
        made.add_argument("--start", type=Path, metavar="PLAN.json", help="begin with this plan")
        made.add_argument(
            "--keep",
            type=_share,
            metavar="SHARE",
            help="plan anew after an event: the share of visits that should keep their engineer of --start",
        )
    if model.name in LIVED:
        made.add_argument("--processes", type=_count, default=1, help="at the same time (%(default)s)")


def _plan(options: argparse.Namespace) -> int:
    model: Model = options.model
    if options.picture is not None and options.picture.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise BadProblem(f"picture {options.picture}", "must end in .png, .svg or .pdf")
    problem = read_problem(model, options.file, folder=options.folder, form=options.format)
    if options.check is not None:
        return _judge(model, problem, options)
    run = Run(options.seconds, options.steps, value=model.value)
    if options.steps is not None and options.seconds == model.seconds:
        run.seconds = None
    with cancelled_by_hand(run):
        plan = model.solve(problem, run, seed=options.seed, **_chosen(model, options))
    run.finish()
    if options.out is not None:
        _write(options.out, model.plan_to_json(plan))
    if options.table or (options.out is None and options.picture is None):
        sys.stdout.write(model.table(plan) + "\n")
    if options.picture is not None:
        model.draw(problem, plan, options.picture)
    return DONE


def _chosen(model: Model, options: argparse.Namespace) -> dict[str, Any]:
    if model.name in LIVED:
        return {"processes": options.processes}
    if model.name != "route":
        return {}
    if options.start is None:
        if options.keep is not None:
            raise BadProblem("--keep", "needs --start with the plan to be kept")
        return {"engine": options.engine}
    from tightrope.planning.routing import plan_from_json

    start = plan_from_json(read_json(options.start))
    if options.keep is not None:
        return {"before": start, "keep": options.keep}
    return {"engine": options.engine, "start": start}


def _judge(model: Model, problem: Any, options: argparse.Namespace) -> int:
    document = read_json(options.check)
    if not isinstance(document, dict):
        raise BadProblem(f"file {options.check.name}", "must hold an object with named values")
    found = model.judge(problem, document, seed=options.seed)
    for fault in found:
        sys.stdout.write(fault + "\n")
    sys.stdout.write(f"{len(found)} faults.\n" if found else "The plan holds: no fault found.\n")
    return FAULTS_FOUND if found else DONE


def _write(path: Path, document: dict[str, Any]) -> None:
    """Whole or not at all: a plan cut short by a full disk never replaces a good one."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(path)


def _example(options: argparse.Namespace) -> int:
    from tightrope.planning.example import write_company

    for path in write_company(options.folder, seed=options.seed):
        sys.stdout.write(f"{path}\n")
    return DONE


def _limit(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("a number of seconds above zero is needed")
    return seconds


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share from 0 to 1 is needed")
    return share


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number above zero is needed")
    return number
