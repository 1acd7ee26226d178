"""Problems from files: documented JSON, CSV tables, and the public formats of instances."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tightrope.planning.commands.models import Model
from tightrope.planning.errors import BadProblem

FOLDER_VARIABLE = "TIGHTROPE_BENCH_DATA"
WORDS = frozenset(
    [
        "name",
        "unit",
        "person",
        "part",
        "location",
        "subject",
        "batch",
        "period",
        "group",
        "reason",
        "level",
        "skill",
        "product",
        "city",
        "model",
        "pinned",
        "engineer",
        "visit",
        "rule",
        "stratum",
        "contract",
        "measure",
    ]
)
"""Columns of a CSV that are text even where they look like numbers ("1042")."""


def read_problem(model: Model, name: str, *, folder: Path | None, form: str) -> Any:
    """The problem in the file called `name`, looked for here and then in `folder`. Raises BadProblem."""
    path = find_file(name, folder)
    if form == "own":
        return model.read(read_document(model, path))
    if form not in FORMATS or FORMATS[form][0] != model.name:
        known = ", ".join(key for key, (of, _) in FORMATS.items() if of == model.name) or "none"
        raise BadProblem(f"format {form}", f"is not one of {model.name}; public formats it reads: {known}")
    return FORMATS[form][1](path)


def find_file(name: str, folder: Path | None) -> Path:
    """The file itself, or the only one of that name (with any ending) below the folder."""
    if Path(name).is_file():
        return Path(name)
    if folder is None and os.environ.get(FOLDER_VARIABLE):
        folder = Path(os.environ[FOLDER_VARIABLE])
    if folder is None:
        raise BadProblem(f"file {name}", "is not there")
    if not folder.is_dir():
        raise BadProblem(f"folder {folder}", "is not there")
    found = sorted(path for path in folder.rglob("*") if path.is_file() and name in (path.name, path.stem))
    if len(found) != 1:
        raise BadProblem(f"file {name}", f"is there {len(found)} times below {folder}, not once")
    return found[0]


def read_document(model: Model, path: Path) -> dict[str, Any]:
    """JSON as it is, with each text that ends in .csv replaced by that table, and one that ends in .json by that
    document, read alike; a bare CSV is a list of rows.
    """
    if path.suffix.lower() == ".csv":
        if model.rows_key is None:
            raise BadProblem(f"file {path.name}", f"{model.name} reads JSON, which may name CSV tables")
        return {model.rows_key: read_table(path)}
    document = read_json(path)
    if not isinstance(document, dict):
        raise BadProblem(f"file {path.name}", "must hold an object with named values")
    return {key: _beside(model, path, value) for key, value in document.items()}


def _beside(model: Model, path: Path, value: Any) -> Any:
    """What a value stands for: a table, or another document, that lies beside the file."""
    ending = Path(value).suffix.lower() if isinstance(value, str) else ""
    if ending == ".csv":
        return read_table(path.parent / value)
    if ending == ".json":
        if Path(value).name == path.name:
            raise BadProblem(f"file {path.name}", "names itself")
        return read_document(model, path.parent / value)
    return value


def read_json(path: Path) -> Any:
    """What a JSON file holds. Raises BadProblem with the line where it ends to be JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except FileNotFoundError as missing:
        raise BadProblem(f"file {path}", "is not there") from missing
    except json.JSONDecodeError as wrong:
        raise BadProblem(f"file {path.name}, line {wrong.lineno}", f"is not JSON: {wrong.msg}") from wrong
    except (UnicodeDecodeError, OSError) as wrong:
        raise BadProblem(f"file {path.name}", f"cannot be read: {wrong}") from wrong


def read_table(path: Path) -> list[Any]:
    """Rows of a CSV with a heading; a table of one column of numbers is a plain list of numbers.

    Empty cells are left out, true and false are truth values, and cells in brackets are JSON.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
    except FileNotFoundError as missing:
        raise BadProblem(f"file {path}", "is not there") from missing
    except (csv.Error, UnicodeDecodeError, OSError) as wrong:
        raise BadProblem(f"file {path.name}", f"cannot be read: {wrong}") from wrong
    headings = list(reader.fieldnames or ())
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadProblem(f"file {path.name}, row {number}", f"must have {len(headings)} cells")
    if len(headings) == 1 and headings[0] not in WORDS:
        return [_value(headings[0], row[headings[0]]) for row in rows]
    return [{key: _value(key, cell) for key, cell in row.items() if cell != ""} for row in rows]


def _value(key: str, cell: str) -> Any:
    if cell == "":
        return None
    if key in WORDS:
        return cell
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if cell[0] in "[{":
        try:
            return json.loads(cell)
        except json.JSONDecodeError:
            return cell
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _no_constant(word: str) -> None:
    raise BadProblem("file", f"{word} is not a number that can be planned with")


def _solomon(path: Path) -> Any:
    from tightrope.planning.routing.formats.vrptw import read_vrptw

    return _read(path, read_vrptw)


def _technicians(path: Path) -> Any:
    from tightrope.planning.routing.formats.technicians import read_technicians

    return _read(path, read_technicians)


def _city(path: Path) -> Any:
    from tightrope.planning.routing.formats.city import city_day

    document = read_json(path)
    try:
        return city_day(document["engineers"], document["jobs"], name=path.stem)
    except (KeyError, TypeError, IndexError) as wrong:
        raise BadProblem(f"file {path.name}", f"is no city day: {wrong!r}") from wrong


def _pmed(path: Path) -> Any:
    from tightrope.planning.siting import Point, Site, SitingProblem, read_pmed

    travel, count = read_pmed(path)
    return SitingProblem(
        points=tuple(Point(f"node {number}", 1.0) for number in range(1, len(travel) + 1)),
        sites=tuple(Site(f"node {number}") for number in range(1, len(travel) + 1)),
        travel_minutes=travel,
        aim="median",
        count=count,
    )


def _read(path: Path, reader: Callable[[Path], Any]) -> Any:
    try:
        return reader(path)
    except BadProblem:
        raise
    except (ValueError, IndexError, UnicodeDecodeError) as wrong:
        raise BadProblem(f"file {path.name}", f"cannot be read: {wrong}") from wrong


FORMATS: Mapping[str, tuple[str, Callable[[Path], Any]]] = {
    "solomon": ("route", _solomon),
    "trsp": ("route", _technicians),
    "city": ("route", _city),
    "pmed": ("site", _pmed),
}
"""Public formats: the subcommand that each is for, and its reader."""
