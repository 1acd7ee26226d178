"""Engines: ways to solve a routing problem, all behind `solve`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Problem
from tightrope.planning.routing.stop import Cancelled, Stop

Progress = Callable[[float, float], None]
"""Told the best value so far and the CPU seconds spent."""


class Engine(Protocol):
    """A way to solve a problem."""

    def __call__(
        self, problem: Problem, *, stop: Stop, seed: int, start: Plan | None, progress: Progress | None
    ) -> Plan: ...


def solve(
    problem: Problem,
    *,
    stop: Stop,
    seed: int = 0,
    start: Plan | None = None,
    progress: Progress | None = None,
    engine: str = "lns",
) -> Plan:
    """The best plan an engine finds before ``stop``.

    Parameters
    ----------
    stop
        Rule from `stop`; under `Steps`, equal seeds give equal plans.
    start
        A plan to begin with; visits and engineers that no longer exist are passed over, and visits that
        no longer fit are offered anew.
    progress
        Called with the best value so far and the CPU seconds spent.
    engine
        ``"lns"``, our search, plans every feature. ``"insertion"`` only inserts, in well under a second.
        ``"vroom"`` and ``"pyvrp"`` need those libraries and refuse what they cannot plan.

    Raises
    ------
    BadProblem
        When the engine is unknown or cannot plan a feature of the problem; it says which visit or engineer.
    """
    if engine not in ENGINES:
        raise BadProblem(f"engine {engine}", f"is unknown; there are {', '.join(ENGINES)}")
    return ENGINES[engine](problem, stop=stop, seed=seed, start=start, progress=progress)


def _insertion(
    problem: Problem, *, stop: Stop, seed: int, start: Plan | None, progress: Progress | None
) -> Plan:
    from tightrope.planning.routing.engines.lns import solve_by_lns

    at_once = Cancelled(is_cancelled=True)
    return solve_by_lns(problem, stop=at_once, seed=seed, start=start, progress=progress, engine="insertion")


def _lns(problem: Problem, *, stop: Stop, seed: int, start: Plan | None, progress: Progress | None) -> Plan:
    from tightrope.planning.routing.engines.lns import solve_by_lns

    return solve_by_lns(problem, stop=stop, seed=seed, start=start, progress=progress)


def _vroom(problem: Problem, *, stop: Stop, seed: int, start: Plan | None, progress: Progress | None) -> Plan:
    from tightrope.planning.routing.engines.with_vroom import solve_by_vroom

    return solve_by_vroom(problem, stop=stop, start=start, progress=progress)


def _pyvrp(problem: Problem, *, stop: Stop, seed: int, start: Plan | None, progress: Progress | None) -> Plan:
    from tightrope.planning.routing.engines.with_pyvrp import solve_by_pyvrp

    return solve_by_pyvrp(problem, stop=stop, seed=seed, start=start, progress=progress)


ENGINES: dict[str, Engine] = {
    "lns": _lns,
    "insertion": _insertion,
    "vroom": _vroom,
    "pyvrp": _pyvrp,
}
