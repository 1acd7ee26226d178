"""Reliability against published figures and planted truths: python benchmarks/planning/reliability.py

Reference column: the published value, the stated rate, or what the data were made with. For shares the gap
is relative; for a reference of zero it is absolute.
"""

from __future__ import annotations

import numpy as np
from measuring import Rows, cpu_seconds

from tightrope.planning.reliability import (
    GroupTable,
    back_test,
    design_cusum,
    field_alarm,
    fit_risk,
    fit_weibull,
    kaplan_meier,
    lives,
    unit_months,
)

# Published life tables; + marks a unit still working (Meeker & Escobar 1998, table C.2; Gehan 1965).
SHOCK_ABSORBERS = """6700 6950+ 7820+ 8790+ 9120 9660+ 9820+ 11310+ 11690+ 11850+ 11880+ 12140+ 12200 12870+
    13150 13330+ 13470+ 14040+ 14300 17520 17540+ 17890+ 18450+ 18960+ 18980+ 19410+ 20100 20100+ 20150+
    20320+ 20900 22700 23490+ 26510 27410+ 27490 27890+ 28100+"""
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def main() -> None:
    rows = Rows("reliability")
    for name, text, shape, scale in (
        ("shock absorbers, Weibull", SHOCK_ABSORBERS, 3.1605, 27_718.7),
        ("6-MP, Weibull", SIX_MP, 1.35373, 33.7652),
    ):
        words = text.split()
        known = lives([float(w.strip("+")) for w in words], failed=["+" not in w for w in words])
        fit = fit_weibull(known)
        rows.add(f"{name}: shape", fit.shape, shape)
        rows.add(f"{name}: scale", fit.scale, scale)
    speed(rows)
    batches(rows)
    run_lengths(rows)
    risk(rows)


def speed(rows: Rows) -> None:
    """Milliseconds for 1,000 units; the goal is 1 ms."""
    rng = np.random.default_rng(1)
    life, end, start = 1000 * rng.weibull(1.8, 2600), rng.uniform(0, 1500, 2600), rng.uniform(0, 300, 2600)
    ages, seen = np.minimum(life, end), np.minimum(life, end) > start
    censored = lives(ages[:1000] + 1e-9, failed=(life <= end)[:1000])
    truncated = lives(ages[seen][:1000], failed=(life <= end)[seen][:1000], entered=start[seen][:1000])
    for name, known, fit in (
        ("Weibull, 1000 units, censored: ms", censored, fit_weibull),
        ("Weibull, 1000 units, and late entries: ms", truncated, fit_weibull),
        ("Kaplan-Meier, 1000 units: ms", truncated, kaplan_meier),
    ):
        best = (
            min(
                cpu_seconds(lambda fit=fit, known=known: [fit(known) for _ in range(50)])[0] for _ in range(5)
            )
            / 50
        )
        rows.add(name, best * 1000, 1.0, seed=1, cpu=best)


def batches(rows: Rows) -> None:
    """20 batches, four age bands, some 20 failures each: false alarms, and a batch three times as bad."""
    rates = np.array([0.001, 0.002, 0.004, 0.006])
    names = tuple(f"W{w:02}" for w in range(20))

    def alarms(seed: int, times: float) -> tuple[str, ...]:
        rng = np.random.default_rng(seed)
        exposure = rng.uniform(200, 3000, (20, 4))
        factor = np.ones((20, 1))
        factor[7] = times
        table = GroupTable(names, rng.poisson(rates * exposure * factor).astype(float), exposure)
        return field_alarm(table, looks=1).alarms

    seconds, quiet = cpu_seconds(lambda: [alarms(seed, 1.0) for seed in range(2000)])
    rows.add(
        "alarm: share of false alarms, 2000 years",
        np.mean([bool(a) for a in quiet]),
        0.05,
        cpu=seconds / 2000,
    )
    _, found = cpu_seconds(lambda: [alarms(seed, 3.0) for seed in range(500)])
    rows.add("alarm: batch 3 times as bad, found", np.mean(["W07" in a for a in found]), 1.0)
    rows.add(
        "alarm: other batches called bad beside it", np.mean([len(set(a) - {"W07"}) > 0 for a in found]), 0.05
    )


def run_lengths(rows: Rows) -> None:
    seconds, design = cpu_seconds(
        lambda: design_cusum(4.0, 8.0, exposure=1.0, points_between_false_alarms=200)
    )
    rng = np.random.default_rng(2)
    for name, rate, stated in (
        ("cusum: points between false alarms", 4.0, design.run_length_good),
        ("cusum: points until a doubled rate is found", 8.0, design.run_length_bad),
    ):
        lengths = []
        for _ in range(4000):
            total, points = 0.0, 0
            while total <= design.threshold + 1e-9:
                total, points = max(0.0, total + rng.poisson(rate) - design.reference_rate), points + 1
            lengths.append(points)
        rows.add(name, stated, float(np.mean(lengths)), seed=2, cpu=seconds)


def risk(rows: Rows) -> None:
    """Made fleets where vibration drives failures: the true risk is known, so the best AUC is too."""
    for seed in (1, 2, 3):
        table, truth = fleet(seed)
        seconds, found = cpu_seconds(lambda table=table: back_test(table))
        last = table.months >= found.held_out_months[0]
        best = _auc(truth[last], table.failed[last])
        rows.add("risk: AUC on held-out months, of true risk", found.model.auc, best, seed=seed, cpu=seconds)
        rows.add("risk: AUC of age alone, of true risk", found.baseline.auc, best, seed=seed)
        rows.add("risk: calibration slope", found.model.calibration_slope, 1.0, seed=seed)
        rows.add(
            "risk: failures expected, of those seen", found.model.expected, found.model.observed, seed=seed
        )
    table, _ = fleet(4, units=4000, months=25)
    seconds, _ = cpu_seconds(lambda: fit_risk(table))
    rows.add("risk: fit on 100,000 unit-months, s", seconds, 1.0, seed=4, cpu=seconds)


def fleet(seed: int, *, units: int = 500, months: int = 30) -> tuple[object, np.ndarray]:
    rng = np.random.default_rng(seed)
    age, drift, usage = rng.integers(0, 36, units).astype(float), np.zeros(units), rng.gamma(4, 50, units)
    readings, failures, truth = [], [], []
    for _ in range(months):
        drift = drift + rng.normal(0.05, 0.25, units)
        seen = np.where(rng.random(units) < 0.1, np.nan, drift + rng.normal(0, 0.2, units))
        chance = 1 / (1 + np.exp(5 - 0.02 * age - 1.2 * drift - 0.002 * (usage - 200)))
        failed = rng.random(units) < chance
        readings.append(np.column_stack((age, usage, seen)))
        failures.append(failed)
        truth.append(chance)
        age, drift = np.where(failed, 0, age + 1), np.where(failed, 0, drift)
    names = [f"u{i}" for i in range(units)] * months
    month = np.repeat(np.arange(months), units)
    columns = ("age", "usage", "vibration")
    return unit_months(names, month, np.vstack(readings), columns, np.concatenate(failures)), np.concatenate(
        truth
    )


def _auc(chance: np.ndarray, failed: np.ndarray) -> float:
    rank = np.argsort(np.argsort(chance)) + 1
    hits = int(failed.sum())
    return float((rank[failed].sum() - hits * (hits + 1) / 2) / (hits * (failed.size - hits)))


if __name__ == "__main__":
    main()
