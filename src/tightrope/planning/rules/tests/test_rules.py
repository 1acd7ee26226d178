"""Verdicts on rules: planted effects are found, case mix and people are not mistaken for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.rules import (
    check,
    discoveries,
    effect_of,
    from_json,
    plan_table,
    plan_to_json,
    solve,
    to_json,
)
from tightrope.planning.rules.draw import draw_plan
from tightrope.planning.rules.effect import Effect, share_limits
from tightrope.planning.rules.tests.drawn import drawn, problem


def test_planted_rules_are_named_and_the_judge_agrees(tmp_path: Path) -> None:
    rows = drawn(1, {"sign twice": 0.2, "lock out": -0.25, "photo": 0.0}, jobs=1500)
    asked = from_json(json.loads(json.dumps(problem(rows))))

    plan = solve(asked)

    given = json.loads(json.dumps(plan_to_json(plan), allow_nan=False))
    assert {one.rule: one.verdict for one in plan.rules} == {
        "sign twice": "relax",
        "lock out": "harden",
        "photo": "not enough known",
    }
    assert check(asked, given) == []
    assert to_json(from_json(to_json(asked))) == to_json(asked)
    assert "RELAX" in plan_table(plan)
    draw_plan(asked, plan, tmp_path / "rules.svg")
    assert (tmp_path / "rules.svg").stat().st_size > 5000


def test_hard_cases_do_not_make_deviating_look_bad() -> None:
    rows = drawn(3, {"photo": 0.0}, jobs=15_000)

    (one,) = solve(from_json(problem(rows))).rules

    solved = one.effects["solved"]
    assert solved.plain < -0.03
    assert abs(solved.estimate) < 0.025
    assert solved.low < 0 < solved.high
    assert one.verdict == "no difference"


def test_intervals_hold_the_planted_effect_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        (one,) = solve(from_json(problem(drawn(seed, {"rule": 0.1}, jobs=500)))).rules
        effect = one.effects["solved"]
        held += effect.low <= 0.1 <= effect.high

    assert held / 200 >= 0.92


def test_rules_without_effect_are_seldom_named() -> None:
    wrong = 0
    for seed in range(25):
        rows = drawn(seed, {f"rule {k}": 0.0 for k in range(12)}, jobs=300)
        plan = solve(from_json(problem(rows)))
        wrong += any(one.verdict in ("relax", "harden", "weigh") for one in plan.rules)

    assert wrong / 25 <= 0.2


def test_better_in_one_and_worse_in_another_is_to_be_weighed() -> None:
    rows = drawn(7, {"call first": 0.25}, jobs=2500, hours=1.0)

    (one,) = solve(from_json(problem(rows))).rules

    assert one.verdict == "weigh"
    assert one.why == "deviating does better in solved, worse in hours"


def test_too_few_are_never_judged() -> None:
    few = drawn(1, {"rare": 0.9}, jobs=40)
    alone = [{**one, "engineer": "E1"} for one in drawn(2, {"one person's": 0.5})]
    split = [
        {**one, "engineer": f"{one['deviated']} {one['engineer']}"} for one in drawn(3, {"two camps": 0.5})
    ]

    plan = solve(from_json(problem(few + alone + split)))

    assert {one.verdict for one in plan.rules} == {"not enough known"}
    why = {one.rule: one.refused["solved"] for one in plan.rules}
    assert "20 of each are needed" in why["rare"]
    assert "rests on 1.0 engineers" in why["one person's"]
    assert why["two camps"] == "nobody did such jobs both ways, so the rule cannot be told from the person"


def test_the_estimate_is_that_of_the_regression_with_all_levels() -> None:
    chance = np.random.default_rng(4)
    n = 400
    stratum, who = chance.integers(0, 5, n), chance.integers(0, 9, n)
    deviated = chance.random(n) < 0.2 + 0.1 * stratum
    y = deviated * 0.7 + stratum + 0.3 * who + chance.normal(0, 1, n)
    design = np.column_stack((deviated, np.eye(5)[stratum], np.eye(9)[who]))

    found = effect_of(y, deviated, stratum.astype(str), who.astype(str), confidence=0.9)

    assert isinstance(found, Effect)
    assert found.estimate == pytest.approx(np.linalg.lstsq(design, y, rcond=None)[0][0], abs=1e-8)


def test_discoveries_and_limits_have_their_known_values() -> None:
    assert discoveries([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert discoveries([]) == []
    assert share_limits(0, 10, 0.95) == pytest.approx((0.0, 0.27753), abs=1e-5)


def test_forged_verdicts_are_found_out() -> None:
    asked = from_json(problem(drawn(1, {"sign twice": 0.2, "photo": 0.0}, jobs=1500)))
    forged = plan_to_json(solve(asked))
    forged["rules"][0]["verdict"] = "harden"
    forged["rules"][1]["effects"]["hours"]["estimate"] -= 0.01
    forged["rules"][1]["deviations"] += 1

    found = check(asked, forged)

    assert [line.split(":")[0] for line in found] == ["rule sign twice", "rule photo", "rule photo"]


def test_a_stopped_answer_says_so() -> None:
    class Now:
        def is_reached(self, rounds: int = 0) -> bool:
            return rounds >= 1

    plan = solve(from_json(problem(drawn(1, {"a": 0.0, "b": 0.0}, jobs=100))), stop=Now())

    assert not plan.is_complete
    assert len(plan.rules) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"jobs": []}, "rules: there are no jobs"),
        ({"outcomes": [], "jobs": [{"rule": "a", "deviated": True, "engineer": "E"}]}, "no outcome to judge"),
        ({"false_discovery": 0}, "false_discovery: must lie between 0 and 1"),
        ({"outcomes": [{"name": "rule"}]}, "outcome rule: is the name of a column"),
        ({"outcomes": [{"name": "x", "better": "more"}]}, "better must be higher or lower"),
        ({"jobs": [{"rule": "a", "deviated": 1, "engineer": "E"}]}, "jobs row 0: deviated must be true"),
        (
            {"jobs": [{"rule": "a", "deviated": True, "engineer": "E", "hours": "long"}]},
            "jobs row 0: hours must be a number",
        ),
        ({"jobs": [{"rule": "a", "deviated": True, "engineer": "E", "x": 1}]}, "x is not a known field"),
        ({"kind": "laws"}, "'laws' is not a rules problem"),
    ],
)
def test_a_broken_row_is_refused_by_name(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadProblem, match=why):
        from_json({**problem(drawn(1, {"a": 0.0}, jobs=5)), **change})
