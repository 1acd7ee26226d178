"""Loaner, swap, depot repair or visit: what each costs in all, and whether it keeps the promise."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.given import Row, number, only, row, word


@dataclass(frozen=True, slots=True)
class Visit:
    """An engineer goes there; after a failed first visit another is needed, and so on."""

    wait_hours: float
    work_hours: float
    travel_cost: float
    labour_per_hour: float
    parts_cost: float
    fixed_at_once: float
    next_wait_hours: float


@dataclass(frozen=True, slots=True)
class DepotRepair:
    """The machine is sent in, repaired and sent back."""

    ship_in_hours: float
    turnaround_hours: float
    ship_back_hours: float
    freight_cost: float
    work_hours: float
    labour_per_hour: float
    parts_cost: float


@dataclass(frozen=True, slots=True)
class Loaner:
    """A unit on loan while the machine is repaired as in :class:`DepotRepair`.

    ``at_once`` is the chance that one is on the shelf; without one the customer waits for his own.
    """

    deliver_hours: float
    at_once: float
    unit_price: float
    capital_share_per_year: float
    freight_cost: float
    inspection_cost: float
    wear_cost: float


@dataclass(frozen=True, slots=True)
class Swap:
    """The customer gets another unit for good; the faulty one is worth ``core_value`` to us."""

    deliver_hours: float
    unit_cost: float
    core_value: float
    freight_cost: float
    handling_cost: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault (or a kind of fault) with the ways of helping that are possible.

    ``loss_per_hour``: what an hour down costs the customer, in the same currency. ``promise_hours``:
    working again within this time was promised; infinite without a promise.
    """

    name: str
    loss_per_hour: float
    promise_hours: float = math.inf
    visit: Visit | None = None
    repair: DepotRepair | None = None
    loaner: Loaner | None = None
    swap: Swap | None = None

    def __post_init__(self) -> None:
        where = f"fault {self.name}"
        if not (math.isfinite(self.loss_per_hour) and self.loss_per_hour >= 0):
            raise BadProblem(where, f"the loss per hour cannot be {self.loss_per_hour}")
        if not self.promise_hours > 0:
            raise BadProblem(where, f"the promise cannot be {self.promise_hours} hours")
        if not any((self.visit, self.repair, self.loaner, self.swap)):
            raise BadProblem(where, "there is no way of helping to choose from")
        if self.loaner is not None and self.repair is None:
            raise BadProblem(where, "a loaner bridges a depot repair, which is not given")
        for way in ("visit", "repair", "loaner", "swap"):
            self._check(way, getattr(self, way))

    def _check(self, way: str, figures: Visit | DepotRepair | Loaner | Swap | None) -> None:
        for one in fields(figures) if figures is not None else ():
            value = getattr(figures, one.name)
            top = 1.0 if one.name in SHARES else math.inf
            if not (math.isfinite(value) and 0 <= value <= top):
                raise BadProblem(f"fault {self.name}, {way}", f"{one.name} cannot be {value}")
        if isinstance(figures, Visit) and figures.fixed_at_once == 0:
            raise BadProblem(f"fault {self.name}, visit", "a visit that never fixes it is no choice")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of helping. Money by cause, all expected values; hours until working again."""

    name: str
    unit: float
    freight: float
    capital: float
    labour: float
    parts: float
    downtime: float
    hours_down: float
    chance_kept: float

    @property
    def own_cost(self) -> float:
        """What it costs us."""
        return self.unit + self.freight + self.capital + self.labour + self.parts

    @property
    def total(self) -> float:
        """Our cost and the customer's loss together."""
        return self.own_cost + self.downtime


def compare_ways(fault: Fault) -> list[Way]:
    """All possible ways, cheapest in total first.

    ``chance_kept`` is the chance that the customer works again within the promise. For a visit the
    number of visits is geometric with the first-time fix rate, so their mean is 1 / rate.
    """
    ways = []
    if fault.visit is not None:
        ways.append(_visit(fault, fault.visit))
    if fault.repair is not None:
        ways.append(_repair(fault, fault.repair))
        if fault.loaner is not None:
            ways.append(_loaner(fault, fault.loaner, fault.repair))
    if fault.swap is not None:
        ways.append(_swap(fault, fault.swap))
    return sorted(ways, key=lambda way: (way.total, way.name))


def best_way(fault: Fault, *, chance_kept: float = 0.9) -> Way:
    """The cheapest way that keeps the promise with this chance; if none does, the most likely one."""
    ways = compare_ways(fault)
    keeping = [way for way in ways if way.chance_kept >= chance_kept]
    return keeping[0] if keeping else max(ways, key=lambda way: (way.chance_kept, -way.total))


def _visit(fault: Fault, how: Visit) -> Way:
    visits = 1 / how.fixed_at_once
    hours = how.wait_hours + how.work_hours + (visits - 1) * (how.next_wait_hours + how.work_hours)
    done, kept, left = how.wait_hours + how.work_hours, 0.0, 1.0
    while done <= fault.promise_hours and left > 1e-12:
        kept += left * how.fixed_at_once
        left *= 1 - how.fixed_at_once
        done += how.next_wait_hours + how.work_hours
    return Way(
        name="visit",
        unit=0.0,
        freight=visits * how.travel_cost,
        capital=0.0,
        labour=visits * how.work_hours * how.labour_per_hour,
        parts=how.parts_cost,
        downtime=hours * fault.loss_per_hour,
        hours_down=hours,
        chance_kept=kept,
    )


def _repair(fault: Fault, how: DepotRepair) -> Way:
    hours = _repair_hours(how)
    return Way(
        name="repair",
        unit=0.0,
        freight=how.freight_cost,
        capital=0.0,
        labour=how.work_hours * how.labour_per_hour,
        parts=how.parts_cost,
        downtime=hours * fault.loss_per_hour,
        hours_down=hours,
        chance_kept=float(hours <= fault.promise_hours),
    )


def _loaner(fault: Fault, how: Loaner, repair: DepotRepair) -> Way:
    away = _repair_hours(repair)
    bridged = min(how.deliver_hours, away)
    hours = how.at_once * bridged + (1 - how.at_once) * away
    kept = how.at_once * (bridged <= fault.promise_hours) + (1 - how.at_once) * (away <= fault.promise_hours)
    lent_years = how.at_once * (away + how.deliver_hours) / (365.25 * 24)
    return Way(
        name="loaner",
        unit=how.at_once * how.wear_cost,
        freight=repair.freight_cost + how.at_once * how.freight_cost,
        capital=lent_years * how.unit_price * how.capital_share_per_year,
        labour=repair.work_hours * repair.labour_per_hour + how.at_once * how.inspection_cost,
        parts=repair.parts_cost,
        downtime=hours * fault.loss_per_hour,
        hours_down=hours,
        chance_kept=kept,
    )


def _swap(fault: Fault, how: Swap) -> Way:
    return Way(
        name="swap",
        unit=how.unit_cost - how.core_value,
        freight=how.freight_cost,
        capital=0.0,
        labour=how.handling_cost,
        parts=0.0,
        downtime=how.deliver_hours * fault.loss_per_hour,
        hours_down=how.deliver_hours,
        chance_kept=float(how.deliver_hours <= fault.promise_hours),
    )


def _repair_hours(how: DepotRepair) -> float:
    return how.ship_in_hours + how.turnaround_hours + how.ship_back_hours


SHARES = {"fixed_at_once", "at_once", "capital_share_per_year"}


def fault_from_json(one: Row) -> Fault:
    """Read ``{"name", "loss_per_hour", "promise_hours", "visit": {...}, "repair": {...}, ...}``."""
    name = word(one, "name", "fault")
    where = f"fault {name}"
    only(one, {"name", "loss_per_hour", "promise_hours", "visit", "repair", "loaner", "swap"}, where)

    def figures(way: str, kind: type[Any]) -> Any:
        if one.get(way) is None:
            return None
        given = row(one[way], f"{where}, {way}")
        names = [field.name for field in fields(kind)]
        only(given, set(names), f"{where}, {way}")
        return kind(
            **{
                key: number(given, key, f"{where}, {way}", high=1 if key in SHARES else math.inf)
                for key in names
            }
        )

    promised = one.get("promise_hours") is not None
    return Fault(
        name=name,
        loss_per_hour=number(one, "loss_per_hour", where, default=0),
        promise_hours=number(one, "promise_hours", where) if promised else math.inf,
        visit=figures("visit", Visit),
        repair=figures("repair", DepotRepair),
        loaner=figures("loaner", Loaner),
        swap=figures("swap", Swap),
    )


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """The fault as JSON that :func:`fault_from_json` reads back."""
    out = asdict(fault)
    out["promise_hours"] = fault.promise_hours if math.isfinite(fault.promise_hours) else None
    return {key: value for key, value in out.items() if value is not None}
