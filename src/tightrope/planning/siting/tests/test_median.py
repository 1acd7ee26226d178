"""p-median: against enumeration, proof, and what may never happen."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import Stop, solve_median


def best_by_trying_all(travel, weights, count):
    sets = combinations(range(travel.shape[1]), count)
    return min(float(weights @ travel[:, list(sites)].min(axis=1)) for sites in sets)


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_small_problems_are_solved_to_the_optimum_and_proven(seed, count):
    random = np.random.default_rng(seed)
    travel = random.integers(0, 40, (14, 9)).astype(float)
    weights = random.integers(0, 6, 14).astype(float)

    answer = solve_median(travel, weights=weights, count=count, seed=seed)

    assert answer.value == pytest.approx(best_by_trying_all(travel, weights, count))
    assert answer.is_proven
    assert len(answer.sites) == count
    assert answer.value == pytest.approx(float(weights @ travel[np.arange(14), answer.served_from]))


def test_fractions_are_solved_and_proven_too():
    random = np.random.default_rng(5)
    travel = random.random((30, 12))

    answer = solve_median(travel, count=4)

    assert answer.value == pytest.approx(best_by_trying_all(travel, np.ones(30), 4))
    assert answer.gap <= 1e-6


def test_one_more_site_never_makes_travel_longer():
    travel = np.random.default_rng(3).random((40, 15))

    values = [solve_median(travel, count=count, prove_seconds=0).value for count in range(1, 16)]

    assert values == sorted(values, reverse=True)


def test_fixed_sites_stay_open_and_make_nothing_better():
    travel = np.random.default_rng(8).random((30, 10))
    free = solve_median(travel, count=3)
    unloved = [site for site in range(10) if site not in free.sites][:2]

    held = solve_median(travel, count=3, fixed=unloved)

    assert set(unloved) <= set(held.sites.tolist())
    assert held.value >= free.value
    assert held.is_proven


def test_equal_seeds_and_rounds_give_equal_answers():
    travel = np.random.default_rng(1).random((60, 60))

    one, two = (
        solve_median(travel, count=8, seed=4, stop=Stop(rounds=30), prove_seconds=0) for _ in range(2)
    )

    assert one.sites.tolist() == two.sites.tolist()
    assert one.rounds == two.rounds == 30


def test_the_bound_never_lies_above_the_value():
    places = np.random.default_rng(2).random((80, 2))
    travel = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))

    answer = solve_median(travel, count=7, prove_seconds=0.001)

    assert answer.bound <= answer.value
    assert answer.bound > 0.9 * answer.value


def test_a_cancelled_search_keeps_its_best_answer():
    travel = np.random.default_rng(2).random((50, 50))
    stop = Stop()
    stop.cancel()

    answer = solve_median(travel, count=5, stop=stop)

    assert len(answer.sites) == 5
    assert np.isfinite(answer.value)


def test_progress_reports_falling_values():
    travel = np.random.default_rng(6).random((60, 60))
    values = []

    solve_median(travel, count=6, prove_seconds=0, progress=lambda value, seconds: values.append(value))

    assert values
    assert values == sorted(values, reverse=True)


def test_a_point_out_of_reach_of_the_open_sites_is_served_by_nobody():
    travel = np.array([[1.0, np.inf], [np.inf, 1.0], [1.0, np.inf]])

    answer = solve_median(travel, count=1)

    assert answer.sites.tolist() == [0]
    assert answer.served_from.tolist() == [0, -1, 0]


@pytest.mark.parametrize(
    ("travel", "count", "where"),
    [
        ([[1.0, -2.0]], 1, "travel of point 0, site 1"),
        ([[1.0, float("nan")]], 1, "travel of point 0, site 1"),
        ([[1.0], [float("inf")]], 1, "point 1"),
        ([1.0, 2.0], 1, "travel"),
        ([[1.0, 2.0], [1.0]], 1, "travel"),
        ([[1.0, 2.0]], 3, "count"),
        ([[1.0, 2.0]], 0, "count"),
    ],
)
def test_bad_input_is_refused_by_name(travel, count, where):
    with pytest.raises(BadProblem) as refusal:
        solve_median(travel, count=count)

    assert refusal.value.where == where


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, float("inf")]])
def test_bad_weights_are_refused(weights):
    with pytest.raises(BadProblem):
        solve_median([[1.0, 2.0], [2.0, 1.0]], count=1, weights=weights)


def test_sites_that_do_not_exist_or_come_twice_are_refused():
    for fixed in ([5], [-1], [1, 1]):
        with pytest.raises(BadProblem, match="fixed sites"):
            solve_median([[1.0, 2.0]], count=2, fixed=fixed)
