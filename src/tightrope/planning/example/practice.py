"""The example's rules, investments, readings and board: what is drawn on top of the history is said here.

The history knows no rules, no sensors and no investments. Planted are: deviating from "sign twice" does better
and from "lock out first" worse, from the other rules neither; vibration rises before a fault; remote diagnosis
saves a third of the second visits from its start on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from tightrope.planning.example.cast import MODELS, PLACES
from tightrope.planning.example.history import DAYS, FIRST_DAY, Past
from tightrope.planning.simulation.fit import History, figures_of
from tightrope.planning.simulation.hours import DAY

RULES = {
    "sign twice": 0.10,
    "lock out first": -0.14,
    "photo before and after": 0.0,
    "call before leaving": 0.0,
}
WATCHED = "D30"
WATCHED_IN = ("Shanghai", "Suzhou", "Hangzhou", "Nanjing")
MONTHS = 24
MONTH = DAYS * DAY / 36
INVESTED = 24


def practice_rows(past: Past, seed: int) -> list[list[Any]]:
    """A row for each case with a visit in the last year: the rule concerned, who, whether kept, what came of it."""
    chance = np.random.default_rng([seed, 11])
    names = list(RULES)
    bold = {name: chance.random() for name in past.workers}
    rows = []
    for case in past.cases:
        if case.way != "visit" or case.engineer < 0 or case.reported < DAYS * DAY - 365 * DAY:
            continue
        rule, who = names[int(chance.integers(len(names)))], past.workers[case.engineer]
        model = past.company.models[case.model]
        # Hard machines and bold people deviate more: a plain comparison would be misled.
        deviated = chance.random() < 0.1 + 0.15 * bold[who] + 0.5 * model.comes_again
        solved = chance.random() < min(0.98, 0.9 - 1.2 * model.comes_again + RULES[rule] * deviated)
        rows.append([
            rule, "true" if deviated else "false", who, model.name, "true" if solved else "false",
            round(case.worked * (1.0 - RULES[rule] * deviated), 3),
        ])  # fmt: skip
    return rows


def rules() -> dict[str, Any]:
    """Which rules to relax and which to harden."""
    return {
        "kind": "rules",
        "confidence": 0.95,
        "false_discovery": 0.1,
        "outcomes": [
            {"name": "solved_first_time", "better": "higher", "matters_from": 0.03},
            {"name": "hours", "better": "lower", "matters_from": 0.2},
        ],
        "jobs": "practice.csv",
    }


def measure_rows(past: Past, seed: int) -> list[list[Any]]:
    """Second visits and days of waiting for parts by month, with the month's cases as control."""
    chance = np.random.default_rng([seed, 12])
    again, waited, cases = (np.zeros(36) for _ in range(3))
    for case in past.cases:
        month = min(35, int(case.reported // MONTH))
        cases[month] += 1
        again[month] += case.visits > 1
        waited[month] += case.waited_for_part
    saved = chance.binomial(again.astype(int), np.where(np.arange(36) >= INVESTED, 0.35, 0.0))
    rows = []
    for month in range(36):
        name = f"{2023 + (9 + month) // 12}-{(9 + month) % 12 + 1:02d}"
        rows.append(["second visits", name, int(again[month] - saved[month]), int(cases[month])])
        rows.append(["waits for parts", name, int(waited[month]), int(cases[month])])
    return rows


def investments() -> dict[str, Any]:
    """One investment a year old, one of the last weeks."""
    return {
        "kind": "investments",
        "confidence": 0.9,
        "interest_per_year": 0.04,
        "investments": [
            {
                "name": "remote diagnosis", "starts": "2025-10", "cost": 130_000, "running_per_month": 1_800,
                "measure": "second visits", "better": "lower", "worth_per_unit": 620, "expected_per_month": 22,
                "ramp_months": 3,
            },
            {
                "name": "shelves in Hefei", "starts": "2026-08", "cost": 42_000, "running_per_month": 400,
                "measure": "waits for parts", "better": "lower", "worth_per_unit": 300, "expected_per_month": 9,
            },
        ],
        "months": "measures.csv",
    }  # fmt: skip


def contacts(past: Past, seed: int) -> dict[str, Any]:
    """Coolers with sensors: whom to contact before the fault, by contract."""
    chance = np.random.default_rng([seed, 13])
    cities = [place[0] for place in PLACES]
    watched = [
        one
        for one in past.machines
        if MODELS[one.model].name == WATCHED and cities[one.city] in WATCHED_IN and one.installed < 0
    ]
    month = DAYS * DAY / 36
    failed_in = {(machine.serial, int(at // month)) for machine, at in past.failures}
    rows = []
    for one in watched:
        usage = float(chance.gamma(9, 20))
        for number in range(36 - MONTHS, 36):
            failed = (one.serial, number) in failed_in
            vibration = chance.normal(1.4 if failed else 0.0, 1.0)
            is_known = chance.random() > 0.06
            rows.append(
                {
                    "unit": one.serial,
                    "month": number,
                    "values": [
                        round(number - one.installed / month, 1),
                        round(usage + float(chance.normal(0, 15)), 1),
                        round(float(vibration), 2) if is_known else None,
                    ],
                    "failed": failed,
                }
            )
    return {
        "kind": "life",
        "readings": {
            "columns": ["age", "usage", "vibration"],
            "baseline": ["age", "usage"],
            "held_out_months": 6,
            "rows": rows,
        },
        "prevention": {
            "failure_loss": 700, "visit_cost": 320, "effectiveness": 0.75, "lead_days": 4, "visits": 40,
        },
        "contracts": [
            {"contract": "full", "repair_cost": 480, "down_hours": 9, "down_cost_per_hour": 260},
            {"contract": "repair only", "repair_cost": 480},
        ],
        "covered": [
            {"unit": one.serial, "contract": "full" if k % 3 == 0 else "repair only"}
            for k, one in enumerate(watched)
            if k % 3 < 2
        ],
    }  # fmt: skip


def board(past: Past, history: History) -> dict[str, Any]:
    """All four tightropes: today, two ways to go on, and the last half year against the plan."""
    hours, promised = past.company.hours, past.company.promise.response_hours
    months = []
    for number in range(30, 36):
        begins = number * MONTH
        lived = figures_of(
            history.records, hours, begins=begins, ends=begins + MONTH, response_hours=promised
        )
        name = (FIRST_DAY + timedelta(hours=begins + MONTH / 2)).strftime("%Y-%m")
        months.append({"month": name, "figure": "kept", "actual": round(lived["kept"], 4)})
    return {
        "kind": "board",
        "runs": 24,
        "service": "simulate.json",
        "people": "people.json",
        "rules": "rules.json",
        "assumptions": [
            {
                "name": "late cost", "at": "service/money/late_cost", "unit": "a missed promise",
                "why": "what last year's missed promises cost in penalties and goodwill",
            },
            {"name": "days away", "at": "service/absent", "unit": "share of days", "why": "three years of rosters"},
        ],
        "scenarios": [
            {
                "name": "parts and training",
                "service": {"stock_more": 1},
                "people": {"train": [{"person": "Li Na", "skill": "laser", "product": "L400"}]},
                "rules": {"relax": ["sign twice"], "harden": ["lock out first"]},
            },
            {
                "name": "a base in Hefei",
                "service": {"engineers": {"Hefei": 2}},
                "people": {"leaving": 0.8},
                "assumptions": {"days away": 0.1},
            },
        ],
        "compare": ["today", "parts and training"],
        "months": months,
    }  # fmt: skip
