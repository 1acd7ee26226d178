"""Spend where the next unit helps most: many items, one target, and how far from the best that can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.spares.demand import Floats, Ints

MOST_DETOURS = 30


@dataclass(frozen=True, slots=True)
class Curve:
    """What an item can be had for: ``cost`` and ``service`` of its ``k`` choices, both rising."""

    cost: Floats
    service: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice per item. No choice that reaches the same service can cost less than ``bound``."""

    picks: Ints
    cost: float
    service: float
    bound: float


def efficient(cost: ArrayLike, service: ArrayLike) -> Ints:
    """Places of the choices that no other beats in both, by rising cost."""
    c, s = np.asarray(cost, dtype=np.float64), np.asarray(service, dtype=np.float64)
    order = np.lexsort((-s, c))
    best = np.maximum.accumulate(s[order])
    fresh = np.concatenate(([True], s[order][1:] > best[:-1]))
    return order[fresh].astype(np.int64)


def hull(curve: Curve) -> Ints:
    """Places of the choices on the upper concave hull: each step gives less per money than the last."""
    kept: list[int] = []
    cost, service = curve.cost, curve.service
    for i in range(cost.size):
        while len(kept) >= 2:
            a, b = kept[-2], kept[-1]
            if (service[i] - service[a]) * (cost[b] - cost[a]) >= (service[b] - service[a]) * (
                cost[i] - cost[a]
            ):
                kept.pop()
            else:
                break
        kept.append(i)
    return np.array(kept, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps along all hulls, best service per money first; every array has one row per step."""

    item: Ints
    to: Ints
    cost: Floats
    service: Floats


class Market:
    """Curves laid out flat, so that a target or a budget is one pass over sorted steps."""

    def __init__(self, curves: list[Curve]) -> None:
        if not curves:
            raise BadProblem("stock plan", "there is nothing to plan")
        self.curves = curves
        self.first_cost = float(sum(curve.cost[0] for curve in curves))
        self.first_service = float(sum(curve.service[0] for curve in curves))
        hulls = [hull(curve) for curve in curves]
        item = np.concatenate([np.full(h.size - 1, i) for i, h in enumerate(hulls)]).astype(np.int64)
        to = np.concatenate([h[1:] for h in hulls]).astype(np.int64)
        cost = np.concatenate([np.diff(c.cost[h]) for c, h in zip(curves, hulls, strict=True)])
        service = np.concatenate([np.diff(c.service[h]) for c, h in zip(curves, hulls, strict=True)])
        order = np.argsort(-service / np.maximum(cost, 1e-300), kind="stable")
        self.steps = Steps(item[order], to[order], cost[order], service[order])
        self._owner = np.repeat(np.arange(len(curves)), [c.cost.size for c in curves])
        self._place = np.concatenate([np.arange(c.cost.size) for c in curves]).astype(np.int64)
        self._cost = np.concatenate([c.cost for c in curves])
        self._service = np.concatenate([c.service for c in curves])
        self._start = np.cumsum([0, *[c.cost.size for c in curves[:-1]]])

    @property
    def most_service(self) -> float:
        """Service when every item is at its most costly choice."""
        return float(sum(curve.service[-1] for curve in self.curves))

    def frontier(self, points: int = 200) -> Floats:
        """(m, 2) costs and services along the steps, thinned to at most ``points`` + 1 rows."""
        cost = np.concatenate(([self.first_cost], self.first_cost + np.cumsum(self.steps.cost)))
        service = np.concatenate(([self.first_service], self.first_service + np.cumsum(self.steps.service)))
        thin = np.unique(np.linspace(0, cost.size - 1, min(points + 1, cost.size)).round().astype(int))
        return np.column_stack((cost[thin], service[thin]))

    def least_cost(self, target: float) -> Choice:
        """Cheapest choices found whose service adds up to ``target``.

        Steps are taken by service per money until the target is reached (exact on the hulls; Everett
        1963), the last step is replaced by the cheapest single move that suffices, and whatever the
        overshoot then allows is taken back. ``bound`` is the linear relaxation on the hulls: the gap
        is at most the cost of one step.
        """
        if self.most_service < target - 1e-12:
            raise BadProblem(
                "stock plan",
                f"the target {target:g} is out of reach; the most possible is {self.most_service:g}",
            )
        if self.first_service >= target:
            picks = np.zeros(len(self.curves), dtype=np.int64)
            return self._choice(self._taken_back(picks, target), self.first_cost)
        after = self.first_service + np.cumsum(self.steps.service)
        last = min(int(np.searchsorted(after, target - 1e-12)), after.size - 1)
        before = self.first_cost + float(self.steps.cost[:last].sum())
        missing = target - (after[last] - self.steps.service[last])
        bound = before + self.steps.cost[last] * missing / self.steps.service[last]
        picks = self._picks(last)
        place = self._start + picks
        extra = self._cost - self._cost[place][self._owner]
        gain = self._service - self._service[place][self._owner]
        extra = np.where(gain >= missing - 1e-12, extra, np.inf)
        best = int(np.argmin(extra))
        picks[self._owner[best]] = self._place[best]
        choices = [self._choice(self._taken_back(picks, target), bound)]
        choices += [
            self._choice(self._taken_back(other, target), bound) for other in self._around(target, last)
        ]
        return min(choices, key=lambda choice: choice.cost)

    def _around(self, target: float, last: int) -> list[Ints]:
        """Ways round costly last steps: leave that item where it is and go on with the others."""
        out: list[Ints] = []
        open_ = np.ones(self.steps.item.size, dtype=bool)
        for _ in range(MOST_DETOURS):
            open_[last:] &= self.steps.item[last:] != self.steps.item[last]
            after = self.first_service + np.cumsum(np.where(open_, self.steps.service, 0.0))
            if after[-1] < target:
                break
            last = int(np.searchsorted(after, target - 1e-12))
            picks = np.zeros(len(self.curves), dtype=np.int64)
            taken = open_[: last + 1]
            np.maximum.at(picks, self.steps.item[: last + 1][taken], self.steps.to[: last + 1][taken])
            out.append(picks)
        return out

    def proven_least_cost(self, target: float, *, seconds: float = 10.0) -> Choice:
        """As :meth:`least_cost`, then the gap closed where it can be within ``seconds``.

        At the multiplier of the last step (its cost per service) a choice whose cost less its priced
        service lies further above its item's best than the gap is in no better solution (reduced-cost
        fixing). The few choices left go to an exact solver.
        """
        found = self.least_cost(target)
        if found.cost <= found.bound * (1 + 1e-9) or self.first_service >= target:
            return found
        after = self.first_service + np.cumsum(self.steps.service)
        last = min(int(np.searchsorted(after, target - 1e-12)), after.size - 1)
        priced = self._cost - self._service * self.steps.cost[last] / self.steps.service[last]
        least = np.minimum.reduceat(priced, self._start)
        left = np.flatnonzero(priced - least[self._owner] <= found.cost - found.bound + 1e-9 * found.cost)
        return self._closed(found, target, left, seconds)

    def _closed(self, found: Choice, target: float, left: Ints, seconds: float) -> Choice:
        from scipy.optimize import LinearConstraint, milp
        from scipy.sparse import coo_array

        items = len(self.curves)
        one_each = coo_array(
            (np.ones(left.size), (self._owner[left], np.arange(left.size))), shape=(items, left.size)
        )
        solved = milp(
            self._cost[left],
            integrality=np.ones(left.size),
            bounds=(0, 1),
            constraints=[
                LinearConstraint(one_each, 1, 1),
                LinearConstraint(self._service[left][None] / target, 1, np.inf),
            ],
            options={"time_limit": seconds, "mip_rel_gap": 1e-7},
        )
        bound = found.bound
        if solved.mip_dual_bound is not None and np.isfinite(solved.mip_dual_bound):
            # Choices left out cannot be in anything better than what is found already.
            bound = max(bound, min(float(solved.mip_dual_bound), found.cost))
        if solved.x is not None:
            picks = found.picks.copy()
            taken = left[np.asarray(solved.x) > 0.5]
            picks[self._owner[taken]] = self._place[taken]
            better = self._choice(picks, bound)
            # The solver's tolerance may leave the service a hair short; then the first answer stands.
            if better.service >= target - 1e-12 and better.cost < found.cost:
                return better
        return self._choice(found.picks, bound)

    def most_service_for(self, budget: float) -> Choice:
        """Best service found for at most this money; ``bound`` is then the most service possible."""
        if budget < self.first_cost - 1e-9:
            raise BadProblem(
                "stock plan", f"{budget:g} is less than the least stock costs, {self.first_cost:g}"
            )
        after = self.first_cost + np.cumsum(self.steps.cost)
        last = int(np.searchsorted(after, budget + 1e-9, side="right"))
        picks = self._picks(last)
        service = self.first_service + float(self.steps.service[:last].sum())
        bound = service
        if last < after.size:
            left = budget - (after[last] - self.steps.cost[last])
            bound += self.steps.service[last] * left / self.steps.cost[last]
        # What is left over goes into the single moves that gain most and still fit.
        for _ in range(len(self.curves)):
            place = self._start + picks
            left = budget - float(self._cost[place].sum())
            extra = self._cost - self._cost[place][self._owner]
            gain = np.where(extra <= left + 1e-9, self._service - self._service[place][self._owner], 0.0)
            best = int(np.argmax(gain))
            if gain[best] <= 1e-12:
                break
            picks[self._owner[best]] = self._place[best]
        return self._choice(picks, bound)

    def _picks(self, steps: int) -> Ints:
        picks = np.zeros(len(self.curves), dtype=np.int64)
        # Along one item the places rise with the steps, so the largest is the last taken.
        np.maximum.at(picks, self.steps.item[:steps], self.steps.to[:steps])
        return picks

    def _taken_back(self, picks: Ints, target: float) -> Ints:
        while True:
            place = self._start + picks
            slack = float(self._service[place].sum()) - target
            saved = self._cost[place][self._owner] - self._cost
            lost = self._service[place][self._owner] - self._service
            saved = np.where(lost <= slack + 1e-12, saved, 0.0)
            best = int(np.argmax(saved))
            if saved[best] <= 1e-9:
                return picks
            picks[self._owner[best]] = self._place[best]

    def _choice(self, picks: Ints, bound: float) -> Choice:
        place = self._start + picks
        return Choice(picks, float(self._cost[place].sum()), float(self._service[place].sum()), bound)
