"""The picture of rules: what deviating does, with its interval, rule by rule (needs the extra `plots`)."""

from __future__ import annotations

from pathlib import Path

from tightrope.planning.errors import BadProblem
from tightrope.planning.rules.problem import Problem
from tightrope.planning.rules.solve import Plan

COLOURS = {"relax": "C2", "harden": "C3", "weigh": "C1"}


def draw_plan(problem: Problem, plan: Plan, path: Path | str) -> None:
    """One panel for each outcome; raises BadProblem when nothing could be estimated."""
    from matplotlib.figure import Figure

    shown = [
        outcome for outcome in problem.outcomes if any(outcome.name in one.effects for one in plan.rules)
    ]
    if not shown:
        raise BadProblem("picture", "no effect could be estimated, so there is nothing to draw")
    rules = [one for one in plan.rules if one.effects]
    figure = Figure(figsize=(6 * len(shown), 1.5 + 0.4 * len(rules)), layout="constrained")
    places = figure.subplots(1, len(shown), squeeze=False, sharey=True)[0]
    for axes, outcome in zip(places, shown, strict=True):
        for place, one in enumerate(reversed(rules)):
            effect = one.effects.get(outcome.name)
            if effect is None:
                continue
            colour = COLOURS.get(one.verdict, "grey")
            axes.plot([effect.low, effect.high], [place, place], color=colour, lw=2)
            axes.plot(effect.estimate, place, "o", color=colour)
            axes.plot(effect.plain, place, "|", color="black", ms=10)
        axes.axvline(0.0, color="black", lw=0.8)
        if outcome.matters_from:
            axes.axvspan(-outcome.matters_from, outcome.matters_from, color="grey", alpha=0.15)
        axes.set_yticks(range(len(rules)), [f"{one.rule}: {one.verdict}" for one in reversed(rules)])
        axes.set_title(f"{outcome.name} ({outcome.better} is better)")
        axes.set_xlabel("deviating minus keeping (|: plain difference)")
    figure.savefig(path, dpi=110)
