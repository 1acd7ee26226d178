"""The example company: complete, the same for the same seed, and readable by every model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tightrope.planning.commands.models import MODELS
from tightrope.planning.commands.reading import read_problem
from tightrope.planning.commands.running import Run
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
    "contacts": "life",
    "rules": "rules",
    "invest": "invest",
    "simulate": "simulate",
    "frontier": "simulate",
    "board": "board",
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


def test_what_was_planted_in_the_rules_is_found(company: Path) -> None:
    problem = read_problem(MODELS["rules"], str(company / "rules.json"), folder=None, form="own")

    verdicts = {one.rule: one.verdict for one in MODELS["rules"].solve(problem, Run(), seed=1).rules}

    assert verdicts["sign twice"] == "relax"
    assert verdicts["lock out first"] == "harden"
    assert {verdicts["photo before and after"], verdicts["call before leaving"]} <= {
        "not enough known",
        "no difference",
    }


def test_the_older_investment_is_judged_and_the_younger_one_not_yet(company: Path) -> None:
    problem = read_problem(MODELS["invest"], str(company / "invest.json"), folder=None, form="own")

    older, younger = MODELS["invest"].solve(problem, Run(), seed=1).investments

    assert older.verdict in ("as expected", "more than expected", "less than expected")
    assert older.share is not None
    assert older.share.low > 0
    assert younger.verdict == "too early to say"


def test_contacts_pay_under_the_contract_with_downtime(company: Path) -> None:
    problem = read_problem(MODELS["life"], str(company / "contacts.json"), folder=None, form="own")

    report = MODELS["life"].solve(problem, Run(), seed=1)

    verdicts = {one.contract: one.verdict for one in report.contacts.by_contract}
    assert report.back_test.is_better
    assert verdicts["full"] == "pays"
    assert (
        MODELS["life"].judge(problem, json.loads(json.dumps(MODELS["life"].plan_to_json(report))), seed=1)
        == []
    )
