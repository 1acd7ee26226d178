"""The register: planted effects are found with honest intervals, pay-back is counted, little data is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.investments import (
    carried_on,
    check,
    from_json,
    plan_table,
    plan_to_json,
    solve,
    to_json,
)
from tightrope.planning.investments.draw import draw_plan
from tightrope.planning.investments.problem import month_name
from tightrope.planning.investments.tests.drawn import START, drawn, problem


def test_what_was_planted_is_found_and_paid_back_when_it_should_be(tmp_path: Path) -> None:
    asked = from_json(json.loads(json.dumps(problem(drawn(1, effect=40)))))

    plan = solve(asked)

    (one,) = plan.investments
    given = json.loads(json.dumps(plan_to_json(plan), allow_nan=False))
    assert one.verdict == "as expected"
    assert one.share is not None
    assert one.share.low < 1.0 < one.share.high
    assert one.expected_payback == 10  # 60,000 over 40 x 180 - 500 a month, discounted a little
    assert one.observed_payback is not None
    assert abs(one.observed_payback - 10) <= 3
    assert check(asked, given) == []
    assert to_json(from_json(to_json(asked))) == to_json(asked)
    assert "has paid back in month" in plan_table(plan)
    draw_plan(asked, plan, tmp_path / "register.svg")
    assert (tmp_path / "register.svg").stat().st_size > 5000


def test_what_brings_nothing_is_not_sold_as_paying_back() -> None:
    verdicts = [
        solve(from_json(problem(drawn(seed, effect=0.0)))).investments[0].verdict for seed in range(40)
    ]

    assert verdicts.count("less than expected") >= 24
    assert verdicts.count("as expected") + verdicts.count("more than expected") <= 6


@pytest.mark.parametrize(("before", "rho"), [(14, 0.0), (30, 0.0), (30, 0.4), (48, 0.6)])
def test_intervals_hold_the_planted_effect_about_as_often_as_they_say(before: int, rho: float) -> None:
    held = 0
    for seed in range(150):
        months = drawn(seed, effect=25.0, before=before, after=12, rho=rho)
        if before < 24:
            for one, age in zip(months, range(-before, 12), strict=True):
                one["value"] -= 20 * np.cos(2 * np.pi * age / 12)
        plan = solve(from_json(problem(months, expected_per_month=25, ramp_months=0)))
        share = plan.investments[0].share
        assert share is not None
        held += share.low <= 1.0 <= share.high

    assert held / 150 >= 0.84


def test_a_control_takes_out_what_moved_everything() -> None:
    chance = np.random.default_rng(5)
    cases = 1000 + np.cumsum(chance.normal(0, 30, 42))
    months = [
        {
            "measure": "repeats",
            "month": month_name(START - 24 + i),
            "value": float(0.3 * cases[i] - (30 if i >= 24 else 0) + chance.normal(0, 2)),
            "control": float(cases[i]),
        }
        for i in range(42)
    ]

    (one,) = solve(from_json(problem(months, expected_per_month=30, ramp_months=0))).investments

    assert one.method is not None
    assert "control" in one.method
    assert one.share is not None
    assert one.share.mean == pytest.approx(1.0, abs=0.15)


def test_the_difference_to_the_plan_is_the_effect_where_there_is_a_plan() -> None:
    chance = np.random.default_rng(6)
    months = [
        {
            "measure": "repeats",
            "month": month_name(START - 12 + i),
            "plan": 200.0 + 9 * i,
            "value": 205.0 + 9 * i - (30 if i >= 12 else 0) + float(chance.normal(0, 3)),
        }
        for i in range(20)
    ]

    (one,) = solve(from_json(problem(months, expected_per_month=30, ramp_months=0))).investments

    assert one.method == "the plan"
    assert one.share is not None
    assert one.share.low < 1.0 < one.share.high
    assert one.share.high - one.share.low < 0.4


def test_the_forecast_is_that_of_least_squares() -> None:
    y = [float(v) for v in np.random.default_rng(2).normal(50, 5, 16)]
    design = np.column_stack((np.ones(16), np.arange(16.0)))
    level, slope = np.linalg.lstsq(design, np.array(y), rcond=None)[0]

    found = carried_on(y, range(100, 116), 4)

    np.testing.assert_allclose(found.forecast, level + slope * np.arange(16, 20))
    assert np.diag(found.covariance)[-1] > np.diag(found.covariance)[0] > 0


def test_an_investment_whose_effect_fades_never_pays_back() -> None:
    (one,) = solve(from_json(problem(drawn(1, effect=1.0), cost=9e6))).investments

    assert one.observed_payback is None
    assert one.foreseen_latest is None


@pytest.mark.parametrize(
    ("before", "after", "verdict", "words"),
    [
        (11, 12, "not enough known", "11 months of repeats are known before 2025-04"),
        (30, 2, "too early to say", "2 months are known since 2025-04; 3 are needed"),
        (0, 0, "not enough known", "0 months"),
    ],
)
def test_too_little_is_refused(before: int, after: int, verdict: str, words: str) -> None:
    (one,) = solve(from_json(problem(drawn(1, effect=40, before=before, after=after)))).investments

    assert one.verdict == verdict
    assert words in str(one.refused)
    assert one.months == ()
    assert one.expected_payback == 10


def test_two_investments_in_one_measure_are_kept_apart() -> None:
    given = problem(drawn(1, effect=40))
    given["investments"].append(given["investments"][0] | {"name": "training", "starts": "2025-10"})

    first, second = solve(from_json(given)).investments

    assert len(first.months) == 6
    assert "6 months of repeats are known before 2025-10" in str(second.refused)


def test_a_forged_register_is_found_out() -> None:
    asked = from_json(problem(drawn(1, effect=40)))
    forged = plan_to_json(solve(asked))
    forged["investments"][0]["expected_payback"] = 3
    forged["investments"][0]["months"][4]["observed_net"]["mean"] += 1000.0

    assert len(check(asked, forged)) >= 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"starts": "April"}, "investment remote diagnosis, starts: must be a month such as 2025-04"),
        ({"starts": "2025-13"}, "must be a month"),
        ({"cost": -1}, "cost must be from 0 on"),
        ({"until": "2024-01"}, "ends before it starts"),
        ({"better": "more"}, "better must be higher or lower"),
        ({"profit": 1}, "profit is not a known field"),
    ],
)
def test_a_broken_row_is_refused_by_name(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadProblem, match=why):
        from_json(problem([], **change))


def test_a_gap_in_the_months_is_refused_by_name() -> None:
    months = drawn(1, effect=40)
    del months[7]

    with pytest.raises(BadProblem, match="repeats in 2023-05: is missing"):
        solve(from_json(problem(months)))
