"""A twin of the service organisation: every plan is judged by living through it.

`from_json` and `solve` answer from a file: today's figures with intervals, scenarios against today under
common random numbers, the cost-service frontier between its extremes, and the month in which today's
set-up breaks. `replicate` runs any `Company` many times, `live` once, event by event; `fit` makes a company's
rates from its own records, and `back_test` says how well the twin then foretells a quarter it has not seen.
"""

from tightrope.planning.simulation.backtest import BackTest, BackTestWish, Compared, back_test
from tightrope.planning.simulation.check import check_json
from tightrope.planning.simulation.figures import FIGURES, Estimate, Window, measure, play
from tightrope.planning.simulation.fit import History, Record, TooLittleData, fit, records_from_rows
from tightrope.planning.simulation.frontier import Frontier, FrontierWish, Point, frontier
from tightrope.planning.simulation.growth import GrowthWish, Month, Outlook, outlook
from tightrope.planning.simulation.hours import Hours
from tightrope.planning.simulation.lived import Case, Lived
from tightrope.planning.simulation.problem import (
    City,
    Company,
    Desk,
    DeskShift,
    Engineer,
    Loaners,
    Model,
    Money,
    Part,
    Promise,
    SecondLine,
)
from tightrope.planning.simulation.replicate import Sample, replicate
from tightrope.planning.simulation.scenario import (
    Change,
    Scenario,
    changed,
    scenario,
    with_heads,
    with_residents,
)
from tightrope.planning.simulation.schema import Problem, from_json, to_json
from tightrope.planning.simulation.solve import Plan, plan_table, plan_to_json, solve
from tightrope.planning.simulation.twin import live

__all__ = [
    "FIGURES",
    "BackTest",
    "BackTestWish",
    "Case",
    "Change",
    "City",
    "Company",
    "Compared",
    "Desk",
    "DeskShift",
    "Engineer",
    "Estimate",
    "Frontier",
    "FrontierWish",
    "GrowthWish",
    "History",
    "Hours",
    "Lived",
    "Loaners",
    "Model",
    "Money",
    "Month",
    "Outlook",
    "Part",
    "Plan",
    "Point",
    "Problem",
    "Promise",
    "Record",
    "Sample",
    "Scenario",
    "SecondLine",
    "TooLittleData",
    "Window",
    "back_test",
    "changed",
    "check_json",
    "fit",
    "from_json",
    "frontier",
    "live",
    "measure",
    "outlook",
    "plan_table",
    "plan_to_json",
    "play",
    "records_from_rows",
    "replicate",
    "scenario",
    "solve",
    "to_json",
    "with_heads",
    "with_residents",
]
