"""The Weibull fit against published tables, an independent optimiser and its own likelihood."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from tightrope.planning.reliability.lives import TooLittleData, lives
from tightrope.planning.reliability.weibull import fit_weibull, wear_or_chance

# Shock absorbers of 38 vehicles, km (O'Connor 1985; Meeker & Escobar 1998, table C.2); + still good.
SHOCK_ABSORBERS = """6700 6950+ 7820+ 8790+ 9120 9660+ 9820+ 11310+ 11690+ 11850+ 11880+ 12140+ 12200 12870+
    13150 13330+ 13470+ 14040+ 14300 17520 17540+ 17890+ 18450+ 18960+ 18980+ 19410+ 20100 20100+ 20150+
    20320+ 20900 22700 23490+ 26510 27410+ 27490 27890+ 28100+"""
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def table(text):
    words = text.split()
    return lives([float(w.strip("+")) for w in words], failed=["+" not in w for w in words])


def by_simplex(known):
    def loss(at):
        shape, scale = math.exp(at[0]), math.exp(at[1])
        t, e, d = known.ages / scale, known.entered / scale, known.failed
        density = np.where(d, math.log(shape / scale) + (shape - 1) * np.log(t), 0.0)
        return -float((density - t**shape + e**shape).sum())

    found = minimize(
        loss,
        [0.0, math.log(known.ages.mean())],
        method="Nelder-Mead",
        options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 9000},
    )
    return math.exp(found.x[0]), math.exp(found.x[1]), -found.fun


def test_shock_absorbers_give_the_published_law():
    known = table(SHOCK_ABSORBERS)

    fit = fit_weibull(known)

    assert (len(known), known.failures) == (38, 11)
    assert fit.shape == pytest.approx(3.1605, abs=5e-5)
    assert fit.scale == pytest.approx(27_718.7, abs=0.05)


def test_six_mp_gives_the_published_law():
    fit = fit_weibull(table(SIX_MP))

    assert fit.shape == pytest.approx(1.35373, abs=5e-6)
    assert fit.scale == pytest.approx(33.7652, abs=5e-5)


@pytest.mark.parametrize("text", [SHOCK_ABSORBERS, SIX_MP])
def test_an_independent_optimiser_finds_the_same(text):
    known = table(text)

    fit = fit_weibull(known)

    shape, scale, likelihood = by_simplex(known)
    assert fit.shape == pytest.approx(shape, rel=1e-6)
    assert fit.scale == pytest.approx(scale, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(likelihood, rel=1e-10)


def test_late_entries_are_not_taken_for_long_lives():
    rng = np.random.default_rng(4)
    life, entry = 1000 * rng.weibull(1.8, 20_000), rng.uniform(0, 900, 20_000)
    seen = life > entry

    fit = fit_weibull(lives(life[seen], entered=entry[seen]))
    naive = fit_weibull(lives(life[seen]))

    assert fit.shape == pytest.approx(1.8, rel=0.03)
    assert fit.scale == pytest.approx(1000, rel=0.02)
    assert naive.scale > 1100


def test_the_covariance_is_the_curvature_of_the_likelihood():
    known = table(SHOCK_ABSORBERS)
    fit = fit_weibull(known)
    step = 1e-4

    def loss(log_scale, log_shape):
        shape, scale = math.exp(log_shape), math.exp(log_scale)
        z = known.ages / scale
        return float((z**shape).sum() - (np.log(shape / scale) + (shape - 1) * np.log(z))[known.failed].sum())

    a, b = math.log(fit.scale), math.log(fit.shape)
    numeric = np.empty((2, 2))
    for i, (da, db) in enumerate(((step, 0), (0, step))):
        for j, (ea, eb) in enumerate(((step, 0), (0, step))):
            corners = [
                loss(a + s * da + t * ea, b + s * db + t * eb) * s * t for s in (1, -1) for t in (1, -1)
            ]
            numeric[i, j] = sum(corners) / (4 * step**2)
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(numeric), rtol=1e-4)


def test_the_limits_hold_about_as_often_as_they_say():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        life = 100 * rng.weibull(2.0, 60)
        end = rng.uniform(20, 200, 60)
        fit = fit_weibull(lives(np.minimum(life, end), failed=life <= end))
        low, high = fit.scale_limits(0.9)
        held += low <= 100 <= high

    assert 0.85 <= held / 400 <= 0.95


@settings(max_examples=60, deadline=None)
@given(st.floats(0.3, 20.0), st.floats(1e-3, 1e6), st.integers(0, 10_000))
def test_another_unit_of_age_changes_the_scale_only(shape, unit, seed):
    rng = np.random.default_rng(seed)
    life = rng.weibull(shape, 30) + 1e-9
    end = rng.uniform(0.5, 2.0, 30)
    end[:5] = 1e9
    ages, failed = np.minimum(life, end), life <= end

    here, there = fit_weibull(lives(ages, failed=failed)), fit_weibull(lives(ages * unit, failed=failed))

    assert there.shape == pytest.approx(here.shape, rel=1e-8)
    assert there.scale == pytest.approx(here.scale * unit, rel=1e-8)


def test_b10_life_lies_on_the_curve_within_its_limits():
    fit = fit_weibull(table(SHOCK_ABSORBERS))

    b10, low, high = fit.quantile(0.1)

    assert fit.survival(b10) == pytest.approx(0.9)
    assert low < b10 < high
    assert fit.fails_within(0.0, b10) == pytest.approx(0.1)


def test_wear_is_told_from_chance():
    rng = np.random.default_rng(3)
    worn, random = lives(rng.weibull(3.0, 100)), lives(rng.weibull(1.0, 100))

    assert wear_or_chance(worn, fit_weibull(worn)) < 1e-6
    assert wear_or_chance(random, fit_weibull(random)) > 0.01


@pytest.mark.parametrize(
    ("ages", "failed", "why"),
    [
        ([1, 2, 3, 4], [True, True, False, False], "2 failures among 4 units; three are needed"),
        ([5, 5, 5, 9], [True, True, True, False], "all failures fell at one age"),
    ],
)
def test_too_few_failures_are_refused(ages, failed, why):
    with pytest.raises(TooLittleData, match=why):
        fit_weibull(lives(ages, failed=failed))
