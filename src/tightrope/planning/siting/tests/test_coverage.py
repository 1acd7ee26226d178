"""Maximal covering and p-centre against enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import Stop, solve_centre, solve_coverage


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_most_weight_is_covered_and_proven(seed, count):
    random = np.random.default_rng(seed)
    travel = random.random((20, 9))
    weights = random.integers(0, 9, 20).astype(float)

    answer = solve_coverage(travel, within=0.3, count=count, weights=weights)

    best = max(
        float(weights @ (travel[:, list(sites)].min(axis=1) <= 0.3))
        for sites in combinations(range(9), count)
    )
    assert answer.value == pytest.approx(best)
    assert answer.is_proven
    assert len(answer.sites) == count


def test_the_search_alone_comes_within_half_a_percent():
    random = np.random.default_rng(4)
    places = random.random((500, 2))
    travel = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))

    quick = solve_coverage(travel, within=0.08, count=15, stop=Stop(rounds=60), prove_seconds=0)
    proven = solve_coverage(travel, within=0.08, count=15)

    assert proven.is_proven
    assert quick.value >= 0.995 * proven.value
    assert quick.bound == np.inf


def test_points_beyond_reach_are_served_by_nobody():
    answer = solve_coverage([[1.0, 9.0], [9.0, 9.0]], within=2.0, count=1)

    assert answer.served_from.tolist() == [0, -1]
    assert answer.value == 1.0


def test_nothing_in_reach_is_an_answer_of_zero():
    answer = solve_coverage([[5.0, 6.0]], within=1.0, count=1)

    assert answer.value == 0.0
    assert answer.is_proven


def test_a_fixed_site_stays_open_in_a_cover():
    travel = np.array([[1.0, 9.0, 9.0], [1.0, 9.0, 9.0], [9.0, 1.0, 9.0]])

    answer = solve_coverage(travel, within=2.0, count=2, fixed=[2])

    assert answer.sites.tolist() == [0, 2]


@pytest.mark.parametrize("within", [-1.0, float("nan"), float("inf")])
def test_an_unreal_reach_is_refused(within):
    with pytest.raises(BadProblem, match="within"):
        solve_coverage([[1.0]], within=within, count=1)


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_the_longest_travel_is_least_and_proven(seed, count):
    travel = np.random.default_rng(seed).integers(1, 30, (18, 8)).astype(float)

    answer = solve_centre(travel, count=count)

    best = min(float(travel[:, list(sites)].min(axis=1).max()) for sites in combinations(range(8), count))
    assert answer.value == best
    assert answer.is_proven
    assert len(answer.sites) == count


def test_a_centre_that_cannot_reach_everybody_is_refused():
    apart = np.array([[1.0, np.inf], [np.inf, 1.0]])

    with pytest.raises(BadProblem, match="reach every point"):
        solve_centre(apart, count=1)

    assert solve_centre(apart, count=2).value == 1.0


def test_a_centre_keeps_its_fixed_sites():
    travel = np.array([[1.0, 5.0, 9.0], [1.0, 5.0, 9.0]])

    assert solve_centre(travel, count=1).value == 1.0
    assert solve_centre(travel, count=1, fixed=[2]).value == 9.0


def test_without_proof_the_centre_still_answers_with_an_honest_bound():
    travel = np.random.default_rng(9).random((40, 30))

    answer = solve_centre(travel, count=6, prove_seconds=0)

    assert answer.bound <= solve_centre(travel, count=6).value <= answer.value
