"""One door to the turnover models: a problem in, everything that can be said about it out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.table import aligned
from tightrope.planning.turnover.careers import Careers, TooLittleData, careers
from tightrope.planning.turnover.intake import IntakePlan, Progress, Stopping, plan_intake, steady_intake
from tightrope.planning.turnover.knowledge import AtRisk, knowledge_at_risk
from tightrope.planning.turnover.learning import LearningCurve, fit_learning
from tightrope.planning.turnover.leaving import (
    GroupLeaving,
    LeavingHazard,
    Reason,
    Shape,
    StayCurve,
    by_group,
    by_reason,
    fit_leaving,
    shapes,
    stay_curve,
)
from tightrope.planning.turnover.leaving_cost import LeavingCost, cost_of_leaving
from tightrope.planning.turnover.problem import Problem
from tightrope.planning.turnover.workforce import Workforce, workforce


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found. A part is None when it was not asked for or is named in ``refused``, with why."""

    hazard: LeavingHazard
    curve_of_staying: StayCurve
    shapes: tuple[Shape, ...]
    reasons: tuple[Reason, ...]
    groups: tuple[GroupLeaving, ...]
    learning: LearningCurve | None
    knowledge: tuple[AtRisk, ...]
    intake: IntakePlan | None
    steady_hires_per_month: float | None
    cost_of_one_leaver: LeavingCost | None
    refused: dict[str, str]


def careers_of(problem: Problem) -> Careers:
    """The problem's careers as columns."""
    rows = problem.careers
    return careers(
        [one.tenure_months for one in rows],
        left=[one.left for one in rows],
        entered=[one.entered_months for one in rows],
        reasons=[one.reason for one in rows],
        groups=[one.group for one in rows],
        names=[one.person for one in rows],
    )


def workforce_of(problem: Problem, hazard: LeavingHazard, curve: LearningCurve) -> Workforce:
    """The problem's staff as a stock."""
    staff = [(problem.level_number(one.level), one.tenure_months) for one in problem.staff]
    return workforce(problem.levels, staff, hazard=hazard, curve=curve, away_share=problem.away_share)


def solve(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None, seed: int = 0
) -> Plan:
    """Answer a turnover problem. Too few leavers to fit anything raise TooLittleData; parts that have too
    little data of their own are named in ``refused`` and the rest is answered.
    """
    known = careers_of(problem)
    hazard = fit_leaving(known)
    refused: dict[str, str] = {}
    learning = problem.curve
    if learning is None and problem.learning:
        try:
            tenure, output = np.array(problem.learning).T
            learning = fit_learning(tenure, output)
        except TooLittleData as why:
            refused["learning"] = why.why
    at_risk: list[AtRisk] = []
    if any(one.knows for one in problem.staff):
        at_risk = knowledge_at_risk(
            problem.knowers, hazard, months=problem.horizon_months, needed=problem.needed, seed=seed
        )
    intake = None
    if problem.target is not None:
        if learning is None:
            refused["intake"] = "without a learning curve it is not known what newcomers can do"
        else:
            force = workforce_of(problem, hazard, learning)
            intake = plan_intake(
                force, problem.target, hazard=hazard, seed=seed, stop=stop, progress=progress
            )
    cost = None
    if problem.replacement is not None:
        if learning is None:
            refused["cost of leaving"] = "without a learning curve the time lost to learning is not known"
        else:
            cost = cost_of_leaving(problem.replacement, learning, stays_months=hazard.mean_tenure())
    groups = by_group(known, hazard) if len(set(known.groups)) > 1 else []
    return Plan(
        hazard=hazard,
        curve_of_staying=stay_curve(known),
        shapes=tuple(shapes(known, hazard)),
        reasons=tuple(by_reason(known)),
        groups=tuple(groups),
        learning=learning,
        knowledge=tuple(at_risk),
        intake=intake,
        steady_hires_per_month=steady_intake(hazard, len(problem.staff)) if problem.staff else None,
        cost_of_one_leaver=cost,
        refused=refused,
    )


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON; ``intake.hires`` and ``intake.seats`` are what the checker reads."""
    out: dict[str, Any] = {
        "kind": "turnover plan",
        "leaving": [
            {
                "from_month": s,
                "leavers": int(n),
                "person_months": m,
                "per_month": r,
                "lower": low,
                "upper": high,
            }
            for s, n, m, r, low, high in zip(
                plan.hazard.starts.tolist(),
                plan.hazard.leavers.tolist(),
                plan.hazard.person_months.tolist(),
                plan.hazard.rate.tolist(),
                plan.hazard.lower.tolist(),
                plan.hazard.upper.tolist(),
                strict=True,
            )
        ],
        "mean_tenure_months": plan.hazard.mean_tenure(),
        "shapes": [_finite(asdict(shape)) for shape in plan.shapes],
        "reasons": [asdict(reason) for reason in plan.reasons],
        "groups": [asdict(group) for group in plan.groups],
        "learning": _finite(asdict(plan.learning)) if plan.learning else None,
        "knowledge": [{**asdict(one), "know": list(one.know)} for one in plan.knowledge],
        "steady_hires_per_month": plan.steady_hires_per_month,
        "cost_of_one_leaver": None,
        "intake": None,
        "refused": plan.refused,
    }
    if plan.cost_of_one_leaver is not None:
        out["cost_of_one_leaver"] = {
            **asdict(plan.cost_of_one_leaver),
            "total": plan.cost_of_one_leaver.total,
        }
    if plan.intake is not None:
        course = plan.intake.course
        out["intake"] = {
            "hires": [int(x) for x in plan.intake.hires],
            "seats": plan.intake.seats.astype(int).tolist(),
            "cost": plan.intake.cost,
            "short": plan.intake.short.tolist(),
            "bound": plan.intake.bound,
            "gap": plan.intake.gap,
            "heads": course.heads.tolist(),
            "capacity": course.capacity.tolist(),
            "capacity_low": course.capacity_low.tolist(),
            "capacity_high": course.capacity_high.tolist(),
            "enough": course.enough.tolist(),
        }
    return out


def _finite(figures: dict[str, Any]) -> dict[str, Any]:
    """NaN has no JSON; what is not known is null."""

    def one(value: Any) -> Any:
        if isinstance(value, tuple):
            return [one(v) for v in value]
        return None if isinstance(value, float) and value != value else value

    return {key: one(value) for key, value in figures.items()}


def intake_from_json(given: dict[str, Any]) -> tuple[list[int], list[list[int]]]:
    """Hires and training seats of a plan made here or elsewhere."""
    intake = given.get("intake")
    if not isinstance(intake, dict):
        raise BadProblem("plan", "it has no intake")
    hires, seats = intake.get("hires"), intake.get("seats")
    if not isinstance(hires, list) or not isinstance(seats, list) or len(hires) != len(seats):
        raise BadProblem("plan, intake", "hires and seats must be lists with one row for each month")
    for month, (number, row) in enumerate(zip(hires, seats, strict=True)):
        for value in (number, *(row if isinstance(row, list) else [None])):
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise BadProblem(f"plan, intake, month {month}", f"{value!r} is no number of people")
    return hires, seats


def plan_table(plan: Plan) -> str:
    """The plan as aligned lines for a terminal."""
    return aligned(_rows(plan), refused=plan.refused)


def _rows(plan: Plan) -> list[list[str]]:
    rows = [["what", "figure", "from", "to"]]
    ends = [*(f"{s:g}" for s in plan.hazard.starts[1:]), "on"]
    for i, end in enumerate(ends):
        rows.append(
            [
                f"leaving a month, service {plan.hazard.starts[i]:g} to {end}",
                f"{plan.hazard.rate[i]:.4f}",
                f"{plan.hazard.lower[i]:.4f}",
                f"{plan.hazard.upper[i]:.4f}",
            ]
        )
    for group in plan.groups:
        rows.append(
            [f"leaving ratio {group.group}", f"{group.ratio:.2f}", f"{group.lower:.2f}", f"{group.upper:.2f}"]
        )
    for risk in plan.knowledge:
        label = f"nobody knows {risk.know[0]} on {risk.know[1]} ({risk.bus_factor} today)"
        rows.append([label, f"{risk.nobody:.4f}", f"{risk.lower:.4f}", f"{risk.upper:.4f}"])
    if plan.intake is not None:
        course = plan.intake.course
        for month, hires in enumerate(plan.intake.hires):
            label = f"month {month}: hire {hires:.0f}, train {plan.intake.seats[month].sum():.0f}; output"
            rows.append(
                [
                    label,
                    *(
                        f"{x[month]:.1f}"
                        for x in (course.capacity, course.capacity_low, course.capacity_high)
                    ),
                ]
            )
    return rows
