"""Kaplan-Meier, its limits and the log-rank test against published and hand-made figures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import TooLittleData, lives
from tightrope.planning.reliability.survival import curves_by, kaplan_meier, log_rank

# Gehan (1965), weeks in remission of 42 leukaemia patients, 6-MP against placebo; * still in remission.
SIX_MP = "6 6 6 6* 7 9* 10 10* 11* 13 16 17* 19* 20* 22 23 25* 32* 32* 34* 35*"
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def six_mp():
    words = SIX_MP.split()
    return lives([float(w.strip("*")) for w in words], failed=["*" not in w for w in words])


def test_the_curve_of_the_published_table_is_met():
    curve = kaplan_meier(six_mp())

    assert curve.ages.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    np.testing.assert_allclose(
        curve.surviving, [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], atol=5e-5
    )
    np.testing.assert_allclose(
        curve.greenwood, [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], atol=5e-5
    )


def test_the_median_and_its_limits_invert_the_curve():
    assert kaplan_meier(six_mp()).quantile(0.5) == (23.0, 13.0, math.inf)


def test_two_treatments_are_told_apart_as_published():
    test = log_rank([six_mp(), lives(PLACEBO)])

    assert test.chi_square == pytest.approx(16.79, abs=0.005)
    assert test.p_value < 1e-4


def test_log_log_limits_invert_the_transformed_normal_limits():
    curve = kaplan_meier(six_mp(), confidence=0.95)

    s, error = curve.surviving[0], curve.greenwood[0]
    half = 1.959963985 * error / (s * abs(math.log(s)))
    assert curve.lower[0] == pytest.approx(s ** math.exp(half), rel=1e-8)
    assert curve.upper[0] == pytest.approx(s ** math.exp(-half), rel=1e-8)


def test_without_censoring_the_curve_is_the_share_alive_and_its_area_the_mean():
    ages = [3.0, 5.0, 5.0, 9.0, 14.0]

    curve = kaplan_meier(lives(ages))

    np.testing.assert_allclose(curve.surviving, [0.8, 0.4, 0.2, 0.0])
    mean, error = curve.restricted_mean(14.0)
    assert mean == pytest.approx(np.mean(ages))
    assert error == pytest.approx(np.std(ages) / math.sqrt(5))


def test_a_unit_counts_only_after_it_entered():
    curve = kaplan_meier(lives([4.0, 10.0, 12.0], failed=[True, True, False], entered=[0.0, 6.0, 0.0]))

    assert curve.at_risk.tolist() == [2, 2]
    np.testing.assert_allclose(curve.surviving, [0.5, 0.25])


def test_each_batch_has_its_own_curve_unless_nothing_failed():
    known = lives([5.0, 8.0, 6.0, 9.0, 7.0], failed=[True, False, True, True, False])

    curves = curves_by(known, ["W2", "W1", "W1", "W2", "W3"])

    assert list(curves) == ["W2", "W1"]
    assert curves["W2"].ages.tolist() == [5, 9]
    np.testing.assert_allclose(curves["W1"].surviving, [0.5])


def test_beyond_the_last_age_seen_nothing_is_claimed():
    curve = kaplan_meier(six_mp())

    assert curve.at(35.0) == pytest.approx(0.4482, abs=5e-5)
    assert np.isnan(curve.at(36.0))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 29)), min_size=1, max_size=40
    ).filter(lambda rows: any(f and a > e for a, f, e in rows))
)
def test_the_curve_equals_a_count_by_hand(rows):
    rows = [(a, f, e) for a, f, e in rows if a > e]
    curve = kaplan_meier(
        lives(*[[a for a, _, _ in rows]], failed=[f for _, f, _ in rows], entered=[e for *_, e in rows])
    )

    share = 1.0
    for i, age in enumerate(sorted({a for a, f, _ in rows if f})):
        watched = sum(1 for a, _, e in rows if e < age <= a)
        share *= 1 - sum(1 for a, f, _ in rows if f and a == age) / watched
        assert curve.at_risk[i] == watched
        assert curve.surviving[i] == pytest.approx(share, abs=1e-12)
        assert 0 <= curve.lower[i] <= curve.surviving[i] + 1e-12
        assert curve.surviving[i] - 1e-12 <= curve.upper[i] <= 1


@pytest.mark.parametrize(
    ("ages", "entered", "why"),
    [
        ([5.0, float("nan")], [0, 0], "unit B: its age is not a number"),
        ([5.0, 3.0], [0, 4], "unit B: its age is not above the age it was first watched at"),
        ([5.0, 3.0], [0, -1], "unit B: the age it was first watched at is negative"),
        ([5.0, 0.0], [0, 0], "unit B: its age must be above zero"),
    ],
)
def test_a_broken_life_is_refused_by_name(ages, entered, why):
    with pytest.raises(BadProblem, match=why):
        lives(ages, entered=entered, names=["A", "B"])


def test_no_failure_is_too_little():
    with pytest.raises(TooLittleData, match="none of the 2 units failed"):
        kaplan_meier(lives([1.0, 2.0], failed=[False, False]))
