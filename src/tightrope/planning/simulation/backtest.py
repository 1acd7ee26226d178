"""Is the twin right? Fitted on what was known before the last quarter, it must foretell that quarter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.figures import Window
from tightrope.planning.simulation.fit import YEAR, History, TooLittleData, figures_of, fit
from tightrope.planning.simulation.hours import DAY
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.recent import recent
from tightrope.planning.simulation.replicate import Progress, Stopping, replicate

LEAST_HISTORY = YEAR / 2


@dataclass(frozen=True)
class BackTestWish:
    """Hold out the last `days`; foretell them by `runs` runs."""

    days: int = 91
    runs: int = 60

    def __post_init__(self) -> None:
        if self.days < 7 or self.runs < 2:
            raise BadProblem("back test", "needs 7 days and 2 runs or more")


@dataclass(frozen=True)
class Compared:
    """One figure: foretold (mean of runs, and the band that holds nine runs of ten), lived, and the error.

    `before` is the same figure of the quarter before, the plainest forecast, to be beaten.
    """

    foretold: float
    low: float
    high: float
    lived: float
    before: float

    @property
    def error(self) -> float:
        """Foretold minus lived."""
        return self.foretold - self.lived

    @property
    def error_of_before(self) -> float:
        """The same for the plain forecast."""
        return self.before - self.lived

    @property
    def is_inside(self) -> bool:
        """Whether what was lived lies in the band."""
        return self.low <= self.lived <= self.high


@dataclass(frozen=True)
class BackTest:
    """Figures by name, over a quarter that the fit had not seen."""

    figures: dict[str, Compared]
    records: int
    runs: int

    @property
    def inside(self) -> float:
        """Share of figures whose lived value lies in the band."""
        return sum(one.is_inside for one in self.figures.values()) / len(self.figures)


def back_test(
    company: Company,
    history: History,
    wish: BackTestWish,
    *,
    seed: int = 0,
    processes: int = 1,
    stop: Stopping | None = None,
    progress: Progress | None = None,
) -> BackTest:
    """Fit before the held-out days, live through them, compare. `company` is as it stood in those days.

    Raises TooLittleData when less than half a year is known before them.
    """
    ends = history.until
    begins = ends - DAY * wish.days
    if begins < LEAST_HISTORY:
        raise TooLittleData("records", "less than half a year is known before the held-out days")
    fitted = fit(company, history, now=begins, ahead_days=wish.days)
    past = recent(fitted, history, now=begins, seed=seed)
    # Records end with the held-out days: what is still open then has no outcome there, so it gets none here.
    window = Window(days=wish.days, warm_up_days=past.days, after_days=0)
    sample = replicate(
        fitted,
        window,
        runs=wish.runs,
        seed=seed,
        processes=processes,
        past=past,
        stop=stop,
        progress=progress,
    )
    promised = company.promise.response_hours
    lived = figures_of(history.records, company.hours, begins=begins, ends=ends, response_hours=promised)
    before = figures_of(
        history.records, company.hours, begins=begins - DAY * wish.days, ends=begins, response_hours=promised
    )
    found = {}
    for name, value in lived.items():
        runs = np.array([run[name] for run in sample.runs])
        runs = runs[~np.isnan(runs)]
        if math.isnan(value) or runs.size == 0:
            continue
        low, high = np.quantile(runs, (0.05, 0.95))
        found[name] = Compared(float(runs.mean()), float(low), float(high), value, before[name])
    known = sum(one.reported < begins for one in history.records)
    return BackTest(found, known, len(sample.runs))
