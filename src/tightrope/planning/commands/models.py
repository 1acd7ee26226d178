"""The planning models behind one door: read, solve, judge, tell and draw, each by its own package.

A model is imported when it is asked for, so that help and refusals come at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tightrope.planning.commands.routes import route_table
from tightrope.planning.commands.running import Run


@dataclass(frozen=True, slots=True)
class Model:
    """One subcommand: its package, the question it answers, and what its progress counts."""

    name: str
    package: str
    question: str
    value: str
    rows_key: str | None = None
    seconds: float | None = None

    def read(self, document: Mapping[str, Any]) -> Any:
        """The problem in `document`. Raises BadProblem."""
        return self._package.from_json(document)

    def solve(self, problem: Any, run: Run, *, seed: int, **chosen: Any) -> Any:
        """The best plan until `run` ends; with ``keep`` chosen, a route planned anew that keeps people's days."""
        act = self._package.solve
        if "keep" in chosen:
            act = import_module(f"tightrope.planning.{self.package}.replan").replan
        return act(problem, stop=run, progress=run.progress, seed=seed, **chosen)

    def plan_to_json(self, plan: Any) -> dict[str, Any]:
        """What goes into the file of the plan."""
        document: dict[str, Any] = self._package.plan_to_json(plan)
        return document

    def table(self, plan: Any) -> str:
        """The plan for a terminal."""
        return route_table(plan) if self.name == "route" else str(self._package.plan_table(plan))

    def judge(self, problem: Any, document: Mapping[str, Any], *, seed: int) -> list[str]:
        """What is wrong with a plan made here or elsewhere; empty when nothing is."""
        if self.name != "route":
            found: list[str] = self._package.check_json(problem, document, seed=seed)
            return found
        report = self._package.check(problem, self._package.plan_from_json(dict(document)))
        return [f"{each.where}: {each.rule}: {each.text}" for each in report.violations]

    def draw(self, problem: Any, plan: Any, path: Path) -> None:
        """The picture of the plan at `path`."""
        drawing = import_module(f"tightrope.planning.{self.package}.draw")
        draw: Callable[[Any, Any, Path], None] = drawing.draw if self.name == "route" else drawing.draw_plan
        draw(problem, plan, path)

    @property
    def _package(self) -> Any:
        return import_module(f"tightrope.planning.{self.package}")


MODELS = {
    model.name: model
    for model in (
        Model("route", "routing", "who goes where and when", "cost", seconds=30.0),
        Model("site", "siting", "in which cities people should be based", "value", seconds=60.0),
        Model("staff", "staffing", "how many people, by the hour, territory or month", "value", seconds=60.0),
        Model("spares", "spares", "how much stock, how many loaners, which way to help", "money", "lines"),
        Model("people", "turnover", "how skill grows and leaves, and whom to hire when", "value", "careers"),
        Model("life", "reliability", "what fails, when, and more than it should", "sections done", "units"),
        Model("rules", "rules", "which rules to relax, and which to harden", "rules judged"),
        Model("invest", "investments", "what investments have brought, and when they pay back", "judged"),
        Model("simulate", "simulation", "how all of it lives through a quarter", "kept share"),
        Model("board", "board", "all four tightropes side by side, and plan against actual", "kept share"),
    )
}
"""By subcommand, in the order of the help."""
