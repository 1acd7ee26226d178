"""Field engineers: heads for an installed base, growth, and second line at HQ or in the regions."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import (
    FieldPromise,
    Growth,
    Money,
    Region,
    SecondLine,
    Territory,
    compare,
    frontier,
    heads_for_territory,
    is_kept,
    least_heads,
    mean_wait,
    outlook,
    response_with,
    rule_of_thumb,
    share_free_within,
    waiting,
)

SOUTH = Territory("South", 3000, failures_seen=5400, machine_years_seen=9000, work_hours=2, travel_hours=1)
PROMISE = FieldPromise(response_hours=8, share=0.9)


def test_with_exponential_work_the_general_wait_is_erlangs():
    queue = waiting(5, 8, work_minutes=60, within_minutes=30)

    assert mean_wait(5, 8, work_hours=1) == pytest.approx(queue.mean_minutes / 60)
    assert share_free_within(5, 8, work_hours=1, hours=0.5) == pytest.approx(queue.service_level)


def test_one_server_waits_as_pollaczek_and_khinchine_say():
    assert mean_wait(0.8, 1, work_hours=2, variation=0.0) == pytest.approx(0.8 * 2 / (2 * 0.2))
    assert mean_wait(0.8, 1, work_hours=2, variation=3.0) == pytest.approx(4 * 0.8 * 2 / (2 * 0.2))


@given(st.floats(0.01, 80), st.floats(0.0, 0.99), st.floats(0, 20), st.floats(0, 3))
def test_the_fewest_heads_are_enough_and_one_fewer_is_not(load, share, hours, variation):
    heads = least_heads(
        load, work_hours=3, hours=hours, share=share, max_utilisation=0.9, variation=variation
    )

    def is_enough(number):
        free = share_free_within(load, number, work_hours=3, hours=hours, variation=variation)
        return load < number and load <= number * 0.9 * (1 + 1e-12) and free >= share

    assert is_enough(heads)
    assert heads == 1 or not is_enough(heads - 1)


def test_heads_keep_the_promise_and_one_fewer_on_the_payroll_does_not():
    answer = heads_for_territory(SOUTH, PROMISE)

    assert is_kept(SOUTH, PROMISE, heads=answer.heads)
    assert not is_kept(SOUTH, PROMISE, heads=answer.heads - 1)
    assert answer.kept_share >= 0.9
    assert answer.heads_low <= answer.heads <= answer.heads_high
    assert answer.machines_per_head == pytest.approx(3000 / answer.heads)
    assert answer.load == pytest.approx(3000 * 0.6 * 4 / 2000)


def test_a_short_history_widens_the_interval_of_heads():
    short = replace(SOUTH, failures_seen=6, machine_years_seen=10)

    wide, narrow = heads_for_territory(short, PROMISE), heads_for_territory(SOUTH, PROMISE)

    assert wide.heads == narrow.heads
    assert wide.heads_high - wide.heads_low > narrow.heads_high - narrow.heads_low
    assert heads_for_territory(short, PROMISE, confidence=0.5).heads_high <= wide.heads_high


def test_one_head_serves_more_machines_in_a_larger_base():
    rows = rule_of_thumb(SOUTH, PROMISE)

    per_head = [row.machines_per_head for row in rows]
    assert per_head == sorted(per_head)
    assert per_head[-1] > per_head[0]


def test_a_tighter_promise_a_longer_road_and_planned_work_need_more_heads():
    usual = heads_for_territory(SOUTH, PROMISE).heads

    assert heads_for_territory(SOUTH, replace(PROMISE, response_hours=1.2)).heads > usual
    assert heads_for_territory(replace(SOUTH, travel_hours=3), PROMISE).heads > usual
    assert heads_for_territory(replace(SOUTH, planned_hours_per_machine=2), PROMISE).heads > usual


def test_a_promise_shorter_than_the_road_is_refused_by_name():
    with pytest.raises(BadProblem, match="South: travel takes 1 h") as refusal:
        heads_for_territory(SOUTH, replace(PROMISE, response_hours=0.5))

    assert refusal.value.where == "territory South"


def test_no_machines_need_nobody():
    empty = heads_for_territory(replace(SOUTH, machines=0), PROMISE)

    assert empty.heads == 0
    assert math.isinf(empty.machines_per_head)


def test_service_between_two_whole_heads_lies_between_theirs():
    duty = replace(PROMISE, hours_per_head_year=2000)
    low, middle, high = (response_with(SOUTH, duty, heads=heads)[1] for heads in (5, 5.5, 6))

    assert low < middle < high


def test_growth_breaks_the_set_up_in_the_first_month_that_fails():
    heads = heads_for_territory(SOUTH, PROMISE).heads

    ahead = outlook(SOUTH, PROMISE, Growth(monthly_growth=0.03, heads=heads, hiring_months=2, ramp_months=1))

    broken = ahead.breaks_in
    assert broken is not None
    assert all(row.is_kept for row in ahead.months[:broken])
    assert not ahead.months[broken].is_kept
    assert ahead.decide_by == broken - 3
    assert ahead.months[12].machines == pytest.approx(3000 * 1.03**12)


def test_planned_hires_cover_every_month_they_can_reach():
    growth = Growth(monthly_growth=0.03, heads=9, leaving_per_year=0.1, hiring_months=2, ramp_months=2)

    ahead = outlook(SOUTH, PROMISE, growth)

    assert set(ahead.uncovered) <= set(range(4))
    last = ahead.months[-1]
    assert last.heads_left + sum(ahead.hires.values()) >= last.heads_needed
    assert all(0 <= month <= growth.months - 4 for month in ahead.hires)


def test_without_growth_and_leaving_nothing_breaks_and_nobody_is_hired():
    ahead = outlook(SOUTH, PROMISE, Growth(monthly_growth=0.0, heads=9))

    assert ahead.breaks_in is None
    assert ahead.decide_by is None
    assert ahead.hires == {}


def test_an_uncertain_growth_may_break_earlier_and_never_later():
    growth = Growth(monthly_growth=0.02, heads=9, monthly_spread=0.03)

    ahead = outlook(SOUTH, PROMISE, growth)

    assert ahead.breaks_early is not None
    assert ahead.breaks_in is not None
    assert ahead.breaks_early <= ahead.breaks_in
    assert ahead.months[12].machines_low < ahead.months[12].machines < ahead.months[12].machines_high


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(SOUTH, machines=-1),
        lambda: replace(SOUTH, work_hours=0),
        lambda: replace(SOUTH, machine_years_seen=0),
        lambda: replace(PROMISE, share=1.0),
        lambda: replace(PROMISE, response_hours=float("nan")),
        lambda: Growth(monthly_growth=-1.0, heads=3),
        lambda: Growth(monthly_growth=0.0, heads=-3),
        lambda: Growth(monthly_growth=0.0, heads=3, months=0),
        lambda: heads_for_territory(SOUTH, PROMISE, confidence=1.0),
    ],
)
def test_unreal_figures_are_refused(make):
    with pytest.raises(BadProblem):
        make()


def a_second_line(*, cases=0.1, hq=4.0, own=1.0, on_site=0.5, **changes):
    facts = {
        "regions": tuple(Region(f"R{n}", {"plc": cases, "drives": cases / 2}, hq, own) for n in range(5)),
        "work_hours": {"plc": 3.0, "drives": 4.0},
        "on_site_share": on_site,
        "response_hours": 10.0,
        "hq_head_cost_per_hour": 50.0,
        "region_head_cost_per_hour": 50.0,
        "road_cost_per_hour": 30.0,
    }
    return SecondLine(**{**facts, **changes})


def test_when_everything_is_solved_from_afar_headquarters_needs_fewer_heads():
    answer = compare(a_second_line(on_site=0.0))

    assert answer.cheaper == "hq"
    assert answer.hq.heads < answer.regions.heads
    assert answer.hq.spare < answer.regions.spare
    assert answer.hq.utilisation > answer.regions.utilisation
    assert answer.hq.mean_travel_hours == answer.regions.mean_travel_hours == 0


def test_with_equal_roads_pooling_is_never_dearer():
    answer = compare(a_second_line(hq=1.0, own=1.0))

    assert answer.hq.cost <= answer.regions.cost
    assert answer.hq.road_hours == pytest.approx(answer.regions.road_hours)


def test_a_rare_skill_costs_a_spare_expert_in_every_region():
    answer = compare(a_second_line(cases=0.01, on_site=0.0))

    assert [group.heads for group in answer.regions.groups] == [1] * 10
    assert answer.hq.heads == 2
    assert answer.regions.spare == pytest.approx(10 - sum(g.load for g in answer.regions.groups))


def test_the_break_even_in_demand_separates_the_two():
    answer = compare(a_second_line(cases=0.05, hq=3.0))
    assert answer.cheaper == "hq"
    factor = answer.demand_break_even
    assert factor is not None
    assert factor > 1

    assert compare(a_second_line(cases=0.05 * factor * 1.001, hq=3.0)).cheaper == "regions"


def test_a_region_that_headquarters_cannot_reach_in_time_is_named():
    answer = compare(a_second_line(hq=11.0))

    assert answer.hq.missed == ("R0", "R1", "R2", "R3", "R4")
    assert answer.hq.kept_share == pytest.approx(0.5, abs=0.01)
    assert answer.regions.missed == ()
    assert answer.regions.kept_share >= 0.9


@pytest.mark.parametrize(
    "make",
    [
        lambda: a_second_line(regions=()),
        lambda: a_second_line(work_hours={"plc": 3.0}),
        lambda: a_second_line(work_hours={"plc": 0.0, "drives": 1.0}),
        lambda: a_second_line(on_site=1.5),
        lambda: a_second_line(response_hours=0.0),
        lambda: a_second_line(cases=-1.0),
        lambda: a_second_line(regions=(Region("A", {}, 1, 1), Region("A", {}, 1, 1))),
    ],
)
def test_an_unreal_second_line_is_refused(make):
    with pytest.raises(BadProblem):
        make()


MONEY = Money(head_cost_per_year=200_000, customers=600, standby_cost_per_year=3_000, road_cost_per_hour=40)


def test_along_the_frontier_service_and_cost_rise_together_between_the_extremes():
    found = frontier(SOUTH, PROMISE, replace(MONEY, heads_today=8))

    shares = [point.kept_share for point in found.points]
    costs = [point.cost for point in found.points]
    assert shares == sorted(shares)
    assert costs == sorted(costs)
    assert shares[-1] >= 0.9999
    assert found.kept.heads == heads_for_territory(SOUTH, PROMISE).heads
    assert found.resident.heads == math.ceil(600 * 2000 / 1700)
    assert found.resident.cost > found.kept.cost
    assert found.standby_cost == pytest.approx(costs[0] + 3000 * 3000)
    assert found.today is not None
    assert costs[0] <= found.today.cost <= found.resident.cost


def test_the_frontier_begins_where_the_work_is_barely_done():
    found = frontier(SOUTH, replace(PROMISE, response_hours=1.2), MONEY)

    first = found.points[0].heads
    assert first < found.kept.heads
    assert not is_kept(SOUTH, replace(PROMISE, share=0.0), heads=first - 1)


def test_unreal_money_is_refused():
    for wrong in ({"customers": -1}, {"head_cost_per_year": float("nan")}, {"heads_today": -2}):
        with pytest.raises(BadProblem, match="money"):
            replace(MONEY, **wrong)
