"""Flexibility against system: how often rules are deviated from, what that does, which to relax or harden.

`solve` takes a `Problem` (from rows or JSON) and judges every rule; `check` judges a verdict by counting
again. `effect_of` is the estimate by itself.
"""

from tightrope.planning.rules.check import check, check_json
from tightrope.planning.rules.effect import Effect, discoveries, effect_of, share_limits
from tightrope.planning.rules.problem import Job, Outcome, Problem, from_json, to_json
from tightrope.planning.rules.solve import Plan, RuleVerdict, plan_table, plan_to_json, solve

__all__ = [
    "Effect",
    "Job",
    "Outcome",
    "Plan",
    "Problem",
    "RuleVerdict",
    "check",
    "check_json",
    "discoveries",
    "effect_of",
    "from_json",
    "plan_table",
    "plan_to_json",
    "share_limits",
    "solve",
    "to_json",
]
