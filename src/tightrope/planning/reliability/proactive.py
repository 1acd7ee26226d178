"""Whom to call before the fault, how often that would be in vain, and what it saves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats


@dataclass(frozen=True, slots=True)
class Prevention:
    """What acting early costs and saves, in one currency.

    ``failure_loss`` of an unprevented failure (downtime and repair), ``visit_cost`` of a proactive
    contact or visit, ``effectiveness`` the share of coming failures such a visit prevents. The visit comes
    ``lead_days`` after it is decided on, and at most ``visits`` a month can be made (None: any number).
    """

    failure_loss: float
    visit_cost: float
    effectiveness: float
    lead_days: float = 0.0
    visits: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("failure loss", self.failure_loss), ("visit cost", self.visit_cost)):
            if not (np.isfinite(value) and value >= 0):
                raise BadProblem(f"prevention, {name}", f"must be zero or more, not {value}")
        if not (np.isfinite(self.lead_days) and self.lead_days >= 0):
            raise BadProblem("prevention, lead days", f"must be zero or more, not {self.lead_days}")
        if not 0 <= self.effectiveness <= 1:
            raise BadProblem("prevention, effectiveness", f"must lie in 0 to 1, not {self.effectiveness}")

    @property
    def worth_from_risk(self) -> float:
        """Risk from which a contact pays: cost / (loss x effectiveness); ``inf`` if it never does."""
        saved = self.failure_loss * self.effectiveness
        return self.visit_cost / saved if saved > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Threshold:
    """Acting on every unit-month with at least this risk.

    ``false_alarm_share``: contacts after which nothing would have failed that month; ``found_share``:
    failures that had been contacted; ``loss_avoided`` and ``cost`` in money.
    """

    risk: float
    contacts: int
    failures_met: int
    false_alarm_share: float
    found_share: float
    loss_avoided: float
    cost: float

    @property
    def worth(self) -> float:
        """Money kept: loss avoided minus what the contacts cost."""
        return self.loss_avoided - self.cost


def thresholds(
    risk: ArrayLike, failed: ArrayLike, prevention: Prevention, *, at: ArrayLike | None = None
) -> list[Threshold]:
    """What each threshold would have done on held-out months: ``risk`` and ``failed`` have shape (n,).

    ``at`` defaults to the risk from which a contact pays and twenty quantiles of the risks. Sorted by
    falling risk, so contacts grow down the list.
    """
    p = np.asarray(risk, dtype=np.float64)
    y = np.asarray(failed, dtype=bool)
    if p.shape != y.shape or p.ndim != 1 or p.size == 0:
        raise BadProblem("thresholds", "risk and failed must be two columns of the same length")
    if not np.isfinite(p).all():
        raise BadProblem("thresholds", "a risk is not a number")
    levels: Floats
    if at is None:
        levels = np.quantile(p, 1 - np.geomspace(max(1 / p.size, 1e-4), 1, 20))
        if np.isfinite(prevention.worth_from_risk):
            levels = np.append(levels, prevention.worth_from_risk)
    else:
        levels = np.atleast_1d(np.asarray(at, dtype=np.float64))
    return [_at(float(level), p, y, prevention) for level in np.unique(levels)[::-1]]


def _at(level: float, p: Floats, failed: ArrayLike, prevention: Prevention) -> Threshold:
    y = np.asarray(failed, dtype=bool)
    called = p >= level
    contacts, met, total = int(called.sum()), int(y[called].sum()), int(y.sum())
    return Threshold(
        risk=level,
        contacts=contacts,
        failures_met=met,
        false_alarm_share=1 - met / contacts if contacts else 0.0,
        found_share=met / total if total else 0.0,
        loss_avoided=met * prevention.effectiveness * prevention.failure_loss,
        cost=contacts * prevention.visit_cost,
    )
