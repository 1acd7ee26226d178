"""The twin begins where the company stands, and a forecast knows growth and its own error."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation import Company, History, Model, Record, Window, fit, live, replicate
from tightrope.planning.simulation.draws import draw_failures
from tightrope.planning.simulation.fit import YEAR, Installed, figures_of, pace_error
from tightrope.planning.simulation.hours import DAY, WEEK, Hours
from tightrope.planning.simulation.problem import City, Engineer, Part, SecondLine
from tightrope.planning.simulation.recent import recent


def small_company() -> Company:
    return Company(
        cities=(City("A", 10),),
        models=(
            Model("M", 12.0, work_hours=1.0, spread=0.0, solved_at_desk=0.3, to_second_line=0.1,
                  needs_part=0.5, comes_again=0.2, parts={"seal": 1, "lens": 3}),
        ),
        machines={"A": {"M": 60}},
        engineers=tuple(Engineer(f"E{i}", "A") for i in range(4)),
        travel=np.zeros((1, 1)),
        second_line=SecondLine({"A": 2}),
        parts=(
            Part("seal", city_stock={"A": 2}, supplier_lead_days=14.0, depot_stock=3),
            Part("lens", city_stock={"A": 9}, supplier_lead_days=30.0, depot_stock=9),
        ),
    )  # fmt: skip


def record(reported: float, way: str, part: str | None = None, **more: float) -> Record:
    met = reported + 1.0
    return Record(
        reported, "A", "M", way, met, met, more.get("ended", met + 1.0), 1 if way == "visit" else 0, 1.0, 0.0,
        part,
    )  # fmt: skip


def history_of(rates: list[float], *, machines: list[int], seed: int = 1) -> History:
    """Reports of each year at so many a machine-year, with a base that changes each year."""
    chance = np.random.default_rng(seed)
    records, base = [], []
    for year, (rate, number) in enumerate(zip(rates, machines, strict=True)):
        base.append(Installed(year * (YEAR + DAY), "A", "M", number))
        times = (year + chance.random(round(rate * number))) * YEAR
        records += [record(float(at), "desk") for at in times]
    return History(tuple(sorted(records, key=lambda one: one.reported)), tuple(base), len(rates) * YEAR)


def test_known_weeks_are_lived_through_as_they_were_recorded() -> None:
    company, now = small_company(), 20 * WEEK
    chance = np.random.default_rng(3)
    ways = [("desk", None), ("second line", None), ("visit", None), ("visit", "lens"), ("visit", "seal")]
    records = tuple(
        record(float(at), *ways[int(chance.integers(5))]) for at in np.sort(chance.random(300)) * 22 * WEEK
    )
    past = recent(company, History(records, (), 22 * WEEK), now=now)
    begins = now - past.days * DAY

    lived = live(company, seed=5, run=0, until=past.days * DAY + 4 * WEEK, past=past)

    known = [one for one in records if begins <= one.reported < now]
    before = [case for case in lived.cases if case.reported < past.days * DAY]
    assert begins % WEEK == 0
    assert past.days >= 31 + 14
    assert len(before) == len(known) > 50
    for case, one in zip(before, known, strict=True):
        assert case.reported == pytest.approx(one.reported - begins)
        if case.way != "open":
            assert case.way == one.way
        if case.way == "visit":
            assert (company.parts[case.part].name if case.part >= 0 else None) == one.part


def test_shelves_that_were_emptied_make_the_first_weeks_wait() -> None:
    company, now = small_company(), 20 * WEEK
    quiet = History((), (), now)
    rush = History(tuple(record(now - 5 * DAY + h / 10, "visit", "lens") for h in range(40)), (), now)
    found = []
    for history in (quiet, rush):
        past = recent(company, history, now=now)
        window = Window(days=14, warm_up_days=past.days, after_days=0)
        found.append(replicate(company, window, runs=6, seed=2, past=past).of("parts_at_once").mean)

    assert found[1] < found[0] - 0.2


def test_a_window_that_does_not_fit_the_known_weeks_is_refused() -> None:
    past = recent(small_company(), History((), (), 20 * WEEK), now=20 * WEEK)

    with pytest.raises(BadProblem, match=f"warm up for the {past.days} recorded days, not 7"):
        replicate(small_company(), Window(14, 7, 0), runs=2, past=past)


def test_a_rate_that_grew_and_a_growing_base_are_carried_on() -> None:
    grown = fit(small_company(), history_of([4.0, 5.0], machines=[400, 480]))
    steady = fit(small_company(), history_of([5.0, 5.0], machines=[400, 400]))

    assert grown.models[0].failures_per_year == pytest.approx(5.0 * 1.25, rel=0.06)
    assert grown.growth == pytest.approx(1.2 ** (0.5 * 91 / 365.25), rel=1e-6)
    assert steady.models[0].failures_per_year == pytest.approx(5.0, rel=0.03)
    assert steady.growth == 1.0


def test_each_run_has_a_pace_of_its_own_as_uncertain_as_the_history_is_short() -> None:
    short, long = history_of([5.0], machines=[100]), history_of([5.0] * 3, machines=[400] * 3)

    assert pace_error(short, YEAR) == pytest.approx(math.sqrt(7 / 500))
    assert pace_error(long, 3 * YEAR) < 0.06
    past = replace(recent(small_company(), long, now=3 * 52 * WEEK), pace_error=0.1)
    paces = [past.pace(seed=1, run=run) for run in range(400)]
    assert np.std(np.log(paces)) == pytest.approx(0.1, rel=0.15)
    assert past.pace(seed=1, run=7) == paces[7]


def test_a_case_that_nobody_has_met_has_waited_until_now() -> None:
    open_case = replace(record(8.0, "visit"), met=math.inf, arrived=math.inf, ended=math.inf)
    figures = figures_of(
        [open_case, record(9.0, "desk")], Hours(8, 18), begins=0.0, ends=DAY, response_hours=4.0
    )

    assert figures["response_hours"] == pytest.approx((10.0 + 1.0) / 2)
    assert figures["kept"] == 0.5


def test_known_weeks_do_not_change_the_luck_that_follows() -> None:
    company = small_company()
    past = recent(company, History((), (), 20 * WEEK), now=20 * WEEK)
    drawn = draw_failures(company, until=30 * WEEK, seed=1, run=0)

    lived = live(company, seed=1, run=0, until=30 * WEEK, past=past)

    later = drawn.at[drawn.at >= past.days * DAY]
    np.testing.assert_array_equal([case.reported for case in lived.cases], later)
