"""How many field engineers an installed base needs for a promised response.

Demand is machines x failures a machine-year x visits a failure; each visit takes the road there, the
work and the road back; a customer waits until somebody is free and then for the road there. Planned work
(maintenance) waits for a quiet hour: it fills heads but delays nobody.

All hours are hours in which visits are made (service hours): a promise of four hours is half a day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.general import least_heads, mean_wait, share_free_within


@dataclass(frozen=True)
class Territory:
    """An installed base served by one group of engineers: a region, or a region's share of one skill.

    Attributes
    ----------
    machines : float
        Installed base, zero or more.
    failures_seen, machine_years_seen : float
        The history that the failure rate is taken from; its length decides the interval.
    visits_per_failure : float
        Above 1 where one visit does not always fix it.
    work_hours : float
        At the customer's, mean of a visit.
    travel_hours : float
        One way, mean.
    planned_hours_per_machine : float
        Maintenance and inspection a year, travel included.
    variation : float
        Squared coefficient of variation of a visit's whole time.
    """

    name: str
    machines: float
    failures_seen: float
    machine_years_seen: float
    work_hours: float
    travel_hours: float
    visits_per_failure: float = 1.0
    planned_hours_per_machine: float = 0.0
    variation: float = 0.5

    def __post_init__(self) -> None:
        where = f"territory {self.name}"
        for name in (
            "machines",
            "failures_seen",
            "travel_hours",
            "visits_per_failure",
            "planned_hours_per_machine",
            "variation",
        ):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise BadProblem(where, f"{name} must be zero or more, not {value}")
        for name in ("machine_years_seen", "work_hours"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise BadProblem(where, f"{name} must be above zero, not {value}")

    @property
    def failures_per_year(self) -> float:
        """Of one machine."""
        return self.failures_seen / self.machine_years_seen

    @property
    def visit_hours(self) -> float:
        """What a visit takes of an engineer's day: there, work, back."""
        return self.work_hours + 2.0 * self.travel_hours


@dataclass(frozen=True)
class FieldPromise:
    """Arrival within `response_hours` for `share` of failures, and what a head can give.

    service_hours_per_year: hours in which visits are made (2,000 for eight hours on weekdays);
    hours_per_head_year: those of them that one engineer is there for, after leave, sickness and training;
    max_utilisation: greatest share of their time that heads may be planned for.
    """

    response_hours: float
    share: float = 0.9
    service_hours_per_year: float = 2000.0
    hours_per_head_year: float = 1700.0
    max_utilisation: float = 0.9

    def __post_init__(self) -> None:
        for name in ("response_hours", "service_hours_per_year", "hours_per_head_year"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise BadProblem("promise", f"{name} must be above zero, not {value}")
        if not 0 <= self.share < 1:
            raise BadProblem("promise", f"share must be 0 or more and below 1, not {self.share}")
        if not 0 < self.max_utilisation <= 1:
            raise BadProblem(
                "promise", f"max_utilisation must be above 0 and at most 1, not {self.max_utilisation}"
            )


@dataclass(frozen=True)
class FieldHeads:
    """Heads for one territory.

    Attributes
    ----------
    heads, heads_low, heads_high : int
        On the payroll; low and high from the interval of the failure rate.
    on_duty : int
        At work at any service hour.
    load : float
        Engineers busy on failures on average.
    utilisation : float
        Share of duty hours at work, planned work included.
    mean_response_hours, kept_share : float
        Mean time to arrival, and the share that arrives in time.
    machines_per_head : float
        The rule of thumb; infinity when nobody is needed.
    spare_factor : float
        (on_duty - load) / sqrt(load): what the promise costs beyond the work itself, in the unit that
        stays the same as the base grows (square-root staffing); 0 when there is no load.
    """

    name: str
    heads: int
    heads_low: int
    heads_high: int
    on_duty: int
    load: float
    utilisation: float
    mean_response_hours: float
    kept_share: float
    machines_per_head: float
    spare_factor: float


def heads_for_territory(
    territory: Territory, promise: FieldPromise, *, confidence: float = 0.9
) -> FieldHeads:
    """Fewest engineers who keep the promise, with an interval of `confidence` from the failure history.

    The failure rate's interval is the Bayesian one of a Poisson count with Jeffreys' prior; heads rise
    with the rate, so the interval of heads is that of the rate carried over. Raises BadProblem when travel
    alone takes longer than the promise allows.
    """
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    low, high = failure_rate_interval(territory, confidence=confidence)
    duty = _on_duty(territory, promise, rate=territory.failures_per_year)
    return _described(
        territory,
        promise,
        duty,
        low=_payroll(_on_duty(territory, promise, rate=low), promise),
        high=_payroll(_on_duty(territory, promise, rate=high), promise),
    )


def failure_rate_interval(territory: Territory, *, confidence: float = 0.9) -> tuple[float, float]:
    """Failures a machine-year between which the true rate lies with `confidence`."""
    from scipy.special import gammaincinv

    shape = territory.failures_seen + 0.5
    tail = (1.0 - confidence) / 2.0
    years = territory.machine_years_seen
    return float(gammaincinv(shape, tail)) / years, float(gammaincinv(shape, 1.0 - tail)) / years


def response_with(territory: Territory, promise: FieldPromise, *, heads: float) -> tuple[float, float]:
    """Mean hours to arrival and the share in time when `heads` are on the payroll (fractions allowed).

    Heads on duty between two whole numbers give figures between theirs.
    """
    if not math.isfinite(heads) or heads < 0:
        raise BadProblem("heads", f"must be zero or more, not {heads}")
    duty = heads * promise.hours_per_head_year / promise.service_hours_per_year
    load = _load(territory, promise, territory.failures_per_year)
    below, part = int(duty), duty - int(duty)
    one = _response(territory, promise, load, below)
    if part < 1e-9:
        return one
    other = _response(territory, promise, load, below + 1)
    mean = math.inf if math.isinf(one[0]) else (1 - part) * one[0] + part * other[0]
    return mean, (1 - part) * one[1] + part * other[1]


def is_kept(territory: Territory, promise: FieldPromise, *, heads: float) -> bool:
    """Whether `heads` on the payroll (fractions allowed) keep the promise without overwork."""
    duty = heads * promise.hours_per_head_year / promise.service_hours_per_year
    busy = _load(territory, promise, territory.failures_per_year) + _planned_load(territory, promise)
    if busy > duty * promise.max_utilisation + 1e-9:
        return False
    return response_with(territory, promise, heads=heads)[1] >= promise.share


def rule_of_thumb(
    territory: Territory, promise: FieldPromise, *, sizes: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
) -> list[FieldHeads]:
    """Heads for the same base at other sizes: machines per head rise as a larger group pools its peaks."""
    return [
        heads_for_territory(replace(territory, machines=territory.machines * size), promise) for size in sizes
    ]


def _described(territory: Territory, promise: FieldPromise, duty: int, *, low: int, high: int) -> FieldHeads:
    load = _load(territory, promise, territory.failures_per_year)
    mean, kept = _response(territory, promise, load, duty)
    heads = _payroll(duty, promise)
    busy = load + _planned_load(territory, promise)
    return FieldHeads(
        name=territory.name,
        heads=heads,
        heads_low=min(low, heads),
        heads_high=max(high, heads),
        on_duty=duty,
        load=load,
        utilisation=busy / duty if duty else 0.0,
        mean_response_hours=mean,
        kept_share=kept,
        machines_per_head=territory.machines / heads if heads else math.inf,
        spare_factor=(duty - load) / math.sqrt(load) if load else 0.0,
    )


def _load(territory: Territory, promise: FieldPromise, rate: float) -> float:
    visits = territory.machines * rate * territory.visits_per_failure
    return visits * territory.visit_hours / promise.service_hours_per_year


def _planned_load(territory: Territory, promise: FieldPromise) -> float:
    return territory.machines * territory.planned_hours_per_machine / promise.service_hours_per_year


def _on_duty(territory: Territory, promise: FieldPromise, *, rate: float) -> int:
    load = _load(territory, promise, rate)
    left = promise.response_hours - territory.travel_hours
    if load > 0 and left < 0:
        raise BadProblem(
            f"territory {territory.name}",
            f"travel takes {territory.travel_hours:g} h and the promise is {promise.response_hours:g} h:"
            " no number of engineers keeps it from there",
        )
    urgent = least_heads(
        load,
        work_hours=territory.visit_hours,
        hours=max(0.0, left),
        share=promise.share,
        max_utilisation=promise.max_utilisation,
        variation=territory.variation,
    )
    busy = load + _planned_load(territory, promise)
    return max(urgent, math.ceil(busy / promise.max_utilisation - 1e-9))


def _payroll(duty: int, promise: FieldPromise) -> int:
    return math.ceil(duty * promise.service_hours_per_year / promise.hours_per_head_year - 1e-9)


def _response(territory: Territory, promise: FieldPromise, load: float, duty: int) -> tuple[float, float]:
    wait = mean_wait(load, duty, work_hours=territory.visit_hours, variation=territory.variation)
    kept = share_free_within(
        load,
        duty,
        work_hours=territory.visit_hours,
        hours=promise.response_hours - territory.travel_hours,
        variation=territory.variation,
    )
    return wait + (territory.travel_hours if load else 0.0), kept
