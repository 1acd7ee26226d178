"""Pictures of siting plans (needs matplotlib, the extra `plots`)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.ladder import Ladder
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import Point, Site, SitingProblem
from tightrope.planning.siting.solve import Study


def draw_plan(problem: SitingProblem, study: Study, path: Path | str) -> None:
    """Sites, who is served from where, and what lies within reach, as a PNG, SVG or PDF at `path`.

    With a ladder in the study its curve is drawn beside. Raises BadProblem when points or sites carry no
    x and y.
    """
    from matplotlib.figure import Figure

    places: list[Point | Site] = [*problem.points, *problem.sites]
    for row in places:
        if not (math.isfinite(row.x) and math.isfinite(row.y)):
            raise BadProblem(row.name, "has no x and y to be drawn at")
    panels = 1 if study.ladder is None else 2
    figure = Figure(figsize=(8 * panels, 7), layout="constrained")
    drawn = figure.subplots(1, panels, squeeze=False)[0]
    _draw_sites(problem, study.plan, drawn[0])
    if study.ladder is not None:
        _draw_ladder(study.ladder, drawn[1])
    figure.savefig(path)


def _draw_sites(problem: SitingProblem, plan: SitingPlan, axes: Any) -> None:
    numbers = {site.name: number for number, site in enumerate(problem.sites)}
    largest = max((point.visits_per_year for point in problem.points), default=1.0) or 1.0
    colours = {name: f"C{number % 10}" for number, name in enumerate(plan.site_names)}
    for number, (point, home) in enumerate(zip(problem.points, plan.served_from, strict=True)):
        size = 12 + 90 * point.visits_per_year / largest
        if home is None:
            axes.scatter(point.x, point.y, s=size, marker="x", color="black")
            continue
        site = problem.sites[numbers[home]]
        near = problem.travel_minutes[number, numbers[home]] <= problem.within_minutes
        axes.plot([point.x, site.x], [point.y, site.y], lw=0.6, color=colours[home], alpha=0.5)
        # Filled is near, hollow is far: readable without colour too.
        face = colours[home] if near else "white"
        axes.scatter(point.x, point.y, s=size, facecolor=face, edgecolor=colours[home], zorder=2)
    for site in problem.sites:
        if site.name not in colours:
            axes.scatter(site.x, site.y, marker="s", s=24, facecolor="none", edgecolor="grey", zorder=1)
    for base in plan.bases:
        site = problem.sites[numbers[base.name]]
        axes.scatter(site.x, site.y, marker="s", s=110, color=colours[base.name], edgecolor="black", zorder=3)
        axes.annotate(
            f"{base.name} ({base.heads})", (site.x, site.y), xytext=(6, 6), textcoords="offset points"
        )
    axes.set_title(
        f"{len(plan.bases)} cities, {plan.heads} heads: {plan.cost:,.0f} a year,"
        f" {plan.near_share:.0%} of visits within {problem.within_minutes:.0f} min"
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("x")
    axes.set_ylabel("y")


def _draw_ladder(ladder: Ladder, money: Any) -> None:
    """Money and mean travel against the number of cities, with today's set-up as a cross."""
    travel = money.twinx()
    cities = [rung.cities for rung in ladder.rungs]
    money.plot(cities, [rung.plan.cost for rung in ladder.rungs], "o-", color="C0", label="cost a year")
    travel.plot(cities, [rung.plan.mean_minutes for rung in ladder.rungs], "s--", color="C1")
    if ladder.today is not None:
        count = len(ladder.today.bases)
        money.plot([count], [ladder.today.cost], "x", ms=12, mew=3, color="C0")
        travel.plot([count], [ladder.today.mean_minutes], "x", ms=12, mew=3, color="C1")
    money.set_xlabel("cities (cross: today)")
    money.set_ylabel("cost a year (circles)")
    travel.set_ylabel("mean travel, minutes (squares)")
    money.set_xticks(cities)
