"""Whom to contact before the fault: the right units, for what they avoid, proved on months not learned from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability import check, from_json, plan_table, plan_to_json, solve, to_json
from tightrope.planning.reliability.backtest import back_test
from tightrope.planning.reliability.contact import MONTH_DAYS, plan_contacts
from tightrope.planning.reliability.draw import draw_plan
from tightrope.planning.reliability.proactive import Prevention
from tightrope.planning.reliability.risk import UnitMonths, unit_months


def fleet(seed: int, *, units: int = 240, months: int = 24) -> UnitMonths:
    """Machines whose vibration drifts until they fail, which renews them."""
    chance = np.random.default_rng(seed)
    drift, rows = np.zeros(units), []
    for month in range(months):
        drift = drift + chance.normal(0.06, 0.3, units)
        failed = chance.random(units) < 1 / (1 + np.exp(4.2 - 1.5 * drift))
        rows += [(f"u{i}", month, float(month), float(drift[i]), bool(failed[i])) for i in range(units)]
        drift = np.where(failed, 0, drift)
    names, month_of, age, vibration, failed_in = zip(*rows, strict=True)
    return unit_months(names, month_of, np.column_stack((age, vibration)), ("age", "vibration"), failed_in)


def problem(table: UnitMonths, **more: Any) -> dict[str, Any]:
    rows = [
        {
            "unit": str(table.units[i]),
            "month": int(table.months[i]),
            "values": [float(value) for value in table.readings[i]],
            "failed": bool(table.failed[i]),
        }
        for i in range(len(table))
    ]
    return {
        "kind": "life",
        "readings": {"columns": list(table.columns), "rows": rows},
        "prevention": {"failure_loss": 2000, "visit_cost": 250, "effectiveness": 0.8, "lead_days": 6},
        "contracts": [
            {"contract": "gold", "repair_cost": 900, "down_hours": 20, "down_cost_per_hour": 300},
            {"contract": "basic", "repair_cost": 300, "visit_cost": 290},
        ],
        "covered": [{"unit": f"u{i}", "contract": "gold" if i % 2 else "basic"} for i in range(200)],
        **more,
    }


def test_each_contract_gets_its_own_answer_and_the_judge_agrees(tmp_path: Path) -> None:
    asked = from_json(json.loads(json.dumps(problem(fleet(1)))))

    report = solve(asked, seed=3)

    given = json.loads(json.dumps(plan_to_json(report), allow_nan=False))
    plan = report.contacts
    assert plan is not None
    by_name = {one.contract: one for one in plan.by_contract}
    assert set(by_name) == {"gold", "basic", "without contract"}
    assert by_name["gold"].verdict == "pays"
    assert by_name["basic"].contacts == 0
    assert by_name["basic"].verdict == "not enough known"
    assert plan.total.contacts == len(plan.contacts) > 10
    assert (
        plan.total.failures_avoided.low
        <= plan.total.failures_avoided.mean
        <= plan.total.failures_avoided.high
    )
    assert 0.2 < plan.false_alarm_share < 0.95
    assert [one.worth for one in plan.contacts] == sorted((one.worth for one in plan.contacts), reverse=True)
    assert check(asked, given) == []
    assert to_json(from_json(to_json(asked))) == to_json(asked)
    assert "faults avoided" in plan_table(report)
    assert plan_to_json(solve(asked, seed=3)) == plan_to_json(report)
    draw_plan(asked, report, tmp_path / "contacts.svg")
    assert (tmp_path / "contacts.svg").stat().st_size > 10_000


def test_a_late_visit_avoids_less_and_is_worth_it_for_fewer() -> None:
    soon, late = (
        solve(from_json(problem(fleet(1), prevention={"failure_loss": 2000, "visit_cost": 250,
                                                      "effectiveness": 0.8, "lead_days": days}))).contacts
        for days in (1, 20)
    )  # fmt: skip

    assert soon is not None
    assert late is not None
    assert late.total.contacts < soon.total.contacts
    assert late.total.failures_avoided.mean < soon.total.failures_avoided.mean


def test_only_so_many_visits_go_where_they_are_worth_most() -> None:
    free = from_json(problem(fleet(1)))
    limits = {**problem(fleet(1))["prevention"], "visits": 5}
    tight = from_json(problem(fleet(1), prevention=limits))

    every, few = solve(free).contacts, solve(tight).contacts

    assert every is not None
    assert few is not None
    assert [one.unit for one in few.contacts] == [one.unit for one in every.contacts[:5]]
    assert few.total.tested_contacts <= 5 * 6
    assert check(tight, plan_to_json(solve(tight))) == []


def test_what_is_foretold_is_what_happens() -> None:
    foretold = happened = inside = 0.0
    prevention = Prevention(3000.0, 250.0, 0.7, lead_days=5.0)
    for seed in range(8):
        table = fleet(seed, units=600, months=25)
        known, coming = table.rows(table.months < 24), table.rows(table.months == 24)
        tested = back_test(known)
        risks = tested.final.risk(coming.readings)
        plan = plan_contacts([str(u) for u in coming.units], risks, tested, prevention, confidence=0.9)
        contacted = {one.unit for one in plan.contacts}
        met = sum(bool(f) for u, f in zip(coming.units, coming.failed, strict=True) if u in contacted)
        avoided = met * (1 - 5.0 / MONTH_DAYS) * 0.7
        foretold, happened = foretold + plan.total.failures_avoided.mean, happened + avoided
        inside += plan.total.failures_avoided.low - 1 <= avoided <= plan.total.failures_avoided.high + 1

    assert foretold == pytest.approx(happened, rel=0.25)
    assert inside >= 6


def test_risks_that_proved_too_bold_are_found_not_to_pay() -> None:
    table = fleet(2)
    tested = back_test(table)
    last = table.rows(table.months == 23)
    bold = replace(tested, predictions=np.full(len(tested.held_out), 0.95), is_better=True)

    plan = plan_contacts(
        [str(u) for u in last.units],
        np.full(len(last), 0.95),
        bold,
        Prevention(failure_loss=1000.0, visit_cost=500.0, effectiveness=1.0),
    )

    assert plan.total.contacts == len(last)
    assert plan.total.verdict == "does not pay"
    assert plan.total.tested_false_alarms.mean > 0.5
    assert plan.total.failures_avoided.high < plan.total.failures_avoided.mean + 1.0


def test_too_few_failures_name_no_one() -> None:
    table = fleet(3, units=12, months=8)

    report = solve(from_json(problem(table)))

    assert report.contacts is None
    assert "readings" in (report.refused or {})


def test_forged_contacts_are_found_out() -> None:
    asked = from_json(problem(fleet(1)))
    forged = plan_to_json(solve(asked))
    forged["contacts"]["units"][0]["worth"] += 50.0
    gone = forged["contacts"]["units"].pop()

    found = check(asked, forged)

    assert any(f"unit {gone['unit']}: is not contacted" in fault for fault in found)
    assert any("worth" in fault and fault.startswith("contact ") for fault in found)
    assert any(fault.startswith("contacts: ") for fault in found)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"covered": [{"unit": "u1", "contract": "lead"}]},
            "unit u1: is covered by lead, which is not among",
        ),
        ({"contracts": [{"contract": "gold"}] * 2}, "contract gold: is named twice"),
        (
            {"contracts": [{"contract": "gold", "repair_cost": -1}]},
            "contract gold: repair_cost must be from 0",
        ),
        (
            {"prevention": {"failure_loss": 1, "visit_cost": 1, "lead_days": 40}},
            "lead_days must be from 0 to 30",
        ),
    ],
)
def test_broken_terms_are_refused_by_name(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadProblem, match=why):
        from_json(problem(fleet(1, units=20, months=4)) | change)
