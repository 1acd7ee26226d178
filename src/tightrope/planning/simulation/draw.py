"""Pictures of simulated plans (needs matplotlib, the extra `plots`)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tightrope.planning.simulation.frontier import Frontier, Point
from tightrope.planning.simulation.growth import Outlook
from tightrope.planning.simulation.schema import Problem
from tightrope.planning.simulation.solve import Plan


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """What was asked, one panel each: waits, utilisation, scenarios, the frontier, growth."""
    from matplotlib.figure import Figure

    panels = 2 + bool(plan.scenarios) + (plan.frontier is not None) + (plan.outlook is not None)
    rows = math.ceil(panels / 2)
    figure = Figure(figsize=(13, 4.6 * rows), layout="constrained")
    axes = list(figure.subplots(rows, 2, squeeze=False).ravel())
    if plan.frontier is not None:
        _draw_frontier(plan.frontier, problem.company.promise.share, axes.pop(0))
    if plan.outlook is not None:
        _draw_growth(plan.outlook, problem.company.promise.share, axes.pop(0))
    if plan.scenarios:
        _draw_scenarios(plan, axes.pop(0))
    _draw_waits(plan, axes.pop(0))
    _draw_utilisation(plan, axes.pop(0))
    for left in axes:
        left.set_axis_off()
    figure.savefig(path)


def _draw_frontier(edge: Frontier, promised: float, axes: Any) -> None:
    """Costs of the extremes are many times today's, so they stand on a broken, logarithmic axis."""
    good = [point for point in edge.points if not point.is_beaten]
    beaten = [point for point in edge.points if point.is_beaten]
    axes.fill_between(
        [point.cost_per_case.mean for point in good],
        [point.kept.low for point in good],
        [point.kept.high for point in good],
        alpha=0.2,
    )
    axes.plot(
        [point.cost_per_case.mean for point in good],
        [point.kept.mean for point in good],
        "o-",
        label="frontier",
    )
    if beaten:
        axes.plot(
            [point.cost_per_case.mean for point in beaten],
            [point.kept.mean for point in beaten],
            ".",
            color="grey",
            label="beaten by a cheaper one",
        )
    axes.plot([edge.today.cost_per_case.mean], [edge.today.kept.mean], "kx", ms=11, mew=3, label="today")
    if edge.resident is not None:
        axes.plot(
            [edge.resident.cost_per_case.mean],
            [edge.resident.kept.mean],
            "^",
            ms=10,
            label="an engineer at every customer",
        )
    if edge.standby_cost_per_case is not None:
        axes.plot(
            [edge.standby_cost_per_case], [1.0], "v", ms=10, label="a stand-by machine for every machine"
        )
    axes.axhline(promised, color="grey", lw=0.8, ls="--")
    axes.set_xscale("log")
    axes.set_xlabel("cost a case (logarithmic)")
    axes.set_ylabel("promise kept")
    axes.set_title("What service costs")
    axes.legend(loc="lower right")
    _draw_near(good, edge, axes.inset_axes((0.3, 0.42, 0.5, 0.4)))


def _draw_near(good: list[Point], edge: Frontier, near: Any) -> None:
    """What lies around today, large enough to be read."""
    near.plot([point.cost_per_case.mean for point in good], [point.kept.mean for point in good], "o-", ms=4)
    near.plot([edge.today.cost_per_case.mean], [edge.today.kept.mean], "kx", ms=9, mew=2)
    heads = -1
    for point in good:
        if point.heads != heads:
            heads = point.heads
            where = (point.cost_per_case.mean, point.kept.mean)
            near.annotate(str(heads), where, xytext=(3, -11), textcoords="offset points", fontsize=8)
    near.set_title("around today, with heads", fontsize=8)
    near.tick_params(labelsize=7)


def _draw_growth(found: Outlook, promised: float, axes: Any) -> None:
    months = [row.month for row in found.months]
    kept = [row.kept.mean for row in found.months]
    axes.fill_between(
        months, [row.kept.low for row in found.months], [row.kept.high for row in found.months], alpha=0.2
    )
    axes.plot(months, kept, "o-", label="promise kept")
    axes.plot(months, [row.utilisation.mean for row in found.months], "s--", label="utilisation")
    axes.axhline(promised, color="grey", lw=0.8, ls="--")
    if found.breaks_in is not None:
        axes.axvline(found.breaks_in, color="C3", lw=1, label=f"fails in month {found.breaks_in}")
    if found.decide_by is not None:
        axes.axvline(found.decide_by, color="C3", lw=1, ls=":", label=f"decide by month {found.decide_by}")
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("months from now, with today's people and stock")
    axes.set_title("When today's set-up breaks")
    axes.legend(loc="lower left")


def _draw_scenarios(plan: Plan, axes: Any) -> None:
    names = [each.name for each in plan.scenarios]
    gains = [each.difference["kept"] for each in plan.scenarios]
    axes.barh(
        names,
        [100 * gain.mean for gain in gains],
        xerr=[100 * (gain.high - gain.mean) for gain in gains],
        capsize=3,
    )
    axes.invert_yaxis()
    axes.axvline(0, color="black", lw=0.8)
    axes.set_xlabel("promises kept more than today, points (with interval)")
    axes.set_title("Scenarios under the same luck")


def _draw_waits(plan: Plan, axes: Any) -> None:
    """How today's runs differ: response, and the tail of it."""
    for figure, label in (("response_hours", "mean"), ("response_90", "nine of ten within")):
        values = [run[figure] for run in plan.today.runs if not math.isnan(run[figure])]
        axes.hist(values, bins=20, alpha=0.6, label=label)
    axes.set_xlabel("service hours to somebody there, or working again")
    axes.set_ylabel("runs")
    axes.set_title("Waits, run by run")
    axes.legend()


def _draw_utilisation(plan: Plan, axes: Any) -> None:
    figures = ("utilisation", "expert_utilisation", "travel_share", "parts_at_once", "loaners_at_once")
    names = ("engineers", "experts", "on the road", "part on the shelf", "loaner there")
    found = [plan.today.of(figure) for figure in figures]
    shown = [(name, one) for name, one in zip(names, found, strict=True) if not math.isnan(one.mean)]
    drawn = axes.bar([name for name, _ in shown], [one.mean for _, one in shown])
    axes.bar_label(drawn, fmt="{:.1%}")
    axes.set_ylim(0, 1.1)
    axes.set_title("Today, shares")
