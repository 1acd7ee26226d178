"""A whole life problem: read, answered, judged, drawn, and refused by name."""

import json

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability import check, from_json, plan_table, plan_to_json, solve, to_json
from tightrope.planning.reliability.draw import draw_plan


def fleet(seed=1, *, bad="2025-W04"):
    """400 machines of eight batches, one of them bad; 24 months of readings of 120 of them."""
    rng = np.random.default_rng(seed)
    units = []
    for i in range(400):
        batch = f"2025-W{i % 8:02}"
        life = (250 if batch == bad else 900) * rng.weibull(1.6)
        seen = rng.uniform(100, 700)
        units.append(
            {"unit": f"SN-{i}", "age": float(min(life, seen)), "failed": bool(life <= seen), "batch": batch}
        )
    rows, drift, age = [], np.zeros(120), rng.integers(0, 20, 120)
    for month in range(24):
        drift = drift + rng.normal(0.06, 0.3, 120)
        failed = rng.random(120) < 1 / (1 + np.exp(4 - 1.3 * drift))
        rows += [
            {
                "unit": f"SN-{i}",
                "month": month,
                "values": [int(age[i]), None if i % 10 == 0 else float(drift[i])],
                "failed": bool(failed[i]),
            }
            for i in range(120)
        ]
        drift, age = np.where(failed, 0, drift), np.where(failed, 0, age + 1)
    counts = rng.poisson(np.where(np.arange(30) < 20, 8.0, 17.0))
    return {
        "kind": "life",
        "units": units,
        "ahead": 90,
        "repairs": [{"hours": float(h), "finished": bool(h < 30)} for h in rng.lognormal(2, 1, 60)],
        "failures": [
            {"subject": f"SN-{i % 7}", "day": 11 * i, "down_hours": 3, "cost": 90} for i in range(20)
        ],
        "exposure": [{"subject": f"SN-{i}", "days": 300} for i in range(20)],
        "counts": [{"period": f"m{i}", "failures": int(n), "exposure": 1000} for i, n in enumerate(counts)],
        "shares": [{"period": f"m{i}", "hits": 9 + 20 * (i == 11), "checked": 150} for i in range(12)],
        "charts": {"good_periods": 12},
        "readings": {"columns": ["age", "vibration"], "rows": rows},
        "prevention": {"failure_loss": 4000, "visit_cost": 300, "effectiveness": 0.7},
    }


def test_every_section_is_answered_and_the_judge_finds_nothing_wrong(tmp_path):
    problem = from_json(json.loads(json.dumps(fleet())))

    report = solve(problem)

    given = json.loads(json.dumps(plan_to_json(report), allow_nan=False))
    assert report.refused == {}
    assert check(problem, given) == []
    assert given["alarm"]["alarms"] == ["2025-W04"]
    assert report.back_test.is_better
    assert report.risks[0].reasons[0][0] == "vibration"
    assert report.u_chart.signals[20:].any()
    assert not report.u_chart.signals[:20].any()
    assert report.cusum.signals[20:].any()
    assert np.flatnonzero(report.p_chart.signals).tolist() == [11]
    assert report.expected_failures > 0
    assert to_json(from_json(to_json(problem))) == to_json(problem)
    assert "ALARM" in plan_table(report)
    draw_plan(problem, report, tmp_path / "life.png")
    assert (tmp_path / "life.png").stat().st_size > 20_000


def test_a_report_that_was_tampered_with_is_found_out():
    problem = from_json(fleet())
    given = plan_to_json(solve(problem))

    given["weibull"]["shape"] *= 1.2
    given["survival"][3]["surviving"] = 0.5
    given["rate"]["failures"] += 1

    wrong = check(problem, given)
    assert [line.split(":")[0] for line in wrong] == ["rate", "survival", "Weibull"]


def test_sections_with_too_little_data_are_named_and_the_rest_is_answered():
    given = fleet()
    given["units"] = [{"unit": f"u{i}", "age": 10.0 + i, "failed": i == 0, "batch": "A"} for i in range(5)]
    given["readings"]["rows"] = given["readings"]["rows"][:120]

    report = solve(from_json(given))

    assert set(report.refused) == {"weibull", "alarm", "readings"}
    assert "three are needed" in report.refused["weibull"]
    assert report.survival is not None
    assert report.repair is not None


def test_a_stopped_report_says_so():
    class Now:
        def is_reached(self, rounds=0):
            return rounds >= 1

    report = solve(from_json(fleet()), stop=Now())

    assert not report.is_complete
    assert report.rate is not None
    assert report.survival is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"units": [{"unit": "A", "age": -1, "failed": True}]}, "unit A: age must be from 0 on, not -1"),
        ({"units": [{"unit": "A", "age": 5, "failed": True, "entered": 6}]}, "unit A: its age is not above"),
        ({"units": [{"unit": "A", "age": 5, "failed": 1}]}, "unit A: failed must be true or false"),
        ({"units": [{"unit": "A", "age": 5, "failed": True}] * 2}, "unit A: is named twice"),
        ({"unit": []}, "unit is not a known field"),
        ({"age_bands": [0, 90, 90]}, "age bands: must ascend"),
        (
            {"counts": [{"period": "m1", "failures": 1.5, "exposure": 3}]},
            "period m1: failures must be a whole number",
        ),
        (
            {
                "readings": {
                    "columns": ["age"],
                    "rows": [{"unit": "A", "month": 0, "values": [], "failed": True}],
                }
            },
            "values must be a list with one value",
        ),
        ({"kind": "death"}, "'death' is not a life problem"),
    ],
)
def test_a_broken_row_is_refused_by_name(change, why):
    with pytest.raises(BadProblem, match=why):
        from_json({**fleet(), **change})
