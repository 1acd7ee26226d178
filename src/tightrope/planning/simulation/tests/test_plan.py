"""From a document to a judged plan: scenarios, the frontier, growth, the back-test."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation import (
    TooLittleData,
    check_json,
    fit,
    from_json,
    plan_table,
    plan_to_json,
    records_from_rows,
    solve,
    to_json,
)


def document() -> dict[str, Any]:
    return {
        "kind": "simulate",
        "runs": 4,
        "window": {"days": 28, "warm_up_days": 7, "after_days": 7},
        "cities": [
            {"name": "A", "customers": 4, "local_travel": 0.4, "wage_per_year": 100_000, "x": 0, "y": 0},
            {"name": "B", "customers": 3, "local_travel": 0.4, "wage_per_year": 80_000, "x": 90, "y": 0},
        ],
        "speed_kmh": 60,
        "models": [{"name": "M", "failures_per_year": 6, "work_hours": 2.5, "solved_at_desk": 0.2}],
        "machines": {"A": {"M": 60}, "B": {"M": 40}},
        "engineers": [
            {"name": "Wu", "city": "A", "skills": ["general"]},
            {"name": "Li", "city": "B", "skills": ["general"]},
        ],
        "promise": {"response_hours": 6, "share": 0.8},
        "money": {"standby_price": 20_000, "road_per_hour": 40},
        "scenarios": {"one more in A": {"engineers": {"A": 2}}},
        "frontier": {"points": 2, "fewer": 1, "runs": 3, "tries": 2},
        "growth": {"monthly": 0.15, "months": 12, "every": 6, "hiring_months": 4, "runs": 3},
    }


def test_a_problem_survives_the_way_through_json() -> None:
    problem = from_json(document())

    again = from_json(json.loads(json.dumps(to_json(problem))))

    assert to_json(again) == to_json(problem)


def test_more_engineers_keep_more_and_cost_more() -> None:
    problem = from_json(document())

    plan = solve(problem, seed=3)

    (one,) = plan.scenarios
    assert one.difference["kept"].mean > 0
    assert one.difference["cost"].mean > 0
    assert check_json(problem, json.loads(json.dumps(plan_to_json(plan)))) == []
    table = plan_table(plan)
    assert "one more in A" in table
    assert "a stand-by machine beside every machine" in table


def test_the_frontier_lies_between_its_extremes() -> None:
    plan = solve(from_json(document()), seed=3)

    edge = plan.frontier
    assert edge is not None
    assert edge.resident is not None
    assert edge.standby_cost is not None
    costs = [point.cost.mean for point in edge.points]
    assert costs == sorted(costs)
    kept = [point.kept.mean for point in edge.points if not point.is_beaten]
    assert kept == sorted(kept)
    # Two machines of one customer may fail at the same time: hardly ever late, but not never.
    assert edge.resident.kept.mean > 0.97
    assert edge.resident.cost.mean > edge.today.cost.mean
    assert edge.standby_cost > costs[0]


def test_todays_set_up_breaks_as_the_base_grows() -> None:
    plan = solve(from_json(document()), seed=3)

    found = plan.outlook
    assert found is not None
    assert found.breaks_in is not None
    assert found.decide_by == found.breaks_in - 4
    before = [row for row in found.months if row.month < found.breaks_in]
    assert all(row.kept.mean >= 0.8 for row in before)


def test_the_judge_finds_a_figure_that_was_made_up() -> None:
    problem = from_json(document())
    plan = plan_to_json(solve(problem, seed=3))
    forged = copy.deepcopy(plan)
    forged["today"]["kept"]["mean"] = 1.2

    assert any("not a share" in fault for fault in check_json(problem, forged))
    assert check_json(problem, {"today": {}}) != []


def test_a_stopped_solve_keeps_what_it_has() -> None:
    class AtOnce:
        def is_reached(self, rounds: int = 0) -> bool:
            return True

    plan = solve(from_json(document()), seed=3, stop=AtOnce())

    assert len(plan.today.runs) == 2
    assert not plan.is_complete
    assert "Stopped" in plan_table(plan)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"engineers": [{"name": "Wu", "city": "C"}]}, "engineer Wu: there is no city C"),
        ({"runs": 1}, "an interval needs 2"),
        ({"strange": 1}, "does not know strange"),
        ({"machines": {"A": {"M": -1}}}, "-1 of M"),
        ({"models": [{"name": "M", "failures_per_year": -2}]}, "failures_per_year must be zero or more"),
        ({"models": [{"name": "M", "failures_per_year": None}]}, "M: failures_per_year is missing"),
        ({"scenarios": {"x": {"engineers": {"Z": 1}}}}, "scenario x, engineers: there is no city Z"),
        ({"travel": [[0, 1]]}, "must be 2 by 2"),
        ({"back_test": {"days": 91}}, "needs records"),
    ],
)
def test_bad_input_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadProblem, match=words):
        from_json(document() | change)


def test_too_few_records_are_refused() -> None:
    row = {
        "reported": "2026-01-05T09:00",
        "city": "A",
        "model": "M",
        "way": "desk",
        "met": "2026-01-05T09:20",
    }
    history = records_from_rows([row], [], starts="2026-01-05", until="2026-03-02")

    with pytest.raises(TooLittleData, match="200 are needed"):
        fit(from_json(document()).company, history)
