"""Where people should be based: p-median, p-centre, maximal covering, and least cost with whole heads.

`solve` answers all that a `SitingProblem` asks; `place` only gives its `SitingPlan`, with a proven bound
where one was found; `climb` says what each further city costs and buys, `stability_of` whether the answer survives an error
in the forecast, and `check` judges any plan without using the solvers. The bare models (`solve_median`,
`solve_centre`, `solve_coverage`) work on arrays.
"""

from tightrope.planning.siting.answer import Answer, Progress
from tightrope.planning.siting.centre import solve_centre
from tightrope.planning.siting.check import Finding, check, check_json
from tightrope.planning.siting.cost import solve_cost
from tightrope.planning.siting.coverage import solve_coverage
from tightrope.planning.siting.ladder import Ladder, Rung, climb
from tightrope.planning.siting.median import solve_median
from tightrope.planning.siting.orlib import read_pmed
from tightrope.planning.siting.place import place, plan_for_sites
from tightrope.planning.siting.plan import Base, SitingPlan
from tightrope.planning.siting.problem import LadderWish, Point, Site, SitingProblem, StabilityWish
from tightrope.planning.siting.schema import from_json, plan_from_json, sites_to_json, to_json
from tightrope.planning.siting.solve import Study, plan_table, plan_to_json, solve
from tightrope.planning.siting.stability import Stability, stability_of
from tightrope.planning.siting.stop import Stop
from tightrope.planning.siting.table import ladder_table, sites_table

__all__ = [
    "Answer",
    "Base",
    "Finding",
    "Ladder",
    "LadderWish",
    "Point",
    "Progress",
    "Rung",
    "Site",
    "SitingPlan",
    "SitingProblem",
    "Stability",
    "StabilityWish",
    "Stop",
    "Study",
    "check",
    "check_json",
    "climb",
    "from_json",
    "ladder_table",
    "place",
    "plan_for_sites",
    "plan_from_json",
    "plan_table",
    "plan_to_json",
    "read_pmed",
    "sites_table",
    "sites_to_json",
    "solve",
    "solve_centre",
    "solve_cost",
    "solve_coverage",
    "solve_median",
    "stability_of",
    "to_json",
]
