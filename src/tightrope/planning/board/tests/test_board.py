"""The board: four tightropes side by side, levers and assumptions where they belong, plan against actual."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tightrope.planning.board import check, from_json, plan_table, plan_to_json, solve
from tightrope.planning.board.draw import draw_plan
from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation import replicate


def service() -> dict[str, Any]:
    return {
        "kind": "simulate",
        "runs": 50,
        "window": {"days": 28, "warm_up_days": 7, "after_days": 7},
        "cities": [
            {
                "name": "A",
                "customers": 20,
                "local_travel": 0.4,
                "wage_per_year": 100_000,
                "rent_per_year": 50_000,
            },
            {
                "name": "B",
                "customers": 10,
                "local_travel": 0.4,
                "wage_per_year": 90_000,
                "rent_per_year": 40_000,
            },
        ],
        "travel": [[0, 2.0], [2.0, 0]],
        "models": [{"name": "M", "failures_per_year": 20, "work_hours": 2.0, "spread": 0.5}],
        "machines": {"A": {"M": 60}, "B": {"M": 30}},
        "engineers": [{"name": "Wu", "city": "A"}, {"name": "Li", "city": "A"}],
        "promise": {"response_hours": 4, "share": 0.8},
        "money": {"late_cost": 300, "road_per_hour": 50},
    }


def people() -> dict[str, Any]:
    chance = np.random.default_rng(1)
    careers = [
        {"person": f"p{i}", "tenure_months": float(chance.uniform(2, 60)), "left": i % 2 == 0}
        for i in range(60)
    ]
    staff = [
        {"person": "Wu", "level": "engineer", "tenure_months": 30, "knows": [["air", "M"]]},
        {"person": "Li", "level": "engineer", "tenure_months": 6},
    ]
    return {
        "kind": "turnover",
        "careers": careers,
        "levels": [{"name": "engineer", "output": 20, "salary_per_month": 9000}],
        "staff": staff,
        "needed": [{"skill": "air", "product": "M", "people": 1}],
    }


def rules() -> dict[str, Any]:
    chance = np.random.default_rng(3)
    jobs = [
        {"rule": rule, "deviated": bool(chance.random() < 0.3), "engineer": f"E{i % 9}", "stratum": "all"}
        for i in range(300)
        for rule in ("photo", "sign twice")
    ]
    for job in jobs:
        gain = 0.35 if job["rule"] == "sign twice" and job["deviated"] else 0.0
        job["solved"] = bool(chance.random() < 0.6 + gain)
    return {"kind": "rules", "outcomes": [{"name": "solved"}], "jobs": jobs}


def board(**more: Any) -> dict[str, Any]:
    return {
        "kind": "board",
        "runs": 6,
        "service": service(),
        "people": people(),
        "rules": rules(),
        "assumptions": [
            {
                "name": "late cost",
                "at": "service/money/late_cost",
                "unit": "a promise",
                "why": "penalties of 2025",
            },
            {"name": "failures of M", "at": "service/models/M/failures_per_year"},
        ],
        "scenarios": [
            {
                "name": "base in B",
                "service": {"engineers": {"B": 1}},
                "people": {"leaving": 0.5, "train": [{"person": "Li", "skill": "air", "product": "M"}]},
                "rules": {"relax": ["sign twice"]},
            },
            {"name": "worse machines", "assumptions": {"failures of M": 30, "late cost": 500}},
        ],
        **more,
    }


def test_levers_move_their_own_tightrope_and_the_judge_agrees(tmp_path: Path) -> None:
    problem = from_json(json.loads(json.dumps(board())))

    plan = solve(problem, seed=2)

    given = json.loads(json.dumps(plan_to_json(plan), allow_nan=False))
    today, base, worse = (one.figures for one in plan.scenarios)
    assert base["kept"].mean > today["kept"].mean
    assert (base["heads"].mean, base["bases"].mean) == (3, 2)
    assert base["leavers"].mean < today["leavers"].mean
    assert base["pairs_at_risk"].mean < today["pairs_at_risk"].mean
    assert today["rules_to_relax"].mean == 1
    assert base["rules_to_relax"].mean == 0
    assert base["deviation_rate"].mean < today["deviation_rate"].mean
    assert worse["cost"].mean > today["cost"].mean
    assert worse["leavers"] == today["leavers"]
    assert plan.scenarios[2].assumptions == {"late cost": 500.0, "failures of M": 30.0}
    says = {one.figure: one.says for one in plan.differences}
    assert plan.compared == ("today", "base in B")
    assert says["kept"] == "better"
    assert says["heads"] == ""
    assert check(problem, given) == []
    table = plan_table(plan)
    assert "people come and go" in table
    assert "assumed: late cost" in table
    draw_plan(problem, plan, tmp_path / "board.svg")
    assert (tmp_path / "board.svg").stat().st_size > 8000


def test_the_service_side_is_the_twins_own() -> None:
    problem = from_json(board())
    company, window = problem.service_of(problem.all_levers[1])

    plan = solve(problem, seed=2)

    own = replicate(company, window, runs=6, seed=2, confidence=0.9).of("cost")
    assert plan.scenarios[1].figures["cost"].mean == own.mean
    assert plan_to_json(solve(problem, seed=2)) == plan_to_json(plan)


def test_months_are_held_against_what_chance_may_do() -> None:
    problem = from_json(board())
    kept = solve(problem, seed=2).scenarios[0].figures["kept"].mean
    months = [
        {"month": f"2026-0{m}", "figure": "kept", "actual": kept - (0.6 if m > 2 else 0)} for m in range(1, 6)
    ]
    months += [{"month": "2026-01", "figure": "cost", "actual": 9e6, "planned": 1e6}]
    months += [{"month": "2026-01", "figure": "heads", "actual": 3}]

    plan = solve(from_json(board(months=months)), seed=2)

    by_month = {(one.month, one.figure): one for one in plan.months}
    assert by_month["2026-01", "kept"].says == "within chance"
    assert by_month["2026-04", "kept"].says == "beyond chance"
    assert by_month["2026-01", "cost"].says == "beyond chance"
    assert by_month["2026-01", "heads"].says == ""
    assert by_month["2026-01", "heads"].planned == 2
    drifts = {one.figure: one.says for one in plan.drifts}
    assert drifts == {"kept": "beyond chance", "cost": "too early to say", "heads": "too early to say"}
    assert "2026-04" in plan_table(plan)


def test_too_few_leavers_leave_the_second_tightrope_unanswered() -> None:
    few = people()
    few["careers"] = few["careers"][:6]

    plan = solve(from_json(board(people=few)), seed=2)

    assert "leavers" not in plan.scenarios[0].figures
    assert "10 are needed" in plan.scenarios[0].refused["people"]
    assert "not answered in today, people" in plan_table(plan)


def test_people_and_rules_may_be_left_out() -> None:
    given = board(scenarios=[])
    del given["people"], given["rules"]
    given["assumptions"] = []

    plan = solve(from_json(given), seed=2)

    assert plan.compared is None
    assert "deviation_rate" not in plan.scenarios[0].figures


def test_forged_boards_are_found_out() -> None:
    problem = from_json(board())
    forged = copy.deepcopy(plan_to_json(solve(problem, seed=2)))
    forged["scenarios"][1]["figures"]["heads"]["mean"] = 2.0
    forged["scenarios"][0]["assumptions"]["late cost"] = 1.0
    forged["scenarios"][2]["figures"]["cost"] |= {"mean": 1.0, "low": 0.0, "high": 2.0}

    found = check(problem, forged)

    assert any("base in B: heads is 2, counted 3" in fault for fault in found)
    assert any("today: assumption late cost is listed as 1.0" in fault for fault in found)
    assert any("worse machines: cost is 1, lived again" in fault for fault in found)


def test_a_stopped_board_keeps_today() -> None:
    class AtOnce:
        def is_reached(self, rounds: int = 0) -> bool:
            return True

    plan = solve(from_json(board()), stop=AtOnce())

    assert [one.name for one in plan.scenarios] == ["today"]
    assert not plan.is_complete
    assert "Stopped" in plan_table(plan)


def test_a_board_stopped_within_a_scenario_is_judged_by_the_runs_it_has() -> None:
    class Within:
        """Ends the second scenario after four runs. Between two scenarios it is asked without a number."""

        scenarios = 0

        def is_reached(self, rounds: int = 0) -> bool:
            self.scenarios += rounds == 0
            return self.scenarios > 1 or (self.scenarios == 1 and rounds >= 4)

    problem = from_json(board())

    plan = solve(problem, stop=Within(), seed=2)

    assert [one.runs for one in plan.scenarios] == [6, 4]
    assert plan.differences
    assert check(problem, plan_to_json(plan)) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"service": None}, "service is missing"),
        ({"compare": ["today", "x"]}, "scenario x: is not there"),
        ({"assumptions": [{"name": "a", "at": "service/money/tips/x"}]}, "assumption a: there is no tips"),
        ({"assumptions": [{"name": "a", "at": "money/late_cost"}]}, "is not within service, people, rules"),
        ({"assumptions": [{"name": "a", "at": "service/models/M/skill"}]}, "holds no number"),
        ({"scenarios": [{"name": "x", "assumptions": {"late cost": 1}}], "assumptions": []}, "is no assumption"),
        ({"scenarios": [{"name": "x", "service": {"engineers": {"Z": 1}}}]}, "scenario x, .*there is no city Z"),
        ({"scenarios": [{"name": "x", "rules": {"relax": ["y"]}}]}, "scenario x: there is no rule y"),
        ({"scenarios": [{"name": "today"}]}, "scenario today: is named twice"),
        (
            {"scenarios": [{"name": "x", "people": {"train": [{"person": "Q", "skill": "a", "product": "M"}]}}]},
            "trains Q, who is not among the staff",
        ),
        ({"tips": 1}, "tips is not a known field"),
        (
            {"assumptions": [{"name": "f", "at": "service/models/M/failures_per_year"}],
             "scenarios": [{"name": "x", "assumptions": {"f": -1}}]},
            "scenario x, model M: failures_per_year must be zero or more",
        ),
    ],
)  # fmt: skip
def test_bad_boards_are_refused_by_name(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadProblem, match=why):
        from_json(board() | change)
