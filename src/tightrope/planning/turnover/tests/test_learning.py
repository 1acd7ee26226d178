"""Learning curves and what a leaver costs."""

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import TooLittleData
from tightrope.planning.turnover.learning import LearningCurve, fit_learning, fit_practice
from tightrope.planning.turnover.leaving_cost import Replacement, cost_of_leaving


def test_a_curve_without_noise_is_found_exactly():
    t = np.linspace(0, 40, 30)

    curve = fit_learning(t, 10 - 6 * np.exp(-t / 9))

    assert (curve.start, curve.top, curve.months) == pytest.approx((4, 10, 9), rel=1e-6)
    assert curve.months_until(0.9) == pytest.approx(9 * np.log(6))


def test_the_limits_hold_about_as_often_as_they_say():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        t = rng.uniform(0, 48, 120)
        low, high = fit_learning(t, 10 - 6 * np.exp(-t / 9) + rng.normal(0, 1, 120)).months_limits
        held += low <= 9 <= high

    assert held / 200 >= 0.9


def test_lost_months_are_the_area_above_the_curve():
    curve = LearningCurve(4.0, 10.0, 9.0)
    t = np.linspace(0, 24, 200_001)

    lost = np.mean(1 - curve.output(t) / 10) * 24

    assert curve.lost_months(24) == pytest.approx(lost, rel=1e-5)


def test_a_straight_line_shows_no_bend_and_is_refused():
    t = np.linspace(0, 10, 40)

    with pytest.raises(TooLittleData, match="no bend"):
        fit_learning(t, 3 + 0.2 * t)


def test_noise_alone_is_not_taken_for_learning():
    rng = np.random.default_rng(2)
    refused = 0
    for _ in range(20):
        try:
            fit_learning(rng.uniform(0, 48, 40), rng.normal(10, 1, 40))
        except TooLittleData:
            refused += 1

    assert refused >= 16


def test_eleven_observations_are_too_few():
    with pytest.raises(TooLittleData, match="11 observations; twelve are needed"):
        fit_learning(np.arange(11), np.arange(11))


def test_practice_halves_as_wright_found():
    job = np.arange(1, 60)

    practice = fit_practice(job, 5.0 * job**-0.32)

    assert practice.per_doubling == pytest.approx(0.8, abs=0.002)
    assert practice.first == pytest.approx(5)
    assert float(practice.hours(2) / practice.hours(1)) == pytest.approx(practice.per_doubling)


def test_the_cost_of_a_leaver_adds_up():
    figures = Replacement(
        recruiting=15_000,
        vacant_months=2.5,
        output_worth_per_month=20_000,
        covered_share=0.6,
        overtime_premium=0.5,
        training=8_000,
        trainer_months=0.5,
    )

    cost = cost_of_leaving(figures, LearningCurve(0.4, 1.0, 8.0), stays_months=1e6)

    assert cost.vacancy == pytest.approx(20_000)
    assert cost.overtime == pytest.approx(15_000)
    assert cost.training == pytest.approx(18_000)
    assert cost.learning == pytest.approx(0.6 * 8 * 20_000)
    assert cost.total == pytest.approx(15_000 + 20_000 + 15_000 + 18_000 + 96_000)


def test_a_negative_figure_is_refused_by_name():
    with pytest.raises(BadProblem, match="vacant_months cannot be -1"):
        Replacement(1, -1, 1, 0, 0, 0, 0)
