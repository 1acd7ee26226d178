"""Field-failure alarm: which batches fail more than their age explains, with a stated false-alarm rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.lives import Floats, Lives, TooLittleData
from tightrope.planning.reliability.rates import exposure_by_age


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Failures and time in service of ``g`` groups (batches, suppliers, weeks) in ``b`` age bands.

    ``failures`` and ``exposure`` have shape (g, b). Bands keep a young batch from looking good and an
    old one bad only because of their age.
    """

    names: tuple[str, ...]
    failures: Floats
    exposure: Floats


def group_table(lives: Lives, groups: Sequence[str], edges: ArrayLike) -> GroupTable:
    """Sort lives into groups and age bands; ``groups`` names the group of each unit, shape (n,)."""
    if len(groups) != len(lives):
        raise BadProblem("field alarm", f"{len(groups)} group names for {len(lives)} units")
    label = np.asarray(groups, dtype=object)
    names = tuple(sorted({str(name) for name in groups}))
    rows = []
    for name in names:
        own = label == name
        rows.append(exposure_by_age(Lives(lives.ages[own], lives.failed[own], lives.entered[own]), edges))
    return GroupTable(names, np.array([f for f, _ in rows]), np.array([e for _, e in rows]))


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """One group against all others of the same age.

    ``expected`` failures at the others' rates; ``ratio`` = failures / expected; ``p_value`` exact for
    this group alone; ``adjusted`` counts for all groups and all looks; ``found_ratio`` is the true
    ratio that would be found with the chance asked for: a group whose ratio is smaller may be missed.
    """

    name: str
    failures: int
    expected: float
    ratio: float
    p_value: float
    adjusted: float
    alarm: bool
    found_ratio: float


@dataclass(frozen=True, slots=True)
class FieldAlarm:
    """Verdicts, worst first, and what an alarm means.

    The chance that any group whose true failure rate is no more than ``tolerated_ratio`` times that of
    the others is called bad, in any of ``looks`` looks, is at most ``false_alarm``.
    """

    verdicts: tuple[GroupVerdict, ...]
    false_alarm: float
    looks: int
    tolerated_ratio: float

    @property
    def alarms(self) -> tuple[str, ...]:
        """Names of the groups called bad."""
        return tuple(v.name for v in self.verdicts if v.alarm)


def field_alarm(
    table: GroupTable,
    *,
    false_alarm: float = 0.05,
    looks: int = 12,
    tolerated_ratio: float = 1.0,
    power: float = 0.9,
) -> FieldAlarm:
    """Judge every group against the rest, age band by age band.

    Given that ``x`` units failed in a band, each failure is the group's with chance
    ``r*e / (r*e + rest)`` where e and rest are exposures and r the tolerated ratio, whatever the band's
    failure rate is: no baseline has to be estimated (conditional test of Poisson rates, Przyborowski &
    Wilenski 1940, here added over bands by exact convolution). p-values are adjusted by Holm (1979),
    which holds for dependent groups, and ``false_alarm`` is divided over the planned ``looks``
    (Bonferroni), so a monthly routine keeps its stated rate over the year.

    One pass of an alarming group's failures inflates the rates the others are compared with; the
    error is on the quiet side for them, so run again without the found batch to look for a second one
    (:func:`field_alarm_in_rounds`). O(g b t) with t the failures of a group.

    Raises
    ------
    TooLittleData
        With fewer than two groups or no failure at all.
    BadProblem
        If the table has negative or broken counts, or failures without exposure.
    """
    _check(table, false_alarm, looks, tolerated_ratio)
    x, e = table.failures, table.exposure
    total_x, total_e = x.sum(axis=0), e.sum(axis=0)
    found = []
    for i, name in enumerate(table.names):
        rest = total_e - e[i]
        comparable = rest > 0
        own = tolerated_ratio * e[i][comparable]
        share = own / (own + rest[comparable])
        count = int(x[i][comparable].sum())
        p = _tail(total_x[comparable], share, count)
        rate = (total_x - x[i])[comparable] / rest[comparable]
        expected = float(rate @ e[i][comparable])
        found.append((name, count, expected, p))

    per_look = false_alarm / looks
    adjusted = _holm(np.array([p for *_, p in found]))
    verdicts = [
        GroupVerdict(
            name=name,
            failures=count,
            expected=expected,
            ratio=count / expected if expected > 0 else (np.inf if count else np.nan),
            p_value=p,
            adjusted=min(1.0, float(adjusted[i]) * looks),
            alarm=bool(adjusted[i] <= per_look),
            found_ratio=_found_ratio(expected, per_look / len(found), tolerated_ratio, power),
        )
        for i, (name, count, expected, p) in enumerate(found)
    ]
    verdicts.sort(key=lambda v: (v.p_value, v.name))
    return FieldAlarm(tuple(verdicts), false_alarm, looks, tolerated_ratio)


def field_alarm_in_rounds(
    table: GroupTable, *, false_alarm: float = 0.05, looks: int = 12, tolerated_ratio: float = 1.0
) -> FieldAlarm:
    """Take the surest bad group out and judge the rest again, until none alarms.

    Two bad batches hide each other in one pass. Groups found keep the verdict of the round that found
    them. Each round takes at most one group, so while no group is bad the first round decides and the
    stated false-alarm rate holds; among what is left beside truly bad groups it holds for each round.
    """
    taken: list[GroupVerdict] = []
    left = table
    while True:
        result = field_alarm(left, false_alarm=false_alarm, looks=looks, tolerated_ratio=tolerated_ratio)
        first = result.verdicts[0]
        remaining = [i for i, name in enumerate(left.names) if name != first.name]
        others = GroupTable(
            tuple(left.names[i] for i in remaining), left.failures[remaining], left.exposure[remaining]
        )
        if not first.alarm or len(remaining) < 2 or others.failures.sum() == 0:
            return FieldAlarm((*taken, *result.verdicts), false_alarm, looks, tolerated_ratio)
        taken.append(first)
        left = others


def _check(table: GroupTable, false_alarm: float, looks: int, tolerated_ratio: float) -> None:
    if not 0 < false_alarm < 1:
        raise BadProblem("false-alarm rate", f"must lie between 0 and 1, not {false_alarm}")
    if looks < 1:
        raise BadProblem("looks", f"must be one or more, not {looks}")
    if not tolerated_ratio >= 1:
        raise BadProblem("tolerated ratio", f"must be 1 or more, not {tolerated_ratio}")
    if len(table.names) < 2:
        raise TooLittleData("field alarm", "needs two groups to compare")
    x, e = table.failures, table.exposure
    if x.shape != e.shape or x.ndim != 2 or x.shape[0] != len(table.names):
        raise BadProblem("field alarm", "failures and exposure must be tables of groups by age bands")
    wrong = ~np.isfinite(x) | ~np.isfinite(e) | (x < 0) | (e < 0) | (x != np.round(x)) | ((x > 0) & (e == 0))
    if wrong.any():
        group, band = (int(i) for i in np.argwhere(wrong)[0])
        raise BadProblem(
            f"group {table.names[group]}, age band {band}",
            f"{x[group, band]} failures in an exposure of {e[group, band]} cannot be",
        )
    if x.sum() == 0:
        raise TooLittleData("field alarm", "nothing failed in any group")


def _tail(trials: Floats, share: Floats, count: int) -> float:
    """P(sum of Binomial(trials, share) over bands >= count), exact to about 1e-15."""
    if count == 0:
        return 1.0
    below = np.zeros(count)
    below[0] = 1.0
    for n, p in zip(trials.astype(int), share, strict=True):
        if n == 0 or p == 0:
            continue
        below = np.convolve(below, _binomial(n, p, count))[:count]
    return float(min(1.0, max(1.0 - below.sum(), 1e-15)))


def _binomial(n: int, p: float, most: int) -> Floats:
    """Chances of 0 ... min(n, most - 1) hits."""
    if p >= 1:
        mass = np.zeros(min(n, most - 1) + 1)
        if n < most:
            mass[n] = 1.0
        return mass
    k = np.arange(1, min(n, most - 1) + 1)
    logs = np.concatenate(([0.0], np.cumsum(np.log((n - k + 1) / k * (p / (1 - p))))))
    return np.asarray(np.exp(logs + n * np.log1p(-p)))


def _holm(p_values: Floats) -> Floats:
    order = np.argsort(p_values, kind="stable")
    factor = np.arange(p_values.size, 0, -1)
    stepped = np.maximum.accumulate(p_values[order] * factor)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def _found_ratio(expected: float, level: float, tolerated: float, power: float) -> float:
    """True ratio found with chance ``power`` when the expected count is taken as known (Poisson)."""
    from scipy.special import gammaincinv, pdtrc

    if expected <= 0:
        return float("inf")
    critical = max(int(expected * tolerated), 1)
    while pdtrc(critical - 1, expected * tolerated) > level:
        critical += 1
    return float(gammaincinv(critical, power)) / expected
