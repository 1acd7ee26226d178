"""Control charts: the stated false-alarm rate is the true one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.charts import between_spread, p_chart, u_chart
from tightrope.planning.reliability.cusum import design_cusum, run_cusum
from tightrope.planning.reliability.lives import TooLittleData


@settings(deadline=None)
@given(st.floats(0.005, 0.6), st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_a_p_chart_signals_as_rarely_as_it_says(share, checked):
    chart = p_chart([0] * len(checked), checked, centre=share)

    for i, n in enumerate(checked):
        hits = np.arange(n + 1)
        outside = (hits / n > chart.upper[i] + 1e-9) | (hits / n < chart.lower[i] - 1e-9)
        assert chart.false_alarm[i] == pytest.approx(binom.pmf(hits, n, share)[outside].sum(), abs=1e-9)
        assert chart.false_alarm[i] <= 0.0027


@settings(deadline=None)
@given(st.floats(0.01, 3.0), st.lists(st.floats(1.0, 300.0), min_size=1, max_size=6))
def test_a_u_chart_signals_as_rarely_as_it_says(level, exposure):
    chart = u_chart([0] * len(exposure), exposure, centre=level)

    for i, e in enumerate(exposure):
        counts = np.arange(int(level * e + 60 * (level * e) ** 0.5 + 60))
        outside = (counts / e > chart.upper[i] + 1e-9) | (counts / e < chart.lower[i] - 1e-9)
        assert chart.false_alarm[i] == pytest.approx(poisson.pmf(counts, level * e)[outside].sum(), abs=1e-9)
        assert chart.false_alarm[i] <= 0.0027


def test_a_bad_month_stands_out_and_a_good_one_too():
    chart = u_chart([10, 11, 30, 9, 0], [100.0] * 5, centre=0.1)

    assert chart.signals.tolist() == [False, False, True, False, True]
    assert 0 < chart.chance_of_any_false_alarm < 5 * 0.0027
    assert chart.points_between_false_alarms >= 1 / 0.0027


def test_impossible_shares_are_refused():
    with pytest.raises(BadProblem, match="point 1: 5 hits among 4 checked"):
        p_chart([1, 5], [4, 4])


def test_nothing_counted_is_too_little_for_limits():
    with pytest.raises(TooLittleData, match="nothing was counted"):
        u_chart([0, 0], [10.0, 10.0])


def test_engineers_who_differ_are_told_from_those_who_do_not():
    rng = np.random.default_rng(5)
    expected = rng.uniform(20, 60, 40)
    alike = between_spread(rng.poisson(expected), expected)
    apart = between_spread(rng.poisson(expected * rng.gamma(1 / 0.09, 0.09, 40)), expected)

    assert alike.p_value > 0.01
    assert apart.p_value < 1e-4
    assert apart.spread == pytest.approx(0.3, abs=0.1)


def test_the_cusum_keeps_the_run_length_it_promises():
    design = design_cusum(4.0, 8.0, exposure=1.0, points_between_false_alarms=100)
    rng = np.random.default_rng(11)

    def mean_run(rate, runs):
        lengths = []
        for _ in range(runs):
            total, points = 0.0, 0
            while total <= design.threshold + 1e-9:
                total = max(0.0, total + rng.poisson(rate) - design.reference_rate)
                points += 1
            lengths.append(points)
        return np.mean(lengths), np.std(lengths) / runs**0.5

    good, error = mean_run(4.0, 1500)
    assert design.run_length_good >= 100
    assert abs(good - design.run_length_good) < 4 * error
    bad, error = mean_run(8.0, 1500)
    assert abs(bad - design.run_length_bad) < 4 * error


def test_the_next_smaller_threshold_would_alarm_too_often():
    from tightrope.planning.reliability.cusum import _run_length

    design = design_cusum(2.0, 4.0, exposure=1.0, points_between_false_alarms=200)

    step, threshold = round(design.reference_rate * design.grid), round(design.threshold * design.grid)
    assert _run_length(2.0, step, threshold, design.grid) >= 200
    assert _run_length(2.0, step, threshold - 1, design.grid) < 200


def test_a_doubled_rate_is_found_and_its_false_alarm_chance_is_stated():
    design = design_cusum(0.01, 0.02, exposure=400, points_between_false_alarms=150)
    rng = np.random.default_rng(2)
    exposure = rng.uniform(300, 500, 30)
    counts = rng.poisson(np.where(np.arange(30) < 18, 0.01, 0.02) * exposure)

    run = run_cusum(design, counts, exposure)

    assert not run.signals[:18].any()
    assert run.signals[18:].any()
    assert 0.05 < run.chance_of_any_false_alarm < 0.35


def test_the_stated_chance_of_a_false_alarm_is_met_by_simulation():
    design = design_cusum(0.01, 0.02, exposure=300, points_between_false_alarms=100)
    rng = np.random.default_rng(3)
    exposure = rng.uniform(200, 400, 24)
    stated = run_cusum(design, np.zeros(24), exposure).chance_of_any_false_alarm

    alarms = sum(run_cusum(design, rng.poisson(0.01 * exposure), exposure).signals.any() for _ in range(600))

    assert abs(alarms / 600 - stated) < 4 * (stated * (1 - stated) / 600) ** 0.5


def test_rates_in_the_wrong_order_are_refused():
    with pytest.raises(BadProblem, match="is not above the good rate"):
        design_cusum(2.0, 1.0, exposure=1.0, points_between_false_alarms=100)
