"""Who leaves when: rates that equal a count by hand, late entries, reasons, groups, laws compared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import TooLittleData, careers
from tightrope.planning.turnover.leaving import by_group, by_reason, fit_leaving, shapes, stay_curve


def company(seed=1, *, people=600, shape=0.8, scale=50.0, times=None):
    """Newcomers who leave most in their first months; a third were here before the records began."""
    rng = np.random.default_rng(seed)
    group = np.array(["north", "south", "west"])[rng.integers(0, 3, people)]
    factor = np.array([(times or {}).get(g, 1.0) for g in group])
    stay = scale * factor * rng.weibull(shape, people)
    seen = rng.uniform(2, 120, people)
    entered = np.where(rng.random(people) < 0.33, rng.uniform(0, 60, people), 0.0)
    tenure = np.minimum(stay, entered + seen)
    known = tenure > entered
    left = (stay <= entered + seen)[known]
    reasons = np.where(
        left, np.array(["pay", "attention", "customers"])[rng.integers(0, 3, known.sum())], "not stated"
    )
    return careers(
        tenure[known],
        left=left,
        entered=entered[known],
        reasons=reasons.tolist(),
        groups=group[known].tolist(),
    )


def test_a_rate_is_leavers_over_person_months():
    known = careers(
        [2.0, 5.0, 8.0] + [10.0] * 10, left=[True, False, True] + [True] * 10, entered=[0, 1, 4] + [0] * 10
    )

    hazard = fit_leaving(known, bands=(0.0, 6.0), fewest=1)

    assert hazard.leavers.tolist() == [1, 11]
    np.testing.assert_allclose(hazard.person_months, [2 + 4 + 2 + 60, 2 + 40])
    np.testing.assert_allclose(hazard.rate, [1 / 68, 11 / 42])
    assert (hazard.lower < hazard.rate).all()
    assert (hazard.rate < hazard.upper).all()


@settings(deadline=None)
@given(st.integers(0, 500))
def test_no_leaver_and_no_month_is_lost_between_bands(seed):
    known = company(seed, people=80)

    hazard = fit_leaving(known)

    assert hazard.leavers.sum() == known.leavers
    assert hazard.person_months.sum() == pytest.approx(known.person_months)
    assert hazard.leavers.min() >= 5


def test_bands_and_curve_tell_the_same_story():
    known = company()
    hazard, curve = fit_leaving(known), stay_curve(known)

    for months in (6, 12, 24, 60):
        assert float(hazard.stays(0, months)) == pytest.approx(curve.at(months), abs=0.04)
        assert curve.at(months) == pytest.approx(np.exp(-((months / 50) ** 0.8)), abs=0.06)


def test_staying_is_a_chain_of_months():
    hazard = fit_leaving(company())

    monthly = hazard.monthly_chances(36)

    assert float(hazard.stays(0, 36)) == pytest.approx(np.prod(1 - monthly))
    assert float(hazard.stays(10, 5) * hazard.stays(15, 7)) == pytest.approx(float(hazard.stays(10, 12)))


def test_mean_tenure_of_a_constant_rate_is_its_inverse():
    rng = np.random.default_rng(2)
    known = careers(rng.exponential(40, 4000), left=np.ones(4000, bool))

    hazard = fit_leaving(known, bands=(0.0,))

    assert hazard.mean_tenure(2000.0) == pytest.approx(1 / hazard.rate[0], rel=1e-3)
    assert 1 / hazard.rate[0] == pytest.approx(40, rel=0.05)


def test_reasons_share_all_who_are_lost_without_counting_anyone_twice():
    known = company()

    reasons = by_reason(known, months=24)

    assert sum(r.leavers for r in reasons) == known.leavers
    assert sum(r.lost_share for r in reasons) == pytest.approx(1 - stay_curve(known).at(24))


def test_a_region_people_flee_from_is_found_and_others_are_not():
    known = company(3, people=900, times={"west": 0.4})

    groups = {g.group: g for g in by_group(known, fit_leaving(known))}

    assert groups["west"].adjusted < 0.001
    assert groups["west"].lower > 1
    alike = by_group(company(4), fit_leaving(company(4)))
    assert min(g.adjusted for g in alike) > 0.05


def test_the_law_that_made_the_data_is_preferred():
    falling = company(5, people=1500, shape=0.6)
    steady = careers(np.random.default_rng(8).exponential(30, 800), left=np.ones(800, bool))

    best = shapes(falling, fit_leaving(falling))[0]
    assert best.name == "Weibull"
    assert best.weibull_shape == pytest.approx(0.6, abs=0.05)
    assert best.weibull_scale == pytest.approx(50, rel=0.15)
    assert shapes(steady, fit_leaving(steady))[0].name == "constant"


def test_rates_are_drawn_as_uncertain_as_they_are():
    hazard = fit_leaving(company())

    drawn = hazard.drawn(np.random.default_rng(0), 20_000)

    np.testing.assert_allclose(np.quantile(drawn, 0.025, axis=0), hazard.lower, rtol=0.2)
    np.testing.assert_allclose(np.quantile(drawn, 0.975, axis=0), hazard.upper, rtol=0.2)


def test_nine_leavers_are_too_few():
    with pytest.raises(TooLittleData, match="9 leavers among 30 people; 10 are needed"):
        fit_leaving(careers(np.arange(1, 31), left=np.arange(30) < 9))


def test_an_impossible_career_is_refused_by_name():
    with pytest.raises(BadProblem, match="person 李娜: tenure is not above"):
        careers([5.0, 3.0], left=[True, False], entered=[0, 3], names=["王伟", "李娜"])
