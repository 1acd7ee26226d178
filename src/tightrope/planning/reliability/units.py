"""Which units, models or batches are the worst: failures, repeats, downtime and cost of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, TooLittleData


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: whose (a unit, model or batch), on which day, hours down, money spent."""

    subject: str
    day: float
    down_hours: float = 0.0
    cost: float = 0.0
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a subject has done in its ``exposure_days``.

    ``expected_rate`` (per day) leans a short record towards the fleet; ``chance_bad`` is the chance
    that its true rate is above ``times`` the fleet's.
    """

    subject: str
    exposure_days: float
    failures: int
    repeats: int
    down_hours: float
    cost: float
    expected_rate: float
    chance_bad: float


def worst_first(
    failures: Sequence[Failure],
    *,
    exposure_days: Mapping[str, float],
    repeat_days: float = 30.0,
    times: float = 2.0,
) -> list[Record]:
    """All subjects, the surest bad ones first.

    A failure within ``repeat_days`` of the one before on the same unit is a repeat. Ranking by the raw
    rate would put units with one failure in a short life on top; instead true rates are taken as gamma
    spread over the fleet and each is judged given its record (empirical Bayes, moment estimates:
    Robinson 2000's gamma-Poisson form). Ties go to downtime, then cost.

    Raises
    ------
    BadProblem
        If a failure names a subject without exposure, or a figure is negative or no number.
    """
    from scipy.special import gammaincc

    names = list(exposure_days)
    if not names:
        raise TooLittleData("worst units", "no unit has any exposure")
    exposure = np.array([exposure_days[name] for name in names], dtype=np.float64)
    if not (np.isfinite(exposure) & (exposure > 0)).all():
        bad = names[int(np.argmin(np.isfinite(exposure) & (exposure > 0)))]
        raise BadProblem(f"unit {bad}", "its exposure must be above zero")
    row = {name: i for i, name in enumerate(names)}
    count, hours, money = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for failure in failures:
        if failure.subject not in row:
            raise BadProblem(f"failure on day {failure.day}", f"{failure.subject} has no exposure")
        if not (np.isfinite([failure.day, failure.down_hours, failure.cost]).all()):
            raise BadProblem(f"failure of {failure.subject}", "a figure is not a number")
        if failure.down_hours < 0 or failure.cost < 0:
            raise BadProblem(f"failure of {failure.subject}", "downtime and cost must not be negative")
        i = row[failure.subject]
        count[i] += 1
        hours[i] += failure.down_hours
        money[i] += failure.cost
    repeats = _repeats(failures, repeat_days)

    fleet, strength = gamma_spread(count, exposure)
    if np.isinf(strength):
        expected, chance = np.full(len(names), fleet), np.full(len(names), 0.0 if times >= 1 else 1.0)
    else:
        shape, rate = strength + count, strength / fleet + exposure
        expected, chance = shape / rate, gammaincc(shape, times * fleet * rate)
    records = [
        Record(
            subject=name,
            exposure_days=float(exposure[i]),
            failures=int(count[i]),
            repeats=repeats.get(name, 0),
            down_hours=float(hours[i]),
            cost=float(money[i]),
            expected_rate=float(expected[i]),
            chance_bad=float(chance[i]),
        )
        for i, name in enumerate(names)
    ]
    return sorted(records, key=lambda r: (-r.chance_bad, -r.down_hours, -r.cost, r.subject))


def gamma_spread(count: ArrayLike, exposure: ArrayLike) -> tuple[float, float]:
    """Mean and shape of the gamma law of true rates over subjects (moment estimates).

    Returns ``(mean, inf)`` when the counts vary no more than Poisson counts of one rate would.
    """
    x: Floats = np.asarray(count, dtype=np.float64)
    e: Floats = np.asarray(exposure, dtype=np.float64)
    mean = float(x.sum() / e.sum())
    surplus = float(((x - mean * e) ** 2).sum() - mean * e.sum())
    spread = surplus / float((e**2).sum())
    if mean == 0 or spread <= 0:
        return mean, float("inf")
    return mean, mean**2 / spread


def _repeats(failures: Sequence[Failure], repeat_days: float) -> dict[str, int]:
    last: dict[str, float] = {}
    found: dict[str, int] = {}
    for failure in sorted(failures, key=lambda f: f.day):
        unit = failure.unit if failure.unit is not None else failure.subject
        if unit in last and failure.day - last[unit] <= repeat_days:
            found[failure.subject] = found.get(failure.subject, 0) + 1
        last[unit] = failure.day
    return found
