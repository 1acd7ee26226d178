"""Pictures of people coming, learning and leaving (needs matplotlib, the extra `plots`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tightrope.planning.turnover.problem import Problem
from tightrope.planning.turnover.solve import Plan


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """Staying, learning, output against demand, knowledge at risk: a panel for each, at ``path``."""
    from matplotlib.figure import Figure

    panels = [_staying]
    if plan.learning is not None:
        panels.append(_learning)
    if plan.intake is not None:
        panels.append(_output)
    if plan.knowledge:
        panels.append(_knowledge)
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(7 * columns, 4.4 * rows), layout="constrained")
    places = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for draw, axes in zip(panels, places, strict=False):
        draw(axes, problem, plan)
    for axes in places[len(panels) :]:
        axes.set_axis_off()
    figure.savefig(path)


def _staying(axes: Any, problem: Problem, plan: Plan) -> None:
    curve = plan.curve_of_staying
    months = np.concatenate(([0.0], curve.months))

    def steps(share: Any) -> Any:
        return np.concatenate(([1.0], share))

    axes.step(months, steps(curve.staying), where="post", label="Kaplan-Meier")
    axes.fill_between(months, steps(curve.lower), steps(curve.upper), step="post", alpha=0.2)
    fine = np.linspace(0, float(months[-1]), 200)
    axes.plot(fine, plan.hazard.stays(0.0, fine), "--", color="black", label="tenure bands")
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("months of service")
    axes.set_ylabel("share still here")
    axes.set_title("Staying")
    axes.legend()


def _learning(axes: Any, problem: Problem, plan: Plan) -> None:
    if plan.learning is None:
        return
    last = max([t for t, _ in problem.learning], default=4 * plan.learning.months)
    fine = np.linspace(0, last, 200)
    if problem.learning:
        seen = np.array(problem.learning)
        axes.plot(seen[:, 0], seen[:, 1], ".", alpha=0.4)
    axes.plot(fine, plan.learning.output(fine), color="black")
    axes.set_xlabel("months of service")
    axes.set_ylabel("output a month")
    axes.set_title(f"Learning: 90 % after {plan.learning.months_until(0.9):.0f} months")


def _output(axes: Any, problem: Problem, plan: Plan) -> None:
    if plan.intake is None or problem.target is None:
        return
    course = plan.intake.course
    month = np.arange(course.capacity.size)
    axes.fill_between(
        month, course.capacity_low, course.capacity_high, alpha=0.2, label="runs, lucky and unlucky"
    )
    axes.plot(month, course.capacity, label="output, mean")
    axes.step(month, problem.target.demand, where="mid", color="black", label="needed")
    axes.set_xlabel("month")
    axes.set_ylabel("output")
    axes.legend(loc="upper left")
    hires = axes.twinx()
    hires.bar(month, plan.intake.hires, width=0.5, alpha=0.3, color="C2")
    hires.set_ylabel("hires")
    hires.set_ylim(0, max(4.0, 3 * float(plan.intake.hires.max())))
    axes.set_title(f"Output and intake: {plan.intake.hires.sum():.0f} hires")


def _knowledge(axes: Any, problem: Problem, plan: Plan) -> None:
    shown = plan.knowledge[:15][::-1]
    place = np.arange(len(shown))
    nobody = np.array([one.nobody for one in shown])
    around = np.array([nobody - [one.lower for one in shown], [one.upper for one in shown] - nobody])
    axes.barh(place, nobody, xerr=np.maximum(around, 0), alpha=0.7)
    axes.set_yticks(place, [f"{one.know[0]}, {one.know[1]} ({one.bus_factor})" for one in shown])
    axes.set_xlabel(f"chance that nobody knows it in {problem.horizon_months:g} months")
    axes.set_title("Knowledge at risk")
