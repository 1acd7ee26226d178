"""The weeks before the measured time as they really went: the twin begins where the company stands.

Whether a part is on the shelf depends on what was ordered within its lead time, often five or six weeks; a
twin that starts with full shelves, or warms up on drawn failures, foretells waits of some other quarter.
Reports, ways and parts of those weeks are known, so they are lived through again instead of drawn.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from tightrope.planning.simulation import draws
from tightrope.planning.simulation.draws import Failures
from tightrope.planning.simulation.fit import History, Record, pace_error
from tightrope.planning.simulation.hours import DAY, WEEK
from tightrope.planning.simulation.problem import Company, Floats

NO_LUCK, ALL_LUCK = 2.0, -1.0
"""Luck above every share (what it decides does not happen), and below (it does)."""

SETTLING_WEEKS = 2
"""Weeks before the longest lead time, in which queues of people fill."""


@dataclass(frozen=True)
class Recent:
    """What was reported in the `days` before the measured time, as failures of a run that begins with them.

    `pace_error`: relative standard error of the number of failures foretold, of which each run draws its own.
    """

    failures: Failures
    days: int
    pace_error: float = 0.0

    def pace(self, *, seed: int, run: int) -> float:
        """The factor on this run's failures: what the fit does not know, beside what chance brings."""
        return float(np.exp(self.pace_error * np.random.default_rng([seed, run, 5]).standard_normal()))


def recent(company: Company, history: History, *, now: float, seed: int = 0) -> Recent:
    """The weeks before `now` (clock hours): as many as the longest lead time of a part has, and two more.

    `now` counts from a Monday; the weeks begin on a Monday, too. What records do not tell (how long the desk
    talked, whether a loaner was wished for) is drawn from `seed`.
    """
    longest = max((part.city_lead_days + part.supplier_lead_days for part in company.parts), default=0.0)
    begins = max(0.0, (now - longest * DAY) // WEEK * WEEK - SETTLING_WEEKS * WEEK)
    city_of = {city.name: i for i, city in enumerate(company.cities)}
    model_of = {model.name: i for i, model in enumerate(company.models)}
    known = [
        one
        for one in history.records
        if begins <= one.reported < now and one.city in city_of and one.model in model_of
    ]
    chance = np.random.default_rng([seed, 4])
    luck = chance.random((len(known), draws.LUCK))
    work = np.ones((len(known), 4))
    for i, one in enumerate(known):
        _set_luck(luck[i], one, company, model_of[one.model])
        model = company.models[model_of[one.model]]
        if one.visits and one.ended < now and one.work_hours > 0 and model.work_hours > 0:
            work[i, 1:3] = one.work_hours / one.visits / model.work_hours
    return Recent(
        Failures(
            np.array([one.reported - begins for one in known]),
            np.array([city_of[one.city] for one in known], dtype=float),
            np.array([model_of[one.model] for one in known], dtype=float),
            luck,
            work,
        ),
        round((now - begins) / DAY),
        pace_error(history, now),
    )


def after(past: Recent, drawn: Failures) -> Failures:
    """The known weeks, then what chance brings."""
    first = bisect_left(drawn.at.tolist(), DAY * past.days)
    known = past.failures
    return Failures(
        np.concatenate((known.at, drawn.at[first:])),
        np.concatenate((known.city, drawn.city[first:])),
        np.concatenate((known.model, drawn.model[first:])),
        np.concatenate((known.luck, drawn.luck[first:])),
        np.concatenate((known.work, drawn.work[first:])),
    )


def _set_luck(luck: Floats, record: Record, company: Company, number: int) -> None:
    """Luck under which the twin does with this failure what was done."""
    model = company.models[number]
    second_line = model.solved_at_desk + model.to_second_line / 2
    luck[draws.DESK] = {"desk": ALL_LUCK, "second line": second_line}.get(record.way, NO_LUCK)
    luck[draws.PART_NEEDED] = ALL_LUCK if record.part else NO_LUCK
    luck[draws.AGAIN] = ALL_LUCK if record.visits > 1 else NO_LUCK
    weights = list(model.parts.values())
    if record.part is not None and record.part in model.parts and sum(weights) > 0:
        place = list(model.parts).index(record.part)
        luck[draws.WHICH_PART] = (sum(weights[:place]) + weights[place] / 2) / sum(weights)
