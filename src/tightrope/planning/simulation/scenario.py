"""Set-ups to compare: what is changed against today, and what that does, run by run under the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.figures import Estimate
from tightrope.planning.simulation.problem import City, Company, Engineer
from tightrope.planning.simulation.replicate import Sample

COMPARED = ("kept", "response_hours", "utilisation", "expert_wait_hours", "backlog", "cost", "cost_per_case")


@dataclass(frozen=True)
class Change:
    """What is different from today; everything not named stays.

    `engineers` gives heads by city for the cities named (new ones are copies of colleagues, those who go
    are the last named; their skills go round). `experts` replaces the second line, `desk_people` is the
    factor on all shifts' people, `stock_more` is added to every city stock of every part, `base` the
    factor on the installed base.
    """

    engineers: Mapping[str, int] = field(default_factory=dict)
    experts: Mapping[str, int] | None = None
    desk_people: float | None = None
    loaners: int | None = None
    stock_more: int = 0
    base: float | None = None
    response_hours: float | None = None


@dataclass(frozen=True)
class Scenario:
    """A change lived through: its figures, and the difference from today in each of `COMPARED`."""

    name: str
    change: Change
    company: Company
    sample: Sample
    difference: Mapping[str, Estimate]


def scenario(name: str, change: Change, company: Company, sample: Sample, today: Sample) -> Scenario:
    """The scenario beside today."""
    return Scenario(
        name, change, company, sample, {figure: sample.against(today, figure) for figure in COMPARED}
    )


def changed(company: Company, change: Change) -> Company:
    """The company after the change. Raises BadProblem for cities that do not exist."""
    made = company
    if change.engineers:
        made = with_heads(made, {**company.heads_by_city(), **change.engineers})
    if change.experts is not None:
        made = replace(made, second_line=replace(made.second_line, experts=dict(change.experts)))
    if change.desk_people is not None:
        shifts = tuple(
            replace(shift, people=round(shift.people * change.desk_people)) for shift in made.desk.shifts
        )
        made = replace(made, desk=replace(made.desk, shifts=shifts))
    if change.loaners is not None:
        made = replace(made, loaners=replace(made.loaners, size=change.loaners))
    if change.stock_more:
        made = with_more_stock(made, change.stock_more)
    if change.base is not None:
        if change.base <= 0:
            raise BadProblem("base", f"must be above zero, not {change.base}")
        made = replace(made, growth=company.growth * change.base)
    if change.response_hours is not None:
        made = replace(made, promise=replace(made.promise, response_hours=change.response_hours))
    return made


def with_heads(company: Company, heads: Mapping[str, int]) -> Company:
    """The same company with so many engineers in each city; names stay, so that luck stays with them."""
    names = {city.name for city in company.cities}
    patterns = [engineer.skills for engineer in company.engineers] or [
        frozenset(model.skill for model in company.models)
    ]
    made: list[Engineer] = []
    for city, number in heads.items():
        if city not in names:
            raise BadProblem("engineers", f"there is no city {city}")
        if number < 0:
            raise BadProblem(f"engineers in {city}", f"{number} is no number of heads")
        have = [engineer for engineer in company.engineers if engineer.city == city]
        made += have[:number]
        own = [engineer.skills for engineer in have] or patterns
        made += [
            Engineer(f"{city} +{extra + 1}", city, own[extra % len(own)])
            for extra in range(number - len(have))
        ]
    return replace(company, engineers=tuple(made))


def with_more_stock(company: Company, more: int) -> Company:
    """So many more of each part in every city that keeps it (never fewer than none)."""
    parts = tuple(
        replace(part, city_stock={city: max(0, level + more) for city, level in part.city_stock.items()})
        for part in company.parts
    )
    return replace(company, parts=parts)


def with_residents(company: Company) -> Company:
    """An extreme: every customer has an engineer of its own who can do everything and never travels."""
    skills = frozenset(model.skill for model in company.models)
    residents = tuple(
        Engineer(f"{city.name} resident {customer}", city.name, skills, customer=customer)
        for city in company.cities
        for customer in range(city.customers)
    )
    cities: tuple[City, ...] = company.cities
    return replace(company, engineers=residents, cities=cities, absent=0.0)
