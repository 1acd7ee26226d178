"""Turnover against planted truths, bounds and an independent judge: python benchmarks/planning/turnover.py"""

from __future__ import annotations

import numpy as np
from measuring import Rows, cpu_seconds

from tightrope.planning.turnover import (
    Knower,
    careers,
    fit_learning,
    fit_leaving,
    from_json,
    knowledge_at_risk,
    plan_to_json,
    shapes,
    solve,
)
from tightrope.planning.turnover.check import check


def main() -> None:
    rows = Rows("turnover")
    leaving(rows)
    learning(rows)
    knowledge(rows)
    intake(rows)


def company(seed: int, people: int = 400):
    """Weibull stays (shape 0.8, scale 50 months); a third of the people were here before the records."""
    rng = np.random.default_rng(seed)
    stay, seen = 50 * rng.weibull(0.8, people), rng.uniform(2, 120, people)
    entered = np.where(rng.random(people) < 0.33, rng.uniform(0, 60, people), 0.0)
    tenure = np.minimum(stay, entered + seen)
    known = tenure > entered
    return careers(tenure[known], left=(stay <= entered + seen)[known], entered=entered[known])


def leaving(rows: Rows) -> None:
    truth = float(np.exp(-((24 / 50) ** 0.8)))
    seconds, fits = cpu_seconds(lambda: [fit_leaving(company(seed)) for seed in range(200)])
    rows.add(
        "staying two years, mean of 200 companies",
        float(np.mean([f.stays(0, 24) for f in fits])),
        truth,
        cpu=seconds / 200,
    )
    laws = [next(s for s in shapes(company(seed), fits[seed]) if s.name == "Weibull") for seed in range(200)]
    rows.add("Weibull shape of leaving, mean", float(np.mean([s.weibull_shape for s in laws])), 0.8)
    bands = np.array([0, 3, 6, 12, 24, 36, 60, 120])
    held = []
    for fit in fits:
        if fit.starts.size == bands.size:
            # The band's rate estimates the hazard averaged over the people in it; its middle stands for it.
            middle = np.array([1.5, 4.5, 9, 18, 30, 48])
            true = 0.8 / 50 * (middle / 50) ** -0.2
            held += list((fit.lower[:6] <= true) & (true <= fit.upper[:6]))
    rows.add("limits of leaving rates that hold", float(np.mean(held)), 0.95)


def learning(rows: Rows) -> None:
    rng = np.random.default_rng(1)
    held, months = [], []
    seconds = 0.0
    for _ in range(200):
        t = rng.uniform(0, 48, 150)
        y = 10 - 6 * np.exp(-t / 9) + rng.normal(0, 1, 150)
        spent, curve = cpu_seconds(lambda t=t, y=y: fit_learning(t, y))
        seconds += spent
        months.append(curve.months)
        held.append(curve.months_limits[0] <= 9 <= curve.months_limits[1])
    rows.add(
        "months of learning, median of 200 fits", float(np.median(months)), 9.0, seed=1, cpu=seconds / 200
    )
    rows.add("limits of months that hold", float(np.mean(held)), 0.95, seed=1)


def knowledge(rows: Rows) -> None:
    rng = np.random.default_rng(2)
    hazard = fit_leaving(company(2))
    pairs = [(f"skill {i % 30}", f"product {i // 30}") for i in range(300)]
    people = [
        Knower(f"p{i}", float(rng.uniform(0, 100)), frozenset(pairs[j] for j in rng.integers(0, 300, 6)))
        for i in range(200)
    ]
    seconds, found = cpu_seconds(lambda: knowledge_at_risk(people, hazard))
    stays = hazard.stays(np.array([p.tenure_months for p in people]), 12.0)
    gone = rng.random((4000, 200)) > stays
    holds = np.array([[pair in p.knows for p in people] for pair in pairs]).astype(float)
    lost = ((~gone).astype(float) @ holds.T == 0)[:, holds.any(axis=1)].sum(axis=1)
    rows.add(
        "skills lost in a year, 200 people, drawn",
        sum(r.nobody for r in found),
        float(lost.mean()),
        seed=2,
        cpu=seconds,
    )


def intake(rows: Rows) -> None:
    for seed in (1, 2, 3):
        problem = from_json(example(seed))
        seconds, plan = cpu_seconds(lambda problem=problem, seed=seed: solve(problem, seed=seed))
        given = plan_to_json(plan)
        rows.add(
            "intake, 25 people, 24 months: cost", plan.intake.cost, plan.intake.bound, seed=seed, cpu=seconds
        )
        bands = [(band["from_month"], band["per_month"]) for band in given["leaving"]]
        curve = (plan.learning.start, plan.learning.top, plan.learning.months)
        verdict = check(
            problem, given["intake"]["hires"], given["intake"]["seats"], leaving=bands, curve=curve
        )
        rows.add("intake: months with enough, judged", float(np.mean(verdict.enough[3:])), 0.9, seed=seed)
        rows.add("intake: violations", len(verdict.wrong), 0, seed=seed)


def example(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    known = company(seed, 150)
    return {
        "kind": "turnover",
        "careers": [
            {"person": f"p{i}", "tenure_months": float(t), "left": bool(gone), "entered_months": float(e)}
            for i, (t, gone, e) in enumerate(zip(known.tenure, known.left, known.entered, strict=True))
        ],
        "curve": {"start": 0.4, "top": 1.0, "months": 8.0},
        "levels": [
            {"name": "junior", "output": 1.0, "salary_per_month": 6000},
            {"name": "engineer", "output": 1.3, "min_months": 12, "salary_per_month": 8000},
            {
                "name": "expert",
                "output": 1.6,
                "min_months": 36,
                "salary_per_month": 12000,
                "leaves_times": 0.7,
            },
        ],
        "staff": [
            {
                "person": f"s{i}",
                "level": ("junior", "engineer", "expert")[level],
                "tenure_months": float(rng.uniform(*span)),
            }
            for i, (level, span) in enumerate(
                [(0, (0, 12))] * 8 + [(1, (12, 60))] * 12 + [(2, (40, 120))] * 5
            )
        ],
        "intake": {
            "demand": np.linspace(27, 34, 24).round(2).tolist(),
            "at_least": {"expert": [4] * 24},
            "hire_cost": 20000,
            "seat_cost": 5000,
            "committed": [1, 0, 0],
            "most_seats": 2,
            "confidence": 0.9,
        },
    }


if __name__ == "__main__":
    main()
