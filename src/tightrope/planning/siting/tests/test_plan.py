"""Whole plans: cost, heads, the ladder of cities, stability and the independent judge."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import Stop, check, climb, place, plan_for_sites, stability_of
from tightrope.planning.siting.tests.company import a_company


@pytest.mark.parametrize("aim", ["median", "centre", "coverage", "cost"])
def test_every_aim_gives_a_plan_that_the_judge_accepts_and_that_is_proven(aim):
    problem = a_company(aim=aim, count=3)

    plan = place(problem)

    assert check(problem, plan) == []
    assert plan.gap <= 1e-6
    assert len(plan.bases) == 3


def test_each_aim_is_best_at_what_it_aims_for():
    plans = {aim: place(a_company(aim=aim, count=2)) for aim in ("median", "centre", "coverage", "cost")}

    assert (
        min(plans.values(), key=lambda plan: plan.mean_minutes).mean_minutes == plans["median"].mean_minutes
    )
    assert plans["centre"].longest_minutes == min(plan.longest_minutes for plan in plans.values())
    assert plans["coverage"].near_share == max(plan.near_share for plan in plans.values())
    assert plans["cost"].cost == min(plan.cost for plan in plans.values())


def test_least_cost_over_a_free_number_is_the_least_over_all_numbers():
    free = place(a_company(aim="cost"))

    counted = [place(a_company(aim="cost", count=count)).cost for count in range(1, 6)]

    assert free.cost == pytest.approx(min(counted))


def test_the_search_alone_is_close_to_the_proven_cost():
    problem = a_company(towns=24, cities=5, aim="cost")

    alone = place(problem, prove_seconds=0)
    proven = place(problem)

    assert proven.gap <= 1e-6
    assert proven.cost <= alone.cost <= 1.02 * proven.cost
    assert check(problem, alone) == []


def test_heads_carry_the_load_and_one_head_fewer_would_not():
    problem = a_company(aim="median", count=3)

    plan = place(problem)

    for base in plan.bases:
        assert base.heads * problem.planned_hours >= base.load_hours - 1e-6
        assert (base.heads - 1) * problem.planned_hours < base.load_hours
        assert 0 < base.utilisation <= problem.utilisation + 1e-9


def test_a_base_that_is_too_small_pushes_work_elsewhere_or_is_named():
    problem = a_company(aim="cost")
    small = tuple(replace(site, max_heads=1) for site in problem.sites)

    roomy = place(problem)
    cramped = place(replace(problem, sites=small))

    assert roomy.short_heads == ()
    assert len(cramped.bases) >= len(roomy.bases)
    tight = place(replace(problem, sites=small, count=1))
    assert tight.short_heads == tight.site_names
    assert [finding.rule for finding in check(replace(problem, sites=small, count=1), tight)] == ["room"]
    assert tight.gap == np.inf


def test_a_town_that_no_open_city_reaches_is_named():
    problem = a_company(aim="median", count=1)
    travel = problem.travel_minutes.copy()
    travel[7] = np.inf
    travel[7, 3] = 500.0
    cut = replace(problem, travel_minutes=travel)

    plan = plan_for_sites(cut, np.array([0]))

    assert plan.unreached == ("town 7",)
    assert plan.served_from[7] is None
    assert check(cut, plan) == []


def test_each_further_city_shortens_travel_and_the_ladder_says_at_what_price():
    problem = a_company(aim="median", count=1)

    ladder = climb(problem, most=5)

    assert [rung.cities for rung in ladder.rungs] == [1, 2, 3, 4, 5]
    assert ladder.rungs[0].more_cost is None
    for before, rung in zip(ladder.rungs, ladder.rungs[1:], strict=False):
        assert rung.fewer_minutes == pytest.approx(before.plan.mean_minutes - rung.plan.mean_minutes)
        assert rung.fewer_minutes >= 0
        assert rung.more_cost == pytest.approx(rung.plan.cost - before.plan.cost)
    assert ladder.today is not None
    assert ladder.today.site_names == ("city 0", "city 1")
    assert ladder.today.mean_minutes >= ladder.rungs[1].plan.mean_minutes


def test_the_ladder_of_least_cost_is_the_enumerated_one():
    problem = a_company(towns=10, cities=4, aim="cost")

    ladder = climb(problem, most=4)

    assert [rung.plan.gap <= 1e-6 for rung in ladder.rungs] == [True] * 4
    for rung in ladder.rungs:
        anywhere = [
            plan_for_sites(problem, np.array(sites)).cost for sites in combinations(range(4), rung.cities)
        ]
        assert rung.plan.cost <= min(anywhere) + 1e-6


def test_a_stopped_ladder_keeps_the_rungs_it_climbed():
    stop = Stop()
    stop.cancel()

    ladder = climb(a_company(aim="median", count=1), most=5, stop=stop)

    assert len(ladder.rungs) == 1


def test_an_impossible_ladder_is_refused():
    with pytest.raises(BadProblem, match="ladder"):
        climb(a_company(), most=99)


def test_small_noise_leaves_the_answer_alone_and_great_noise_does_not():
    problem = a_company(aim="median", count=3)
    plan = place(problem)

    calm = stability_of(problem, plan, draws=20, spread=0.02)
    wild = stability_of(problem, plan, draws=20, spread=1.5)

    assert calm.same_share >= wild.same_share
    assert calm.regret_mean <= wild.regret_mean
    assert calm.regret_mean < 0.005
    assert 0 <= wild.regret_mean <= wild.regret_worst_tenth
    assert all(0 < share <= 1 for share in wild.chosen_share.values())
    assert sum(wild.chosen_share.values()) == pytest.approx(3)


@pytest.mark.parametrize("aim", ["cost", "coverage", "centre"])
def test_stability_is_told_for_every_aim_and_repeats_with_its_seed(aim):
    problem = a_company(aim=aim, count=3)
    plan = place(problem)

    one, two = (stability_of(problem, plan, draws=6, spread=0.3, seed=5) for _ in range(2))

    assert one == two
    assert one.draws == 6
    if aim == "centre":
        assert one.regret_mean == 0


def test_the_judge_finds_what_was_tampered_with():
    problem = a_company(aim="median", count=2)
    plan = place(problem)
    closed = next(site.name for site in problem.sites if site.name not in plan.site_names)
    base = plan.bases[0]

    def rules(changed):
        return {finding.rule for finding in check(problem, changed)}

    assert "open base" in rules(replace(plan, served_from=(closed, *plan.served_from[1:])))
    assert "served" in rules(replace(plan, served_from=(None, *plan.served_from[1:])))
    assert "count" in rules(replace(plan, bases=plan.bases[:1]))
    assert "enough heads" in rules(replace(plan, bases=(replace(base, heads=0), *plan.bases[1:])))
    assert "rent" in rules(replace(plan, bases=(replace(base, rent=0.5), *plan.bases[1:])))
    assert "figures" in rules(replace(plan, mean_minutes=plan.mean_minutes / 2))
    assert "bound" in rules(replace(plan, bound=plan.value * 2))
    assert "known site" in rules(replace(plan, bases=(replace(base, name="Atlantis"), *plan.bases[1:])))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"aim": "fun"}, "aim"),
        ({"aim": "median", "count": None}, "count"),
        ({"count": 9}, "count"),
        ({"utilisation": 0.0}, "utilisation"),
        ({"hours_per_head_year": -1.0}, "hours_per_head_year"),
        ({"within_minutes": float("nan")}, "problem"),
        ({"points": ()}, "points"),
        ({"travel_minutes": np.zeros((2, 2))}, "travel_minutes"),
    ],
)
def test_a_malformed_problem_is_refused_by_name(change, where):
    with pytest.raises(BadProblem) as refusal:
        a_company(**change)

    assert refusal.value.where == where
