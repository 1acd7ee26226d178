"""Pictures of a plan: routes on the plane and the day as Gantt bars. Needs matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.plan import Plan, Route
from tightrope.planning.routing.problem import Problem

COLOURS = {"visit": "#2f6f9f", "store": "#b5651d", "lunch": "#7a9a3a"}


def draw(problem: Problem, plan: Plan, path: Path) -> None:
    """Write both pictures side by side (Gantt alone without coordinates) to ``path`` (.png, .svg, .pdf)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    has_points = problem.points is not None
    figure = Figure(figsize=(16 if has_points else 9, 1.5 + max(5.0, 0.22 * len(plan.routes))))
    FigureCanvasAgg(figure)
    if has_points:
        draw_map(problem, plan, figure.add_subplot(1, 2, 1))
    draw_gantt(plan, figure.add_subplot(1, 2, 2) if has_points else figure.add_subplot(1, 1, 1))
    figure.suptitle(f"{problem.name}: {plan.value.total:,.6g}, {len(plan.left_out)} left out")
    figure.tight_layout()
    figure.savefig(path)


def draw_map(problem: Problem, plan: Plan, axes: Any) -> None:
    """Routes on the plane. Raises BadProblem when the problem has no coordinates."""
    if problem.points is None:
        raise BadProblem("problem", "has no points to draw routes on")
    points = problem.points
    for number, route in enumerate(plan.routes):
        engineer = problem.engineer(route.engineer)
        places = [engineer.start, *(stop.place for stop in route.stops), engineer.end]
        axes.plot(points[places, 0], points[places, 1], "-", color=f"C{number % 10}", linewidth=0.8)
        axes.plot(*points[engineer.start], "s", color=f"C{number % 10}", markersize=4)
    served = [stop.place for route in plan.routes for stop in route.stops if stop.kind == "visit"]
    missed = [problem.visit(each.visit).place for each in plan.left_out]
    axes.plot(points[served, 0], points[served, 1], ".", color="#444444", markersize=3, label="served")
    if missed:
        axes.plot(points[missed, 0], points[missed, 1], "x", color="#c0392b", label="left out")
    for store in problem.stores:
        axes.plot(*points[store.place], "^", color=COLOURS["store"], markersize=8, label=store.name)
    axes.set_aspect("equal")
    axes.legend(loc="best", fontsize=8)


def draw_gantt(plan: Plan, axes: Any) -> None:
    """The engineers' days, one bar for each stop, travel and waiting as a thin line."""
    for row, route in enumerate(plan.routes):
        axes.plot([route.starts, route.ends], [row, row], color="#bbbbbb", linewidth=1, zorder=0)
        _bars(route, row, axes)
    axes.set_yticks(range(len(plan.routes)), [route.engineer for route in plan.routes], fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel("time")


def _bars(route: Route, row: int, axes: Any) -> None:
    for stop in route.stops:
        axes.barh(
            row,
            stop.ends - stop.starts,
            left=stop.starts,
            height=0.7,
            color=COLOURS[stop.kind],
            edgecolor="white",
            linewidth=0.4,
        )
