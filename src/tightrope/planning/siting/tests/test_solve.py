"""Problems and plans as JSON, everything a file asks for, tables and pictures."""

import json

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import (
    LadderWish,
    Stop,
    check,
    check_json,
    from_json,
    place,
    plan_from_json,
    plan_table,
    plan_to_json,
    sites_to_json,
    solve,
    to_json,
)
from tightrope.planning.siting.draw import draw_plan
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
    problem = a_company(aim="cost", towns=12, cities=4, ladder=LadderWish(most=2))

    again = from_json(json.loads(json.dumps(to_json(problem))))

    assert again.sites == problem.sites
    assert again.points == problem.points
    assert again.ladder == problem.ladder
    assert again.travel_minutes.tolist() == problem.travel_minutes.tolist()
    assert place(again).cost == place(problem).cost


def test_a_plan_survives_the_way_through_json_and_is_judged_there():
    problem = a_company(aim="coverage", count=2)
    plan = place(problem)

    written = json.loads(json.dumps(sites_to_json(plan)))

    assert plan_from_json(written) == plan
    assert check(problem, plan_from_json(written)) == []
    assert check_json(problem, written) == []


def test_a_plan_from_elsewhere_is_judged_in_words():
    problem = a_company(aim="median", count=2)
    written = plan_to_json(solve(problem))

    assert check_json(problem, written) == []
    assert check_json(problem, {**written, "mean_minutes": 1.0})[0].startswith("mean_minutes: figures: is")
    assert check_json(problem, {}) == ["plan: aim is missing"]
    assert "is for the aim 'cost'" in check_json(problem, {**written, "aim": "cost"})[0]


def test_travel_is_made_from_places_and_speed():
    problem = from_json(some_facts())

    assert problem.travel_minutes.tolist() == [[0.0, 60.0], [60.0, 0.0]]
    assert place(problem).site_names == ("B",)


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
        ({"points": [{"name": "A", "visits_per_year": None}]}, "visits_per_year is missing"),
        ({"points": [{"name": "A", "visits_per_year": 1e308}]}, "at most 1e\\+15"),
        ({"points": [{"name": "A", "visits_per_year": 1, "colour": 2}]}, "does not know colour"),
        ({"speed_kmh": 0}, "travel_minutes"),
        ({"detour": 0.5}, "detour"),
        ({"count": 1.5}, "whole number"),
        ({"travel_minutes": [[1, 2], [3]]}, "equal length"),
        ({"sites": [{"name": "A", "is_open_today": "yes"}]}, "true or false"),
        ({"sites": [{"name": "A"}]}, "needs x and y"),
        ({"ladder": {"most": "all"}}, "ladder"),
        ({"ladder": {"fewest": 1}}, "needs the greatest"),
        ({"ladder": {"most": 9}}, "no range"),
        ({"stability": [1]}, "stability"),
        ({"stability": {"spread": 0}}, "above zero"),
        ({"stability": {"draws": 0}}, "one or more"),
    ],
)
def test_malformed_facts_are_refused_in_words(changes, words):
    with pytest.raises(BadProblem, match=words):
        from_json(some_facts(**changes))


def test_a_plan_with_missing_entries_is_refused():
    with pytest.raises(BadProblem, match="bases is missing"):
        plan_from_json({"aim": "median"})


def test_everything_that_the_file_asks_is_answered(tmp_path):
    problem = from_json(some_facts(ladder={"most": 2}, stability={"draws": 5, "spread": 0.2}))

    study = solve(problem)

    written = json.loads(json.dumps(plan_to_json(study)))
    assert written["today"]["bases"][0]["name"] == "A"
    assert [rung["cities"] for rung in written["ladder"]] == [1, 2]
    assert written["stability"]["draws"] == 5
    text = plan_table(study)
    assert "proven best" in text
    assert "today" in text
    assert "chosen: B" in text
    draw_plan(problem, study, tmp_path / "study.svg")
    assert "<svg" in (tmp_path / "study.svg").read_text(encoding="utf-8")


def test_a_cancelled_study_still_has_its_plan():
    stop = Stop()
    stop.cancel()

    study = solve(from_json(some_facts(ladder={"most": 2}, stability={})), stop=stop)

    assert study.plan.site_names == ("B",)
    assert study.ladder is None
    assert study.stability is None


def test_tables_and_pictures_show_the_plan(tmp_path):
    problem = a_company(aim="median", count=3)
    study = solve(problem)

    draw_plan(problem, study, tmp_path / "plan.png")

    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")
    assert all(name in plan_table(study) for name in study.plan.site_names)


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


def test_sums_today_and_the_ladder_of_a_written_plan_are_judged_too():
    facts = some_facts(ladder={"most": 2})
    problem = from_json(facts)
    written = plan_to_json(solve(problem))

    assert check_json(problem, written) == []
    assert any("cost is" in fault for fault in check_json(problem, {**written, "cost": 1.0}))
    forged = json.loads(json.dumps(written))
    forged["ladder"][0]["plan"]["bases"][0]["load_hours"] += 5
    assert any("cities, " in fault for fault in check_json(problem, forged))
    assert "cannot be read" in check_json(problem, {**written, "ladder": [{}]})[0]
