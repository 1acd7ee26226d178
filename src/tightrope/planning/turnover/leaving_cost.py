"""What it costs when one person leaves and another has to be found and to learn."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.learning import LearningCurve


@dataclass(frozen=True, slots=True)
class Replacement:
    """Figures of one replacement, in one currency.

    ``output_worth_per_month``: margin of a fully able person's month. ``vacant_months``: from leaving to
    the newcomer's first day; ``covered_share`` of the work is done by others meanwhile, at
    ``overtime_premium`` over its worth.
    """

    recruiting: float
    vacant_months: float
    output_worth_per_month: float
    covered_share: float
    overtime_premium: float
    training: float
    trainer_months: float
    leaving_pay: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not (math.isfinite(value) and value >= 0):
                raise BadProblem("cost of leaving", f"{one.name} cannot be {value}")
        if self.covered_share > 1:
            raise BadProblem("cost of leaving", f"covered_share cannot be {self.covered_share}")


@dataclass(frozen=True, slots=True)
class LeavingCost:
    """Cost of one leaver by cause."""

    recruiting: float
    vacancy: float
    overtime: float
    training: float
    learning: float
    leaving_pay: float

    @property
    def total(self) -> float:
        """All of it."""
        return (
            self.recruiting + self.vacancy + self.overtime + self.training + self.learning + self.leaving_pay
        )


def cost_of_leaving(figures: Replacement, curve: LearningCurve, *, stays_months: float) -> LeavingCost:
    """Expected cost of one leaver; learning is counted for as long as the newcomer stays.

    ``stays_months`` is the mean tenure of a newcomer (:meth:`LeavingHazard.mean_tenure`).
    """
    if not stays_months > 0:
        raise BadProblem("cost of leaving", f"a newcomer's stay cannot be {stays_months} months")
    work = figures.vacant_months * figures.output_worth_per_month
    return LeavingCost(
        recruiting=figures.recruiting,
        vacancy=work * (1 - figures.covered_share),
        overtime=work * figures.covered_share * figures.overtime_premium,
        training=figures.training + figures.trainer_months * figures.output_worth_per_month,
        learning=curve.lost_months(stays_months) * figures.output_worth_per_month,
        leaving_pay=figures.leaving_pay,
    )
