"""The field-failure alarm finds a planted bad batch and keeps its stated false-alarm rate."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.alarm import (
    GroupTable,
    _tail,
    field_alarm,
    field_alarm_in_rounds,
    group_table,
)
from tightrope.planning.reliability.lives import TooLittleData, lives

BANDS = [0.0, 90.0, 180.0, 365.0, 730.0]


def shipped(rng, *, bad=None, times=3.0, batches=20, each=150):
    """Weekly batches installed one after another; wear makes old batches fail more."""
    names = np.repeat([f"W{w:02}" for w in range(batches)], each)
    watched = np.repeat(np.linspace(700, 60, batches), each) * rng.uniform(0.9, 1.0, batches * each)
    scale = np.where(names == bad, 2000 / times ** (1 / 1.5), 2000)
    life = scale * rng.weibull(1.5, names.size)
    return group_table(lives(np.minimum(life, watched), failed=life <= watched), list(names), BANDS)


def test_a_planted_bad_batch_is_found_and_alone():
    found = field_alarm(shipped(np.random.default_rng(1), bad="W06"))

    assert found.alarms == ("W06",)
    assert found.verdicts[0].ratio == pytest.approx(3, rel=0.3)
    assert found.verdicts[0].adjusted < 0.05


def test_age_alone_alarms_nothing_though_raw_rates_differ():
    table = shipped(np.random.default_rng(2))
    raw = table.failures.sum(axis=1) / table.exposure.sum(axis=1)

    assert raw[:5].mean() > 1.5 * raw[-5:].mean()
    assert field_alarm(table).alarms == ()


def test_the_stated_false_alarm_rate_holds():
    rng = np.random.default_rng(3)
    exposure = rng.uniform(100, 5000, (15, 3))
    rates = np.array([0.002, 0.004, 0.01])

    alarms = sum(
        bool(
            field_alarm(
                GroupTable(tuple("abcdefghijklmno"), rng.poisson(rates * exposure), exposure), looks=1
            ).alarms
        )
        for _ in range(800)
    )

    assert alarms / 800 <= 0.05 + 3 * (0.05 * 0.95 / 800) ** 0.5


def test_a_tolerated_ratio_leaves_small_differences_alone():
    exposure = np.full((10, 1), 100_000.0)
    failures = np.full((10, 1), 1000.0)
    failures[3] = 1150

    names = tuple("abcdefghij")

    assert field_alarm(GroupTable(names, failures, exposure)).alarms == ("d",)
    assert field_alarm(GroupTable(names, failures, exposure), tolerated_ratio=1.2).alarms == ()


def test_two_bad_batches_do_not_hide_each_other():
    exposure = np.full((5, 1), 1000.0)
    failures = np.array([[10.0], [10.0], [10.0], [90.0], [32.0]])
    table = GroupTable(tuple("abcde"), failures, exposure)

    assert field_alarm(table).alarms == ("d",)
    assert field_alarm_in_rounds(table).alarms == ("d", "e")


def test_the_tail_of_the_sum_is_exact():
    trials, share = np.array([3.0, 4.0, 2.0]), np.array([0.2, 0.5, 0.9])
    exact = sum(
        np.prod([binom.pmf(k, n, p) for k, n, p in zip(ks, trials, share, strict=True)])
        for ks in itertools.product(range(4), range(5), range(3))
        if sum(ks) >= 6
    )

    assert _tail(trials, share, 6) == pytest.approx(exact, rel=1e-12)
    assert _tail(np.array([5.0]), np.array([1.0]), 5) == pytest.approx(1.0)


def test_what_may_be_missed_is_said():
    found = field_alarm(
        GroupTable(("a", "b"), np.array([[3.0], [300.0]]), np.array([[100.0], [10_000.0]])), looks=1
    )

    small = next(v for v in found.verdicts if v.name == "a")
    assert 2.5 < small.found_ratio < 6


def test_failures_without_exposure_are_refused():
    with pytest.raises(BadProblem, match=r"group b, age band 0: 2.0 failures in an exposure of 0.0"):
        field_alarm(GroupTable(("a", "b"), np.array([[1.0], [2.0]]), np.array([[5.0], [0.0]])))


def test_one_group_has_nothing_to_be_compared_with():
    with pytest.raises(TooLittleData, match="two groups"):
        field_alarm(GroupTable(("a",), np.array([[1.0]]), np.array([[5.0]])))
