"""Rosters: every need covered where people allow, holes listed exactly where not."""

from dataclasses import replace

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing import RosterProblem, Shift, Tour, Worker, described, make_roster

EARLY = Shift("early", 7, 8)
LATE = Shift("late", 13, 8)
NIGHT = Shift("night", 22, 9)


def a_need(weekday=2, weekend=1):
    need = np.zeros((7, 24))
    need[:5, 7:21] = weekday
    need[5:, 7:21] = weekend
    return need.ravel()


def a_roster(workers=8, need=None, shifts=(EARLY, LATE), **changes):
    people = tuple(Worker(f"w{number}") for number in range(workers))
    facts = {
        "heads": a_need() if need is None else need,
        "step_minutes": 60,
        "shifts": shifts,
        "workers": people,
    }
    return RosterProblem(**{**facts, **changes})


def test_enough_people_leave_no_hole_and_no_one_works_too_much():
    problem = a_roster(workers=8)

    roster = make_roster(problem)

    assert roster.holes == ()
    assert (roster.present >= problem.heads).all()
    assert [tour.worker for tour in roster.tours] == [worker.name for worker in problem.workers]
    assert all(len(tour.days) in (0, 5) for tour in roster.tours)
    # Two early and two late on weekdays, one each at weekends: 24 shifts, five a person, and the early
    # and late ones need three people each.
    assert roster.cost == pytest.approx(6 * 5 * 8)
    assert roster.gap == pytest.approx(0, abs=1e-3)


def test_too_few_people_leave_holes_that_are_listed_exactly():
    problem = a_roster(workers=2)

    roster = make_roster(problem)

    lacking = np.maximum(problem.heads - roster.present, 0)
    assert roster.missing_hours == lacking.sum() > 0
    again = np.zeros(168, dtype=int)
    for hole in roster.holes:
        again[int(hole.day * 24 + hole.from_hour) : int(hole.day * 24 + hole.until_hour)] = hole.missing
    assert again.tolist() == lacking.tolist()


def test_people_work_only_days_and_shifts_that_they_can():
    base = a_roster(workers=6)
    workers = (
        Worker("Li", absent_days=frozenset({0, 1})),
        Worker("Wu", days_per_week=3),
        Worker("Chen", shifts=frozenset({"late"})),
        *base.workers,
    )

    roster = make_roster(replace(base, workers=workers))

    by_name = {tour.worker: tour for tour in roster.tours}
    assert not {0, 1} & set(by_name["Li"].days)
    assert len(by_name["Wu"].days) <= 3
    assert by_name["Chen"].shift in (None, "late")


def test_days_off_together_follow_each_other_around_the_week():
    roster = make_roster(a_roster(workers=7, days_off_together=True))

    for tour in roster.tours:
        off = sorted(set(range(7)) - set(tour.days))
        if tour.shift is not None:
            assert len(off) == 2
            assert (off[1] - off[0]) in (1, 6)


def test_a_night_runs_into_the_next_day_and_sunday_into_monday():
    problem = a_roster(workers=1, shifts=(NIGHT,), need=np.zeros(168))

    roster = described(problem, (Tour("w0", "night", (0, 6)),))

    assert np.flatnonzero(roster.present).tolist() == [*range(7), *range(22, 31), 166, 167]


def test_nobody_is_there_during_a_break():
    shift = Shift("day", 8, 9, break_after_hours=4, break_hours=1)
    problem = a_roster(workers=1, shifts=(shift,), need=np.zeros(168))

    roster = described(problem, (Tour("w0", "day", (2,)),))

    assert np.flatnonzero(roster.present[48:72]).tolist() == [8, 9, 10, 11, 13, 14, 15, 16]
    assert roster.cost == 8


def test_dear_people_stay_at_home_when_cheap_ones_suffice():
    base = a_roster(workers=6)
    dear = tuple(Worker(f"dear {number}", cost_per_hour=9) for number in range(3))

    roster = make_roster(replace(base, workers=(*dear, *base.workers)))

    assert roster.holes == ()
    assert all(tour.shift is None for tour in roster.tours if tour.worker.startswith("dear"))


def test_a_cancelled_roster_is_still_a_roster():
    problem = a_roster(workers=40, need=a_need(weekday=9, weekend=5))

    roster = make_roster(problem, is_cancelled=lambda: True)

    assert len(roster.tours) == 40
    assert roster.missing_hours == 0


def test_nobody_to_roster_leaves_everything_missing():
    roster = make_roster(a_roster(workers=0))

    assert roster.tours == ()
    assert roster.missing_hours == a_need().sum()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: a_roster(need=np.ones(100)), "no week"),
        (lambda: a_roster(need=np.full(168, -1.0)), "heads of step 0"),
        (lambda: a_roster(need=np.full(168, 0.5)), "whole number"),
        (lambda: a_roster(step_minutes=7), "divide a day"),
        (lambda: a_roster(shifts=()), "there are none"),
        (lambda: a_roster(shifts=(EARLY, EARLY)), "used twice"),
        (lambda: a_roster(shifts=(Shift("odd", 7.25, 8),)), "does not fit steps"),
        (lambda: a_roster(workers=0, shifts=(EARLY,), understaffed_cost_per_hour=0.0), "above zero"),
        (lambda: Shift("never", 25, 8), "must start"),
        (lambda: Shift("long", 7, 30), "must last"),
        (lambda: Shift("break", 7, 8, break_after_hours=7.5, break_hours=1), "inside the shift"),
        (lambda: Worker("Li", days_per_week=9), "days_per_week"),
        (lambda: Worker("Li", absent_days=frozenset({7})), "absent_days"),
        (lambda: Worker("Li", cost_per_hour=-1), "cost_per_hour"),
    ],
)
def test_a_malformed_roster_is_refused_in_words(make, words):
    with pytest.raises(BadProblem, match=words):
        make()


def test_a_worker_with_an_unknown_shift_is_refused():
    with pytest.raises(BadProblem, match="worker Li: shift dawn does not exist"):
        RosterProblem(a_need(), 60, (EARLY,), (Worker("Li", shifts=frozenset({"dawn"})),))
