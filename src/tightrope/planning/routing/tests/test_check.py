from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.routing import Plan, Problem, Route, Steps, Stop, Store, check, solve
from tightrope.planning.routing.tests.town import LUNCH, engineer, full_town, line, visit
from tightrope.planning.routing.timetable import plan_from_orders


def _rules(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan).violations}


def _problem(**facts: object) -> Problem:
    return Problem(visits=(visit("V", 1, **facts),), engineers=(engineer(),), travel=line(3))


def _plan(problem: Problem, stop: Stop, *, starts: float = 480.0, ends: float = 1000.0) -> Plan:
    plan = Plan((Route("Wu", starts, (stop,), ends),))
    return replace(plan, value=check(problem, plan).value)


GOOD = Stop("visit", "V", 1, 490.0, 490.0, 520.0)


def test_a_true_plan_passes() -> None:
    assert _rules(_problem(), _plan(_problem(), GOOD)) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"arrives": 485.0, "starts": 485.0}, "travel"),
        ({"starts": 489.0}, "order"),
        ({"ends": 510.0}, "service"),
        ({"place": 2}, "place"),
        ({"name": "W"}, "unknown"),
        ({"starts": float("nan")}, "times"),
        ({"ends": float("inf")}, "times"),
    ],
)
def test_a_false_stop_is_found(change: dict[str, object], rule: str) -> None:
    assert rule in _rules(_problem(), _plan(_problem(), replace(GOOD, **change)))


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"windows": ((600.0, 700.0),)}, "window"),
        ({"skills": {"pumps": 1}}, "skill"),
        ({"tools": frozenset({"press"})}, "tools"),
        ({"parts": {"seal": 1}}, "parts"),
        ({"forbidden": frozenset({"Wu"})}, "forbidden"),
        ({"locked_start": 500.0}, "locked"),
        ({"crew": 2}, "crew"),
    ],
)
def test_a_broken_rule_of_the_visit_is_found(facts: dict[str, object], rule: str) -> None:
    problem = _problem(**facts)

    assert rule in _rules(problem, _plan(problem, GOOD))


def test_a_day_that_is_too_long_a_missing_lunch_and_a_lost_visit_are_found() -> None:
    problem = Problem(
        visits=(visit("V", 1), visit("lost", 2)), engineers=(engineer(lunch=LUNCH),), travel=line(3)
    )

    assert _rules(problem, _plan(problem, GOOD, ends=1100.0)) == {"shift", "lunch", "lost"}


def test_a_second_call_at_the_store_is_one_too_many() -> None:
    problem = replace(_problem(), stores=(Store(name="depot", place=2),))
    calls = tuple(Stop("store", "depot", 2, t, t, t) for t in (500.0, 530.0))
    plan = Plan((Route("Wu", 480.0, (*calls, Stop("visit", "V", 1, 550.0, 550.0, 580.0)), 600.0),))

    assert "store" in _rules(problem, plan)


def test_a_false_value_is_found() -> None:
    problem = _problem()
    plan = plan_from_orders(problem, {"Wu": ["V"]})

    assert _rules(problem, plan) == set()
    assert _rules(problem, replace(plan, value=replace(plan.value, travel=1.0))) == {"value"}


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_plan_of_the_search_passes(seed: int) -> None:
    problem = full_town(seed=seed, visits=6, engineers=2)

    plan = solve(problem, stop=Steps(20), seed=seed)

    assert check(problem, plan).violations == ()
