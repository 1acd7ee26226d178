from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing import (
    Cancelled,
    CpuSeconds,
    FirstOf,
    NoImprovement,
    Problem,
    Steps,
    check,
    solve,
)
from tightrope.planning.routing.engines import areas, lns
from tightrope.planning.routing.tests.town import LUNCH, engineer, full_town, line, visit


def test_a_day_with_every_feature_keeps_every_rule() -> None:
    problem = full_town()

    plan = solve(problem, stop=Steps(60), seed=1)

    assert check(problem, plan).violations == ()
    assert plan.value.must_left_out == 0
    assert len(plan.engineers_of["V3"]) == 2


def test_equal_seeds_give_equal_plans() -> None:
    problem = full_town(seed=5, visits=6, engineers=2)

    assert solve(problem, stop=Steps(40), seed=7).routes == solve(problem, stop=Steps(40), seed=7).routes


def test_the_search_finds_the_shortest_round() -> None:
    problem = Problem(
        visits=tuple(visit(f"V{place}", place) for place in (3, 1, 4, 2)),
        engineers=(engineer(),),
        travel=line(5),
    )

    plan = solve(problem, stop=Steps(100))

    assert plan.value.total == pytest.approx(80.0)
    assert check(problem, plan).is_clean


def test_the_cheaper_visit_stays_out_when_the_day_is_full() -> None:
    problem = Problem(
        visits=(visit("dear", 1, service=500.0, weight=600.0), visit("cheap", 1, service=500.0, weight=60.0)),
        engineers=(engineer(),),
        travel=line(2),
    )

    plan = solve(problem, stop=Steps(20))

    assert [each.visit for each in plan.left_out] == ["cheap"]
    assert plan.left_out[0].rule == "no_room"
    assert plan.value.left_out == 60.0


def test_a_visit_not_worth_the_trip_is_left_out() -> None:
    problem = Problem(visits=(visit("far", 9, weight=100.0),), engineers=(engineer(),), travel=line(10))

    assert solve(problem, stop=Steps(20)).routes == ()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"skills": {"lasers": 1}}, "skill"),
        ({"tools": frozenset({"press"})}, "tools"),
        ({"parts": {"seal": 1}}, "parts"),
        ({"windows": ((100.0, 200.0),)}, "window"),
        ({"service": 600.0}, "shift"),
        ({"forbidden": frozenset({"Wu"})}, "forbidden"),
        ({"crew": 2}, "crew"),
    ],
)
def test_what_nobody_can_do_is_left_out_with_the_rule(facts: dict[str, object], rule: str) -> None:
    problem = Problem(visits=(visit("V", 1, **facts),), engineers=(engineer(),), travel=line(2))

    plan = solve(problem, stop=Steps(20))

    assert [each.rule for each in plan.left_out] == [rule]
    assert plan.value.must_left_out == 1
    assert check(problem, plan).is_clean


def test_lunch_is_eaten_in_its_window_even_between_tight_visits() -> None:
    problem = Problem(
        visits=(
            visit("morning", 1, windows=((660.0, 670.0),)),
            visit("afternoon", 2, windows=((735.0, 745.0),)),
        ),
        engineers=(engineer(lunch=LUNCH),),
        travel=line(3),
    )

    plan = solve(problem, stop=Steps(20))

    assert plan.left_out == ()
    assert check(problem, plan).is_clean
    assert [stop.kind for stop in plan.routes[0].stops] == ["visit", "lunch", "visit"]


def test_tools_are_fetched_on_the_way_and_only_when_needed() -> None:
    from tightrope.planning.routing import Store

    problem = Problem(
        visits=(visit("bare", 1), visit("press", 2, tools=frozenset({"press"}))),
        engineers=(engineer(),),
        travel=line(5),
        stores=(Store(name="depot", place=4),),
    )

    plan = solve(problem, stop=Steps(40))

    assert check(problem, plan).is_clean
    names = [stop.name for stop in plan.routes[0].stops]
    assert names.index("depot") < names.index("press")
    assert plan.value.total == pytest.approx(80.0)


def test_set_up_is_paid_once_at_one_place() -> None:
    problem = Problem(
        visits=tuple(visit(f"V{n}", 1, setup=20.0, service=20.0) for n in range(3)),
        engineers=(engineer(shift=(480.0, 580.0)),),
        travel=line(2),
    )

    plan = solve(problem, stop=Steps(20))

    assert plan.left_out == ()
    assert plan.routes[0].ends == pytest.approx(580.0)


def test_fairness_shares_the_work() -> None:
    visits = tuple(visit(f"V{n}", 1, service=100.0) for n in range(4))
    alone = Problem(visits=visits, engineers=(engineer("A"), engineer("B")), travel=line(2))

    assert len(solve(alone, stop=Steps(60)).routes) == 1
    assert len(solve(replace(alone, fairness=5.0, fair_share=0.5), stop=Steps(60)).routes) == 2


def test_a_pinned_and_a_locked_visit_stay_so() -> None:
    problem = Problem(
        visits=(visit("V1", 1, pinned="B"), visit("V2", 2, locked_start=600.0)),
        engineers=(engineer("A"), engineer("B")),
        travel=line(3),
    )

    plan = solve(problem, stop=Steps(20))

    assert check(problem, plan).is_clean
    assert plan.engineers_of["V1"] == ("B",)


def test_a_cancelled_run_still_returns_a_plan() -> None:
    problem = full_town(visits=5, engineers=2)

    plan = solve(problem, stop=FirstOf(CpuSeconds(60.0), Cancelled(is_cancelled=True)))

    assert check(problem, plan).is_clean
    assert plan.routes


def test_a_run_without_improvement_stops() -> None:
    problem = Problem(visits=(visit("V", 1),), engineers=(engineer(),), travel=line(2))

    assert solve(problem, stop=NoImprovement(200)).steps >= 200


def test_progress_is_told_the_best_value() -> None:
    told: list[float] = []
    problem = Problem(visits=(visit("V", 1),), engineers=(engineer(),), travel=line(2))

    solve(problem, stop=Steps(20), progress=lambda value, seconds: told.append(value))

    assert told[-1] == pytest.approx(20.0)


def test_an_asymmetric_matrix_is_taken_as_it_is() -> None:
    travel = np.array([[0.0, 10.0, 40.0], [40.0, 0.0, 10.0], [10.0, 40.0, 0.0]])
    problem = Problem(visits=(visit("V1", 1), visit("V2", 2)), engineers=(engineer(),), travel=travel)

    plan = solve(problem, stop=Steps(60))

    assert plan.routes[0].visits == ("V1", "V2")
    assert plan.value.total == pytest.approx(30.0)


def test_a_large_day_is_searched_area_by_area(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lns, "LARGE", 20)
    monkeypatch.setattr(areas, "GROUP", 20)
    problem = Problem(
        visits=tuple(visit(f"V{n}", n % 40, weight=500.0) for n in range(40)),
        engineers=tuple(engineer(f"E{k}", start=k, end=k) for k in range(40)),
        travel=line(40, step=3.0),
    )

    plan = solve(problem, stop=Steps(40))

    assert check(problem, plan).is_clean
    assert plan.left_out == ()


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(BadProblem, match="engine magic: is unknown"):
        solve(full_town(), stop=Steps(1), engine="magic")


@pytest.mark.parametrize("engine", ["vroom", "pyvrp"])
def test_the_libraries_plan_through_the_same_model(engine: str) -> None:
    pytest.importorskip(engine, reason="an optional library")
    problem = Problem(
        visits=tuple(visit(f"V{place}", place, skills={"pumps": 1}) for place in (3, 1, 4, 2)),
        engineers=(engineer("A"), engineer("B", skills={"pumps": 1})),
        travel=line(5),
    )

    plan = solve(problem, stop=FirstOf(CpuSeconds(0.5), Steps(200)), engine=engine)

    assert check(problem, plan).is_clean
    assert plan.value.total == pytest.approx(80.0)
    assert set(plan.engineers_of.values()) == {("B",)}


@pytest.mark.parametrize("engine", ["vroom", "pyvrp"])
def test_the_libraries_refuse_what_they_cannot_plan(engine: str) -> None:
    pytest.importorskip(engine, reason="an optional library")

    with pytest.raises(BadProblem, match=f"{engine} cannot plan"):
        solve(full_town(), stop=Steps(1), engine=engine)
