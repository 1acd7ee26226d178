"""The example's history as tables: machines, cases, the installed base, engineers' careers."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from tightrope.planning.example.history import DAYS, FIRST_DAY, Past
from tightrope.planning.simulation.hours import DAY
from tightrope.planning.simulation.lived import NEVER, Case

MONTH = 30.4375 * DAY


def write_table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """A CSV with a heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def instant(clock: float) -> str:
    """Clock hours as the company's own time, to the minute; empty for what has not happened."""
    if clock >= DAYS * DAY or clock == NEVER:
        return ""
    return (FIRST_DAY + timedelta(minutes=math.ceil(60 * clock - 1e-6))).isoformat(timespec="minutes")


def cases(past: Past, path: Path) -> Path:
    """One row for each case, as `records` of a simulate problem."""
    headings = [
        "number",
        "reported",
        "city",
        "model",
        "unit",
        "way",
        "met",
        "arrived",
        "ended",
        "visits",
        "work_hours",
        "travel_hours",
        "part",
        "part_at_once",
        "engineer",
    ]
    return write_table(path, headings, (_case(past, case) for case in past.cases))


def _case(past: Past, case: Case) -> list[Any]:
    company = past.company
    is_part = case.part >= 0
    return [
        f"C-{case.number + 1:05d}",
        instant(case.reported),
        company.cities[case.city].name,
        company.models[case.model].name,
        past.failures[case.number][0].serial,
        case.way if case.way != "open" else "visit",
        instant(min(case.met, case.works_again)),
        instant(case.arrived) if case.way == "visit" else "",
        instant(case.ended),
        case.visits,
        round(case.worked, 3),
        round(case.travelled, 3),
        company.parts[case.part].name if is_part else "",
        ("false" if case.waited_for_part else "true") if is_part else "",
        past.workers[case.engineer] if case.engineer >= 0 else "",
    ]


def installed(past: Past, path: Path) -> Path:
    """The base by month, city and model."""
    rows = []
    months = int(DAYS * DAY // MONTH) + 1
    counts: dict[tuple[int, int], list[float]] = {}
    for machine in past.machines:
        counts.setdefault((machine.city, machine.model), []).append(machine.installed)
    for month in range(months):
        since = month * MONTH
        for (city, model), times in sorted(counts.items()):
            number = sum(at <= since + MONTH / 2 for at in times)
            place, kind = past.company.cities[city].name, past.company.models[model].name
            rows.append([instant(since), place, kind, number])
    return write_table(path, ("since", "city", "model", "number"), rows)


def machines(past: Past, path: Path) -> Path:
    """Each machine: where it is, when it was made and installed, how often it failed."""
    failed: dict[str, int] = {}
    for machine, _ in past.failures:
        failed[machine.serial] = failed.get(machine.serial, 0) + 1
    rows = (
        [
            one.serial,
            past.company.models[one.model].name,
            past.company.cities[one.city].name,
            (FIRST_DAY + timedelta(hours=one.installed)).date().isoformat(),
            one.batch,
            failed.get(one.serial, 0),
        ]
        for one in past.machines
    )
    return write_table(path, ("unit", "model", "city", "installed_on", "batch", "failures"), rows)


def units(past: Past, path: Path) -> Path:
    """Laser cutters to their first failure after three years of watching, in days, for the life problem."""
    first: dict[str, float] = {}
    for machine, at in past.failures:
        first.setdefault(machine.serial, at)
    rows = []
    for one in past.machines:
        if past.company.models[one.model].name != "L200":
            continue
        end = first.get(one.serial, DAYS * DAY)
        entered = max(0.0, -one.installed) / DAY
        age = (end - one.installed) / DAY
        if age > entered:
            failed = "true" if one.serial in first else "false"
            batch = one.batch if one.installed >= 0 else "before 2023-10"
            rows.append([one.serial, round(age, 3), failed, round(entered, 3), batch])
    return write_table(path, ("unit", "age", "failed", "entered", "batch"), rows)


def careers(past: Past, path: Path) -> Path:
    """Months of service of everybody who was there in the three years."""
    end = DAYS * DAY
    rows = [
        [
            one.name,
            round((min(one.left, end) - one.came) / MONTH, 2),
            "true" if one.left < end else "false",
            round(max(0.0, -one.came) / MONTH, 2),
            one.reason or "still here",
            one.city,
        ]
        for one in past.careers
    ]
    return write_table(path, ("person", "tenure_months", "left", "entered_months", "reason", "group"), rows)
