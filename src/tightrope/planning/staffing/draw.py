"""Pictures of staffing plans (needs matplotlib, the extra `plots`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tightrope.planning.staffing.forecast import Forecast
from tightrope.planning.staffing.frontier import Frontier
from tightrope.planning.staffing.growth import Outlook
from tightrope.planning.staffing.pooling import Comparison
from tightrope.planning.staffing.positions import Positions, ServiceTarget, waiting_with
from tightrope.planning.staffing.problem import DeskPlan, FieldPlan, Plan, Problem, QueueProblem
from tightrope.planning.staffing.table import DAY_NAMES


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """The picture that fits the question, as PNG, SVG or PDF at `path`."""
    from matplotlib.figure import Figure

    if isinstance(plan, DeskPlan):
        panels = 2 + (plan.forecast is not None)
        figure = Figure(figsize=(11, 3 * panels), layout="constrained")
        axes = figure.subplots(panels, 1)
        _draw_week(plan, axes[0], axes[1])
        if plan.forecast is not None:
            _draw_forecast(plan.forecast, axes[2])
    elif isinstance(plan, FieldPlan):
        panels = 1 + len(plan.outlooks) + len(plan.frontiers)
        figure = Figure(figsize=(9, 1 + 3 * panels), layout="constrained")
        axes = list(np.atleast_1d(figure.subplots(panels, 1)))
        _draw_thumb(plan, axes.pop(0))
        for name, outlook in plan.outlooks.items():
            _draw_outlook(name, outlook, axes.pop(0))
        for name, found in plan.frontiers.items():
            _draw_frontier(name, found, axes.pop(0))
    elif isinstance(plan, Comparison):
        figure = Figure(figsize=(8, 5), layout="constrained")
        _draw_comparison(plan, figure.subplots(1, 3))
    else:
        figure = Figure(figsize=(10, 4), layout="constrained")
        bars, curve = figure.subplots(1, 2)
        _draw_positions(plan, bars)
        if isinstance(problem, QueueProblem) and plan.load > 0:
            _draw_curve(plan.load, curve, work_minutes=problem.work_minutes, target=problem.target)
    figure.savefig(path)


def _draw_curve(load: float, axes: Any, *, work_minutes: float, target: ServiceTarget) -> None:
    """Service level and occupancy against the number of servers."""
    numbers = list(range(max(1, int(load)), int(load + 6 * load**0.5) + 6))
    queues = [waiting_with(load, servers, work_minutes=work_minutes, target=target) for servers in numbers]
    axes.plot(numbers, [queue.service_level for queue in queues], "o-", label="served in time")
    axes.plot(numbers, [queue.occupancy for queue in queues], "s--", label="occupancy")
    axes.axhline(target.share, color="grey", lw=0.8)
    axes.set_xlabel("servers")
    axes.set_ylim(0, 1.05)
    axes.legend()


def _draw_positions(plan: Positions, axes: Any) -> None:
    queue = plan.waiting
    bars = {
        "in time": queue.service_level,
        "wait": queue.delayed,
        "give up": queue.abandoned,
        "occupancy": queue.occupancy,
    }
    drawn = axes.bar(list(bars), list(bars.values()))
    axes.bar_label(drawn, fmt="{:.1%}")
    axes.set_ylim(0, 1.1)
    axes.set_title(f"{plan.servers} positions, {plan.scheduled} scheduled")


def _draw_week(plan: DeskPlan, heads: Any, service: Any) -> None:
    days = np.arange(len(plan.arrivals)) / len(plan.arrivals) * 7
    heads.step(days, plan.heads.scheduled, where="post", label="needed", color="C0")
    if plan.roster is not None:
        heads.step(days, plan.roster.present, where="post", label="rostered", color="C2", ls="--")
        heads.fill_between(
            days,
            plan.roster.present,
            plan.heads.scheduled,
            where=plan.roster.present < plan.heads.scheduled,
            step="post",
            color="C3",
            alpha=0.5,
            hatch="//",
            label="missing",
        )
    heads.set_ylabel("people")
    heads.legend(loc="upper right")
    service.step(days, plan.arrivals, where="post", color="C1", label="arrivals a step")
    if plan.lived is not None:
        right = service.twinx()
        right.step(days, plan.lived, where="post", color="C4", lw=0.8)
        right.set_ylim(0, 1.05)
        right.set_ylabel("served in time (thin line)")
    service.set_ylabel("arrivals")
    service.legend(loc="upper left")
    for axes in (heads, service):
        _name_days(axes)


def _draw_forecast(found: Forecast, axes: Any) -> None:
    days = np.arange(len(found.mean)) / len(found.mean) * 7
    axes.fill_between(days, found.low, found.high, step="post", alpha=0.3, label=f"{found.confidence:.0%}")
    axes.step(days, found.mean, where="post", label=f"{found.method}, {found.error.day_error:.1%} off by day")
    axes.set_ylabel("arrivals")
    axes.legend(loc="upper right")
    _name_days(axes)


def _name_days(axes: Any) -> None:
    axes.set_xlim(0, 7)
    axes.set_xticks(np.arange(7) + 0.5, DAY_NAMES)
    for day in range(1, 7):
        axes.axvline(day, color="grey", lw=0.4)


def _draw_thumb(plan: FieldPlan, axes: Any) -> None:
    for number, (name, rows) in enumerate(plan.thumb.items()):
        heads = [row.heads for row in rows]
        per_head = [row.machines_per_head for row in rows]
        axes.plot(heads, per_head, "osv^D"[number % 5] + "-", label=name)
    axes.set_xlabel("engineers")
    axes.set_ylabel("machines per engineer")
    axes.legend()


def _draw_outlook(name: str, outlook: Outlook, axes: Any) -> None:
    months = [row.month for row in outlook.months]
    axes.step(months, [row.heads_needed for row in outlook.months], where="mid", label="needed")
    axes.step(
        months, [row.heads_needed_high for row in outlook.months], where="mid", ls=":", label="at worst"
    )
    axes.plot(months, [row.heads_left for row in outlook.months], "--", label="left without hiring")
    if outlook.breaks_in is not None:
        axes.axvline(outlook.breaks_in, color="C3", lw=1)
        axes.annotate(f"breaks in month {outlook.breaks_in}", (outlook.breaks_in, axes.get_ylim()[0]))
    axes.set_title(name)
    axes.set_xlabel("month")
    axes.set_ylabel("engineers")
    axes.legend()


def _draw_frontier(name: str, found: Frontier, axes: Any) -> None:
    shown = [point for point in found.points if point.kept_share > 0]
    axes.plot([point.cost for point in shown], [point.kept_share for point in shown], "o-", label="heads")
    axes.plot([found.kept.cost], [found.kept.kept_share], "s", ms=10, label="keeps the promise")
    axes.plot([found.resident.cost], [1.0], "^", ms=9, label="an engineer at every customer")
    axes.plot([found.standby_cost], [1.0], "v", ms=9, label="a stand-by machine for every machine")
    if found.today is not None:
        axes.plot([found.today.cost], [found.today.kept_share], "x", ms=12, mew=3, label="today")
    axes.set_xlabel("cost a year")
    axes.set_ylabel("arrivals in time")
    axes.set_title(name)
    axes.legend()


def _draw_comparison(plan: Comparison, axes: Any) -> None:
    sides = ["hq", "regions"]
    pair = (plan.hq, plan.regions)
    axes[0].bar(sides, [side.heads - side.spare for side in pair], label="at work")
    axes[0].bar(
        sides,
        [side.spare for side in pair],
        bottom=[side.heads - side.spare for side in pair],
        hatch="//",
        label="spare",
    )
    axes[0].set_title("heads")
    axes[0].legend()
    axes[1].bar(sides, [side.mean_wait_hours for side in pair], label="wait")
    axes[1].bar(
        sides,
        [side.mean_travel_hours for side in pair],
        bottom=[side.mean_wait_hours for side in pair],
        hatch="..",
        label="travel",
    )
    axes[1].set_title("hours to response")
    axes[1].legend()
    axes[2].bar(sides, [side.cost for side in pair])
    axes[2].set_title("cost an hour")
