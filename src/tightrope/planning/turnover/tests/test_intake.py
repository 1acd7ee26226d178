"""Stocks of people: conserved, equal to simulation, planned at least cost and judged by playing everyone."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import careers
from tightrope.planning.turnover.check import check, check_json
from tightrope.planning.turnover.draw import draw_plan
from tightrope.planning.turnover.intake import Target, plan_intake, steady_intake
from tightrope.planning.turnover.learning import LearningCurve
from tightrope.planning.turnover.leaving import fit_leaving
from tightrope.planning.turnover.problem import from_json, to_json
from tightrope.planning.turnover.solve import intake_from_json, plan_table, plan_to_json, solve
from tightrope.planning.turnover.workforce import Level, project, simulate, whole_seats, workforce

LEVELS = (Level("junior", 1.0, 0, 6000), Level("engineer", 1.3, 12, 8000), Level("expert", 1.6, 24, 12_000))
CURVE = LearningCurve(0.4, 1.0, 6.0)


def hazard(rate=0.02):
    rng = np.random.default_rng(1)
    return fit_leaving(careers(rng.exponential(1 / rate, 400), left=np.ones(400, bool)))


def force(*, away_share=0.5, months_known=30):
    staff = [(0, t) for t in (0, 3, 7, 14, 20)] + [(1, t) for t in (13, 15, 22, 26, 40, 80)] + [(2, 50)]
    return workforce(
        LEVELS, staff, hazard=hazard(), curve=CURVE, away_share=away_share, months_known=months_known
    )


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.floats(0, 2))
def test_heads_tomorrow_are_heads_today_and_hires_less_leavers(hires, seats):
    course = project(force(), hires, np.full((len(hires), 2), seats))

    before = 12.0
    for month, joined in enumerate(hires):
        assert course.heads[month].sum() == pytest.approx(before + joined)
        before = course.heads[month].sum() - course.leavers[month]


def test_means_equal_the_simulation():
    hires, seats = np.array([1, 0, 2, 0, 1, 0]), np.ones((6, 2))

    exact, played = project(force(), hires, seats), simulate(force(), hires, seats, runs=6000, seed=3)

    np.testing.assert_allclose(played.capacity, exact.capacity, rtol=0.01)
    np.testing.assert_allclose(played.heads.sum(axis=1), exact.heads.sum(axis=1), rtol=0.01)
    assert (played.capacity_low <= played.capacity + 1e-9).all()
    assert (played.capacity <= played.capacity_high + 1e-9).all()


def test_equal_seeds_give_equal_futures():
    hires, seats = np.ones(8), np.zeros((8, 2))

    first, second = (simulate(force(), hires, seats, runs=50, seed=7, hazard=hazard()) for _ in range(2))

    np.testing.assert_array_equal(first.capacity_low, second.capacity_low)


def test_not_knowing_the_rates_widens_the_future():
    hires, seats = np.zeros(18), np.zeros((18, 2))
    few = fit_leaving(careers([5.0] * 10 + [60.0] * 8, left=[True] * 10 + [False] * 8))
    unsure = workforce(LEVELS, [(1, 20.0)] * 40, hazard=few, curve=CURVE)

    known = simulate(unsure, hires, seats, runs=600, seed=1)
    drawn = simulate(unsure, hires, seats, runs=600, seed=1, hazard=few)

    assert drawn.capacity_spread[-1] > 1.3 * known.capacity_spread[-1]


def test_training_takes_time_away_now_and_gives_more_later():
    seats = np.zeros((12, 2))
    trained = seats.copy()
    trained[0, 0] = 2

    without, with_seats = project(force(), np.zeros(12), seats), project(force(), np.zeros(12), trained)

    assert with_seats.capacity[0] < without.capacity[0]
    assert (with_seats.capacity[1:] > without.capacity[1:]).all()
    assert with_seats.trained[0, 0] == 2


def test_seats_are_made_whole_without_drifting():
    seats = np.full((20, 1), 0.3)

    whole = whole_seats(seats)

    assert set(whole.ravel()) <= {0.0, 1.0}
    assert abs(np.cumsum(whole) - np.cumsum(seats)).max() <= 0.5


def test_the_cheapest_intake_is_that_of_trying_all():
    small = workforce(
        (Level("engineer", 1.0, 0, 100),), [(0, 10.0)] * 6, hazard=hazard(0.05), curve=CURVE, months_known=14
    )
    demand = np.array([5.0, 5.2, 5.4, 5.4])
    target = Target(demand, hire_cost=300, confidence=None, committed=(0,))

    plan = plan_intake(small, target)

    def cost(hires):
        course = project(small, hires, np.zeros((4, 0)))
        if (course.capacity[1:] < demand[1:] - 1e-9).any():
            return np.inf
        return 300 * sum(hires) + 100 * course.heads.sum()

    best = min(cost((0, a, b, c)) for a in range(4) for b in range(4) for c in range(4))
    assert plan.cost == pytest.approx(best, rel=2e-3)
    assert (plan.short[1:] < 1e-6).all()
    assert plan.bound <= best * (1 + 1e-9)
    assert plan.gap < 0.01


def test_output_that_nobody_can_provide_is_reported_not_hidden():
    plan = plan_intake(force(), Target(np.array([40.0, 12.0]), committed=(0, 0), confidence=None))

    assert plan.short[0] == pytest.approx(
        40 - project(force(), [0, 0], np.zeros((2, 2))).capacity[0], abs=0.01
    )
    assert plan.hires.tolist() == [0, 0]


def test_a_steady_state_hires_what_leaves():
    rate = hazard(0.02)

    hires = steady_intake(rate, 50.0, most_months=2000.0)

    assert hires == pytest.approx(50 / rate.mean_tenure(2000.0))
    assert hires == pytest.approx(50 * 0.02, rel=0.15)


def example():
    rng = np.random.default_rng(9)
    stay = rng.exponential(50, 90)
    seen = rng.uniform(5, 90, 90)
    return {
        "kind": "turnover",
        "careers": [
            {"person": f"p{i}", "tenure_months": float(min(a, b)), "left": bool(a <= b), "group": "ns"[i % 2]}
            for i, (a, b) in enumerate(zip(stay, seen, strict=True))
        ],
        "curve": {"start": 0.4, "top": 1.0, "months": 6.0},
        "levels": [
            {"name": "junior", "output": 1.0, "salary_per_month": 6000},
            {"name": "engineer", "output": 1.3, "min_months": 12, "salary_per_month": 8000},
        ],
        "staff": [
            {
                "person": f"s{i}",
                "level": "junior" if i < 5 else "engineer",
                "tenure_months": 4.0 * i,
                "knows": [["repair", "X"]] if i == 9 else [],
            }
            for i in range(10)
        ],
        "needed": [{"skill": "repair", "product": "X", "people": 2}],
        "intake": {
            "demand": [10.0] * 8,
            "at_least": {"engineer": [4] * 8},
            "hire_cost": 20000,
            "seat_cost": 3000,
            "committed": [0],
            "most_seats": 2,
            "confidence": 0.85,
        },
        "replacement": {
            "recruiting": 1,
            "vacant_months": 2,
            "output_worth_per_month": 3,
            "covered_share": 0.5,
            "overtime_premium": 0.5,
            "training": 1,
            "trainer_months": 0.1,
        },
    }


def test_a_whole_problem_is_answered_and_the_independent_judge_agrees():
    problem = from_json(json.loads(json.dumps(example())))

    plan = solve(problem, seed=2)

    assert to_json(from_json(to_json(problem))) == to_json(problem)
    hires, seats = intake_from_json(json.loads(json.dumps(plan_to_json(plan))))
    bands = list(zip(plan.hazard.starts.tolist(), plan.hazard.rate.tolist(), strict=True))
    verdict = check(problem, hires, seats, leaving=bands, curve=(0.4, 1.0, 6.0), runs=300)
    assert verdict.wrong == ()
    np.testing.assert_allclose(verdict.capacity, plan.intake.course.capacity, rtol=0.05)
    assert plan.knowledge[0].bus_factor == 1
    assert plan.cost_of_one_leaver.total > 0
    assert "nobody knows repair on X (1 today)" in plan_table(plan)
    lazy = check(problem, [0] * 8, [[0]] * 8, leaving=[(0.0, 0.1)], curve=(0.4, 1.0, 6.0))
    assert any("output suffices in" in wrong for wrong in lazy.wrong)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"careers": []}, "without careers nothing is known"),
        (
            {"careers": [{"person": "a", "tenure_months": -3, "left": True}]},
            "person a: tenure_months must be from 0 on",
        ),
        (
            {"careers": [{"person": "a", "tenure_months": 3, "left": "yes"}]},
            "person a: left must be true or false",
        ),
        (
            {"staff": [{"person": "x", "level": "boss", "tenure_months": 1}]},
            "staff x: there is no level boss",
        ),
        (
            {"staff": [{"person": "x", "level": "junior", "tenure_months": 1, "knows": ["laser"]}]},
            "staff x: knows must be a list",
        ),
        ({"intake": {"demand": [1.0, float("nan")]}}, "demand, month 1: month must be a number"),
        ({"intake": {"demand": [1.0], "at_least": {"boss": [1]}}}, "there is no level boss"),
        ({"levels": []}, "needs levels and staff|there is no level"),
    ],
)
def test_a_broken_row_is_refused_by_name(change, why):
    with pytest.raises(BadProblem, match=why):
        from_json({**example(), **change})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3), st.floats(0.5, 0.95))
def test_a_target_that_cannot_be_is_refused(level, confidence):
    with pytest.raises(BadProblem, match="there is no level 7"):
        plan_intake(force(), Target(np.ones(3), {7: np.ones(3) * level}, confidence=confidence))


def test_the_plan_is_drawn_and_judged_from_its_json(tmp_path):
    problem = from_json(example())
    plan = solve(problem, seed=3)
    given = json.loads(json.dumps(plan_to_json(plan), allow_nan=False))

    draw_plan(problem, plan, tmp_path / "people.png")

    assert (tmp_path / "people.png").stat().st_size > 10_000
    assert check_json(problem, given) == []
    given["leaving"][0]["per_month"] *= 2
    assert "leaving from month 0" in check_json(problem, given)[0]
    assert "cannot be read" in check_json(problem, {**given, "leaving": [{}]})[0]
