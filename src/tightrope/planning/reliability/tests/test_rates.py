"""Rates with exact limits, repair times with open repairs, exposure by age, worst units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import TooLittleData, lives
from tightrope.planning.reliability.rates import (
    exposure_by_age,
    failure_rate,
    mean_time_to_repair,
    rates_by,
)
from tightrope.planning.reliability.units import Failure, worst_first


def test_the_limits_of_ten_failures_are_the_tabled_ones():
    rate = failure_rate(10, 1.0)

    assert rate.lower == pytest.approx(4.7954, abs=5e-5)
    assert rate.upper == pytest.approx(18.3904, abs=5e-5)


def test_no_failure_still_has_an_upper_limit():
    rate = failure_rate(0, 1000.0)

    assert rate.lower == 0
    assert rate.upper == pytest.approx(3.6889 / 1000, abs=5e-8)
    assert rate.mean_time_between == (float("inf"), pytest.approx(1000 / 3.6889, rel=1e-4), float("inf"))


@settings(deadline=None)
@given(st.integers(1, 500), st.floats(0.5, 0.999))
def test_each_limit_leaves_exactly_half_the_error_in_its_tail(count, confidence):
    rate = failure_rate(count, 1.0, confidence=confidence)

    assert poisson.sf(count - 1, rate.lower) == pytest.approx((1 - confidence) / 2, rel=1e-6)
    assert poisson.cdf(count, rate.upper) == pytest.approx((1 - confidence) / 2, rel=1e-6)


def test_rows_of_one_batch_are_added():
    rates = rates_by(["W07", "W08", "W07"], [1, 0, 2], [100.0, 50.0, 200.0])

    assert list(rates) == ["W07", "W08"]
    assert rates["W07"].rate == pytest.approx(0.01)
    assert rates["W08"].upper > 0


def test_a_batch_that_was_never_in_service_is_refused():
    with pytest.raises(BadProblem, match="group W08: it was never exposed"):
        rates_by(["W07", "W08"], [1, 0], [100.0, 0.0])


def test_open_repairs_lengthen_the_mean():
    hours, finished = [1.0, 2.0, 3.0, 4.0, 8.0, 9.0], [True, True, True, True, False, True]

    repair = mean_time_to_repair(hours, finished=finished)

    assert repair.mean > np.mean([1, 2, 3, 4, 9])
    assert (repair.finished, repair.open, repair.open_at_the_end) == (5, 1, False)
    assert repair.lower < repair.mean < repair.upper


def test_two_finished_repairs_are_too_little():
    with pytest.raises(TooLittleData, match="2 finished repairs"):
        mean_time_to_repair([1.0, 2.0, 3.0], finished=[True, True, False])


def test_a_life_is_spread_over_the_age_bands_it_lived_through():
    failures, watched = exposure_by_age(
        lives([50.0, 120.0, 100.0], failed=[True, True, False], entered=[0.0, 90.0, 0.0]), [0, 100, 200]
    )

    assert failures.tolist() == [1, 1]
    assert watched.tolist() == [160, 20]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 300), st.booleans()), min_size=1, max_size=30))
def test_no_failure_and_no_day_is_lost_between_bands(rows):
    table = lives([a for a, _ in rows], failed=[f for _, f in rows])

    failures, watched = exposure_by_age(table, [0, 10, 50, 300])

    assert failures.sum() == table.failures
    assert watched.sum() == pytest.approx(table.ages.sum())


def test_a_unit_with_many_failures_is_worse_than_a_new_one_with_one():
    failures = [Failure("old", day, 2.0, 10.0) for day in (10, 30, 200, 260, 300)] + [Failure("new", 5)]
    fleet = {f"u{i}": 365.0 for i in range(50)}
    failures += [Failure(f"u{i}", 100) for i in range(0, 50, 2)]

    ranked = worst_first(failures, exposure_days={"old": 365.0, "new": 20.0, **fleet})

    assert ranked[0].subject == "old"
    assert ranked[0].repeats == 1
    assert ranked[0].down_hours == 10
    assert ranked[0].cost == 50


def test_failures_of_two_units_of_one_model_are_not_repeats():
    failures = [Failure("M1", 10, unit="a"), Failure("M1", 12, unit="b"), Failure("M1", 30, unit="a")]

    [record] = worst_first(failures, exposure_days={"M1": 100.0})

    assert (record.failures, record.repeats) == (3, 1)


def test_a_failure_of_an_unknown_unit_is_refused():
    with pytest.raises(BadProblem, match="failure on day 3: ghost has no exposure"):
        worst_first([Failure("ghost", 3)], exposure_days={"a": 1.0})
