"""Whom to contact before the fault: unit by unit what a visit avoids under its contract, proved on past months.

A visit that is decided on today comes ``lead_days`` later; a fault in between happens anyhow, and the visit
with it is dropped. A unit is contacted when the loss that a visit avoids is worth more than the visit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.backtest import BackTest
from tightrope.planning.reliability.lives import Bools, Floats
from tightrope.planning.reliability.proactive import Prevention

MONTH_DAYS = 30.4375
FEWEST_MET = 10
DRAWS = 2000
NO_CONTRACT = "without contract"
PAYS, DOES_NOT_PAY, UNKNOWN = "pays", "does not pay", "not enough known"


@dataclass(frozen=True, slots=True)
class Contract:
    """What a fault costs under a contract: the repair, and the downtime that is paid for.

    ``visit_cost`` None: as the prevention says.
    """

    contract: str
    repair_cost: float = 0.0
    down_hours: float = 0.0
    down_cost_per_hour: float = 0.0
    visit_cost: float | None = None

    @property
    def failure_loss(self) -> float:
        """Money that one fault costs."""
        return self.repair_cost + self.down_hours * self.down_cost_per_hour


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contact:
    """One unit to contact now. Chances within the month: it ``fails_first`` (before the visit), the visit
    ``avoids`` a fault, or it is ``in_vain`` as nothing would have failed. ``cost`` and ``loss_avoided`` expected.
    """

    unit: str
    contract: str
    risk: float
    fails_first: float
    avoids: float
    in_vain: float
    loss_avoided: float
    cost: float

    @property
    def worth(self) -> float:
        """Money kept."""
        return self.loss_avoided - self.cost


@dataclass(frozen=True, slots=True)
class ContractWorth:
    """A contract (or all together): the coming month as foretold, and the held-out months as they would have
    gone under the same rule. Intervals of the held-out months come from drawing units anew.

    ``verdict``: "pays", "does not pay", or "not enough known" (also below ten faults met, or ten contacts).
    """

    contract: str
    units: int
    contacts: int
    failures_avoided: Span
    loss_avoided: Span
    cost: float
    tested_contacts: int
    tested_failures: int
    tested_met: int
    tested_false_alarms: Span
    tested_loss_avoided: Span
    tested_cost: Span
    tested_worth: Span
    verdict: str


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """Units to contact now, those worth most first, and what that is worth by contract and in all."""

    contacts: tuple[Contact, ...]
    false_alarm_share: float
    total: ContractWorth
    by_contract: tuple[ContractWorth, ...]
    lead_days: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Unit-months (n,) under a rule: the risk, and money by contract."""

    units: NDArray[np.object_]
    contract: NDArray[np.object_]
    risk: Floats
    loss: Floats
    visit: Floats
    called: Bools


def plan_contacts(
    units: Sequence[str],
    risks: Floats,
    tested: BackTest,
    prevention: Prevention,
    *,
    contracts: Sequence[Contract] = (),
    covered: Mapping[str, str] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
) -> ContactPlan:
    """Whom to contact this month, proved on the held-out months of ``tested``.

    Parameters
    ----------
    units, risks
        (n,) names and the chance that each fails in the coming month.
    tested
        Back-test of the model behind the risks; of two, the one it found better is followed.
    contracts, covered
        Terms, and the contract of each unit; others count as "without contract" at the prevention's loss.

    Intervals of the coming month hold both chance and how well calibrated the risks of contacted units were.
    """
    lead = prevention.lead_days / MONTH_DAYS
    if not 0 <= lead < 1:
        raise BadProblem("prevention", f"lead_days must be less than a month, not {prevention.lead_days:g}")
    terms = {one.contract: one for one in contracts}
    of = covered or {}
    for unit, name in of.items():
        if name not in terms:
            raise BadProblem(f"unit {unit}", f"is covered by {name}, which is not among the contracts")
    now = _table(np.asarray(units, dtype=object), np.asarray(risks), terms, of, prevention, lead, None)
    held = tested.held_out
    judged = tested.predictions if tested.is_better else tested.baseline_predictions
    past = _table(held.units, judged, terms, of, prevention, lead, held.months)
    chance = np.random.default_rng([seed, 6])
    met = float(held.failed[past.called].sum())
    expected = float(past.risk[past.called].sum())
    bold = chance.gamma(met + 0.5, size=DRAWS) / (expected + 0.5)
    names = sorted(set(now.contract.tolist()))
    avoided = _drawn(now, prevention, lead, bold, chance)

    def worth(name: str | None) -> ContractWorth:
        return _worth(name, now, past, held.failed, avoided, prevention, lead, confidence, chance)

    contacts = sorted(_contacts(now, prevention, lead), key=lambda one: (-one.worth, one.unit))
    return ContactPlan(
        contacts=tuple(contacts),
        false_alarm_share=float(np.mean([one.in_vain for one in contacts])) if contacts else 0.0,
        total=worth(None),
        by_contract=tuple(worth(name) for name in names),
        lead_days=prevention.lead_days,
    )


def _table(
    units: NDArray[np.object_],
    risk: Floats,
    terms: Mapping[str, Contract],
    of: Mapping[str, str],
    prevention: Prevention,
    lead: float,
    months: NDArray[np.int64] | None,
) -> _Table:
    name = np.array([of.get(str(unit), NO_CONTRACT) for unit in units], dtype=object)
    loss, visit = np.empty(units.size), np.empty(units.size)
    for i, each in enumerate(name):
        term = terms.get(each)
        loss[i] = prevention.failure_loss if term is None else term.failure_loss
        own = None if term is None else term.visit_cost
        visit[i] = prevention.visit_cost if own is None else own
    stays = (1.0 - risk) ** lead
    worth = prevention.effectiveness * (stays - (1.0 - risk)) * loss - visit * stays
    called = worth > 0
    if prevention.visits is not None:
        for month in [None] if months is None else np.unique(months):
            here = called if month is None else called & (months == month)
            best = np.flatnonzero(here)[np.argsort(-worth[here], kind="stable")]
            called[best[prevention.visits :]] = False
    return _Table(units, name, np.asarray(risk, dtype=np.float64), loss, visit, called)


def _contacts(now: _Table, prevention: Prevention, lead: float) -> list[Contact]:
    found = []
    for i in np.flatnonzero(now.called):
        risk = float(now.risk[i])
        stays = (1.0 - risk) ** lead
        avoids = prevention.effectiveness * (stays - (1.0 - risk))
        found.append(
            Contact(
                str(now.units[i]),
                str(now.contract[i]),
                risk,
                1.0 - stays,
                avoids,
                1.0 - risk,
                avoids * float(now.loss[i]),
                stays * float(now.visit[i]),
            )
        )
    return found


def _drawn(
    now: _Table, prevention: Prevention, lead: float, bold: Floats, chance: np.random.Generator
) -> Bools:
    """(draws, n) whether a visit avoids a fault of each unit; never for those not contacted."""
    avoided = np.zeros((bold.size, now.units.size), dtype=bool)
    for i in np.flatnonzero(now.called):
        risk = np.minimum(now.risk[i] * bold, 0.999)
        avoids = prevention.effectiveness * ((1.0 - risk) ** lead - (1.0 - risk))
        avoided[:, i] = chance.random(bold.size) < avoids
    return avoided


def _worth(
    name: str | None,
    now: _Table,
    past: _Table,
    failed: Bools,
    avoided: Bools,
    prevention: Prevention,
    lead: float,
    confidence: float,
    chance: np.random.Generator,
) -> ContractWorth:
    here = np.ones(now.units.size, dtype=bool) if name is None else now.contract == name
    then = np.ones(past.units.size, dtype=bool) if name is None else past.contract == name
    calls = here & now.called
    stays = (1.0 - now.risk) ** lead
    each = prevention.effectiveness * (stays - (1.0 - now.risk)) * calls
    called = then & past.called
    hits = called & failed
    # Of faults known only by their month, the share after the lead time could have been avoided.
    saved = hits * past.loss * prevention.effectiveness * (1.0 - lead)
    spent = called * past.visit * (1.0 - lead * failed)
    sums = _by_unit(past.units[then], np.stack((called, hits, saved, spent, saved - spent))[:, then])
    again = _anew(sums, chance)
    contacts, met = int(called.sum()), int(hits.sum())
    worth = _around(float((saved - spent).sum()), again[:, 4], confidence)
    verdict = UNKNOWN
    if met >= FEWEST_MET and worth.low > 0:
        verdict = PAYS
    elif contacts >= FEWEST_MET and worth.high < 0:
        verdict = DOES_NOT_PAY
    with np.errstate(invalid="ignore", divide="ignore"):
        vain = 1.0 - again[:, 1] / again[:, 0]
    return ContractWorth(
        contract=name or "all",
        units=int(here.sum()),
        contacts=int(calls.sum()),
        failures_avoided=_around(float(each.sum()), avoided[:, here].sum(axis=1).astype(float), confidence),
        loss_avoided=_around(float((each * now.loss).sum()), avoided[:, here] @ now.loss[here], confidence),
        cost=float((calls * stays * now.visit).sum()),
        tested_contacts=contacts,
        tested_failures=int(failed[then].sum()),
        tested_met=met,
        tested_false_alarms=_around(1.0 - met / contacts if contacts else 0.0, vain, confidence),
        tested_loss_avoided=_around(float(saved.sum()), again[:, 2], confidence),
        tested_cost=_around(float(spent.sum()), again[:, 3], confidence),
        tested_worth=worth,
        verdict=verdict,
    )


def _by_unit(units: NDArray[np.object_], values: Floats) -> Floats:
    """(units, k) sums of (k, n) values over the rows of each unit."""
    _, number = np.unique(units.astype(str), return_inverse=True)
    return np.column_stack([np.bincount(number, weights=row) for row in values.astype(np.float64)])


def _anew(sums: Floats, chance: np.random.Generator) -> Floats:
    """(draws, k) totals of as many units, drawn with replacement."""
    count = len(sums)
    drawn = np.empty((DRAWS, sums.shape[1]))
    for begin in range(0, DRAWS, 200):
        times = chance.multinomial(count, np.full(count, 1.0 / count), size=min(200, DRAWS - begin))
        drawn[begin : begin + len(times)] = times @ sums
    return drawn


def _around(mean: float, drawn: Floats, confidence: float) -> Span:
    known = drawn[np.isfinite(drawn)]
    if known.size == 0:
        return Span(mean, mean, mean)
    low, high = np.quantile(known, (0.5 - confidence / 2, 0.5 + confidence / 2))
    return Span(mean, min(mean, float(low)), max(mean, float(high)))
