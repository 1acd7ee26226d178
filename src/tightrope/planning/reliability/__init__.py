"""What fails, when, and whether that is more than it should be.

`solve` takes a `Problem` (from rows or JSON) and answers every section of it; `check` judges a report by
counting again. Each model is usable by itself: `kaplan_meier`, `log_rank`, `fit_weibull`,
`failure_rate`, `mean_time_to_repair`, `worst_first`, `p_chart`, `u_chart`, `design_cusum`,
`field_alarm`, `fit_risk`, `back_test`, `thresholds`, `plan_contacts`.
"""

from tightrope.planning.reliability.alarm import (
    FieldAlarm,
    GroupTable,
    GroupVerdict,
    field_alarm,
    field_alarm_in_rounds,
    group_table,
)
from tightrope.planning.reliability.backtest import BackTest, Score, back_test, score
from tightrope.planning.reliability.charts import (
    BetweenSpread,
    ControlChart,
    between_spread,
    p_chart,
    u_chart,
)
from tightrope.planning.reliability.check import check, check_json
from tightrope.planning.reliability.contact import Contact, ContactPlan, Contract, plan_contacts
from tightrope.planning.reliability.cusum import CusumDesign, CusumRun, design_cusum, run_cusum
from tightrope.planning.reliability.lives import Lives, TooLittleData, lives
from tightrope.planning.reliability.proactive import Prevention, Threshold, thresholds
from tightrope.planning.reliability.problem import Problem, from_json, to_json
from tightrope.planning.reliability.rates import (
    Rate,
    RepairTime,
    exposure_by_age,
    failure_rate,
    mean_time_to_repair,
    rates_by,
)
from tightrope.planning.reliability.risk import RiskModel, UnitMonths, fit_risk, unit_months
from tightrope.planning.reliability.solve import Report, UnitRisk, plan_table, plan_to_json, solve
from tightrope.planning.reliability.survival import (
    Comparison,
    SurvivalCurve,
    curves_by,
    kaplan_meier,
    log_rank,
)
from tightrope.planning.reliability.units import Failure, Record, worst_first
from tightrope.planning.reliability.weibull import Weibull, fit_weibull, wear_or_chance

__all__ = [
    "BackTest",
    "BetweenSpread",
    "Comparison",
    "Contact",
    "ContactPlan",
    "Contract",
    "ControlChart",
    "CusumDesign",
    "CusumRun",
    "Failure",
    "FieldAlarm",
    "GroupTable",
    "GroupVerdict",
    "Lives",
    "Prevention",
    "Problem",
    "Rate",
    "Record",
    "RepairTime",
    "Report",
    "RiskModel",
    "Score",
    "SurvivalCurve",
    "Threshold",
    "TooLittleData",
    "UnitMonths",
    "UnitRisk",
    "Weibull",
    "back_test",
    "between_spread",
    "check",
    "check_json",
    "curves_by",
    "design_cusum",
    "exposure_by_age",
    "failure_rate",
    "field_alarm",
    "field_alarm_in_rounds",
    "fit_risk",
    "fit_weibull",
    "from_json",
    "group_table",
    "kaplan_meier",
    "lives",
    "log_rank",
    "mean_time_to_repair",
    "p_chart",
    "plan_contacts",
    "plan_table",
    "plan_to_json",
    "rates_by",
    "run_cusum",
    "score",
    "solve",
    "thresholds",
    "to_json",
    "u_chart",
    "unit_months",
    "wear_or_chance",
    "worst_first",
]
