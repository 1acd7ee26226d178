"""What can be planned on its own: a line by itself, or a part at its depot and all its bases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.spares.demand import Counts, Floats, Ints, filled, reach, short
from tightrope.planning.spares.echelons import (
    TwoEchelons,
    depot_levels,
    due_table,
    judge_echelons,
    two_echelons,
)
from tightrope.planning.spares.marginal import Curve, efficient, hull
from tightrope.planning.spares.problem import Line, Problem

Levels = Mapping[tuple[str, str], int]

ENOUGH = 1 - 1e-7


@dataclass(frozen=True, slots=True)
class Options:
    """The efficient choices of one item and how each spreads over its lines."""

    curve: Curve
    spread: Callable[[int], dict[tuple[str, str], int]]

    def levels(self, pick: int) -> dict[tuple[str, str], int]:
        """Levels of the item's lines for one of its choices."""
        return self.spread(pick)


class Item(Protocol):
    """What can be planned on its own: a line, or a part at depot and bases."""

    @property
    def lines(self) -> tuple[Line, ...]: ...

    def judge(self, levels: Levels) -> list[tuple[Line, float, float]]: ...

    def options(self) -> Options: ...

    def kept(self) -> Options: ...


def items_of(problem: Problem) -> list[Item]:
    """The independent pieces of a problem: parts with a depot, and lines by themselves."""
    by_part: dict[str, list[Line]] = {}
    for line in problem.lines:
        by_part.setdefault(line.part, []).append(line)
    parts = {part.name: part for part in problem.parts}
    items: list[Item] = []
    for name, lines in by_part.items():
        part, depot = parts[name], [line for line in lines if line.location == problem.depot]
        bases = [line for line in lines if line.location != problem.depot]
        if depot and bases:
            items.append(
                PartAtDepotAndBases(part.unit_cost, part.variance_ratio, depot[0], tuple(bases), problem)
            )
        else:
            items.extend(LineAlone(part.unit_cost, part.variance_ratio, line) for line in lines)
    return items


@dataclass(frozen=True)
class LineAlone:
    """A line replenished from outside."""

    unit_cost: float
    variance_ratio: float
    line: Line

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.line,)

    @property
    def due(self) -> Counts:
        line = self.line
        days = line.repaired_share * line.repair_days + (1 - line.repaired_share) * line.lead_days
        mean = line.demand_per_day * days
        return Counts(mean, mean * self.variance_ratio)

    @cached_property
    def tables(self) -> tuple[Floats, Floats]:
        """Fill rate and backorders for 0, 1, 2 ... in stock, up to where nothing is ever short."""
        due = self.due
        chance = due.chances(
            max(reach(due.mean, due.variance), self.line.at_most or 0, self.line.at_least) + 1
        )
        return filled(chance, self.variance_ratio), short(chance)

    def judge(self, levels: Levels) -> list[tuple[Line, float, float]]:
        if self.line.demand_per_day == 0:
            return [(self.line, 1.0, 0.0)]
        fills, backorders = self.tables
        level = min(levels[self.line.key], fills.size - 1)
        return [(self.line, float(fills[level]), float(backorders[level]))]

    def options(self) -> Options:
        line = self.line
        if line.demand_per_day == 0:
            return self._fixed(line.at_least)
        fills, _ = self.tables
        enough = max(int(np.searchsorted(fills, ENOUGH)), line.at_least)
        top = min(enough, fills.size - 1) if line.at_most is None else line.at_most
        levels = np.arange(line.at_least, top + 1)
        service = line.demand_per_day * fills[line.at_least : top + 1]
        return Options(Curve(self.unit_cost * levels, service), lambda pick: {line.key: int(levels[pick])})

    def kept(self) -> Options:
        return self._fixed(self.line.stock)

    def _fixed(self, level: int) -> Options:
        [(line, fill, _)] = self.judge({self.line.key: level})
        curve = Curve(np.array([self.unit_cost * level]), np.array([line.demand_per_day * fill]))
        return Options(curve, lambda _: {line.key: level})


@dataclass(frozen=True)
class PartAtDepotAndBases:
    """A part whose bases are replenished by the depot."""

    unit_cost: float
    variance_ratio: float
    depot: Line
    bases: tuple[Line, ...]
    problem: Problem

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.depot, *self.bases)

    @cached_property
    def system(self) -> TwoEchelons:
        return two_echelons(
            [line.demand_per_day for line in self.bases],
            ship_days=[line.lead_days for line in self.bases],
            depot_days=self.depot.lead_days,
            repaired_share=[line.repaired_share for line in self.bases],
            repair_days=[line.repair_days for line in self.bases],
            variance_ratio=self.variance_ratio,
        )

    def judge(self, levels: Levels) -> list[tuple[Line, float, float]]:
        at_bases = [levels[line.key] for line in self.bases]
        service = judge_echelons(
            self.system, depot_stock=levels[self.depot.key], base_stock=at_bases, method=self.problem.method
        )
        fills = np.where(self.system.demand > 0, service.fill_rates, 1.0)
        rows = list(zip(self.bases, fills.tolist(), service.backorders.tolist(), strict=True))
        return [(self.depot, service.depot_fill_rate, service.depot_backorders), *rows]

    def options(self) -> Options:
        system = self.system
        costs: list[Floats] = []
        services: list[Floats] = []
        where: list[tuple[int, int]] = []
        steps: dict[int, Ints] = {}
        for depot_stock in self._depot_levels(system):
            base, first = self._base_steps(system, int(depot_stock))
            units = depot_stock + sum(line.at_least for line in self.bases) + np.arange(base.size + 1)
            costs.append(self.unit_cost * units)
            services.append(first)
            where.extend((int(depot_stock), k) for k in range(base.size + 1))
            steps[int(depot_stock)] = base
        cost, service = np.concatenate(costs), np.concatenate(services)
        kept = efficient(cost, service)

        def spread(pick: int) -> dict[tuple[str, str], int]:
            depot_stock, taken = where[kept[pick]]
            more = np.bincount(steps[depot_stock][:taken], minlength=len(self.bases))
            levels = {line.key: line.at_least + int(n) for line, n in zip(self.bases, more, strict=True)}
            return {self.depot.key: depot_stock, **levels}

        return Options(Curve(cost[kept], service[kept]), spread)

    def _depot_levels(self, system: TwoEchelons) -> Ints:
        levels = depot_levels(system)
        top = int(levels[-1]) if self.depot.at_most is None else self.depot.at_most
        return np.arange(self.depot.at_least, max(min(top, int(levels[-1])), self.depot.at_least) + 1)

    def _base_steps(self, system: TwoEchelons, depot_stock: int) -> tuple[Ints, Floats]:
        """Which base gets the next unit, in order, and the service after 0, 1, 2 ... of them.

        Units cost the same at every base, so they go along the bases' concave hulls; all units of one
        hull step go to their base together, and the choices in between stay available.
        """
        floor = np.array([line.at_least for line in self.bases])
        due = due_table(system, depot_stock, most=int(floor.max()) + 1, method=self.problem.method)
        table = system.demand[:, None] * filled(due, self.variance_ratio)
        row, level = np.arange(floor.size), np.arange(table.shape[1] - 1)
        cap = [level.size if line.at_most is None else line.at_most for line in self.bases]
        top = np.minimum(np.argmax(table >= ENOUGH * system.demand[:, None], axis=1), np.array(cap))
        open_ = (level >= floor[:, None]) & (level < top[:, None]) & (system.demand > 0)[:, None]
        gain = np.diff(table, axis=1)
        slope = _slopes(table - table[row, floor][:, None], gain, open_, floor)
        base, unit = np.nonzero(open_)
        order = np.argsort(-slope[base, unit], kind="stable")
        first = float(table[row, floor].sum())
        after = first + np.concatenate(([0.0], np.cumsum(gain[base, unit][order])))
        return base[order].astype(np.int64), after

    def kept(self) -> Options:
        levels = {line.key: line.stock for line in self.lines}
        service = sum(line.demand_per_day * fill for line, fill, _ in self.judge(levels))
        money = self.unit_cost * sum(levels.values())
        return Options(Curve(np.array([money]), np.array([service])), lambda _: levels)


def _slopes(gained: Floats, gain: Floats, open_: NDArray[np.bool_], floor: Ints) -> Floats:
    """Service per unit along each base's concave hull, shape (b, levels).

    Chances of whole-number demand rise to one peak and then fall, so the hull is one straight line up
    to the best average and every unit by itself after it. Where that does not hold, the hull is built.
    """
    units = np.arange(1, gain.shape[1] + 1) - floor[:, None]
    average = np.where(open_, gained[:, 1:] / np.maximum(units, 1), -np.inf)
    tangent = np.argmax(average, axis=1)[:, None]
    together = np.arange(gain.shape[1]) <= tangent
    slope = np.where(together, np.take_along_axis(average, tangent, axis=1), gain)
    rising = (np.diff(slope, axis=1) > 1e-15) & open_[:, 1:] & open_[:, :-1]
    for base in np.flatnonzero(rising.any(axis=1)):
        places = np.flatnonzero(open_[base])
        fills = np.concatenate(([0.0], gained[base, places + 1]))
        corners = hull(Curve(np.arange(fills.size, dtype=np.float64), fills))
        runs = np.diff(corners)
        slope[base, places] = np.repeat(np.diff(fills[corners]) / runs, runs)
    return slope
