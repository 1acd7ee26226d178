"""Where people should be based: p-median, p-centre, maximal covering, and least cost with whole heads.

`solve` takes a `SitingProblem` and returns a `SitingPlan` with a proven bound where one was found;
`climb` says what each further city costs and buys, `stability_of` whether the answer survives an error
in the forecast, and `check` judges any plan without using the solvers. The bare models (`solve_median`,
`solve_centre`, `solve_coverage`) work on arrays.
"""

from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.centre import solve_centre
from tightrope.planning.siting.check import Finding, check
from tightrope.planning.siting.cost import solve_cost
from tightrope.planning.siting.coverage import solve_coverage
from tightrope.planning.siting.ladder import Ladder, Rung, climb
from tightrope.planning.siting.median import solve_median
from tightrope.planning.siting.orlib import read_pmed
from tightrope.planning.siting.plan import Base, SitingPlan
from tightrope.planning.siting.problem import Point, Site, SitingProblem
from tightrope.planning.siting.schema import from_json, plan_from_json, plan_to_json, to_json
from tightrope.planning.siting.solve import plan_for_sites, solve
from tightrope.planning.siting.stability import Stability, stability_of
from tightrope.planning.siting.stop import Stop
from tightrope.planning.siting.study import Study, study_of, study_table, study_to_json
from tightrope.planning.siting.table import ladder_table, plan_table

__all__ = [
    "Answer",
    "Base",
    "Finding",
    "Ladder",
    "Point",
    "Progress",
    "Rung",
    "Site",
    "SitingPlan",
    "SitingProblem",
    "Stability",
    "Stop",
    "Study",
    "check",
    "climb",
    "from_json",
    "ladder_table",
    "plan_for_sites",
    "plan_from_json",
    "plan_table",
    "plan_to_json",
    "read_pmed",
    "solve",
    "solve_centre",
    "solve_cost",
    "solve_coverage",
    "solve_median",
    "stability_of",
    "study_of",
    "study_table",
    "study_to_json",
    "to_json",
]
