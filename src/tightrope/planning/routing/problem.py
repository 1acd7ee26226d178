"""The routing problem: who may serve what, where, when, with which tools and parts, at what cost.

One model for every engine, for the checker and for the readers of public formats. Times are numbers in
one unit of the caller's choice (minutes of the day, say); travel is in the same unit. Costs are numbers in
one currency of the caller's choice; what a plan minimises is written out in `plan.Value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem

Window = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One piece of work at one place.

    ``windows`` limit the start of work (set-up included) and are empty when any time will do. ``setup`` is
    added when the engineer comes from another place. ``skills`` maps each skill needed to its least level.
    ``weight`` is what leaving the visit out costs; None means it must be served. ``crew`` engineers start
    together. ``pinned`` names the only engineer who may come, ``locked_start`` a start promised already.
    """

    name: str
    place: int
    service: float
    windows: tuple[Window, ...] = ()
    setup: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    weight: float | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    crew: int = 1
    pinned: str | None = None
    forbidden: frozenset[str] = frozenset()
    locked_start: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lunch:
    """A break of ``length`` that starts between ``opens`` and ``closes`` on every day with work."""

    opens: float
    closes: float
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineer:
    """One engineer's day.

    ``overtime`` is how long after the shift the day may end at the latest, at ``overtime_cost`` a unit.
    ``parts`` and ``tools`` are in the van. ``travel_cost`` is paid per unit of distance (of travel time
    when the problem has no distances), ``time_cost`` per unit from start to end of the day and
    ``fixed_cost`` once for a day with any visit. ``store_calls`` is how often the engineer may call at a
    store on the way (the engines plan at most one call).
    """

    name: str
    start: int
    end: int
    shift: Window
    overtime: float = 0.0
    overtime_cost: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    lunch: Lunch | None = None
    travel_cost: float = 1.0
    time_cost: float = 0.0
    fixed_cost: float = 0.0
    store_calls: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A place where tools and any number of parts can be fetched on the way; None means every kind."""

    name: str
    place: int
    handling: float = 0.0
    window: Window | None = None
    tools: frozenset[str] | None = None
    parts: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A day to plan.

    Parameters
    ----------
    visits, engineers, stores
        Names are unique within each.
    travel
        (n_places, n_places) time from row to column, not negative; need not be symmetric.
    distance
        Same shape, what ``travel_cost`` is paid for; None: the travel time.
    fairness
        Cost of each unit of work (travel, service, set-up, handling) of an engineer above
        ``fair_share`` of his shift.
    points
        (n_places, 2) coordinates for drawing, or None.

    Raises
    ------
    BadProblem
        Naming the visit, engineer, store or matrix row at fault and why.
    """

    visits: tuple[Visit, ...]
    engineers: tuple[Engineer, ...]
    travel: NDArray[np.generic]
    distance: NDArray[np.generic] | None = None
    stores: tuple[Store, ...] = ()
    fairness: float = 0.0
    fair_share: float = 0.75
    points: NDArray[np.float64] | None = None
    name: str = "day"

    def __post_init__(self) -> None:
        from tightrope.planning.routing.validity import refuse_bad

        refuse_bad(self)

    @property
    def trip_cost(self) -> NDArray[np.generic]:
        """(n_places, n_places) what ``travel_cost`` is paid for."""
        return self.travel if self.distance is None else self.distance

    @cached_property
    def visit_number(self) -> dict[str, int]:
        """Index of each visit by name."""
        return {visit.name: index for index, visit in enumerate(self.visits)}

    @cached_property
    def engineer_number(self) -> dict[str, int]:
        """Index of each engineer by name."""
        return {engineer.name: index for index, engineer in enumerate(self.engineers)}

    @cached_property
    def must_weight(self) -> float:
        """Cost set on leaving out a visit that must be served: above any cost that serving it can have."""
        longest = max(e.shift[1] + e.overtime - e.shift[0] for e in self.engineers)
        farthest = float(self.trip_cost.max()) if self.trip_cost.size else 0.0
        dearest = max(
            e.fixed_cost
            + e.travel_cost * 4.0 * farthest
            + (e.time_cost + e.overtime_cost + self.fairness) * longest
            for e in self.engineers
        )
        return float(10.0 ** np.ceil(np.log10(100.0 * (1.0 + dearest + self._dearest_weight))))

    @cached_property
    def _dearest_weight(self) -> float:
        return max((v.weight for v in self.visits if v.weight is not None), default=0.0)

    def weight_of(self, visit: Visit) -> float:
        """What leaving the visit out costs."""
        return self.must_weight if visit.weight is None else visit.weight

    def visit(self, name: str) -> Visit:
        """The visit of that name; raises BadProblem when there is none."""
        if name not in self.visit_number:
            raise BadProblem(f"visit {name}", "is not part of the problem")
        return self.visits[self.visit_number[name]]

    def engineer(self, name: str) -> Engineer:
        """The engineer of that name; raises BadProblem when there is none."""
        if name not in self.engineer_number:
            raise BadProblem(f"engineer {name}", "is not part of the problem")
        return self.engineers[self.engineer_number[name]]
