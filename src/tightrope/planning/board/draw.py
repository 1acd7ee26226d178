"""The picture of the board: a panel for each tightrope, scenarios side by side (needs the extra `plots`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tightrope.planning.board.figures import FIGURES, TIGHTROPES
from tightrope.planning.board.problem import Problem
from tightrope.planning.board.solve import Plan

SHOWN = {2: "pairs_at_risk", 3: "heads", 4: "deviation_rate"}


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """Cost against promises kept, knowledge, heads and deviation; below, plan against actual where months are."""
    from matplotlib.figure import Figure

    kinds = list(dict.fromkeys(one.figure for one in plan.months))
    rows = 2 + -(-len(kinds) // 2)
    figure = Figure(figsize=(13, 4.4 * rows), layout="constrained")
    places = figure.subplots(rows, 2).ravel()
    _cost_and_service(places[0], plan)
    for number, name in SHOWN.items():
        _bars(places[number - 1], plan, number, name)
    for axes, kind in zip(places[4:], kinds, strict=False):
        _months(axes, plan, kind)
    for axes in places[4 + len(kinds) :]:
        axes.set_axis_off()
    figure.savefig(path, dpi=110)


def _cost_and_service(axes: Any, plan: Plan) -> None:
    for one in plan.scenarios:
        cost, kept = one.figures.get("cost_per_case"), one.figures.get("kept")
        if cost is None or kept is None:
            continue
        axes.plot(cost.mean, kept.mean, "o")
        axes.plot([cost.low, cost.high], [kept.mean, kept.mean], color="grey", lw=1)
        axes.plot([cost.mean, cost.mean], [kept.low, kept.high], color="grey", lw=1)
        axes.annotate(one.name, (cost.mean, kept.mean), xytext=(5, 5), textcoords="offset points")
    axes.set_xlabel("cost of a case")
    axes.set_ylabel("promises kept")
    axes.set_title(TIGHTROPES[1])


def _bars(axes: Any, plan: Plan, number: int, name: str) -> None:
    known = [one for one in plan.scenarios if name in one.figures]
    axes.set_title(TIGHTROPES[number])
    if not known:
        axes.text(0.5, 0.5, "not answered", ha="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    axes.barh([one.name for one in reversed(known)], [one.figures[name].mean for one in reversed(known)])
    axes.set_xlabel(FIGURES[name].means)


def _months(axes: Any, plan: Plan, kind: str) -> None:
    own = [one for one in plan.months if one.figure == kind]
    place = range(len(own))
    axes.plot(place, [one.planned for one in own], color="grey", ls="--", label="planned")
    if all(one.low is not None for one in own):
        axes.fill_between(place, [one.low for one in own], [one.high for one in own], color="grey", alpha=0.2)
    axes.plot(place, [one.actual for one in own], marker="o", label="actual")
    axes.set_xticks(place, [one.month for one in own], rotation=30, ha="right")
    axes.set_title(FIGURES[kind].means if kind in FIGURES else kind)
    axes.legend()
