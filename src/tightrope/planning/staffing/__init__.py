"""How many people: at the desk, in the field, in the second line; by the hour, by the month.

Formulas first (`erlang_b`, `erlang_c`, `waiting`, `impatient_waiting`), then the inverse questions:
`positions_for` constant arrivals, `heads_through` a week that rises and falls, `heads_for_territory` an
installed base, `compare` headquarters with regions, `outlook` on growth, `make_roster` from heads to
people, `forecast` from history to arrivals. `from_json` and `solve` answer any of them from a file, and
`check` judges the answer independently.
"""

from tightrope.planning.staffing.check import Finding, check, check_json
from tightrope.planning.staffing.field import (
    FieldHeads,
    FieldPromise,
    Territory,
    heads_for_territory,
    is_kept,
    response_with,
    rule_of_thumb,
)
from tightrope.planning.staffing.forecast import Forecast, MethodError, TooLittleData, forecast
from tightrope.planning.staffing.frontier import Frontier, FrontierPoint, Money, frontier
from tightrope.planning.staffing.general import least_heads, mean_wait, share_free_within
from tightrope.planning.staffing.growth import Growth, Month, Outlook, outlook
from tightrope.planning.staffing.pooling import (
    Comparison,
    Region,
    SecondLine,
    SetUp,
    at_headquarters,
    compare,
    in_the_regions,
)
from tightrope.planning.staffing.positions import (
    Positions,
    ServiceTarget,
    positions_for,
    servers_for_loads,
    waiting_with,
)
from tightrope.planning.staffing.problem import (
    DeskPlan,
    DeskProblem,
    FieldPlan,
    FieldProblem,
    Plan,
    Problem,
    QueueProblem,
    solve,
)
from tightrope.planning.staffing.queues import Waiting, erlang_b, erlang_c, impatient_waiting, waiting
from tightrope.planning.staffing.roster import (
    Hole,
    Roster,
    RosterProblem,
    Shift,
    Tour,
    Worker,
    described,
    make_roster,
)
from tightrope.planning.staffing.schema import from_json, plan_to_json, to_json
from tightrope.planning.staffing.table import forecast_table, plan_table
from tightrope.planning.staffing.week import (
    WeekHeads,
    heads_through,
    lagged_load,
    lived_service,
    offered_load,
    stationary_load,
)

__all__ = [
    "Comparison",
    "DeskPlan",
    "DeskProblem",
    "FieldHeads",
    "FieldPlan",
    "FieldProblem",
    "FieldPromise",
    "Finding",
    "Forecast",
    "Frontier",
    "FrontierPoint",
    "Growth",
    "Hole",
    "MethodError",
    "Money",
    "Month",
    "Outlook",
    "Plan",
    "Positions",
    "Problem",
    "QueueProblem",
    "Region",
    "Roster",
    "RosterProblem",
    "SecondLine",
    "ServiceTarget",
    "SetUp",
    "Shift",
    "Territory",
    "TooLittleData",
    "Tour",
    "Waiting",
    "WeekHeads",
    "Worker",
    "at_headquarters",
    "check",
    "check_json",
    "compare",
    "described",
    "erlang_b",
    "erlang_c",
    "forecast",
    "forecast_table",
    "from_json",
    "frontier",
    "heads_for_territory",
    "heads_through",
    "impatient_waiting",
    "in_the_regions",
    "is_kept",
    "lagged_load",
    "least_heads",
    "lived_service",
    "make_roster",
    "mean_wait",
    "offered_load",
    "outlook",
    "plan_table",
    "plan_to_json",
    "positions_for",
    "response_with",
    "rule_of_thumb",
    "servers_for_loads",
    "share_free_within",
    "solve",
    "stationary_load",
    "to_json",
    "waiting",
    "waiting_with",
]
