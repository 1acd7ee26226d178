"""Questions from JSON, answers to JSON, the judge, tables and pictures."""

import copy
import json

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import check, check_json, from_json, plan_table, plan_to_json, solve, to_json
from tightrope.planning.staffing.draw import draw_plan

TARGET = {"share": 0.8, "within_minutes": 0.5, "shrinkage": 0.2}

QUEUE = {"kind": "queue", "arrivals": 100, "period_minutes": 30, "work_minutes": 3, "target": TARGET}

SHIFTS = [
    {"name": "early", "start_hour": 7, "length_hours": 9, "break_after_hours": 4, "break_hours": 1},
    {"name": "late", "start_hour": 12, "length_hours": 8},
]

DESK = {
    "kind": "desk",
    "step_minutes": 60,
    "work_minutes": 6,
    "target": TARGET,
    "arrivals": ([0] * 8 + [12] * 10 + [0] * 6) * 5 + [0] * 48,
    "shifts": SHIFTS,
    "workers": [{"name": f"w{n}", "absent_days": [4] if n == 0 else []} for n in range(8)],
}

FIELD = {
    "kind": "field",
    "promise": {"response_hours": 8},
    "territories": [
        {
            "name": name,
            "machines": machines,
            "failures_seen": 540,
            "machine_years_seen": 900,
            "work_hours": 2,
            "travel_hours": 1,
        }
        for name, machines in (("North", 800), ("South", 3000))
    ],
    "growth": {"South": {"monthly_growth": 0.02, "heads": 9}},
    "money": {
        "South": {
            "head_cost_per_year": 200000,
            "customers": 600,
            "standby_cost_per_year": 3000,
            "heads_today": 9,
        }
    },
}

SECOND_LINE = {
    "kind": "second_line",
    "work_hours": {"plc": 3, "drives": 4},
    "on_site_share": 0.5,
    "response_hours": 10,
    "regions": [
        {
            "name": name,
            "cases_per_hour": {"plc": 0.1, "drives": 0.05},
            "hq_travel_hours": 4,
            "own_travel_hours": 1,
        }
        for name in ("West", "East")
    ],
}

QUESTIONS = {"queue": QUEUE, "desk": DESK, "field": FIELD, "second_line": SECOND_LINE}


def answered(facts):
    problem = from_json(facts)
    plan = solve(problem)
    return problem, plan, json.loads(json.dumps(plan_to_json(plan)))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_question_is_answered_and_the_judge_agrees(kind):
    problem, plan, written = answered(QUESTIONS[kind])

    assert written["kind"] == kind
    assert check(problem, written) == []
    assert check_json(problem, written) == []
    assert plan_table(plan)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_survives_the_way_through_json(kind):
    problem = from_json(QUESTIONS[kind])

    again = from_json(json.loads(json.dumps(to_json(problem))))

    assert plan_to_json(solve(again)) == plan_to_json(solve(problem))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_answer_has_a_picture(kind, tmp_path):
    problem = from_json(QUESTIONS[kind])
    plan = solve(problem)

    draw_plan(problem, plan, tmp_path / "plan.png")

    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")


def test_a_desk_is_planned_from_history_through_forecast_to_roster(tmp_path):
    week = np.array(DESK["arrivals"], dtype=float)
    history = np.random.default_rng(1).poisson(np.tile(week, 8)).tolist()
    history[200] = None
    facts = {key: value for key, value in DESK.items() if key != "arrivals"}

    problem, plan, written = answered({**facts, "history": history, "plan_for": "high"})

    assert plan.forecast is not None
    assert (plan.arrivals >= np.floor(plan.forecast.mean)).all()
    assert check(problem, written) == []
    assert "forecast from 8 weeks" in plan_table(plan)
    draw_plan(problem, plan, tmp_path / "desk.svg")
    assert "<svg" in (tmp_path / "desk.svg").read_text(encoding="utf-8")


def test_a_closed_desk_needs_nobody_and_an_open_one_does():
    bare = {**DESK, "shifts": [], "workers": []}
    night = [hour % 24 in (20, 21) or count > 0 for hour, count in enumerate(DESK["arrivals"])]

    by_arrivals = solve(from_json(bare)).heads.servers
    by_hours = solve(from_json({**bare, "opened": night})).heads.servers

    assert (by_arrivals > 0).tolist() == [count > 0 for count in DESK["arrivals"]]
    assert (by_hours[20::24] > 0).all()
    with pytest.raises(BadProblem, match="opened"):
        from_json({**bare, "opened": [True]})


def test_what_callers_live_through_is_told_unless_they_are_impatient():
    patient = solve(from_json({**DESK, "shifts": [], "workers": []}))
    facts = {**DESK, "shifts": [], "workers": [], "target": {**TARGET, "patience_minutes": 3}}
    impatient_problem, impatient, written = answered(facts)

    assert patient.lived is not None
    busy = patient.arrivals > 0
    assert patient.lived[busy].min() > 0.75
    assert impatient.lived is None
    assert check(impatient_problem, written) == []
    assert impatient.heads.servers.sum() <= patient.heads.servers.sum()


def test_progress_hears_the_headline_and_a_stopped_roster_is_still_one():
    class Now:
        def is_reached(self, rounds=0):
            return True

    heard = []

    plan = solve(from_json(DESK), stop=Now(), progress=lambda value, seconds: heard.append(value))

    assert heard == [plan.roster.cost]
    assert len(plan.roster.tours) == 8


def test_the_judge_finds_what_was_tampered_with():
    def rules(kind, change):
        problem, _plan, written = answered(QUESTIONS[kind])
        changed = copy.deepcopy(written)
        change(changed)
        return {finding.rule for finding in check(problem, changed)}

    assert rules("queue", lambda plan: plan.update(servers=10)) >= {"promise"}
    assert rules("queue", lambda plan: plan.update(scheduled=13)) == {"shrinkage"}
    assert rules("queue", lambda plan: plan.pop("servers")) == {"form"}
    assert rules("desk", lambda plan: plan["heads"]["servers"].__setitem__(10, 1)) >= {"promise"}
    assert "load" in rules("desk", lambda plan: plan["heads"]["load"].__setitem__(10, 99.0))
    assert "absence" in rules("desk", lambda plan: plan["roster"]["tours"][0].update(shift="early", days=[4]))
    assert "days a week" in rules(
        "desk", lambda plan: plan["roster"]["tours"][1].update(shift="early", days=[0, 1, 2, 3, 4, 5])
    )
    assert "allowed shift" in rules(
        "desk", lambda plan: plan["roster"]["tours"][1].update(shift="noon", days=[0])
    )
    assert "one tour" in rules("desk", lambda plan: plan["roster"]["tours"][1].update(worker="w0"))
    assert "holes" in rules(
        "desk",
        lambda plan: plan["roster"].update(holes=[{"day": 6, "from_hour": 3, "until_hour": 4, "missing": 2}]),
    )
    assert "cost" in rules("desk", lambda plan: plan["roster"].update(cost=1.0))
    assert "roster" in rules("desk", lambda plan: plan.update(roster=None))
    assert "utilisation" in rules("field", lambda plan: plan["heads"][1].update(heads=2))
    assert "every territory" in rules("field", lambda plan: plan["heads"].pop())
    assert "total" in rules("field", lambda plan: plan.update(total=1))
    assert "utilisation" in rules("second_line", lambda plan: plan["hq"]["groups"][0].update(heads=1))
    assert "cost" in rules("second_line", lambda plan: plan["regions"].update(cost=0.1))
    assert "idle group" in rules("second_line", lambda plan: plan["hq"]["groups"][0].update(place="Moon"))


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("queue", {"kind": "horoscope"}, "kind"),
        ("queue", {"kind": ["queue"]}, "kind"),
        ("desk", {"work_minutes": float("inf")}, "work_minutes: must be a number"),
        ("desk", {"arrivals": [float("nan")]}, "arrivals 0: must be a number"),
        ("queue", {"arrivals": "many"}, "must be a number"),
        ("queue", {"speed": 1}, "does not know speed"),
        ("queue", {"target": {"share": 2}}, "share"),
        ("queue", {"target": [1]}, "must be an object"),
        ("desk", {"arrivals": [1, 2, 3]}, "168 steps"),
        ("desk", {"arrivals": ["x"]}, "arrivals 0"),
        ("desk", {"history": [1.0] * 168}, "either arrivals"),
        ("desk", {"load": "guess"}, "load"),
        ("desk", {"plan_for": "luck"}, "plan_for"),
        ("desk", {"workers": []}, "both shifts and workers"),
        ("desk", {"step_minutes": 7}, "divide a day"),
        ("desk", {"step_minutes": 7.5}, "whole number"),
        ("desk", {"days_off_together": 1}, "true or false"),
        ("desk", {"workers": [{"days_per_week": 5}]}, "worker 0"),
        ("desk", {"workers": [{"name": "A", "absent_days": "Monday"}]}, "absent_days"),
        ("field", {"territories": []}, "there are none"),
        ("field", {"territories": [{"name": "A"}]}, "machines is missing"),
        ("field", {"growth": {"Mars": {"monthly_growth": 0, "heads": 1}}}, "no such territory"),
        ("field", {"promise": {}}, "response_hours is missing"),
        ("field", {"confidence": 2}, "confidence"),
        ("second_line", {"work_hours": 3}, "object of numbers"),
        ("second_line", {"regions": "all"}, "must be a list"),
    ],
)
def test_malformed_facts_are_refused_in_words(kind, changes, words):
    with pytest.raises(BadProblem, match=words):
        from_json({**QUESTIONS[kind], **changes})


def test_facts_that_are_no_object_are_refused():
    with pytest.raises(BadProblem, match="must be an object"):
        from_json([1])  # type: ignore[arg-type]
    assert check(from_json(QUEUE), [])[0].rule == "form"
