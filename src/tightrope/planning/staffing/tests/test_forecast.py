"""Arrival forecasts: methods chosen by back-test, honest errors and intervals, refusal on too little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import TooLittleData, forecast, forecast_table
from tightrope.planning.staffing.forecast import count_interval
from tightrope.planning.staffing.forecast_methods import METHODS


def a_pattern():
    hours = np.arange(168)
    day = 0.3 + 8 * np.exp(-(((hours % 24 - 10) / 2.5) ** 2)) + 6 * np.exp(-(((hours % 24 - 15.5) / 2) ** 2))
    return day * np.where(hours // 24 >= 5, 0.35, 1.0)


def a_history(weeks=20, scale=2.0, growth=0.0, seed=1):
    pattern = np.tile(a_pattern(), weeks) * scale * np.linspace(1, 1 + growth, weeks * 168)
    return np.random.default_rng(seed).poisson(pattern).astype(float)


def test_a_regular_desk_is_forecast_close_to_the_truth():
    found = forecast(a_history())

    truth = a_pattern() * 2
    assert np.abs(found.mean - truth).sum() / truth.sum() < 0.1
    assert found.error.day_error < 0.1
    assert abs(found.error.bias) < 0.05
    assert found.weeks == 20


def test_the_chosen_method_has_the_least_error_and_beats_last_week():
    found = forecast(a_history(growth=0.5))

    assert [error.rmse for error in found.errors] == sorted(error.rmse for error in found.errors)
    assert found.errors[0].method == found.method
    naive = next(error for error in found.errors if error.method == "seasonal naive")
    assert found.error.rmse < 0.85 * naive.rmse


def test_a_growing_desk_is_not_forecast_from_the_old_days():
    found = forecast(a_history(weeks=26, growth=1.0, seed=4))

    truth = a_pattern().sum() * 4
    assert found.mean.sum() == pytest.approx(truth, rel=0.08)


def test_intervals_hold_what_they_promise():
    found = forecast(a_history(weeks=24, scale=3), confidence=0.8)

    assert 0.78 <= found.coverage <= 0.95
    fresh = np.random.default_rng(99).poisson(a_pattern() * 3)
    assert np.mean((fresh >= found.low) & (fresh <= found.high)) > 0.75
    assert (found.low <= found.mean + 1).all()
    assert (found.high >= np.floor(found.mean)).all()


def test_weeks_that_differ_as_a_whole_widen_the_interval():
    random = np.random.default_rng(7)
    good_and_bad = np.repeat(random.gamma(6, 1 / 6, 20), 168)

    steady = forecast(a_history())
    shaky = forecast(random.poisson(np.tile(a_pattern(), 20) * 2 * good_and_bad).astype(float))

    assert shaky.dispersion > steady.dispersion
    assert (shaky.high - shaky.low).sum() > (steady.high - steady.low).sum()


def test_a_sparse_desk_is_not_forecast_hour_by_hour():
    found = forecast(a_history(weeks=30, scale=0.03, seed=3))

    assert found.method in ("intermittent", "harmonic regression", "exponential smoothing")
    truth = a_pattern().sum() * 0.03
    assert found.mean.sum() == pytest.approx(truth, rel=0.35)


def test_unknown_hours_are_neither_zero_nor_an_error():
    history = a_history()
    holed = history.copy()
    holed[168 * 10 : 168 * 10 + 48] = np.nan
    holed[-24:] = np.nan

    found, whole = forecast(holed), forecast(history)

    assert np.isfinite(found.mean).all()
    assert found.mean.sum() == pytest.approx(whole.mean.sum(), rel=0.05)


def test_quarters_of_an_hour_and_several_weeks_ahead_work_too():
    quarters = np.random.default_rng(2).poisson(np.repeat(a_pattern(), 4)[None, :].repeat(8, axis=0) / 2)

    found = forecast(quarters.ravel(), season=672, ahead=1500, methods=["recent mean", "seasonal naive"])

    assert found.mean.shape == (1500,)
    assert found.mean[:100].tolist() == found.mean[672:772].tolist()


def test_the_same_history_gives_the_same_forecast():
    assert forecast(a_history()).mean.tolist() == forecast(a_history()).mean.tolist()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_gives_real_numbers_on_an_all_but_silent_desk(method):
    silent = np.zeros(168 * 6)
    silent[500] = 1.0

    mean = METHODS[method](silent, 168, 200)

    assert mean.shape == (200,)
    assert np.isfinite(mean).all()
    assert (mean >= 0).all()
    assert mean.sum() < 20


def test_too_little_history_is_refused_and_says_so():
    with pytest.raises(TooLittleData, match="5 whole weeks are too few; 6 are needed"):
        forecast(a_history(weeks=5))
    with pytest.raises(TooLittleData, match="arrivals are too few"):
        forecast(a_history(weeks=8, scale=0.01))
    mostly_unknown = a_history(weeks=8)
    mostly_unknown[: 168 * 5] = np.nan
    with pytest.raises(TooLittleData, match="unknown"):
        forecast(mostly_unknown)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": [1.0, -2.0]}, "count of step 1"),
        ({"counts": [[1.0]]}, "row of numbers"),
        ({"counts": ["many"]}, "row of numbers"),
        ({"season": 1}, "season"),
        ({"confidence": 1.0}, "confidence"),
        ({"ahead": 0}, "at least one step"),
        ({"methods": ["oracle"]}, "'oracle' is not one of"),
        ({"methods": []}, "none is given"),
    ],
)
def test_impossible_arguments_are_refused(change, words):
    arguments = {"counts": a_history(weeks=6), **change}
    with pytest.raises(BadProblem, match=words):
        forecast(arguments.pop("counts"), **arguments)


@given(st.floats(0.0, 200.0), st.floats(1.0, 6.0), st.floats(0.1, 0.98))
@settings(deadline=None)
def test_a_count_interval_is_ordered_and_widens_with_dispersion_and_confidence(mean, dispersion, confidence):
    low, high = count_interval(np.array([mean]), dispersion=dispersion, confidence=confidence)
    _low, wider = count_interval(np.array([mean]), dispersion=dispersion, confidence=confidence + 0.01)

    assert 0 <= low[0] <= high[0] <= wider[0]


def test_a_poisson_interval_has_textbook_ends():
    low, high = count_interval(np.array([10.0, 0.0]), dispersion=1.0, confidence=0.9)

    assert (low[0], high[0]) == (5, 15)
    assert (low[1], high[1]) == (0, 0)


def test_the_table_names_the_methods_and_their_errors():
    text = forecast_table(forecast(a_history()))

    assert all(method in text for method in METHODS)
    assert "interval" in text
