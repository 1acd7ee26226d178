"""Months of a measure with a known effect in them, as tests and the benchmark draw them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tightrope.planning.investments.problem import month_name

START = 12 * 2025 + 3


def drawn(
    seed: int, *, effect: float, before: int = 30, after: int = 18, rho: float = 0.3
) -> list[dict[str, Any]]:
    """Repeat visits with a slope, a season and noise that goes on; ``effect`` fewer a month since the start."""
    chance = np.random.default_rng(seed)
    noise, rows = 0.0, []
    for age in range(-before, after):
        noise = rho * noise + chance.normal(0, 8)
        level = 300 + 0.8 * age + 20 * np.cos(2 * np.pi * age / 12) + noise
        rows.append(
            {
                "measure": "repeats",
                "month": month_name(START + age),
                "value": float(level - (effect if age >= 0 else 0.0)),
            }
        )
    return rows


def problem(months: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    one = {
        "name": "remote diagnosis",
        "starts": "2025-04",
        "cost": 60_000,
        "running_per_month": 500,
        "measure": "repeats",
        "better": "lower",
        "worth_per_unit": 180,
        "expected_per_month": 40,
        "ramp_months": 1,
    }
    return {"kind": "investments", "investments": [one | more], "months": months, "interest_per_year": 0.04}
