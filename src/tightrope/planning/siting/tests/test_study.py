"""Problems and plans as JSON, whole studies from a file's facts, tables and pictures."""

import json

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import (
    check,
    climb,
    from_json,
    ladder_table,
    plan_from_json,
    plan_table,
    plan_to_json,
    solve,
    study_of,
    study_table,
    study_to_json,
    to_json,
)
from tightrope.planning.siting.draw import draw_ladder, draw_plan
from tightrope.planning.siting.tests.company import a_company


def some_facts(**changes):
    facts = {
        "aim": "median",
        "count": 1,
        "speed_kmh": 60,
        "detour": 1.0,
        "points": [
            {"name": "A", "visits_per_year": 100, "x": 0, "y": 0},
            {"name": "B", "visits_per_year": 300, "x": 60, "y": 0},
        ],
        "sites": [
            {"name": "A", "x": 0, "y": 0, "wage_per_year": 1000, "is_open_today": True},
            {"name": "B", "x": 60, "y": 0, "wage_per_year": 1000},
        ],
    }
    return {**facts, **changes}


def test_a_problem_survives_the_way_through_json():
    problem = a_company(aim="cost", towns=12, cities=4)

    again = from_json(json.loads(json.dumps(to_json(problem))))

    assert again.sites == problem.sites
    assert again.points == problem.points
    assert again.travel_minutes.tolist() == problem.travel_minutes.tolist()
    assert solve(again).cost == solve(problem).cost


def test_a_plan_survives_the_way_through_json_and_is_judged_there():
    problem = a_company(aim="coverage", count=2)
    plan = solve(problem)

    again = plan_from_json(json.loads(json.dumps(plan_to_json(plan))))

    assert again == plan
    assert check(problem, again) == []


def test_travel_is_made_from_places_and_speed():
    problem = from_json(some_facts())

    assert problem.travel_minutes.tolist() == [[0.0, 60.0], [60.0, 0.0]]
    assert solve(problem).site_names == ("B",)


def test_null_travel_is_out_of_reach():
    facts = some_facts(travel_minutes=[[0, None], [10, 0]])

    assert from_json(facts).travel_minutes[0, 1] == float("inf")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"speed": 3}, "does not know speed"),
        ({"points": []}, "points"),
        ({"points": [{"name": "A"}]}, "visits_per_year is missing"),
        ({"points": [{"name": "A", "visits_per_year": "many"}]}, "must be a number"),
        ({"points": [{"name": "A", "visits_per_year": 1, "colour": 2}]}, "does not know colour"),
        ({"speed_kmh": 0}, "travel_minutes"),
        ({"detour": 0.5}, "detour"),
        ({"count": 1.5}, "whole number"),
        ({"travel_minutes": [[1, 2], [3]]}, "equal length"),
        ({"sites": [{"name": "A", "is_open_today": "yes"}]}, "true or false"),
        ({"sites": [{"name": "A"}]}, "needs x and y"),
        ({"ladder": {"most": "all"}}, "ladder"),
        ({"ladder": {"fewest": 1}}, "needs the greatest"),
        ({"stability": [1]}, "stability"),
    ],
)
def test_malformed_facts_are_refused_in_words(changes, words):
    with pytest.raises(BadProblem, match=words):
        study_of(some_facts(**changes))


def test_a_plan_with_missing_entries_is_refused():
    with pytest.raises(BadProblem, match="bases is missing"):
        plan_from_json({"aim": "median"})


def test_a_study_answers_everything_that_the_file_asks():
    facts = some_facts(ladder={"most": 2}, stability={"draws": 5, "spread": 0.2})

    study = study_of(facts)

    written = json.loads(json.dumps(study_to_json(study)))
    assert written["today"]["bases"][0]["name"] == "A"
    assert [rung["cities"] for rung in written["ladder"]] == [1, 2]
    assert written["stability"]["draws"] == 5
    text = study_table(study)
    assert "proven best" in text
    assert "today" in text
    assert "chosen: B" in text


def test_tables_and_pictures_show_the_plan(tmp_path):
    problem = a_company(aim="median", count=3)
    plan, ladder = solve(problem), climb(problem, most=3)

    draw_plan(problem, plan, tmp_path / "plan.png")
    draw_ladder(ladder, tmp_path / "ladder.svg")

    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "ladder.svg").read_text(encoding="utf-8")
    assert all(name in plan_table(plan) for name in plan.site_names)
    assert ladder_table(ladder).count("\n") == 4


def test_a_picture_without_places_is_refused(tmp_path):
    problem = from_json(
        {
            "aim": "median",
            "count": 1,
            "points": [{"name": "A", "visits_per_year": 1}],
            "sites": [{"name": "A"}],
            "travel_minutes": [[0]],
        }
    )

    with pytest.raises(BadProblem, match="no x and y"):
        draw_plan(problem, solve(problem), tmp_path / "plan.png")
