"""Risk per unit: fitted as an independent optimiser would, honest about itself, silent on little data."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.backtest import back_test, score
from tightrope.planning.reliability.lives import TooLittleData
from tightrope.planning.reliability.proactive import Prevention, thresholds
from tightrope.planning.reliability.risk import fit_risk, unit_months


def fleet(seed, *, units=300, months=24, signal=1.2):
    """Machines whose vibration drifts; a failure renews the machine."""
    rng = np.random.default_rng(seed)
    rows = []
    age, drift = rng.integers(0, 36, units).astype(float), np.zeros(units)
    usage = rng.gamma(4, 50, units)
    for month in range(months):
        drift += rng.normal(0.05, 0.25, units)
        vibration = np.where(rng.random(units) < 0.1, np.nan, drift + rng.normal(0, 0.2, units))
        chance = 1 / (1 + np.exp(5.0 - 0.02 * age - signal * drift - 0.002 * (usage - 200)))
        failed = rng.random(units) < chance
        rows += [(f"u{i}", month, age[i], usage[i], vibration[i], failed[i]) for i in range(units)]
        age, drift = np.where(failed, 0, age + 1), np.where(failed, 0, drift)
    names, month, *readings, failed = zip(*rows, strict=True)
    return unit_months(names, month, np.array(readings).T, ("age", "usage", "vibration"), failed)


def test_the_fit_is_the_minimum_of_the_penalised_likelihood():
    table = fleet(1, units=150, months=18)
    model = fit_risk(table, ridge=2.0)
    x = model._standard(table.readings)
    y = table.failed

    def loss(beta):
        z = beta[0] + x @ beta[1:]
        return np.logaddexp(0, z).sum() - z[y].sum() + (beta[1:] ** 2).sum()

    found = minimize(loss, np.zeros(x.shape[1] + 1), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose([model.intercept, *model.weights], found.x, atol=1e-4)
    assert model.risk(table.readings).sum() == pytest.approx(y.sum(), rel=1e-9)


def test_readings_that_matter_beat_age_alone_on_months_not_seen():
    result = back_test(fleet(2))

    assert result.is_better
    assert result.model.auc > result.baseline.auc + 0.1
    assert result.model.calibration_slope == pytest.approx(1, abs=0.3)
    assert result.model.expected == pytest.approx(result.model.observed, rel=0.25)
    held = [b for b in result.model.calibration if b.lower <= b.predicted <= b.upper]
    assert len(held) >= 8


def test_readings_that_mean_nothing_are_not_sold_as_better():
    result = back_test(fleet(3, signal=0.0), baseline=("age", "usage"))

    assert not result.is_better


def test_the_past_alone_decides_what_is_predicted():
    table = fleet(4, units=150)
    judged = table.months >= 22
    readings = table.readings.copy()
    shuffled = table.failed.copy()
    last = np.flatnonzero(table.months == 23)
    shuffled[last] = ~shuffled[last]
    other = unit_months(table.units, table.months, readings, table.columns, shuffled)

    first, second = back_test(table, held_out_months=2), back_test(other, held_out_months=2)

    np.testing.assert_array_equal(first.predictions, second.predictions)
    assert first.predictions.size == judged.sum()


def test_every_risk_is_the_sum_of_its_reasons():
    table = fleet(5, units=100)
    model = fit_risk(table)

    reasons = model.reasons(table.readings)

    assert reasons.shape == (len(table), 3)
    np.testing.assert_allclose(model.intercept + reasons.sum(axis=1), model.log_odds(table.readings))
    shaken = np.array([[10.0, 200.0, 3.0]])
    assert model.reasons(shaken)[0].argmax() == 2


def test_too_few_failures_are_refused():
    table = fleet(6, units=10, months=6)
    quiet = unit_months(table.units, table.months, table.readings, table.columns, np.arange(len(table)) < 5)

    with pytest.raises(TooLittleData, match="5 failures in 60 unit-months; 20 needed"):
        fit_risk(quiet)
    with pytest.raises(TooLittleData, match="failures in the held-out months"):
        back_test(quiet, held_out_months=3)


def test_a_unit_twice_in_a_month_is_refused():
    with pytest.raises(BadProblem, match="unit a: it appears twice in month 1"):
        unit_months(["a", "a"], [1, 1], [[1.0], [2.0]], ("age",), [False, True])


def test_the_score_of_a_known_table_is_exact():
    result = score([0.1, 0.4, 0.4, 0.8], [False, True, False, True])

    assert result.auc == pytest.approx(3.5 / 4)
    assert result.brier == pytest.approx((0.01 + 0.36 + 0.16 + 0.04) / 4)
    assert result.log_loss == pytest.approx(-np.log([0.9, 0.4, 0.6, 0.8]).mean())


def test_risks_stated_twice_too_boldly_show_in_the_slope():
    rng = np.random.default_rng(8)
    z = rng.normal(-2, 1, 40_000)
    happened = rng.random(z.size) < 1 / (1 + np.exp(-z))

    assert score(1 / (1 + np.exp(-z)), happened).calibration_slope == pytest.approx(1, abs=0.05)
    assert score(1 / (1 + np.exp(-2 * z)), happened).calibration_slope == pytest.approx(0.5, abs=0.03)


def test_acting_pays_from_the_risk_that_covers_its_cost():
    rng = np.random.default_rng(9)
    risk = rng.beta(1, 15, 50_000)
    failed = rng.random(risk.size) < risk
    prevention = Prevention(failure_loss=1000.0, visit_cost=80.0, effectiveness=0.8)

    rows = thresholds(risk, failed, prevention, at=[0.02, 0.05, 0.1, 0.2, 0.4])

    assert prevention.worth_from_risk == pytest.approx(0.1)
    assert max(rows, key=lambda row: row.worth).risk == pytest.approx(0.1)
    assert [row.contacts for row in rows] == sorted(row.contacts for row in rows)
    assert rows[0].false_alarm_share < rows[-1].false_alarm_share
