"""Jobs under rules whose effects are known, as tests and the benchmark draw them."""

from __future__ import annotations

from typing import Any

import numpy as np

STRATA = ("air, plain", "air, urgent", "laser, plain", "laser, urgent")
HARD = np.array([0.0, 0.05, 0.12, 0.25])


def drawn(
    seed: int, rules: dict[str, float], *, jobs: int = 900, engineers: int = 24, hours: float = 0.0
) -> list[dict[str, Any]]:
    """Jobs whose chance to be solved depends on the stratum, the person, and (by rule) on deviating.

    Hard jobs and able people deviate more, so that plain differences mislead.
    """
    chance = np.random.default_rng(seed)
    ability = chance.normal(0.0, 0.08, engineers)
    rows = []
    for rule, effect in rules.items():
        stratum = chance.integers(0, 4, jobs)
        who = chance.integers(0, engineers, jobs)
        odds = 0.15 + 1.5 * HARD[stratum] + 0.5 * np.clip(ability[who], -0.1, 0.3)
        deviated = chance.random(jobs) < odds
        solved = 0.75 - HARD[stratum] + ability[who] + effect * deviated
        took = 2.0 + 4 * HARD[stratum] - 2 * ability[who] + hours * deviated + chance.normal(0, 0.7, jobs)
        rows += [
            {
                "rule": rule,
                "deviated": bool(deviated[i]),
                "engineer": f"E{who[i]}",
                "stratum": STRATA[stratum[i]],
                "solved": bool(chance.random() < solved[i]),
                "hours": float(took[i]),
            }
            for i in range(jobs)
        ]
    return rows


def problem(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    outcomes = [
        {"name": "solved", "better": "higher", "matters_from": 0.05},
        {"name": "hours", "better": "lower", "matters_from": 0.25},
    ]
    return {"kind": "rules", "outcomes": outcomes, "jobs": rows, **more}
