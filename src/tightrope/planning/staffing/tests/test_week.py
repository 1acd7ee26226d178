"""Heads through a week: three kinds of load, and what callers live through."""

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import (
    ServiceTarget,
    heads_through,
    lagged_load,
    lived_service,
    offered_load,
    stationary_load,
    waiting,
)


def a_day(step_minutes=15):
    hours = np.arange(24 * 60 // step_minutes) * step_minutes / 60
    return 2 + 30 * np.exp(-(((hours - 11) / 3) ** 2)) + 20 * np.exp(-(((hours - 16) / 2) ** 2))


def test_constant_arrivals_give_the_same_load_three_times():
    flat = np.full(96, 20.0)

    for load in (stationary_load, lagged_load, offered_load):
        assert load(flat, step_minutes=15, work_minutes=6) == pytest.approx(np.full(96, 8.0))


@pytest.mark.parametrize("load", [stationary_load, lagged_load, offered_load])
@pytest.mark.parametrize("work", [0.5, 6.0, 75.0])
def test_every_load_adds_up_to_the_work_that_arrives(load, work):
    arrivals = a_day()

    total = load(arrivals, step_minutes=15, work_minutes=work).sum()

    assert total == pytest.approx(arrivals.sum() * work / 15)


def test_the_busiest_moment_comes_after_the_most_arrivals():
    arrivals = a_day()

    offered = offered_load(arrivals, step_minutes=15, work_minutes=60)

    assert offered.argmax() > arrivals.argmax()
    assert offered.max() < (arrivals * 4).max()


def test_lag_shifts_by_one_mean_work_time():
    arrivals = np.zeros(96)
    arrivals[10] = 15.0

    assert lagged_load(arrivals, step_minutes=15, work_minutes=30).argmax() == 12
    halfway = lagged_load(arrivals, step_minutes=15, work_minutes=22.5)
    assert halfway[11] == pytest.approx(halfway[12])


def test_a_constant_queue_lives_through_what_erlang_says():
    lived = lived_service(
        np.full(48, 100.0), np.full(48, 14), step_minutes=30, work_minutes=3, within_minutes=1 / 3
    )

    assert lived == pytest.approx(
        waiting(10, 14, work_minutes=3, within_minutes=1 / 3).service_level, abs=1e-6
    )


def test_heads_by_offered_load_keep_the_promise_where_step_by_step_fails():
    arrivals, target = a_day(), ServiceTarget(share=0.8, within_minutes=1 / 3)

    def lived(load):
        heads = heads_through(
            load(arrivals, step_minutes=15, work_minutes=60), step_minutes=15, work_minutes=60, target=target
        )
        return lived_service(
            arrivals, heads.servers, step_minutes=15, work_minutes=60, within_minutes=1 / 3, rounds=2
        )

    offered, stationary = lived(offered_load), lived(stationary_load)
    assert offered.min() > 0.75
    assert (offered @ arrivals) / arrivals.sum() >= 0.8
    assert stationary.min() < 0.1


def test_shrinkage_schedules_more_people_than_are_at_work():
    target = ServiceTarget(share=0.8, within_minutes=1 / 3, shrinkage=0.25)

    heads = heads_through(np.array([0.0, 1.0, 20.0]), step_minutes=60, work_minutes=3, target=target)

    assert heads.servers[0] == heads.scheduled[0] == 0
    assert (heads.scheduled * 0.75 >= heads.servers - 1e-9).all()
    assert heads.scheduled_hours == heads.scheduled.sum()


def test_nobody_at_work_means_nobody_served():
    arrivals = np.array([10.0, 0.0])

    lived = lived_service(arrivals, [0, 0], step_minutes=60, work_minutes=3, within_minutes=1, rounds=1)

    assert lived[0] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("arrivals", [[], [-1.0], [float("nan")], [[1.0]]])
def test_unreal_arrivals_are_refused(arrivals):
    with pytest.raises(BadProblem):
        offered_load(arrivals, step_minutes=15, work_minutes=3)


def test_unreal_times_and_servers_are_refused():
    with pytest.raises(BadProblem, match="step_minutes"):
        stationary_load([1.0], step_minutes=0, work_minutes=3)
    with pytest.raises(BadProblem, match="work_minutes"):
        stationary_load([1.0], step_minutes=15, work_minutes=float("inf"))
    with pytest.raises(BadProblem, match="servers"):
        lived_service([1.0, 2.0], [1], step_minutes=15, work_minutes=3, within_minutes=1)
