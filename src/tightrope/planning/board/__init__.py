"""One board for all four tightropes: scenarios of levers and assumptions side by side, plan against actual.

`solve` takes a `Problem` (from rows or JSON) and lives through every scenario with the twin, counts leavers and
knowledge at risk, and judges rules; `check` judges a board by counting and living again.
"""

from tightrope.planning.board.check import check, check_json
from tightrope.planning.board.figures import FIGURES
from tightrope.planning.board.problem import Actual, Assumption, Levers, Problem, Training, from_json
from tightrope.planning.board.solve import Cell, Lived, Plan, plan_to_json, solve
from tightrope.planning.board.table import plan_table

__all__ = [
    "FIGURES",
    "Actual",
    "Assumption",
    "Cell",
    "Levers",
    "Lived",
    "Plan",
    "Problem",
    "Training",
    "check",
    "check_json",
    "from_json",
    "plan_table",
    "plan_to_json",
    "solve",
]
