"""The twin against exact formulas, and what it owes to any company."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from tightrope.planning.simulation import (
    City,
    Company,
    Engineer,
    Hours,
    Loaners,
    Model,
    Part,
    Promise,
    SecondLine,
    Window,
    live,
    replicate,
    with_heads,
    with_residents,
)
from tightrope.planning.spares import poisson
from tightrope.planning.staffing import erlang_b, waiting

ALWAYS = Hours(0, 24, tuple(range(7)))
YEAR = 24 * 365.25


def plant(*, per_hour: float, engineers: int, **more: object) -> Company:
    """One city, open always, so that formulas of queues hold."""
    model = Model("M", per_hour * YEAR / 1000, work_hours=1.0, spread=1.0)
    company = Company(
        (City("A"),),
        (model,),
        {"A": {"M": 1000}},
        tuple(Engineer(f"e{i}", "A") for i in range(engineers)),
        np.zeros((1, 1)),
        hours=ALWAYS,
        overtime_hours=10_000.0,
    )
    return replace(company, **more)  # type: ignore[arg-type]


def two_cities() -> Company:
    return Company(
        (City("A", customers=3, local_travel=0.3), City("B", customers=2, local_travel=0.3)),
        (
            Model("M", 6.0, "air", 2.0, 0.5, 0.2, 0.1, 0.5, 0.2, 1.0, {"seal": 1}),
            Model("N", 4.0, "laser", 3.0, 0.5),
        ),
        {"A": {"M": 60, "N": 30}, "B": {"M": 30}},
        (
            Engineer("Wu", "A", frozenset({"air", "laser"})),
            Engineer("Li", "A", frozenset({"air"})),
            Engineer("He", "B", frozenset({"air"})),
        ),
        np.array([[0.0, 1.5], [1.5, 0.0]]),
        parts=(Part("seal", 100.0, 1.0, 7.0, 1, {"A": 1, "B": 0}),),
        second_line=SecondLine({"A": 1}),
        loaners=Loaners(2, 0.5),
        absent=0.1,
    )


@pytest.mark.parametrize(("per_hour", "engineers"), [(0.7, 1), (2.1, 3)])
def test_waits_are_those_of_erlang_c(per_hour: float, engineers: int) -> None:
    exact = waiting(per_hour, engineers, work_minutes=60, within_minutes=60)

    sample = replicate(
        plant(per_hour=per_hour, engineers=engineers, promise=Promise(1.0)),
        Window(120, 20, 10),
        runs=8,
        seed=1,
        confidence=0.9999,
    )

    mean, in_time = sample.of("response_hours"), sample.of("visited_in_time")
    assert mean.low <= exact.mean_minutes / 60 <= mean.high
    assert in_time.low <= exact.service_level <= in_time.high
    assert sample.of("utilisation").mean == pytest.approx(exact.occupancy, abs=0.03)


def test_refused_loaners_are_those_of_erlang_b() -> None:
    # Engineers without end: a loan lasts the work of one hour and one day of return.
    company = plant(per_hour=0.25, engineers=60, loaners=Loaners(8, 1.0, 0.0, 1.0))

    sample = replicate(company, Window(200, 20, 0), runs=6, seed=2, confidence=0.9999)

    found = sample.of("loaners_at_once")
    assert found.low <= 1.0 - erlang_b(0.25 * 25.0, 8) <= found.high


def test_backorders_and_fill_rate_are_those_of_base_stock() -> None:
    model = Model("M", 10 * YEAR / 24 / 1000, work_hours=0.1, needs_part=1.0, parts={"seal": 1.0})
    company = plant(
        per_hour=1.0,
        engineers=40,
        models=(model,),
        parts=(Part("seal", city_lead_days=0.2, city_stock={"A": 3}),),
    )
    exact = poisson(2.0)

    until = 24.0 * 250
    shares, short = [], []
    for run in range(4):
        lived = live(company, seed=3, run=run, until=until)
        shares.append(float(np.mean([there for _, there in lived.orders])))
        short.append(lived.short_parts / until)

    assert np.mean(shares) == pytest.approx(
        sum(math.exp(-2) * 2**k / math.factorial(k) for k in range(3)), abs=0.03
    )
    expected = sum((k - 3) * math.exp(-2) * 2**k / math.factorial(k) for k in range(4, 40))
    assert exact.mean == pytest.approx(2.0)
    assert np.mean(short) == pytest.approx(expected, abs=0.05)


def test_equal_seeds_give_equal_runs_and_others_do_not() -> None:
    first = replicate(two_cities(), Window(30, 7, 7), runs=3, seed=5)
    again = replicate(two_cities(), Window(30, 7, 7), runs=3, seed=5)
    other = replicate(two_cities(), Window(30, 7, 7), runs=3, seed=6)

    assert repr(first.runs) == repr(again.runs)
    assert repr(first.runs) != repr(other.runs)


def test_two_set_ups_meet_the_same_failures() -> None:
    company = two_cities()
    more = with_heads(company, {"A": 4, "B": 2})

    before = live(company, seed=1, run=0, until=1000.0).cases
    after = live(more, seed=1, run=0, until=1000.0).cases

    assert [(c.reported, c.city, c.model) for c in before] == [(c.reported, c.city, c.model) for c in after]


def test_common_luck_narrows_the_difference() -> None:
    company = two_cities()
    more = with_heads(company, {"A": 4, "B": 2})
    one = replicate(company, Window(60, 7, 7), runs=10, seed=1)
    same = replicate(more, Window(60, 7, 7), runs=10, seed=1)
    other = replicate(more, Window(60, 7, 7), runs=10, seed=99)

    assert same.against(one, "response_hours").deviation < other.against(one, "response_hours").deviation
    assert same.against(one, "response_hours").mean < 0


def test_nobody_is_in_two_places_and_time_runs_forward() -> None:
    lived = live(two_cities(), seed=4, run=0, until=24.0 * 90)

    for worker in lived.workers:
        spans = sorted(worker.busy)
        assert all(end <= start + 1e-9 for (_, end), (start, _) in itertools.pairwise(spans))
    assert len(lived.cases) > 50
    for case in lived.cases:
        assert case.reported <= case.answered <= case.ended
        assert case.met >= case.answered
        assert case.visits <= 2


def test_only_the_skilled_are_sent() -> None:
    lived = live(two_cities(), seed=4, run=0, until=24.0 * 90)

    lasers = {case.engineer for case in lived.cases if case.model == 1 and case.engineer >= 0}
    assert lasers == {0}


def test_residents_are_never_on_the_road() -> None:
    company = replace(two_cities(), models=(Model("M", 6.0, "air"), Model("N", 4.0, "laser")))

    sample = replicate(with_residents(company), Window(30, 7, 7), runs=2, seed=1)

    assert sample.of("travel_share").mean == 0.0
    assert sample.of("kept").mean > 0.97


def test_service_hours_go_there_and_back() -> None:
    hours = Hours(8.5, 17.5)

    assert hours.served(24 * 4 + 17.5) == 45.0
    assert hours.later(24 * 4 + 17.0, 1.0) == pytest.approx(168 + 9.0)
    for clock in (9.0, 30.0, 24 * 4 + 12.25, 168 + 24 + 9.75):
        assert hours.clock(hours.served(clock)) == pytest.approx(clock) or hours.closing(clock) == clock


def test_work_waits_for_the_morning() -> None:
    company = replace(
        plant(per_hour=0.05, engineers=5), hours=Hours(9, 17), overtime_hours=0.0, profile=np.eye(168)[22]
    )
    lived = live(company, seed=1, run=0, until=24.0 * 21)

    assert lived.cases
    assert {round(case.arrived % 168, 6) for case in lived.cases if case.arrived < math.inf} <= {
        33.0,
        34.0,
    } | {round(case.arrived % 168, 6) for case in lived.cases if case.arrived % 24 > 9}
    assert all(9 <= case.arrived % 24 < 17 for case in lived.cases if case.arrived < math.inf)
