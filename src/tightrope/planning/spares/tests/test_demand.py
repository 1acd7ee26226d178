"""Backorders, fill rates and single-place levels: exact values, identities, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.base_stock import (
    level_at_least_cost,
    level_for_backorders,
    level_for_fill_rate,
)
from tightrope.planning.spares.demand import Counts, Normal, negative_binomial, poisson
from tightrope.planning.spares.newsvendor import one_buy, one_buy_from_history
from tightrope.planning.spares.reorder import cheapest_reorder, judge_reorder, reorder_for_fill_rate


def test_expected_backorders_of_one_due_on_average_are_the_tabled_ones():
    backorders = poisson(1.0).expected_backorders([0, 1, 2, 3, 4])

    np.testing.assert_allclose(backorders, [1, 0.36788, 0.10364, 0.02334, 0.00435], atol=5e-6)


@settings(deadline=None)
@given(st.floats(0.001, 300), st.floats(1.0, 6.0))
def test_chances_are_those_of_an_independent_library(mean, ratio):
    demand = Counts(mean, mean * ratio)
    x = np.arange(60)

    if ratio > 1 + 1e-9:
        reference = (
            stats.nbinom.pmf(x, mean / (ratio - 1), 1 / ratio) if ratio > 1.001 else demand.chances(59)
        )
    else:
        reference = stats.poisson.pmf(x, mean)
    np.testing.assert_allclose(demand.chances(59), reference, rtol=1e-7, atol=1e-14)


@settings(deadline=None)
@given(st.floats(0.01, 80), st.floats(1.0, 5.0))
def test_stock_on_hand_less_backorders_is_stock_less_demand(mean, ratio):
    demand, levels = Counts(mean, mean * ratio), np.arange(120)

    backorders, filled = demand.expected_backorders(levels), demand.fill_rate(levels)

    np.testing.assert_allclose(backorders[0], mean, rtol=1e-9)
    np.testing.assert_allclose(-np.diff(backorders), 1 - np.diff(levels - mean + backorders), atol=1e-9)
    np.testing.assert_allclose(-np.diff(backorders), 1 - demand.ready_rate(levels + 1)[:-1], atol=1e-9)
    assert (np.diff(filled) >= -1e-12).all()
    assert (filled <= demand.ready_rate(levels) + 1e-12).all()


def test_tails_far_out_keep_their_digits():
    exact = sum((x - 40) * math.exp(x * math.log(5) - 5 - math.lgamma(x + 1)) for x in range(41, 120))

    assert float(poisson(5.0).expected_backorders(40)) == pytest.approx(exact, rel=1e-9)
    assert exact < 1e-18


def test_the_variance_of_backorders_is_that_of_the_sum():
    x = np.arange(200)
    short = np.maximum(x - 6, 0)
    p = stats.poisson.pmf(x, 5.0)

    assert float(poisson(5.0).backorder_variance(6)) == pytest.approx(short**2 @ p - (short @ p) ** 2)


def test_bursts_fill_less_than_readiness_says():
    rng = np.random.default_rng(1)
    demand = negative_binomial(3.0, 7.5)
    theta = 1 - 3 / 7.5
    due = rng.negative_binomial(3.0 * 0.4 / 0.6, 0.4, 400_000)
    burst = rng.logseries(theta, 400_000)
    filled = np.minimum(burst, np.maximum(5 - due, 0)).sum() / burst.sum()

    assert float(demand.fill_rate(5)) == pytest.approx(filled, abs=0.004)
    assert float(demand.fill_rate(5)) < float(demand.ready_rate(5)) - 0.05


@settings(deadline=None)
@given(st.floats(-6, 9))
def test_normal_backorders_match_the_integral(z):
    demand = Normal(100.0, 15.0)
    stock = 100.0 + 15.0 * z

    density, above = stats.norm.pdf(z), stats.norm.sf(z)
    assert float(demand.expected_backorders(stock)) == pytest.approx(
        15 * (density - z * above), rel=1e-6, abs=1e-18
    )


@settings(deadline=None)
@given(st.floats(0.05, 40), st.floats(0.0, 0.995))
def test_one_unit_less_would_miss_the_fill_rate(mean, target):
    plan = level_for_fill_rate(poisson(mean), target)

    assert plan.fill_rate >= target
    assert plan.level == 0 or float(poisson(mean).fill_rate(plan.level - 1)) < target


def test_levels_for_backorders_and_cost():
    demand = poisson(4.0)

    assert level_for_backorders(demand, 0.1).level == next(
        s for s in range(50) if float(demand.expected_backorders(s)) <= 0.1
    )
    best = level_at_least_cost(demand, holding_cost=1.0, stockout_cost=9.0)
    costs = [float(demand.on_hand(s) + 9 * demand.expected_backorders(s)) for s in range(20)]
    assert best.level == int(np.argmin(costs))
    assert best.cost == pytest.approx(min(costs))


def test_reorder_of_the_published_example():
    plan = cheapest_reorder(holding_cost=20, stockout_cost=150, fixed_cost=100, demand_rate=1.5, lead_time=2)

    assert (plan.reorder_at, plan.quantity) == (3, 5)
    assert plan.cost == pytest.approx(107.9236, abs=5e-5)


@settings(deadline=None)
@given(st.floats(0.5, 5), st.floats(5, 60), st.floats(1, 200), st.floats(0.1, 4), st.floats(0.1, 3))
def test_no_other_reorder_plan_near_is_cheaper(holding, stockout, fixed, rate, lead):
    costs = {"holding_cost": holding, "stockout_cost": stockout, "fixed_cost": fixed}
    best = cheapest_reorder(**costs, demand_rate=rate, lead_time=lead)

    for r in range(best.reorder_at - 2, best.reorder_at + 3):
        for q in range(max(1, best.quantity - 2), best.quantity + 3):
            other = judge_reorder(r, q, **costs, demand_rate=rate, lead_time=lead)
            assert other.cost >= best.cost - 1e-9


def test_a_reorder_plan_is_judged_as_a_simulation_would():
    rng = np.random.default_rng(5)
    plan = judge_reorder(2, 4, holding_cost=1, stockout_cost=1, fixed_cost=1, demand_rate=1.0, lead_time=3.0)
    due = rng.poisson(3.0, 400_000)
    position = rng.integers(3, 7, 400_000)

    assert plan.fill_rate == pytest.approx((due < position).mean(), abs=0.004)
    assert plan.backorders == pytest.approx(np.maximum(due - position, 0).mean(), abs=0.004)


def test_the_reorder_point_is_the_lowest_that_fills_enough():
    plan = reorder_for_fill_rate(0.95, quantity=4, demand_rate=1.5, lead_time=2)
    below = judge_reorder(
        plan.reorder_at - 1, 4, holding_cost=0, stockout_cost=0, fixed_cost=0, demand_rate=1.5, lead_time=2
    )

    assert plan.fill_rate >= 0.95 > below.fill_rate


def test_one_buy_of_the_published_examples():
    fast = one_buy(Normal(50, 8), over_cost=0.18, under_cost=0.70)
    slow = one_buy(poisson(50), over_cost=0.18, under_cost=0.70)

    assert fast.quantity == pytest.approx(56.6039559, abs=5e-8)
    assert fast.cost == pytest.approx(1.9976052, abs=5e-8)
    assert slow.quantity == 56
    assert slow.cost == pytest.approx(1.7972352, abs=5e-8)


def test_one_buy_from_history_is_the_best_of_the_past():
    history = [3, 8, 2, 9, 4, 4, 7, 1]

    plan = one_buy_from_history(history, over_cost=2.0, under_cost=5.0)

    def cost(q):
        return np.mean([2 * max(q - d, 0) + 5 * max(d - q, 0) for d in history])

    assert plan.cost == pytest.approx(min(cost(q) for q in range(12)))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (lambda: poisson(float("nan")), "its mean must lie between"),
        (lambda: Counts(3.0, 2.0), "variance 2.0 is below the mean"),
        (lambda: poisson(2.0).fill_rate(-1), "whole number of 0 or more"),
        (lambda: Normal(5.0, 0.0), "needs a deviation above zero"),
        (lambda: level_for_fill_rate(poisson(1.0), 1.0), "must be 0 or more and below 1"),
        (lambda: one_buy_from_history([1, 2], over_cost=1, under_cost=1), "at least five are needed"),
        (
            lambda: cheapest_reorder(
                holding_cost=0, stockout_cost=1, fixed_cost=1, demand_rate=1, lead_time=1
            ),
            "holding cost: must be above zero",
        ),
    ],
)
def test_broken_figures_are_refused(broken, why):
    with pytest.raises(BadProblem, match=why):
        broken()
