"""How much stock, how many loaners, which way to help: base stock, (r, Q), METRIC, pools, total cost.

`solve` takes a `Problem` (from rows or JSON) and answers stock, pools and faults at once; `check` judges
stock levels without using the models. Each model is usable by itself: `Counts` and `Normal` (demand of a
lead time), `level_for_fill_rate`, `cheapest_reorder`, `one_buy`, `judge_echelons`, `size_for` (pools),
`judge_shop`, `compare_ways`.
"""

from tightrope.planning.spares.base_stock import (
    BaseStock,
    level_at_least_cost,
    level_for_backorders,
    level_for_fill_rate,
)
from tightrope.planning.spares.check import Verdict, check, check_json
from tightrope.planning.spares.choice import (
    DepotRepair,
    Fault,
    Loaner,
    Swap,
    Visit,
    Way,
    best_way,
    compare_ways,
)
from tightrope.planning.spares.demand import Counts, Normal, negative_binomial, poisson
from tightrope.planning.spares.echelons import TwoEchelons, judge_echelons, two_echelons
from tightrope.planning.spares.newsvendor import OneBuy, one_buy, one_buy_from_history
from tightrope.planning.spares.pool import (
    ExchangePool,
    LoanerPool,
    PoolService,
    WhatIf,
    size_for,
    what_ifs,
)
from tightrope.planning.spares.pool_problem import PoolCost, PoolPlan, PoolProblem, monthly_cost, plan_pool
from tightrope.planning.spares.problem import Line, Location, Part, Problem, from_json, to_json
from tightrope.planning.spares.reorder import (
    ReorderPlan,
    cheapest_reorder,
    judge_reorder,
    reorder_for_fill_rate,
)
from tightrope.planning.spares.shop import (
    RepairWorth,
    ShopService,
    judge_shop,
    repair_worth,
    repairers_for,
)
from tightrope.planning.spares.solve import Plan, levels_from_json, plan_table, plan_to_json, solve
from tightrope.planning.spares.stock import Outcome, StockPlan, judge_stock, plan_stock

__all__ = [
    "BaseStock",
    "Counts",
    "DepotRepair",
    "ExchangePool",
    "Fault",
    "Line",
    "Loaner",
    "LoanerPool",
    "Location",
    "Normal",
    "OneBuy",
    "Outcome",
    "Part",
    "Plan",
    "PoolCost",
    "PoolPlan",
    "PoolProblem",
    "PoolService",
    "Problem",
    "ReorderPlan",
    "RepairWorth",
    "ShopService",
    "StockPlan",
    "Swap",
    "TwoEchelons",
    "Verdict",
    "Visit",
    "Way",
    "WhatIf",
    "best_way",
    "cheapest_reorder",
    "check",
    "check_json",
    "compare_ways",
    "from_json",
    "judge_echelons",
    "judge_reorder",
    "judge_shop",
    "judge_stock",
    "level_at_least_cost",
    "level_for_backorders",
    "level_for_fill_rate",
    "levels_from_json",
    "monthly_cost",
    "negative_binomial",
    "one_buy",
    "one_buy_from_history",
    "plan_pool",
    "plan_stock",
    "plan_table",
    "plan_to_json",
    "poisson",
    "reorder_for_fill_rate",
    "repair_worth",
    "repairers_for",
    "size_for",
    "solve",
    "to_json",
    "two_echelons",
    "what_ifs",
]
