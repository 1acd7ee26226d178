"""An independent judge of the register: sums of money and months to pay-back counted again in plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tightrope.planning.investments.problem import Investment, Problem, month_name

NEAR = 1e-6
LONGEST = 600


def check(problem: Problem, plan: Mapping[str, Any]) -> list[str]:
    """What is wrong with a register (as JSON) made here or elsewhere; empty when nothing is.

    Each month's measure is that of the problem, the effect is what was measured less what would have been,
    money adds up month by month, pay-back is where it says, and no investment is judged on too few months.
    """
    wrong: list[str] = []
    by_name = {one.name: one for one in problem.investments}
    try:
        for line in plan["investments"]:
            one = by_name.get(line["name"])
            if one is None:
                wrong.append(f"investment {line['name']}: is not in the problem")
                continue
            wrong += [f"investment {one.name}: {fault}" for fault in _one(problem, one, line)]
        if plan.get("is_complete"):
            named = {line["name"] for line in plan["investments"]}
            wrong += [f"investment {name}: is missing" for name in by_name if name not in named]
    except (KeyError, TypeError, ValueError) as unread:
        return [f"plan: cannot be read: {unread!r}"]
    return wrong


def check_json(problem: Problem, given: Mapping[str, Any], *, seed: int = 1) -> list[str]:
    """The same as `check`; every planning model has a judge of this name and shape."""
    return check(problem, given)


def _one(problem: Problem, one: Investment, line: Mapping[str, Any]) -> list[str]:
    wrong = []
    expected = _payback(problem, one)
    if line["expected_payback"] != expected:
        wrong.append(f"pays back in month {line['expected_payback']} as expected, counted {expected}")
    measured = {month_name(m.month): m.value for m in problem.months if m.measure == one.measure}
    if line["months"] and sum(month < line["starts"] for month in measured) < 12:
        wrong.append("is judged on fewer than twelve months before it")
    sign = 1.0 if one.better == "higher" else -1.0
    net = planned = -one.cost
    nets = []
    for age, month in enumerate(line["months"]):
        if not _near(month["measured"], measured.get(month["month"], math.nan)):
            wrong.append(
                f"{month['month']}: measured {month['measured']}, given {measured.get(month['month'])}"
            )
        effect = sign * (month["measured"] - month["without"])
        if not _near(effect, month["observed"]["mean"]):
            wrong.append(f"{month['month']}: {month['observed']['mean']:g} better, counted {effect:g}")
        worth = (1.0 + problem.interest_per_year) ** (-age / 12)
        net += worth * (month["observed"]["mean"] * one.worth_per_unit - one.running_per_month)
        planned += worth * (one.expected(age) * one.worth_per_unit - one.running_per_month)
        nets.append(net)
        for key, sum_ in (("observed_net", net), ("expected_net", planned)):
            said = month[key]["mean"] if key == "observed_net" else month[key]
            if not _near(said, sum_):
                wrong.append(f"{month['month']}: {key} {said:,.2f}, counted {sum_:,.2f}")
        for key in ("observed", "observed_net"):
            if not month[key]["low"] <= month[key]["mean"] <= month[key]["high"]:
                wrong.append(f"{month['month']}: the interval of {key} does not hold its mean")
    if nets:
        back = 1 + max((age + 1 for age, sum_ in enumerate(nets) if sum_ < 0), default=0)
        if line["observed_payback"] != (back if back <= len(nets) else None):
            wrong.append(f"has paid back in month {line['observed_payback']}, counted {back}")
    return wrong


def _payback(problem: Problem, one: Investment) -> int | None:
    net = -one.cost
    for age in range(LONGEST):
        if one.until is not None and one.starts + age > one.until:
            return None
        worth = (1.0 + problem.interest_per_year) ** (-age / 12)
        net += worth * (one.expected(age) * one.worth_per_unit - one.running_per_month)
        if net >= 0:
            return age + 1
    return None


def _near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=NEAR, abs_tol=NEAR)
