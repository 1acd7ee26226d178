"""A depot and its bases: special cases that are exact, and the approximations beside the exact answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import poisson
from tightrope.planning.spares.echelons import due_moments, due_table, judge_echelons, two_echelons


def three_bases():
    return two_echelons([0.2, 0.1, 0.3], ship_days=[3, 4, 2], depot_days=20)


@pytest.mark.parametrize("method", ["metric", "vari-metric", "exact"])
def test_a_depot_with_nothing_is_one_long_lead_time(method):
    service = judge_echelons(three_bases(), depot_stock=0, base_stock=[5, 3, 7], method=method)

    for i, (rate, days, stock) in enumerate(((0.2, 23, 5), (0.1, 24, 3), (0.3, 22, 7))):
        alone = poisson(rate * days)
        assert service.backorders[i] == pytest.approx(float(alone.expected_backorders(stock)), rel=1e-9)
        assert service.fill_rates[i] == pytest.approx(float(alone.fill_rate(stock)), rel=1e-9)


@pytest.mark.parametrize("method", ["metric", "vari-metric", "exact"])
def test_a_full_depot_leaves_only_the_road(method):
    service = judge_echelons(three_bases(), depot_stock=60, base_stock=[1, 1, 1], method=method)

    assert service.backorders[0] == pytest.approx(float(poisson(0.6).expected_backorders(1)), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.5), min_size=1, max_size=4),
    st.floats(1, 30),
    st.integers(0, 12),
    st.floats(0, 0.6),
)
def test_the_exact_table_has_the_moments_that_vari_metric_fits(demand, depot_days, depot_stock, repaired):
    system = two_echelons(
        demand, ship_days=2.0, depot_days=depot_days, repaired_share=repaired, repair_days=5.0
    )
    mean, variance = due_moments(system, depot_stock, method="vari-metric")

    table = due_table(system, depot_stock, most=40, method="exact")

    x = np.arange(table.shape[1])
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(table @ x, mean, rtol=1e-6)
    np.testing.assert_allclose(table @ x**2 - (table @ x) ** 2, variance, rtol=1e-5)


def test_vari_metric_is_nearer_to_the_truth_than_metric():
    figures = {
        method: judge_echelons(
            three_bases(), depot_stock=10, base_stock=[2, 2, 2], method=method
        ).backorders.sum()
        for method in ("metric", "vari-metric", "exact")
    }

    assert figures["metric"] < 0.85 * figures["exact"]
    assert figures["vari-metric"] == pytest.approx(figures["exact"], rel=0.02)


def test_exact_is_refused_for_bursts():
    system = two_echelons([0.1], ship_days=1, depot_days=5, variance_ratio=2.0)

    with pytest.raises(BadProblem, match="exact holds for Poisson demand only"):
        judge_echelons(system, depot_stock=1, base_stock=[1], method="exact")


def test_a_broken_base_is_named():
    with pytest.raises(BadProblem, match=r"base 1: shipping days cannot be -2\.0"):
        two_echelons([0.1, 0.1], ship_days=[1.0, -2.0], depot_days=5)
