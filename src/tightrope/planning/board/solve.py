"""All four tightropes of every scenario side by side, two of them compared, and plan against actual."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from tightrope.planning import rules as rules_of
from tightrope.planning import turnover
from tightrope.planning.board.figures import FIGURES, SERVICE, SUMS
from tightrope.planning.board.problem import TODAY, Levers, Problem
from tightrope.planning.simulation import Company, Sample, Window, replicate
from tightrope.planning.simulation.replicate import Progress, Stopping

BETTER, WORSE, OPEN = "better", "worse", "no difference seen"
INSIDE, OUTSIDE, EARLY = "within chance", "beyond chance", "too early to say"
DAYS_PER_MONTH = 365.25 / 12
FEWEST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; limits are None where nothing is drawn or estimated."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Lived:
    """A scenario with its figures by name, the assumptions in it, and what could not be answered.

    ``runs`` of a search that was ended early may differ from scenario to scenario; two of them are compared over
    the runs that both have.
    """

    name: str
    runs: int
    assumptions: Mapping[str, float]
    figures: Mapping[str, Cell]
    refused: Mapping[str, str]
    worst_pair: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Second scenario less first; ``says`` "better", "worse", or "no difference seen" (the interval holds 0)."""

    figure: str
    cell: Cell
    says: str


@dataclass(frozen=True, slots=True)
class Held:
    """A month against its plan: ``low`` to ``high`` is what chance may do to the plan (None: not known)."""

    month: str
    figure: str
    planned: float
    low: float | None
    high: float | None
    actual: float
    says: str


@dataclass(frozen=True, slots=True)
class Drift:
    """All months of a figure: mean of actual less planned, and whether the plan still holds."""

    figure: str
    months: int
    beyond: int
    mean_difference: float
    says: str


@dataclass(frozen=True)
class Plan:
    """The board."""

    scenarios: tuple[Lived, ...]
    compared: tuple[str, str] | None
    differences: tuple[Difference, ...]
    months: tuple[Held, ...]
    drifts: tuple[Drift, ...]
    runs: int
    confidence: float
    seed: int
    is_complete: bool


def solve(
    problem: Problem,
    *,
    stop: Stopping | None = None,
    progress: Progress | None = None,
    seed: int = 0,
    processes: int = 1,
) -> Plan:
    """Live through every scenario under common luck, and count people and rules. ``progress(kept, seconds)``."""
    started = time.monotonic()
    lived: list[Lived] = []
    samples: dict[str, Sample] = {}
    windows: dict[str, Window] = {}

    def told(kept: float, _seconds: float) -> None:
        if progress is not None:
            progress(kept, time.monotonic() - started)

    for levers in problem.all_levers:
        if lived and stop is not None and stop.is_reached():
            break
        company, window = problem.service_of(levers)
        sample = replicate(
            company,
            window,
            runs=problem.runs,
            seed=seed,
            confidence=problem.confidence,
            processes=processes,
            stop=stop,
            progress=told,
        )
        samples[levers.name], windows[levers.name] = sample, window
        lived.append(_lived(problem, levers, company, sample, seed))
    pair = problem.compare
    if pair is None and len(lived) > 1:
        pair = TODAY, lived[1].name
    known = {one.name: one for one in lived}
    if pair is not None and not set(pair) <= set(known):
        pair = None
    held = _held(problem, known, samples, windows)
    return Plan(
        scenarios=tuple(lived),
        compared=pair,
        differences=_differences(known[pair[0]], known[pair[1]], samples) if pair else (),
        months=held,
        drifts=_drifts(held),
        runs=min(len(sample.runs) for sample in samples.values()),
        confidence=problem.confidence,
        seed=seed,
        is_complete=len(lived) == len(problem.all_levers)
        and all(len(sample.runs) == problem.runs for sample in samples.values()),
    )


def _lived(problem: Problem, levers: Levers, company: Company, sample: Sample, seed: int) -> Lived:
    figures: dict[str, Cell] = {}
    refused: dict[str, str] = {}
    worst = None
    for name in SERVICE:
        found = sample.of(name)
        if not math.isnan(found.mean):
            figures[name] = Cell(found.mean, found.low, found.high)
    figures |= _heads(company)
    people = problem.people_of(levers)
    if people is not None:
        try:
            counted, worst = _people(people, levers, seed)
            figures |= counted
        except turnover.TooLittleData as why:
            refused["people"] = str(why)
    ruled = problem.rules_of(levers)
    if ruled is not None:
        figures |= _rules(ruled, levers)
    return Lived(levers.name, len(sample.runs), problem.assumed(levers), figures, refused, worst)


def _heads(company: Company) -> dict[str, Cell]:
    heads = company.heads_by_city()
    experts = sum(company.second_line.experts.values())
    number = len(company.engineers)
    return {
        "heads": Cell(number),
        "experts": Cell(experts),
        "bases": Cell(len(heads)),
        "machines_per_head": Cell(company.installed / number if number else math.inf),
    }


def _people(
    people: turnover.Problem, levers: Levers, seed: int
) -> tuple[dict[str, Cell], tuple[str, str] | None]:
    hazard = turnover.fit_leaving(turnover.careers_of(people))
    factor = levers.leaving
    if factor != 1.0:
        hazard = replace(
            hazard,
            rate=hazard.rate * factor,
            lower=hazard.lower * factor,
            upper=hazard.upper * factor,
            person_months=hazard.person_months / max(factor, 1e-12),
        )
    months = people.horizon_months
    tenure = np.array([one.tenure_months for one in people.staff])
    rates = hazard.drawn(np.random.default_rng([seed, 8]), 400)
    drawn = [
        float((1 - np.exp(hazard.cumulative(tenure, r) - hazard.cumulative(tenure + months, r))).sum())
        for r in rates
    ]
    leavers = float((1 - hazard.stays(tenure, months)).sum())
    found = {"leavers": Cell(leavers, *(float(x) for x in np.quantile(drawn, (0.05, 0.95))))}
    learned: dict[str, set[tuple[str, str]]] = {}
    for each in levers.train:
        learned.setdefault(each.person, set()).add((each.skill, each.product))
    knowers = [replace(one, knows=one.knows | learned.get(one.name, set())) for one in people.knowers]
    if not any(one.knows for one in knowers):
        return found, None
    at_risk = turnover.knowledge_at_risk(knowers, hazard, months=months, needed=people.needed, seed=seed)
    found["pairs_at_risk"] = Cell(sum(one.too_few for one in at_risk))
    found["worst_pair"] = Cell(at_risk[0].too_few)
    return found, at_risk[0].know


def _rules(ruled: rules_of.Problem, levers: Levers) -> dict[str, Cell]:
    """Jobs of a rule that is relaxed no longer deviate from it, nor do those of one that is hardened."""
    settled = {*levers.relax, *levers.harden}
    verdicts = [one for one in rules_of.solve(ruled).rules if one.rule not in settled]
    deviations = sum(one.deviations for one in verdicts)
    jobs = len(ruled.jobs)
    low, high = rules_of.share_limits(deviations, jobs, ruled.confidence)
    return {
        "deviation_rate": Cell(deviations / jobs, low, high),
        "rules_to_relax": Cell(sum(one.verdict == "relax" for one in verdicts)),
        "rules_to_harden": Cell(sum(one.verdict == "harden" for one in verdicts)),
        "rules_unknown": Cell(sum(one.verdict == "not enough known" for one in verdicts)),
    }


def _differences(first: Lived, second: Lived, samples: Mapping[str, Sample]) -> tuple[Difference, ...]:
    found = []
    for name, figure in FIGURES.items():
        if name not in first.figures or name not in second.figures:
            continue
        if name in SERVICE:
            apart = samples[second.name].against(samples[first.name], name)
            cell = Cell(apart.mean, apart.low, apart.high)
        else:
            cell = Cell(second.figures[name].mean - first.figures[name].mean)
        low = cell.mean if cell.low is None else cell.low
        high = cell.mean if cell.high is None else cell.high
        says = "" if figure.better is None else OPEN
        if figure.better is not None and (low > 0 or high < 0):
            says = BETTER if (low > 0) == (figure.better == "higher") else WORSE
        found.append(Difference(name, cell, says))
    return tuple(found)


def _held(
    problem: Problem, known: Mapping[str, Lived], samples: Mapping[str, Sample], windows: Mapping[str, Window]
) -> tuple[Held, ...]:
    from scipy.special import ndtri

    wide = float(ndtri(0.5 + problem.confidence / 2))
    found = []
    for one in sorted(problem.months, key=lambda row: (row.figure, row.month)):
        planned, spread = one.planned, None
        by = problem.planned_by
        estimate = samples[by].of(one.figure) if by in samples else None
        if estimate is not None and not math.isnan(estimate.mean):
            part = DAYS_PER_MONTH / windows[by].days
            is_sum = one.figure in SUMS
            planned = estimate.mean * (part if is_sum else 1.0) if planned is None else planned
            # Months of one run are nearly independent, so a month strays by the root of how many there are.
            spread = estimate.deviation * (part**0.5 if is_sum else part**-0.5)
        elif planned is None and by in known and one.figure in known[by].figures:
            planned = known[by].figures[one.figure].mean
        if planned is None:
            continue
        low, high = (None, None) if spread is None else (planned - wide * spread, planned + wide * spread)
        says = "" if low is None or high is None else INSIDE if low <= one.actual <= high else OUTSIDE
        found.append(Held(one.month, one.figure, planned, low, high, one.actual, says))
    return tuple(found)


def _drifts(held: tuple[Held, ...]) -> tuple[Drift, ...]:
    """One month in ten is beyond chance by chance at nine in ten: two of few are asked for before it is said."""
    found = []
    for figure in dict.fromkeys(one.figure for one in held):
        own = [one for one in held if one.figure == figure]
        beyond = sum(one.says == OUTSIDE for one in own)
        said = INSIDE if beyond < max(2, math.ceil(0.25 * len(own))) else OUTSIDE
        if len(own) < FEWEST_MONTHS:
            said = EARLY
        elif all(one.low is None for one in own):
            said = ""
        apart = sum(one.actual - one.planned for one in own) / len(own)
        found.append(Drift(figure, len(own), beyond, apart, said))
    return tuple(found)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The board as JSON; figures without a value are null."""
    out: dict[str, Any] = _plain(asdict(plan))
    return {"kind": "board plan", **out}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
