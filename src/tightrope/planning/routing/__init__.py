"""Who goes where and when: visits, engineers, windows, skills and parts in; routes with times out.

problem = from_json(document)
plan = solve(problem, stop=CpuSeconds(30), seed=1)
assert check(problem, plan).is_clean
explain(problem, plan, "V-17")
"""

from __future__ import annotations

from tightrope.planning.routing.check import Report, Violation, check
from tightrope.planning.routing.engines import ENGINES, solve
from tightrope.planning.routing.explain import Against, Explanation, explain
from tightrope.planning.routing.plan import (
    LeftOut,
    Plan,
    Route,
    Stop,
    Value,
    plan_from_json,
    plan_to_json,
)
from tightrope.planning.routing.problem import Engineer, Lunch, Problem, Store, Visit
from tightrope.planning.routing.schema import from_json, to_json
from tightrope.planning.routing.stop import (
    Cancelled,
    CpuSeconds,
    FirstOf,
    NoImprovement,
    Steps,
    WallSeconds,
)

__all__ = [
    "ENGINES",
    "Against",
    "Cancelled",
    "CpuSeconds",
    "Engineer",
    "Explanation",
    "FirstOf",
    "LeftOut",
    "Lunch",
    "NoImprovement",
    "Plan",
    "Problem",
    "Report",
    "Route",
    "Steps",
    "Stop",
    "Store",
    "Value",
    "Violation",
    "Visit",
    "WallSeconds",
    "check",
    "explain",
    "from_json",
    "plan_from_json",
    "plan_to_json",
    "solve",
    "to_json",
]
