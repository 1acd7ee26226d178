from __future__ import annotations

import json
from typing import Any

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing import Steps, from_json, plan_from_json, plan_to_json, solve, to_json
from tightrope.planning.routing.tests.town import full_town


def _document() -> dict[str, Any]:
    return {
        "travel": [[0, 10], [10, 0]],
        "visits": [{"name": "V", "place": 1, "service": 30}],
        "engineers": [{"name": "Wu", "start": 0, "shift": [480, 1020]}],
    }


def test_a_problem_survives_json() -> None:
    document = json.loads(json.dumps(to_json(full_town())))

    assert to_json(from_json(document)) == document


def test_a_plan_survives_json() -> None:
    plan = solve(from_json(_document()), stop=Steps(20))

    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": {"travel": float("nan")}}, "travel must be a number, not nan"),
        ({"value": {"travel": 3.0, "total": 2.0}}, "total is 2, its parts add up to 3"),
        ({"value": {"tips": 3.0}}, "tips"),
        ({"left_out": ["V"]}, "plan"),
        ({"routes": None}, "plan"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(change: dict[str, Any], message: str) -> None:
    plan = plan_to_json(solve(from_json(_document()), stop=Steps(20)))

    with pytest.raises(BadProblem, match=message):
        plan_from_json({**plan, **change})


def test_points_and_speed_stand_for_travel() -> None:
    document = {**_document(), "points": [[0, 0], [3, 4]], "speed": 0.5}
    del document["travel"]

    assert from_json(document).travel[0, 1] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"travel": [[0, 10]]}, "travel matrix: must be square"),
        ({"travel": [[0, -1], [1, 0]]}, "travel matrix row 0: holds -1"),
        ({"travel": [[0, float("nan")], [1, 0]]}, "travel matrix row 0: holds nan"),
        ({"travel": None}, "problem: has neither travel nor points"),
        ({"engineers": []}, "engineers: there is none"),
        ({"colour": "red"}, "problem: has an unknown key 'colour'"),
        ({"visits": [{"name": "V", "place": 1}]}, "visit V: has no 'service'"),
        ({"visits": [{"name": "V", "place": 7, "service": 1}]}, "visit V: place 7 is outside"),
        ({"visits": [{"name": "V", "place": 1, "service": -1}]}, "visit V: the service time is negative"),
        (
            {"visits": [{"name": "V", "place": 1, "service": 1, "windows": [[9, 8]]}]},
            "visit V: the window is empty",
        ),
        (
            {"visits": [{"name": "V", "place": 1, "service": 1, "windows": [[1, 5], [4, 8]]}]},
            "visit V: two windows overlap",
        ),
        (
            {"visits": [{"name": "V", "place": 1, "service": 1, "pinned": "Li"}]},
            "visit V: is pinned to Li, who is not among the engineers",
        ),
        (
            {"visits": [{"name": "V", "place": 1, "service": 1}] * 2},
            "visit V: appears twice",
        ),
        (
            {"engineers": [{"name": "Wu", "start": 0, "shift": [480, "late"]}]},
            "engineer Wu: end must be a number, not 'late'",
        ),
        ({"visits": ["V"]}, "visit: must be an object"),
        ({"visits": {}}, "problem: visits is {}, not a list"),
        (
            {"visits": [{"name": "V", "place": 0.5, "service": 1}]},
            "visit V: place must be a whole number, not 0.5",
        ),
        (
            {"visits": [{"name": "V", "place": 1, "service": 1, "parts": {"seal": float("nan")}}]},
            "visit V, parts: seal must be a number, not nan",
        ),
        ({"visits": [{"name": {}, "place": 1, "service": 1}]}, "visit: needs a name"),
        (
            {"engineers": [{"name": "Wu", "start": 0, "shift": [480, 1020], "lunch": True}]},
            "engineer Wu, lunch: must be an object",
        ),
        (
            {"travel": None, "points": [[0, float("inf")], [1, 1]]},
            "points matrix row 0: holds inf in column 1",
        ),
        (
            {"travel": None, "points": [[0, 0], [1, 1]], "speed": float("inf")},
            "problem: speed must be a number, not inf",
        ),
    ],
)
def test_bad_input_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadProblem) as refusal:
        from_json({**_document(), **change})

    assert message in str(refusal.value)
