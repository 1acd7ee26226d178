from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tightrope.planning.routing import Problem, Steps, check, solve
from tightrope.planning.routing.engines import mosaic, whole
from tightrope.planning.routing.engines.arrays import sheet_of
from tightrope.planning.routing.engines.search import Orders, Search
from tightrope.planning.routing.tests.town import engineer, full_town, line, visit


def two_ends() -> Search:
    """Two engineers at the ends of a street, two visits near each."""
    problem = Problem(
        visits=tuple(visit(f"V{place}", place, weight=500.0) for place in (1, 2, 7, 8)),
        engineers=(engineer(), replace(engineer(), name="Li", start=9, end=9)),
        travel=line(10),
    )
    return Search(sheet_of(problem), np.arange(4), np.arange(2), seed=1)


def met(search: Search, *states: Orders) -> mosaic.Mosaic:
    found = mosaic.Mosaic(search)
    for state in states:
        search.load(state)
        found.note()
    return found


def test_the_best_set_joins_routes_of_different_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "WITHIN", 10.0)
    search = two_ends()

    routes = met(search, [[0, 1], [2]], [[0], [2, 3]]).best_set()

    assert routes == [[0, 1], [2, 3]]


def test_no_set_is_offered_when_none_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "WITHIN", 10.0)
    search = two_ends()

    assert met(search, [[0], [2]], [[0, 1], [2, 3]]).best_set() is None


def test_routes_of_poor_plans_are_not_remembered() -> None:
    search = two_ends()
    found = met(search, [[0, 1], [2]])
    search.load([[0], [2, 3]])
    search.state.total[0] = 2.0 * search.best

    found.note()

    assert found.best_set() is None


def test_cycles_keep_every_rule_and_equal_seeds_give_equal_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "STEPS_A_VISIT", 4)
    problem = full_town(seed=5, visits=6, engineers=2)

    plan = solve(problem, stop=Steps(160), seed=7)

    assert check(problem, plan).violations == ()
    assert solve(problem, stop=Steps(160), seed=7).routes == plan.routes


def test_a_short_run_is_cooled_once() -> None:
    course = whole._Course(hot=10.0, cold=0.1, span=1_000)

    course.set_out(0.0, 0, 50)
    course.set_out(0.5, 400, 50)

    assert (course.cycles, course.finish) == (1, 1.0)
    assert course.place(0.5, 400) == (0, 0.5)
    assert course.heat(0.5, 0.5) == pytest.approx(1.0)


def test_a_long_run_is_cooled_several_times_and_ends_with_a_cool_finish() -> None:
    course = whole._Course(hot=10.0, cold=0.1, span=1_000)

    course.set_out(0.0, 0, 50)
    course.set_out(0.5, 1_500, 50)

    assert (course.cycles, course.finish) == (3, whole.FINISH)
    assert [course.place(share, 0)[0] for share in (0.1, 0.4, 0.7, 0.95)] == [0, 1, 2, 3]
    assert course.heat(0.93, 0.0) == pytest.approx(1.0)


def test_without_a_known_end_cycles_go_on() -> None:
    course = whole._Course(hot=10.0, cold=0.1, span=100)

    assert [course.place(0.0, steps) for steps in (0, 50, 250)] == [(0, 0.0), (0, 0.5), (2, 0.5)]
