"""People come, learn and leave: leaving by service, learning curves, intake, knowledge at risk.

`solve` takes a `Problem` (from rows or JSON) and answers all it asks; `check` judges hires and training
seats by playing every person. Each model is usable by itself: `fit_leaving`, `stay_curve`, `by_reason`,
`by_group`, `fit_learning`, `plan_intake`, `simulate`, `knowledge_at_risk`, `cost_of_leaving`.
"""

from tightrope.planning.turnover.careers import Careers, TooLittleData, careers
from tightrope.planning.turnover.check import Verdict, check, check_json
from tightrope.planning.turnover.intake import IntakePlan, Target, plan_intake, steady_intake
from tightrope.planning.turnover.knowledge import AtRisk, Knower, knowledge_at_risk
from tightrope.planning.turnover.learning import LearningCurve, Practice, fit_learning, fit_practice
from tightrope.planning.turnover.leaving import (
    LeavingHazard,
    StayCurve,
    by_group,
    by_reason,
    fit_leaving,
    shapes,
    stay_curve,
)
from tightrope.planning.turnover.leaving_cost import LeavingCost, Replacement, cost_of_leaving
from tightrope.planning.turnover.problem import Career, Member, Problem, from_json, to_json
from tightrope.planning.turnover.solve import (
    Plan,
    careers_of,
    intake_from_json,
    plan_table,
    plan_to_json,
    solve,
)
from tightrope.planning.turnover.workforce import Course, Level, Workforce, project, simulate, workforce

__all__ = [
    "AtRisk",
    "Career",
    "Careers",
    "Course",
    "IntakePlan",
    "Knower",
    "LearningCurve",
    "LeavingCost",
    "LeavingHazard",
    "Level",
    "Member",
    "Plan",
    "Practice",
    "Problem",
    "Replacement",
    "StayCurve",
    "Target",
    "TooLittleData",
    "Verdict",
    "Workforce",
    "by_group",
    "by_reason",
    "careers",
    "careers_of",
    "check",
    "check_json",
    "cost_of_leaving",
    "fit_learning",
    "fit_leaving",
    "fit_practice",
    "from_json",
    "intake_from_json",
    "knowledge_at_risk",
    "plan_intake",
    "plan_table",
    "plan_to_json",
    "project",
    "shapes",
    "simulate",
    "solve",
    "stay_curve",
    "steady_intake",
    "to_json",
    "workforce",
]
