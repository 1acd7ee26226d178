"""Readers of problem files: our own JSON and public instance formats."""

from __future__ import annotations

import json
from pathlib import Path

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.formats.technicians import read_technicians
from tightrope.planning.routing.formats.vrptw import read_vrptw
from tightrope.planning.routing.problem import Problem
from tightrope.planning.routing.schema import from_json


def read_problem(path: Path) -> Problem:
    """The problem in a file, its format told by its content.

    Raises BadProblem when the file is neither our JSON (see `schema`), nor a technician routing instance,
    nor a Solomon or Gehring & Homberger instance.
    """
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("{"):
        try:
            return from_json(json.loads(text))
        except json.JSONDecodeError as wrong:
            raise BadProblem(path.name, f"is not JSON: {wrong}") from wrong
    if "CREW COUNT" in text:
        return read_technicians(path)
    if "CUSTOMER" in text:
        return read_vrptw(path)
    raise BadProblem(path.name, "is neither JSON nor a known instance format")
