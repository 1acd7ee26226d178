"""The picture of the register: money since each start, expected and observed (needs the extra `plots`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.investments.problem import Problem
from tightrope.planning.investments.solve import Plan, expected_net


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """One panel for each investment; raises BadProblem when the plan is empty."""
    from matplotlib.figure import Figure

    if not plan.investments:
        raise BadProblem("picture", "no investment was judged, so there is nothing to draw")
    by_name = {one.name: one for one in problem.investments}
    columns = min(2, len(plan.investments))
    rows = -(-len(plan.investments) // columns)
    figure = Figure(figsize=(6.5 * columns, 4 * rows), layout="constrained")
    places = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for axes, one in zip(places, plan.investments, strict=False):
        ages = np.arange(1, len(one.months) + 1)
        shown = max(len(ages), one.expected_payback or 0, 12)
        axes.plot(
            np.arange(1, shown + 1),
            expected_net(problem, by_name[one.name], shown),
            color="grey",
            ls="--",
            label="expected",
        )
        if one.months:
            net = [month.observed_net for month in one.months]
            axes.plot(ages, [each.mean for each in net], color="C0", label="observed")
            axes.fill_between(ages, [each.low for each in net], [each.high for each in net], alpha=0.2)
        axes.axhline(0.0, color="black", lw=0.8)
        axes.set_title(f"{one.name}: {one.verdict}")
        axes.set_xlabel(f"months since {one.starts}")
        axes.set_ylabel("money since the start, net")
        axes.legend()
    for axes in places[len(plan.investments) :]:
        axes.set_axis_off()
    figure.savefig(path, dpi=110)
