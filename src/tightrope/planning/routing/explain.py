"""Why this engineer, and what speaks against each of the others."""

from __future__ import annotations

from dataclasses import dataclass

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.plan import Plan
from tightrope.planning.routing.problem import Engineer, Problem, Visit
from tightrope.planning.routing.timetable import (
    DoesNotFit,
    broken_rule,
    schedule,
    value_of_route,
    why_left_out,
)


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against one engineer: a rule, or the extra cost of sending him.

    ``rule`` is empty when he could come for ``extra_cost`` more than the plan, everything else unchanged.
    A negative extra cost means that the plan can be bettered by this one change.
    """

    engineer: str
    rule: str
    why: str
    extra_cost: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who serves a visit and at what cost of his own day, and each other engineer's reason not to."""

    visit: str
    engineers: tuple[str, ...]
    why: str
    cost: float
    others: tuple[Against, ...]


def explain(problem: Problem, plan: Plan, visit: str) -> Explanation:
    """Explain the plan's choice for one visit.

    Each other engineer is tried with every place in his present route, everything else left as it is.
    O(engineers × stops²). Raises BadProblem when the visit is unknown.
    """
    asked = problem.visit(visit)
    team = plan.engineers_of.get(visit, ())
    if team:
        spared = sum(_spared(problem, plan, name, asked) for name in team)
        why = f"{' and '.join(team)}: {spared:g} more than without this visit"
    else:
        spared = problem.weight_of(asked)
        why = f"left out: {why_left_out(problem, asked).why}"
    # With a crew, the comparison is with the member whose own part costs most.
    share = max((_spared(problem, plan, name, asked) for name in team), default=spared)
    others = tuple(
        _against(problem, plan, engineer, asked, share)
        for engineer in problem.engineers
        if engineer.name not in team
    )
    ranked = sorted(others, key=lambda each: (each.extra_cost is None, each.extra_cost or 0.0))
    return Explanation(visit, team, why, spared, tuple(ranked))


def _route(problem: Problem, plan: Plan, engineer: str) -> list[Visit]:
    route = plan.route_of(engineer)
    return [problem.visit(name) for name in route.visits] if route else []


def _cost(problem: Problem, engineer: Engineer, visits: list[Visit]) -> float:
    return value_of_route(problem, engineer, schedule(problem, engineer, visits)).total if visits else 0.0


def _spared(problem: Problem, plan: Plan, name: str, visit: Visit) -> float:
    """What the engineer's day would cost less without the visit."""
    engineer = problem.engineer(name)
    visits = _route(problem, plan, name)
    if not visits:
        raise BadProblem(f"engineer {name}", f"has no route with visit {visit.name}")
    rest = [each for each in visits if each.name != visit.name]
    return _cost(problem, engineer, visits) - _cost(problem, engineer, rest)


def _against(problem: Problem, plan: Plan, engineer: Engineer, visit: Visit, spared: float) -> Against:
    broken = broken_rule(problem, engineer, visit)
    if broken:
        return Against(engineer.name, broken.rule, broken.why)
    try:
        schedule(problem, engineer, [visit])
    except DoesNotFit as trouble:
        return Against(engineer.name, trouble.rule, trouble.why)
    visits = _route(problem, plan, engineer.name)
    before = _cost(problem, engineer, visits)
    best: float | None = None
    for at in range(len(visits) + 1):
        try:
            cost = _cost(problem, engineer, [*visits[:at], visit, *visits[at:]])
        except DoesNotFit:
            continue
        best = cost if best is None else min(best, cost)
    if best is None:
        return Against(engineer.name, "no_room", f"{engineer.name} has no room beside the day planned")
    extra = best - before - spared
    return Against(engineer.name, "", f"{engineer.name} would cost {extra:g} more", extra)
