"""Rules and investments on drawn data with planted effects: are intervals and discoveries what they say?

    python benchmarks/planning/answers.py --draws 300

Needs no files.
"""

import argparse
import time

from measuring import Rows

from tightrope.planning import investments, rules
from tightrope.planning.investments.tests import drawn as months
from tightrope.planning.rules.tests import drawn as jobs

NAMED = ("relax", "harden", "weigh")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=300)
    draws = parser.parse_args().draws
    of_rules(Rows("rules"), draws)
    of_investments(Rows("investments"), draws)


def of_rules(rows: Rows, draws: int) -> None:
    """Coverage of the interval, effects found, and rules named wrongly among those named."""
    began, held = time.process_time(), 0
    for seed in range(draws):
        found = rules.solve(rules.from_json(jobs.problem(jobs.drawn(seed, {"rule": 0.1}, jobs=600))))
        effect = found.rules[0].effects["solved"]
        held += effect.low <= 0.1 <= effect.high
    spent = (time.process_time() - began) / draws
    rows.add(
        "interval of 95 % holds the planted effect",
        held / draws,
        0.95,
        cpu=spent,
        note=f"{draws} draws of 600 jobs",
    )
    planted = {"better": 0.15, "worse": -0.15} | {f"nothing {k}": 0.0 for k in range(10)}
    found_ones = wrong = named = 0
    for seed in range(draws // 5):
        plan = rules.solve(rules.from_json(jobs.problem(jobs.drawn(seed, planted, jobs=1200))))
        chosen = {one.rule: one.verdict for one in plan.rules if one.verdict in NAMED}
        right = (chosen.get("better") == "relax") + (chosen.get("worse") == "harden")
        found_ones, named, wrong = found_ones + right, named + len(chosen), wrong + len(chosen) - right
    rows.add(
        "rules that do 15 points better or worse, found",
        found_ones / (2 * (draws // 5)),
        1.0,
        note="1,200 jobs each",
    )
    rows.add("share of rules named that should not be", wrong / max(1, named), 0.1, note="reference: at most")


def of_investments(rows: Rows, draws: int) -> None:
    """Coverage of the interval of the share realised, by months known before and how months go together."""
    for before, rho in ((26, 0.0), (26, 0.4), (48, 0.0), (48, 0.6)):
        began, held, wide = time.process_time(), 0, 0.0
        for seed in range(draws):
            given = months.drawn(seed, effect=25.0, before=before, after=12, rho=rho)
            asked = investments.from_json(months.problem(given, expected_per_month=25, ramp_months=0))
            share = investments.solve(asked).investments[0].share
            assert share is not None
            held += share.low <= 1.0 <= share.high
            wide += (share.high - share.low) / 2 / draws
        rows.add(
            f"interval of 90 % holds: {before} months before, rho {rho:g}",
            held / draws,
            0.9,
            cpu=(time.process_time() - began) / draws,
            note=f"{draws} draws, a year after; half as wide as {wide:.0%} of the effect",
        )


if __name__ == "__main__":
    main()
