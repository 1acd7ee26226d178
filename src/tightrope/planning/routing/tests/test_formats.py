from __future__ import annotations

from pathlib import Path

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing import Steps, check, solve
from tightrope.planning.routing.draw import draw
from tightrope.planning.routing.formats.city import city_day, city_day_without_lunch, city_routes
from tightrope.planning.routing.formats.technicians import read_technicians
from tightrope.planning.routing.formats.vrptw import read_vrptw
from tightrope.planning.routing.tests.town import full_town

VRPTW = """tiny

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       230          0
    1      3         4         15          0       200         10
    2      1         1         10         20        30         10
"""

TECHNICIANS = """tiny.2_1

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
1       2       1       2

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    10    0     0      500    0      [] \t[] \t[]
1    0     0     0      500    0      [0,1] \t[] \t[1,0]
2    3     4     0      400    10     [0] \t[] \t[1,0]
3    10    4     0      400    10     [1] \t[0] \t[1,1]
"""


def test_a_vrptw_text_becomes_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(VRPTW, encoding="utf-8")

    problem = read_vrptw(path)
    plan = solve(problem, stop=Steps(40))

    assert problem.travel[0, 2] == 1.4
    assert len(plan.routes) == 2
    assert plan.value.total == pytest.approx(12.8)
    assert check(problem, plan).is_clean


def test_another_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear planner\n", encoding="utf-8")

    with pytest.raises(BadProblem, match="has no line that begins with NUMBER"):
        read_vrptw(path)
    with pytest.raises(BadProblem, match="has no CREW COUNT"):
        read_technicians(path)


def test_a_technician_calls_once_at_the_depot(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(TECHNICIANS, encoding="utf-8")

    problem = read_technicians(path)
    plan = solve(problem, stop=Steps(40))

    assert check(problem, plan).is_clean
    assert plan.value.must_left_out == 0
    assert [stop.kind for stop in plan.routes[0].stops].count("store") == 1
    # Out to the depot, the far request, the near one and home: 10 + 4 + 7 + 5 of travel, 20 of work.
    assert plan.value.total == pytest.approx(46.0)


def test_a_city_day_with_and_without_lunch() -> None:
    people = [
        {"home": (0.0, 0.0), "shift": (480, 1020), "skills": {0}, "cap": [1, 0, 0], "lunch": (690, 810, 30)}
    ]
    jobs = [
        {"at": (1.0, 0.0), "skill": 0, "dur": 30, "tw": (480, 1140), "prio": 3, "parts": [1, 0, 0]},
        {"at": (2.0, 0.0), "skill": 1, "dur": 30, "tw": (480, 1140), "prio": 1, "parts": [0, 0, 0]},
    ]

    hungry = solve(city_day_without_lunch(people, jobs), stop=Steps(20))
    fed = solve(city_day(people, jobs), stop=Steps(20))

    assert hungry.value.total == fed.value.total == pytest.approx(3 + 3 + 60)
    assert city_routes(fed) == {0: [0]}
    assert [stop.kind for stop in fed.routes[0].stops].count("lunch") == 1


def test_a_plan_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="an optional library")
    problem = full_town(visits=4, engineers=2)

    draw(problem, solve(problem, stop=Steps(20)), tmp_path / "plan.png")

    assert (tmp_path / "plan.png").stat().st_size > 5000
