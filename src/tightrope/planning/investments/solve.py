"""What investments in service have brought, beside what they should, and when they pay back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from tightrope.planning.investments.problem import Investment, Month, Problem, month_name
from tightrope.planning.investments.series import FEWEST_AFTER, FEWEST_BEFORE, Floats, Without, carried_on

MORE, AS_EXPECTED, LESS, EARLY, UNKNOWN = (
    "more than expected",
    "as expected",
    "less than expected",
    "too early to say",
    "not enough known",
)
FARTHEST_MONTHS = 600
YEAR = 12
Progress = Callable[[float, float], None]


class Stopping(Protocol):
    """Anything that can tell the work to end."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AfterMonth:
    """One month since the start: units made better (expected, observed), and money since the start, net."""

    month: str
    measured: float
    without: float
    expected: float
    observed: Span
    expected_net: float
    observed_net: Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """One investment. Pay-back is counted in whole months from the start, None for never (in fifty years).

    ``observed_payback`` is the month in which the observed net reached zero and, later, stands at zero or
    more; ``foreseen_payback`` (with its earliest and latest) goes on from today at the effect of the last
    months. ``share`` of what was expected up to now. ``refused`` says why there is no observed side.
    """

    name: str
    starts: str
    months: tuple[AfterMonth, ...]
    expected_payback: int | None
    observed_payback: int | None
    is_sure: bool
    foreseen_payback: int | None
    foreseen_earliest: int | None
    foreseen_latest: int | None
    share: Span | None
    verdict: str
    refused: str | None
    method: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The register."""

    investments: tuple[Outcome, ...]
    confidence: float
    is_complete: bool = True


def solve(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None, seed: int = 0
) -> Plan:
    """Judge every investment. Nothing is drawn, so ``seed`` changes nothing. ``progress(judged, seconds)``."""
    started = time.monotonic()
    found: list[Outcome] = []
    for one in problem.investments:
        if stop is not None and stop.is_reached(len(found)):
            break
        found.append(_judge(problem, one))
        if progress is not None:
            progress(float(len(found)), time.monotonic() - started)
    return Plan(tuple(found), problem.confidence, len(found) == len(problem.investments))


def expected_net(problem: Problem, one: Investment, months: int) -> Floats:
    """(months,) money since the start at the end of each month, if all comes as expected."""
    units = np.array([one.expected(age) for age in range(months)])
    return _net(problem, one, units)


def discounts(problem: Problem, months: int) -> Floats:
    """(months,) what money of each month since the start is worth at the start."""
    factors: Floats = (1.0 + problem.interest_per_year) ** (-np.arange(months) / YEAR)
    return factors


def _net(problem: Problem, one: Investment, units: Floats) -> Floats:
    money = discounts(problem, len(units)) * (units * one.worth_per_unit - one.running_per_month)
    net: Floats = np.cumsum(money) - one.cost
    return net


def _judge(problem: Problem, one: Investment) -> Outcome:
    before, after = _around(problem, one)
    paid = _first_above(expected_net(problem, one, _life(one)))
    refused = _too_little(one, before, after)
    if refused is not None:
        verdict = EARLY if len(before) >= FEWEST_BEFORE else UNKNOWN
        return Outcome(
            one.name,
            month_name(one.starts),
            (),
            paid,
            None,
            False,
            None,
            None,
            None,
            None,
            verdict,
            refused,
            None,
        )
    both = [*before, *after]
    control, plan = ([getattr(month, key) for month in both] for key in ("control", "plan"))
    without = carried_on(
        [month.value for month in before],
        [month.month for month in before],
        len(after),
        control=None if None in control else control,
        plan=None if None in plan else plan,
    )
    sign = 1.0 if one.better == "higher" else -1.0
    units = sign * (np.array([month.value for month in after]) - without.forecast)
    lived = _months(problem, one, after, units, without)
    return _told(problem, one, lived, units, without, paid)


def _around(problem: Problem, one: Investment) -> tuple[list[Month], list[Month]]:
    """Months before the start and after it, cut where another investment moves the same measure."""
    others = [other.starts for other in problem.investments if other.measure == one.measure and other != one]
    since = max((start for start in others if start <= one.starts), default=-1)
    until = min((start for start in others if start > one.starts), default=10**9)
    if one.until is not None:
        until = min(until, one.until + 1)
    known = problem.series(one.measure)
    return (
        [month for month in known if since <= month.month < one.starts],
        [month for month in known if one.starts <= month.month < until],
    )


def _too_little(one: Investment, before: list[Month], after: list[Month]) -> str | None:
    if len(before) < FEWEST_BEFORE:
        return (
            f"{len(before)} months of {one.measure} are known before {month_name(one.starts)}"
            f" (and after any other investment in it); {FEWEST_BEFORE} are needed"
        )
    if len(after) < FEWEST_AFTER:
        return f"{len(after)} months are known since {month_name(one.starts)}; {FEWEST_AFTER} are needed"
    return None


def _months(
    problem: Problem, one: Investment, after: list[Month], units: Floats, without: Without
) -> tuple[AfterMonth, ...]:
    n = len(after)
    worth = discounts(problem, n) * one.worth_per_unit
    net, planned = _net(problem, one, units), expected_net(problem, one, n)
    found = []
    for age, month in enumerate(after):
        alone, upto = np.zeros(n), np.zeros(n)
        alone[age], upto[: age + 1] = 1.0, worth[: age + 1]
        found.append(
            AfterMonth(
                month_name(month.month),
                month.value,
                float(without.forecast[age]),
                one.expected(age),
                _span(units[age], without.limits_of_sum(alone, problem.confidence)),
                float(planned[age]),
                _span(net[age], without.limits_of_sum(upto, problem.confidence)),
            )
        )
    return tuple(found)


def _told(
    problem: Problem,
    one: Investment,
    lived: tuple[AfterMonth, ...],
    units: Floats,
    without: Without,
    paid: int | None,
) -> Outcome:
    n = len(units)
    half = without.limits_of_sum(np.ones(n), problem.confidence)
    total, wanted = float(units.sum()), sum(one.expected(age) for age in range(n))
    share = Span(total / wanted, (total - half) / wanted, (total + half) / wanted) if wanted > 0 else None
    if total - half > wanted:
        verdict = MORE
    elif total + half < wanted:
        verdict = LESS
    elif total - half > 0.0 or wanted == 0.0:
        verdict = AS_EXPECTED
    else:
        verdict = UNKNOWN
    nets = np.array([month.observed_net.mean for month in lived])
    below = np.flatnonzero(nets < 0.0)
    back = 1 if below.size == 0 else int(below[-1]) + 2
    observed = back if back <= n else None
    rate = _rate_now(one, units, without, problem.confidence)
    foreseen = [_goes_on(problem, one, float(nets[-1]), n, each) for each in (rate.mean, rate.high, rate.low)]
    return Outcome(
        name=one.name,
        starts=month_name(one.starts),
        months=lived,
        expected_payback=paid,
        observed_payback=observed,
        is_sure=observed is not None and lived[-1].observed_net.low >= 0.0,
        foreseen_payback=observed if observed is not None else foreseen[0],
        foreseen_earliest=observed if observed is not None else foreseen[1],
        foreseen_latest=observed if observed is not None else foreseen[2],
        share=share,
        verdict=verdict,
        refused=None,
        method=without.method,
    )


def _rate_now(one: Investment, units: Floats, without: Without, confidence: float) -> Span:
    """Units a month from now on: the mean of the last year since the ramp, or of as much of it as there is."""
    n = len(units)
    begins = min(max(one.ramp_months - 1, n - YEAR, 0), n - FEWEST_AFTER)
    weights = np.zeros(n)
    weights[begins:] = 1.0 / (n - begins)
    return _span(float(weights @ units), without.limits_of_sum(weights, confidence))


def _goes_on(problem: Problem, one: Investment, net: float, age: int, units: float) -> int | None:
    """Months from the start until the net reaches zero, with so many units in each month to come."""
    life = _life(one)
    money = discounts(problem, life)[age:] * (units * one.worth_per_unit - one.running_per_month)
    later = _first_above(net + np.cumsum(money))
    return None if later is None else age + later


def _life(one: Investment) -> int:
    return FARTHEST_MONTHS if one.until is None else min(FARTHEST_MONTHS, one.until - one.starts + 1)


def _first_above(net: Floats) -> int | None:
    """Months until the sum is zero or more, counted from 1."""
    found = np.flatnonzero(net >= 0.0)
    return int(found[0]) + 1 if found.size else None


def _span(mean: float, half: float) -> Span:
    return Span(float(mean), float(mean) - half, float(mean) + half)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The register as JSON."""
    return {
        "kind": "investments plan",
        "confidence": plan.confidence,
        "is_complete": plan.is_complete,
        "investments": [asdict(one) for one in plan.investments],
    }


def plan_table(plan: Plan) -> str:
    """The register as lines for a terminal."""
    lines = []
    for one in plan.investments:
        lines.append(f"{one.verdict.upper():20} {one.name}, since {one.starts}")
        lines.append(f"{'':20}   pays back in month {_or_never(one.expected_payback)} as expected")
        if one.refused is not None:
            lines.append(f"{'':20}   {one.refused}")
            continue
        last = one.months[-1]
        if one.share is not None:
            lines.append(
                f"{'':20}   so far {one.share.mean:.0%} of what was expected"
                f" ({one.share.low:.0%} to {one.share.high:.0%}), from {one.method} carried on"
            )
        lines.append(
            f"{'':20}   net after {len(one.months)} months {last.observed_net.mean:,.0f}"
            f" ({last.observed_net.low:,.0f} to {last.observed_net.high:,.0f}), expected {last.expected_net:,.0f}"
        )
        if one.observed_payback is not None:
            sure = "surely" if one.is_sure else "not yet surely"
            lines.append(f"{'':20}   has paid back in month {one.observed_payback}, {sure}")
        else:
            lines.append(
                f"{'':20}   pays back in month {_or_never(one.foreseen_payback)} as it goes now"
                f" ({_or_never(one.foreseen_earliest)} to {_or_never(one.foreseen_latest)})"
            )
    if not plan.is_complete:
        lines.append("Stopped: not all investments were judged.")
    return "\n".join(lines)


def _or_never(month: int | None) -> str:
    return "never" if month is None else str(month)
