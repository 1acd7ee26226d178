"""The example company: complete, the same for the same seed, and readable by every model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tightrope.planning.commands.models import MODELS
from tightrope.planning.commands.reading import read_problem
from tightrope.planning.example import write_company
from tightrope.planning.simulation import back_test
from tightrope.planning.simulation.backtest import BackTestWish

ASKED = {
    "route": "route",
    "site": "site",
    "staff-desk": "staff",
    "staff-field": "staff",
    "staff-second-line": "staff",
    "spares": "spares",
    "people": "people",
    "life": "life",
    "simulate": "simulate",
    "frontier": "simulate",
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, seed=1)
    return folder


@pytest.mark.parametrize(("name", "model"), ASKED.items())
def test_every_problem_can_be_read(company: Path, name: str, model: str) -> None:
    problem = read_problem(MODELS[model], str(company / f"{name}.json"), folder=None, form="own")

    assert problem is not None


def test_it_has_the_size_that_it_should(company: Path) -> None:
    document = json.loads((company / "simulate.json").read_text())

    assert len(document["engineers"]) == 25
    assert len(document["cities"]) == 12
    assert len((company / "machines.csv").read_text().splitlines()) == 3001
    assert len((company / "cases.csv").read_text().splitlines()) > 15_000


def test_the_twin_foretells_the_quarter_it_has_not_seen(company: Path) -> None:
    problem = read_problem(MODELS["simulate"], str(company / "simulate.json"), folder=None, form="own")

    found = back_test(problem.company, problem.history, BackTestWish(91, 8), seed=1)

    kept, cases = found.figures["kept"], found.figures["cases"]
    assert abs(kept.error) < 0.05
    assert abs(cases.error) / cases.lived < 0.12
    assert abs(cases.error) < abs(cases.error_of_before)
