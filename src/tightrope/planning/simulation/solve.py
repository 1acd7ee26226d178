"""All that a simulate problem asks: today, scenarios, the frontier, and when today's set-up breaks."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tightrope.planning.simulation.backtest import BackTest, back_test
from tightrope.planning.simulation.figures import Estimate
from tightrope.planning.simulation.fit import TooLittleData
from tightrope.planning.simulation.frontier import Frontier, Point, frontier
from tightrope.planning.simulation.growth import Outlook, outlook
from tightrope.planning.simulation.replicate import Progress, Sample, Stopping, replicate
from tightrope.planning.simulation.scenario import Scenario, changed, scenario
from tightrope.planning.simulation.schema import Problem


@dataclass(frozen=True)
class Plan:
    """What was found; a part is missing when it was not asked for or the run was stopped before it."""

    today: Sample
    scenarios: tuple[Scenario, ...]
    frontier: Frontier | None
    outlook: Outlook | None
    back_test: BackTest | None
    refused: Mapping[str, str]
    seed: int
    seconds: float
    is_complete: bool


def solve(
    problem: Problem,
    *,
    stop: Stopping | None = None,
    progress: Progress | None = None,
    seed: int = 0,
    processes: int = 1,
) -> Plan:
    """Live through everything asked. Equal seeds give equal plans, however many processes share the runs.

    ``progress(kept share, seconds)`` after each run. ``stop`` counts runs of one set-up as rounds; two
    runs of today are always made.
    """
    started = time.monotonic()
    company, window = problem.company, problem.window

    def told(kept: float, _seconds: float) -> None:
        if progress is not None:
            progress(kept, time.monotonic() - started)

    def sample(of: Any) -> Sample:
        return replicate(
            of,
            window,
            runs=problem.runs,
            seed=seed,
            confidence=problem.confidence,
            processes=processes,
            stop=stop,
            progress=told,
        )

    def is_over() -> bool:
        return stop is not None and stop.is_reached()

    tested: BackTest | None = None
    refused: dict[str, str] = {}
    if problem.back_test is not None and problem.history is not None:
        try:
            tested = back_test(
                company,
                problem.history,
                problem.back_test,
                seed=seed,
                processes=processes,
                stop=stop,
                progress=told,
            )
        except TooLittleData as why:
            refused["back_test"] = str(why)
    today = sample(company)
    is_complete = len(today.runs) == problem.runs
    compared = []
    for name, change in problem.scenarios.items():
        if is_over():
            is_complete = False
            break
        other = changed(company, change)
        compared.append(scenario(name, change, other, sample(other), today))
    edge, months = None, None
    if problem.growth is not None and not is_over():
        months = outlook(
            company,
            window,
            problem.growth,
            seed=seed,
            confidence=problem.confidence,
            processes=processes,
            stop=stop,
        )
    if problem.frontier is not None and not is_over():
        edge = frontier(
            company,
            window,
            problem.frontier,
            seed=seed,
            confidence=problem.confidence,
            processes=processes,
            stop=stop,
            progress=told,
        )
        is_complete = is_complete and edge.is_complete
    is_complete = is_complete and not is_over()
    return Plan(
        today, tuple(compared), edge, months, tested, refused, seed, time.monotonic() - started, is_complete
    )


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain objects; figures without a value are null."""
    out: dict[str, Any] = {
        "kind": "simulate plan",
        "seed": plan.seed,
        "seconds": round(plan.seconds, 3),
        "is_complete": plan.is_complete,
        "runs": len(plan.today.runs),
        "confidence": plan.today.confidence,
        "refused": dict(plan.refused),
        "today": _figures(plan.today.estimates()),
        "scenarios": [
            {
                "name": each.name,
                "change": _plain(asdict(each.change)),
                "runs": len(each.sample.runs),
                "figures": _figures(each.sample.estimates()),
                "difference": _figures(each.difference),
            }
            for each in plan.scenarios
        ],
    }
    if plan.frontier is not None:
        edge = plan.frontier
        out["frontier"] = {
            "points": [_plain(asdict(point)) for point in edge.points],
            "today": _plain(asdict(edge.today)),
            "resident": None if edge.resident is None else _plain(asdict(edge.resident)),
            "standby_cost": edge.standby_cost,
            "standby_cost_per_case": edge.standby_cost_per_case,
            "is_complete": edge.is_complete,
        }
    if plan.back_test is not None:
        out["back_test"] = {
            "records": plan.back_test.records,
            "runs": plan.back_test.runs,
            "inside": plan.back_test.inside,
            "figures": {
                name: _plain(
                    {
                        **asdict(one),
                        "error": one.error,
                        "error_of_before": one.error_of_before,
                        "is_inside": one.is_inside,
                    }
                )
                for name, one in plan.back_test.figures.items()
            },
        }
    if plan.outlook is not None:
        out["growth"] = _plain(asdict(plan.outlook))
    return out


def _figures(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: _plain(asdict(found)) for name, found in estimates.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def plan_table(plan: Plan) -> str:
    """Everything in the plan as text."""
    parts = [_today(plan)]
    if plan.back_test is not None:
        parts.append(_tested(plan.back_test))
    parts += [f"not answered, {what}: {why}" for what, why in plan.refused.items()]
    if plan.scenarios:
        parts.append(_compared(plan))
    if plan.outlook is not None:
        parts.append(_growth(plan.outlook))
    if plan.frontier is not None:
        parts.append(_frontier(plan.frontier))
    if not plan.is_complete:
        parts.append("Stopped before everything was lived through.")
    return "\n\n".join(parts)


def _today(plan: Plan) -> str:
    sample = plan.today
    rows = [f"today, {len(sample.runs)} runs, intervals of {sample.confidence:.0%}"]
    for name, found in sample.estimates().items():
        if not math.isnan(found.mean):
            rows.append(f"  {name:<20}{found.mean:>12,.3f}  {found.low:>12,.3f} to {found.high:,.3f}")
    return "\n".join(rows)


def _tested(test: BackTest) -> str:
    rows = [
        f"back-test on the last quarter, fitted on {test.records} cases before it, {test.runs} runs:"
        f" {test.inside:.0%} of figures inside their band",
        f"  {'':<18}{'foretold':>10}{'band':>20}{'lived':>10}{'error':>9}{'as before':>11}",
    ]
    rows += [
        f"  {name:<18}{one.foretold:>10,.3f}{f'{one.low:,.3f} to {one.high:,.3f}':>20}{one.lived:>10,.3f}"
        f"{one.error:>+9.3f}{one.error_of_before:>+11.3f}"
        for name, one in test.figures.items()
    ]
    return "\n".join(rows)


def _compared(plan: Plan) -> str:
    width = max(len(each.name) for each in plan.scenarios) + 2
    rows = [f"{'scenario':<{width}}{'kept':>8}{'more':>9}{'+-':>8}{'response h':>12}{'cost':>14}{'more':>12}"]
    for each in plan.scenarios:
        kept, more, cost = each.difference["kept"], each.sample.of("kept"), each.difference["cost"]
        rows.append(
            f"{each.name:<{width}}{more.mean:>8.2%}{kept.mean:>+9.2%}{kept.high - kept.mean:>8.2%}"
            f"{each.sample.of('response_hours').mean:>12.2f}{each.sample.of('cost').mean:>14,.0f}{cost.mean:>+12,.0f}"
        )
    return "\n".join(rows)


def _growth(found: Outlook) -> str:
    rows = [f"{'month':>6}{'machines':>10}{'kept':>9}{'utilisation':>13}{'backlog':>9}"]
    rows += [
        f"{m.month:>6}{m.machines:>10,.0f}{m.kept.mean:>9.2%}{m.utilisation.mean:>13.1%}{m.backlog.mean:>9.1f}"
        for m in found.months
    ]
    if found.breaks_in is None:
        rows.append("today's set-up holds as far as was looked")
    else:
        rows.append(
            f"the promise fails in month {found.breaks_in}; decide to hire by month {found.decide_by}"
        )
    return "\n".join(rows)


def _frontier(edge: Frontier) -> str:
    rows = [f"{'heads':>6}{'kept':>9}{'+-':>8}{'cost':>14}{'a case':>10}{'utilisation':>13}  step"]

    def line(point: Point, mark: str = "") -> str:
        return (
            f"{point.heads:>6}{point.kept.mean:>9.2%}{point.kept.high - point.kept.mean:>8.2%}"
            f"{point.cost.mean:>14,.0f}{point.cost_per_case.mean:>10,.0f}{point.utilisation.mean:>13.1%}"
            f"  {point.step}{mark}"
        )

    rows += [line(point, " (beaten)" if point.is_beaten else "") for point in edge.points]
    if edge.resident is not None:
        rows.append(line(edge.resident))
    if edge.standby_cost is not None and edge.standby_cost_per_case is not None:
        rows.append(
            f"{'':>6}{1:>9.2%}{'':>8}{edge.standby_cost:>14,.0f}{edge.standby_cost_per_case:>10,.0f}{'':>13}"
            "  a stand-by machine beside every machine"
        )
    return "\n".join(rows)
