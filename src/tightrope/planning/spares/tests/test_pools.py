"""Loaner and exchange pools, the shop behind them, and the choice between ways of helping."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.choice import (
    DepotRepair,
    Fault,
    Loaner,
    Swap,
    Visit,
    best_way,
    compare_ways,
)
from tightrope.planning.spares.pool import ExchangePool, LoanerPool, size_for, what_ifs
from tightrope.planning.spares.problem import Problem, from_json, to_json
from tightrope.planning.spares.shop import judge_shop, repair_worth, repairers_for
from tightrope.planning.spares.solve import solve


def test_without_a_queue_machines_down_are_binomial():
    pool = LoanerPool(30, 0.02, transport_days=2, repair_days=6)
    down = 0.02 * 8 / (1 + 0.02 * 8)

    for size in (0, 3, 6):
        short = sum((n - size) * binom.pmf(n, 30, down) for n in range(size + 1, 31))
        assert pool.judge(size).availability == pytest.approx(1 - short / 30, rel=1e-10)
        assert pool.judge(size).filled_at_once == pytest.approx(binom.cdf(size - 1, 29, down), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(0, 5), st.integers(1, 4), st.floats(0.005, 0.5), st.floats(0.2, 9))
def test_an_exchange_pool_without_road_is_a_birth_death_chain(machines, size, repairers, rate, days):
    service = ExchangePool(machines, rate, 0.0, days, repairers).judge(size)

    p = [1.0]
    for n in range(1, machines + size + 1):
        p.append(p[-1] * min(machines + size - n + 1, machines) * rate / (min(n, repairers) / days))
    p = np.array(p) / sum(p)
    working = np.minimum(machines + size - np.arange(p.size), machines)
    assert service.availability == pytest.approx(working @ p / machines, rel=1e-9)
    flow = working * p
    assert service.filled_at_once == pytest.approx(flow[:size].sum() / flow.sum(), rel=1e-9, abs=1e-12)


def test_road_and_shop_together_solve_the_balance_equations():
    machines, size, rate, road, days, repairers = 4, 2, 0.08, 3.0, 2.0, 1
    units = machines + size
    states = [(r, s) for r in range(units + 1) for s in range(units + 1 - r)]
    place = {state: i for i, state in enumerate(states)}
    q = np.zeros((len(states), len(states)))
    for r, s in states:
        moves = {
            (r + 1, s): min(units - r - s, machines) * rate,
            (r - 1, s + 1): r / road,
            (r, s - 1): min(s, repairers) / days,
        }
        for to, speed in moves.items():
            if to in place and speed > 0:
                q[place[r, s], place[to]] += speed
                q[place[r, s], place[r, s]] -= speed
    law = np.linalg.lstsq(np.vstack((q.T, np.ones(len(states)))), np.eye(len(states) + 1)[-1], rcond=None)[0]
    working = np.array([min(units - r - s, machines) for r, s in states])

    service = ExchangePool(machines, rate, road, days, repairers).judge(size)

    assert service.availability == pytest.approx(float(working @ law) / machines, rel=1e-9)


def test_an_overloaded_shop_is_computed_without_overflow():
    service = ExchangePool(2000, 0.01, 3.0, 4.0, 20).judge(500)

    assert service.availability == pytest.approx(20 / 4 / 0.01 / 2000, rel=1e-3)


def test_the_smallest_sufficient_pool_is_found_and_its_firmness_shown():
    pool = LoanerPool(120, 0.4 / 365, 6, 9, 2, return_days=4)

    planned = size_for(pool, 0.998)

    assert planned.availability >= 0.998 > pool.judge(planned.size - 1).availability
    rows = {(row.what, row.factor): row for row in what_ifs(pool, 0.998)}
    assert rows["repair time", 1.2].size >= planned.size >= rows["repair time", 0.8].size
    assert rows["failure rate", 1.2].planned_gives < 0.998


def test_loaners_on_their_way_back_cost_availability():
    near, far = LoanerPool(50, 0.01, 4, 3, 2), LoanerPool(50, 0.01, 4, 3, 2, return_days=5)

    assert far.judge(6).availability < near.judge(6).availability


def test_a_shop_too_slow_for_any_pool_is_refused():
    with pytest.raises(BadProblem, match="the shop is too slow"):
        size_for(ExchangePool(100, 0.1, 1.0, 5.0, 1), 0.99)


def test_a_shop_is_an_erlang_queue():
    service = judge_shop(units_per_day=5, repair_days=1, repairers=8)

    assert service.waits_share == pytest.approx(0.167267, abs=5e-7)
    assert service.wait_days == pytest.approx(0.167267 / 3, abs=5e-7)
    steady = judge_shop(units_per_day=0.5, repair_days=1, repairers=1, repair_variation=0.0)
    assert steady.wait_days == pytest.approx(0.5)
    with pytest.raises(BadProblem, match="grow without end"):
        judge_shop(units_per_day=8, repair_days=1, repairers=8)


def test_repairers_for_a_turnaround_are_the_fewest():
    service = repairers_for(4.0, units_per_day=6, repair_days=3)

    assert service.turnaround_days <= 4.0
    fewer = judge_shop(units_per_day=6, repair_days=3, repairers=service.repairers - 1)
    assert fewer.turnaround_days > 4.0


def test_beyond_economic_repair_is_told_by_the_cost_per_month():
    worth = repair_worth(
        repair_cost=600, months_after_repair=18, replacement_cost=2400, months_of_replacement=60
    )

    assert worth.is_worth_repairing
    assert worth.most_to_pay == pytest.approx(720)


def broken_printer(**changes):
    figures = {
        "name": "print head",
        "loss_per_hour": 20.0,
        "promise_hours": 48.0,
        "visit": Visit(24, 2, 300, 80, 150, 0.75, 48),
        "repair": DepotRepair(48, 120, 48, 90, 3, 60, 150),
        "loaner": Loaner(24, 0.9, 8000, 0.1, 120, 40, 60),
        "swap": Swap(24, 5000, 3200, 120, 50),
    }
    return Fault(**{**figures, **changes})


def test_ways_of_helping_add_up():
    ways = {way.name: way for way in compare_ways(broken_printer())}

    visit = ways["visit"]
    assert visit.hours_down == pytest.approx(26 + (1 / 0.75 - 1) * 50)
    assert visit.own_cost == pytest.approx(300 / 0.75 + 160 / 0.75 + 150)
    assert visit.chance_kept == pytest.approx(0.75)
    assert ways["repair"].hours_down == 216
    assert ways["loaner"].hours_down == pytest.approx(0.9 * 24 + 0.1 * 216)
    assert ways["swap"].own_cost == pytest.approx(5000 - 3200 + 120 + 50)


def test_the_cheapest_way_that_keeps_the_promise_is_taken():
    assert compare_ways(broken_printer())[0].name == "loaner"
    assert best_way(broken_printer()).name == "loaner"
    assert best_way(broken_printer(), chance_kept=0.95).name == "swap"
    assert best_way(broken_printer(loss_per_hour=0.0, promise_hours=1000.0)).name == "repair"
    assert best_way(broken_printer(promise_hours=1.0)).chance_kept == 0


def test_a_loaner_without_a_repair_is_refused():
    with pytest.raises(BadProblem, match="bridges a depot repair"):
        broken_printer(repair=None)


def test_pools_and_faults_travel_as_json_and_are_answered():
    given = {
        "kind": "spares",
        "pools": [
            {
                "name": "X200",
                "kind": "loaner",
                "machines": 120,
                "failures_per_machine_year": 0.4,
                "transport_days": 6,
                "repair_days": 9,
                "repairers": 2,
                "return_days": 4,
                "target_availability": 0.998,
                "size": 3,
                "unit_price": 12000,
                "capital_share_per_year": 0.08,
                "freight_per_loan": 180,
            },
            {
                "name": "slow",
                "kind": "exchange",
                "machines": 100,
                "failures_per_machine_year": 40,
                "repair_days": 5,
                "repairers": 1,
                "target_availability": 0.99,
            },
        ],
        "faults": [
            {
                "name": "f",
                "swap": {
                    "deliver_hours": 5,
                    "unit_cost": 9,
                    "core_value": 1,
                    "freight_cost": 2,
                    "handling_cost": 3,
                },
            }
        ],
    }
    problem = from_json(given)

    plan = solve(problem)

    again = from_json(json.loads(json.dumps(to_json(problem))))
    assert isinstance(again, Problem)
    assert again.faults == problem.faults
    [pool] = plan.pools
    assert pool.needed.size > pool.today.size == 3
    assert pool.needed_cost.capital == pytest.approx(pool.needed.size * 12000 * 0.08 / 12)
    assert "the shop is too slow" in plan.refused["pool slow"]
    assert plan.faults[0].best == "swap"
