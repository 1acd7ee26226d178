from __future__ import annotations

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing import Problem, explain
from tightrope.planning.routing.tests.town import engineer, line, visit
from tightrope.planning.routing.timetable import plan_from_orders


def _problem() -> Problem:
    return Problem(
        visits=(visit("V1", 1, skills={"pumps": 2}), visit("V2", 2)),
        engineers=(
            engineer("near", skills={"pumps": 2}),
            engineer("far", start=3, end=3, skills={"pumps": 3}),
            engineer("junior", skills={"pumps": 1}),
            engineer("short", shift=(480.0, 500.0), skills={"pumps": 2}),
        ),
        travel=line(4),
    )


def test_each_other_engineer_gets_a_rule_or_an_extra_cost() -> None:
    problem = _problem()
    plan = plan_from_orders(problem, {"near": ["V1", "V2"]})

    answer = explain(problem, plan, "V1")

    against = {each.engineer: (each.rule, each.extra_cost) for each in answer.others}
    assert answer.engineers == ("near",)
    assert answer.cost == pytest.approx(0.0)
    assert against["far"] == ("", pytest.approx(40.0))
    assert against["junior"] == ("skill", None)
    assert against["short"] == ("shift", None)
    assert answer.others[0].engineer == "far"


def test_a_visit_left_out_says_why() -> None:
    problem = _problem()

    answer = explain(problem, plan_from_orders(problem, {"near": ["V2"]}), "V1")

    assert answer.engineers == ()
    assert answer.why.startswith("left out")


def test_an_unknown_visit_is_refused() -> None:
    problem = _problem()

    with pytest.raises(BadProblem, match="visit V9"):
        explain(problem, plan_from_orders(problem, {}), "V9")
