"""What the company would no longer know: risk per skill and product that its last knowers leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import Floats, TooLittleData
from tightrope.planning.turnover.leaving import LeavingHazard

Know = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Knower:
    """A person with ``tenure_months`` of service who knows some (skill, product) pairs."""

    name: str
    tenure_months: float
    knows: frozenset[Know]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One skill on one product, ``months`` ahead, if nobody is trained.

    Attributes
    ----------
    bus_factor : how many know it today.
    nobody : chance that none of them is left; ``lower`` and ``upper`` carry the uncertainty of the
        leaving rates.
    too_few : chance that fewer than the number needed are left.
    remaining : expected number left.
    keystone : the person whose leaving would hurt most, and ``nobody_without``: the chance that nobody
        is left if that person went today.
    train : whom to train first (stays most likely among those who do not know it), and
        ``nobody_after`` training.
    """

    know: Know
    bus_factor: int
    nobody: float
    lower: float
    upper: float
    too_few: float
    remaining: float
    keystone: str | None
    nobody_without: float
    train: str | None
    nobody_after: float


def knowledge_at_risk(
    people: Sequence[Knower],
    hazard: LeavingHazard,
    *,
    months: float = 12.0,
    needed: Mapping[Know, int] | None = None,
    draws: int = 400,
    seed: int = 0,
) -> list[AtRisk]:
    """All (skill, product) pairs known or needed, the greatest risk first.

    People leave independently with the chance their tenure gives. The number left is then
    Poisson-binomial, computed exactly. Limits (95 %) come from ``draws`` of the leaving rates.

    Raises
    ------
    BadProblem
        If a person is named twice, has a negative tenure, or ``months`` is not above zero.
    """
    if not people:
        raise TooLittleData("knowledge", "there are no people")
    if not months > 0:
        raise BadProblem("knowledge", f"months ahead must be above zero, not {months}")
    seen: set[str] = set()
    for person in people:
        if person.name in seen:
            raise BadProblem(f"person {person.name}", "is named twice")
        seen.add(person.name)
        if not (np.isfinite(person.tenure_months) and person.tenure_months >= 0):
            raise BadProblem(f"person {person.name}", f"tenure cannot be {person.tenure_months}")
    tenure = np.array([person.tenure_months for person in people])
    leaves = 1 - hazard.stays(tenure, months)
    rates = hazard.drawn(np.random.default_rng(seed), draws)
    doubtful = np.array(
        [1 - np.exp(hazard.cumulative(tenure, r) - hazard.cumulative(tenure + months, r)) for r in rates]
    )
    wanted = dict(needed or {})
    pairs = set(wanted) | {know for person in people for know in person.knows}
    rows = [_one(know, people, leaves, doubtful, max(wanted.get(know, 1), 1)) for know in sorted(pairs)]
    return sorted(rows, key=lambda row: (-row.too_few, -row.nobody, row.know))


def _one(know: Know, people: Sequence[Knower], leaves: Floats, doubtful: Floats, needed: int) -> AtRisk:
    holds = np.array([know in person.knows for person in people])
    gone = leaves[holds]
    nobody = float(np.prod(gone))
    each = np.prod(doubtful[:, holds], axis=1)
    left = chances_left(1 - gone)
    keystone, without = None, 1.0
    if holds.any():
        # Without the one most likely to stay, the chance that all others go is the greatest.
        firm = int(np.flatnonzero(holds)[np.argmin(gone)])
        keystone = people[firm].name
        without = float(np.prod(np.delete(gone, int(np.argmin(gone)))))
    train, after = None, nobody
    if not holds.all():
        others = np.flatnonzero(~holds)
        best = int(others[np.argmin(leaves[others])])
        train, after = people[best].name, nobody * float(leaves[best])
    return AtRisk(
        know=know,
        bus_factor=int(holds.sum()),
        nobody=nobody,
        lower=float(np.quantile(each, 0.025)),
        upper=float(np.quantile(each, 0.975)),
        too_few=float(left[:needed].sum()),
        remaining=float((1 - gone).sum()),
        keystone=keystone,
        nobody_without=without,
        train=train,
        nobody_after=after,
    )


def chances_left(stays: Floats) -> Floats:
    """Chances that 0 ... n people are left, from each one's chance to stay (n,); exact, O(n^2)."""
    law = np.array([1.0])
    for chance in stays:
        law = np.concatenate((law * (1 - chance), [0.0])) + np.concatenate(([0.0], law * chance))
    return law
