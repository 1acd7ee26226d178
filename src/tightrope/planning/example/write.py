"""Write the example company into a folder."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tightrope.planning.commands.reading import read_table
from tightrope.planning.errors import BadProblem
from tightrope.planning.example import practice, problems, tables
from tightrope.planning.example.history import DAYS, FIRST_DAY, live_through
from tightrope.planning.simulation.fit import fit, records_from_rows


def write_company(folder: Path, *, seed: int = 1) -> list[Path]:
    """Tables and problems, all from one seed; the files written. Raises BadProblem where `folder` is a file."""
    if folder.exists() and not folder.is_dir():
        raise BadProblem(f"folder {folder}", "is a file")
    if seed < 0:
        raise BadProblem("seed", f"must be zero or more, not {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    past = live_through(seed)
    written = [
        tables.machines(past, folder / "machines.csv"),
        tables.installed(past, folder / "installed.csv"),
        tables.cases(past, folder / "cases.csv"),
        tables.careers(past, folder / "careers.csv"),
        tables.units(past, folder / "units.csv"),
        tables.write_table(
            folder / "practice.csv",
            ("rule", "deviated", "engineer", "stratum", "solved_first_time", "hours"),
            practice.practice_rows(past, seed),
        ),
        tables.write_table(
            folder / "measures.csv",
            ("measure", "month", "value", "control"),
            practice.measure_rows(past, seed),
        ),
    ]
    # The planner knows what the tables say, not what lies behind them.
    history = records_from_rows(
        read_table(folder / "cases.csv"),
        read_table(folder / "installed.csv"),
        starts=FIRST_DAY.date().isoformat(),
        until=(FIRST_DAY + timedelta(days=DAYS)).date().isoformat(),
    )
    fitted = fit(past.company, history)
    documents: dict[str, dict[str, Any]] = {
        "route": problems.route(past, seed),
        "site": problems.site(past),
        "staff-desk": problems.staff_desk(past),
        "staff-field": problems.staff_field(past, fitted),
        "staff-second-line": problems.staff_second_line(past),
        "spares": problems.spares(past),
        "people": problems.people(past),
        "life": problems.life(past),
        "contacts": practice.contacts(past, seed),
        "rules": practice.rules(),
        "invest": practice.investments(),
        "simulate": problems.simulate(past, history),
        "frontier": problems.frontier(past, history),
        "board": practice.board(past, history),
    }
    for name, document in documents.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written
