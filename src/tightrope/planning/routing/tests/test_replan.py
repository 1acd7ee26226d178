from __future__ import annotations

from dataclasses import replace

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing import Problem, Steps, check, solve
from tightrope.planning.routing.replan import kept_share, replan, with_visits, without_engineers
from tightrope.planning.routing.tests.town import engineer, full_town, line, visit


def _day() -> Problem:
    return Problem(
        visits=tuple(visit(f"V{n}", n % 6, weight=400.0) for n in range(9)),
        engineers=tuple(engineer(f"E{k}", start=2 * k, end=2 * k) for k in range(3)),
        travel=line(7),
        fairness=3.0,
        fair_share=0.2,
    )


def test_urgent_work_is_taken_up_and_days_are_kept() -> None:
    problem = _day()
    before = solve(problem, stop=Steps(60))
    changed = with_visits(problem, [visit("urgent", 6, weight=None)])

    after = replan(changed, before=before, stop=Steps(40))

    assert check(changed, after).is_clean
    assert "urgent" in after.engineers_of
    assert kept_share(changed, before=before, after=after) >= 0.8


def test_the_work_of_an_absent_engineer_goes_to_others() -> None:
    problem = _day()
    before = solve(problem, stop=Steps(60))
    absent = before.routes[0].engineer
    changed = without_engineers(problem, [absent])

    after = replan(changed, before=before, stop=Steps(40))

    assert check(changed, after).is_clean
    assert absent not in {route.engineer for route in after.routes}
    assert after.left_out == ()


def test_a_crew_finds_another_member() -> None:
    problem = full_town(visits=6)
    before = solve(problem, stop=Steps(20))
    changed = without_engineers(problem, [before.engineers_of["V3"][0]])

    after = replan(changed, before=before, stop=Steps(20))

    assert check(changed, after).is_clean


def test_a_start_that_breaks_new_rules_is_mended() -> None:
    problem = _day()
    before = solve(problem, stop=Steps(60))
    barred = tuple(
        replace(each, forbidden=frozenset(before.engineers_of[each.name]), service=90.0)
        if each.name == "V0"
        else replace(each, service=90.0)
        for each in problem.visits
    )
    changed = replace(problem, visits=barred)

    after = solve(changed, stop=Steps(40), start=before)

    assert check(changed, after).is_clean
    assert set(after.engineers_of.get("V0", ())).isdisjoint(before.engineers_of["V0"])


def test_the_more_days_are_asked_to_be_kept_the_more_are() -> None:
    plain = Problem(
        visits=tuple(visit(f"V{n}", n % 6, weight=20.0) for n in range(20)),
        engineers=tuple(engineer(f"E{k}", start=2 * k, end=2 * k, shift=(480.0, 690.0)) for k in range(3)),
        travel=line(7),
    )
    before = solve(plain, stop=Steps(60))
    changed = with_visits(plain, [visit(f"urgent {n}", 6, weight=300.0) for n in range(3)])

    shares = [
        kept_share(
            changed, before=before, after=replan(changed, before=before, keep=keep, stop=Steps(1500), seed=2)
        )
        for keep in (0.0, 1.0)
    ]

    assert shares[0] < 1.0
    assert shares[1] == 1.0


def test_what_is_no_share_is_refused() -> None:
    problem = _day()

    with pytest.raises(BadProblem, match="keep: must be a share"):
        replan(problem, before=solve(problem, stop=Steps(5)), keep=97.0)


def test_nobody_left_is_refused() -> None:
    with pytest.raises(BadProblem, match="all of them"):
        without_engineers(_day(), ["E0", "E1", "E2"])
