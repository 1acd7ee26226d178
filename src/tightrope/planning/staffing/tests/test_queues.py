"""Erlang's formulas: reference digits, exact fractions, and what must always hold."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import (
    ServiceTarget,
    erlang_b,
    erlang_c,
    impatient_waiting,
    positions_for,
    servers_for_loads,
    waiting,
)
from tightrope.planning.staffing.check import service_of

loads = st.floats(0.05, 300.0)


def exact_b(load: Fraction, servers: int) -> Fraction:
    terms = [load**n / math.factorial(n) for n in range(servers + 1)]
    return terms[-1] / sum(terms)


def exact_c(load: Fraction, servers: int) -> Fraction:
    last = load**servers / math.factorial(servers) * Fraction(servers) / (servers - load)
    return last / (sum(load**n / math.factorial(n) for n in range(servers)) + last)


def test_erlang_b_has_the_reference_digits():
    assert erlang_b(10, 15) == pytest.approx(float(exact_b(Fraction(10), 15)), rel=1e-14)
    assert round(erlang_b(10, 15), 6) == 0.036497


def test_erlang_c_has_the_reference_digits():
    queue = waiting(5, 8, work_minutes=5, within_minutes=Fraction(1, 3))

    assert erlang_c(5, 8) == pytest.approx(float(exact_c(Fraction(5), 8)), rel=1e-14)
    assert round(erlang_c(5, 8), 6) == 0.167267
    exact = 1 - float(exact_c(Fraction(5), 8)) * math.exp(-3 * (20 / 60) / 5)
    assert queue.service_level == pytest.approx(exact, abs=1e-12)
    assert round(queue.service_level * 100, 4) == 86.3054


def test_a_hundred_calls_in_half_an_hour_need_fourteen_positions():
    target = ServiceTarget(share=0.8, within_minutes=20 / 60, max_occupancy=0.85, shrinkage=0.3)

    answer = positions_for(arrivals=100, period_minutes=30, work_minutes=3, target=target)

    assert (answer.servers, answer.scheduled) == (14, 20)
    assert answer.waiting.service_level == pytest.approx(
        1 - float(exact_c(Fraction(10), 14)) * math.exp(-4 * (20 / 60) / 3), abs=1e-12
    )
    assert answer.waiting.occupancy == pytest.approx(10 / 14)


@pytest.mark.parametrize(("load", "servers"), [(3, 1), (10, 25), (40, 45), (120, 130), (1, 60)])
def test_the_recursions_equal_exact_fractions(load, servers):
    assert erlang_b(load, servers) == pytest.approx(float(exact_b(Fraction(load), servers)), rel=1e-12)
    if load < servers:
        assert erlang_c(load, servers) == pytest.approx(float(exact_c(Fraction(load), servers)), rel=1e-12)


def test_large_systems_neither_overflow_nor_lose_their_digits():
    assert 0 < erlang_b(10_000, 10_050) < 0.01
    assert erlang_b(1.0, 400) == 0.0
    assert waiting(50_000, 50_200, work_minutes=3).delayed < 1
    assert 0.19 < impatient_waiting(5000, 4000, work_minutes=3, patience_minutes=1000).abandoned < 0.21


@given(loads, st.integers(1, 400))
def test_waiting_is_likelier_than_being_lost(load, servers):
    assert erlang_c(load, servers) >= erlang_b(load, servers) - 1e-15


@given(loads, st.integers(1, 400))
def test_another_server_never_hurts(load, servers):
    assert erlang_b(load, servers + 1) <= erlang_b(load, servers)
    assert erlang_c(load, servers + 1) <= erlang_c(load, servers)
    one, two = (
        waiting(load, number, work_minutes=4, within_minutes=0.5) for number in (servers, servers + 1)
    )
    assert two.service_level >= one.service_level
    assert two.mean_minutes <= one.mean_minutes


@given(loads, st.floats(1.01, 2.0), st.integers(1, 400))
def test_more_work_never_helps(load, factor, servers):
    assert erlang_b(load * factor, servers) >= erlang_b(load, servers)
    assert erlang_c(load * factor, servers) >= erlang_c(load, servers)


@given(st.floats(0.1, 60), st.integers(1, 80), st.floats(0.1, 50), st.floats(0, 5))
def test_impatience_sheds_load_and_shortens_the_wait(load, servers, patience, within):
    patient = waiting(load, servers, work_minutes=3, within_minutes=within)
    leaving = impatient_waiting(
        load, servers, work_minutes=3, patience_minutes=patience, within_minutes=within
    )

    assert leaving.mean_minutes <= patient.mean_minutes + 1e-9
    assert leaving.delayed <= patient.delayed + 1e-9
    assert 0 <= leaving.abandoned <= 1
    assert 0 <= leaving.occupancy <= 1
    assert 0 <= leaving.service_level <= 1 - leaving.abandoned + 1e-12
    assert leaving.mean_minutes == pytest.approx(leaving.abandoned * patience)


@given(st.floats(0.1, 40), st.integers(1, 50), st.floats(0.2, 30))
def test_with_impatience_another_server_never_hurts(load, servers, patience):
    one, two = (
        impatient_waiting(load, number, work_minutes=3, patience_minutes=patience, within_minutes=0.5)
        for number in (servers, servers + 1)
    )

    assert two.service_level >= one.service_level - 1e-12
    assert two.abandoned <= one.abandoned + 1e-12


@pytest.mark.parametrize(
    ("load", "servers", "patience", "within"),
    [(10, 12, 5, 1 / 3), (10, 8, 5, 1 / 3), (30, 26, 2, 0.5), (5, 5, 3, 0), (2, 4, 30, 2), (20, 21, 60, 1)],
)
def test_impatient_service_equals_the_judges_own_computation(load, servers, patience, within):
    queue = impatient_waiting(load, servers, work_minutes=3, patience_minutes=patience, within_minutes=within)

    judged = service_of(load, servers, work_minutes=3, within_minutes=within, patience_minutes=patience)
    assert queue.service_level == pytest.approx(judged, abs=1e-7)


def test_infinite_patience_is_erlang_c():
    endless = impatient_waiting(10, 12, work_minutes=3, patience_minutes=1e9, within_minutes=0.5)
    patient = waiting(10, 12, work_minutes=3, within_minutes=0.5)

    assert endless.service_level == pytest.approx(patient.service_level, abs=1e-7)
    assert endless.mean_minutes == pytest.approx(patient.mean_minutes, rel=1e-6)


@given(loads, st.floats(0.1, 0.99), st.floats(0, 3), st.floats(0.3, 1.0))
def test_the_fewest_servers_keep_the_promise_and_one_fewer_does_not(load, share, within, occupancy):
    target = ServiceTarget(share=share, within_minutes=within, max_occupancy=occupancy)

    servers = int(servers_for_loads([load], work_minutes=3, target=target)[0])

    def is_kept(number):
        queue = waiting(load, number, work_minutes=3, within_minutes=within)
        return queue.service_level >= share and load / number <= occupancy + 1e-12

    assert is_kept(servers)
    assert servers == 1 or not is_kept(servers - 1)


def test_the_fewest_servers_for_the_impatient_are_found_from_any_neighbour():
    target = ServiceTarget(share=0.9, within_minutes=0.3, patience_minutes=4)
    rising = [0.5, 3.0, 40.0, 200.0, 7.0, 0.0, 1.0]

    together = servers_for_loads(rising, work_minutes=3, target=target)
    apart = [int(servers_for_loads([load], work_minutes=3, target=target)[0]) for load in rising]

    assert together.tolist() == apart
    assert together[5] == 0


def test_an_overloaded_queue_grows_without_end():
    queue = waiting(9, 9, work_minutes=3, within_minutes=60)

    assert queue.service_level == 0
    assert math.isinf(queue.mean_minutes)
    assert queue.delayed == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_b(-1, 3),
        lambda: erlang_b(1, -3),
        lambda: erlang_c(float("nan"), 3),
        lambda: waiting(1, 3, work_minutes=0),
        lambda: waiting(1, 3, work_minutes=1, within_minutes=-1),
        lambda: impatient_waiting(1, 3, work_minutes=1, patience_minutes=0),
        lambda: ServiceTarget(share=1.0),
        lambda: ServiceTarget(shrinkage=1.0),
        lambda: ServiceTarget(max_occupancy=0.0),
        lambda: ServiceTarget(within_minutes=float("inf")),
        lambda: ServiceTarget(patience_minutes=-2.0),
        lambda: positions_for(arrivals=-1, period_minutes=30, work_minutes=3, target=ServiceTarget()),
        lambda: positions_for(arrivals=1, period_minutes=0, work_minutes=3, target=ServiceTarget()),
        lambda: servers_for_loads([1.0, -2.0], work_minutes=3, target=ServiceTarget()),
    ],
)
def test_unreal_numbers_are_refused(call):
    with pytest.raises(BadProblem):
        call()
