"""The register of investments in service: expected effect beside observed, and the month that pays them back.

`solve` takes a `Problem` (from rows or JSON) and judges every investment; `check` judges a register by counting
again. `carried_on` is the forecast of a measure without the investment by itself.
"""

from tightrope.planning.investments.check import check, check_json
from tightrope.planning.investments.problem import Investment, Month, Problem, from_json, to_json
from tightrope.planning.investments.series import Without, carried_on
from tightrope.planning.investments.solve import Outcome, Plan, plan_table, plan_to_json, solve

__all__ = [
    "Investment",
    "Month",
    "Outcome",
    "Plan",
    "Problem",
    "Without",
    "carried_on",
    "check",
    "check_json",
    "from_json",
    "plan_table",
    "plan_to_json",
    "solve",
    "to_json",
]
