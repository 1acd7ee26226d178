"""Three years of the company, lived through with facts that no fit is told.

The base grows, machines wear, summers are worse, one batch of laser cutters is bad, engineers differ in
speed, some left and others came. The events are the twin's; the rates behind them are not those that the
planner's twin will be given: it must learn them from the rows, as from a real company's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from tightrope.planning.example.cast import LEFT, MIX, MODELS, PATTERNS, PLACES, company_today
from tightrope.planning.simulation.draws import LUCK, Failures
from tightrope.planning.simulation.hours import DAY, WEEK
from tightrope.planning.simulation.lived import Case
from tightrope.planning.simulation.problem import Company, Engineer, Floats
from tightrope.planning.simulation.twin import Twin

FIRST_DAY = datetime(2023, 10, 2)  # noqa: DTZ001  (the company's own time, a Monday)
DAYS = 1092
YEAR = 365.25 * DAY
BAD_BATCH = "2024-W22"


@dataclass(frozen=True)
class Machine:
    """Serial number, where it stands, when it was installed (clock hours, before 0: already there) and made."""

    serial: str
    city: int
    model: int
    installed: float
    batch: str


@dataclass(frozen=True)
class Career:
    """An engineer's time with the company, clock hours; `left` infinite for those still here."""

    name: str
    city: str
    came: float
    left: float
    reason: str


@dataclass(frozen=True)
class Past:
    """Everything that has happened."""

    company: Company
    machines: tuple[Machine, ...]
    careers: tuple[Career, ...]
    failures: tuple[tuple[Machine, float], ...]
    cases: tuple[Case, ...]
    workers: tuple[str, ...]


def live_through(seed: int) -> Past:
    """The three years."""
    chance = np.random.default_rng([seed, 1])
    machines = _machines(chance)
    failures = sorted(_failures(machines, chance), key=lambda pair: pair[1])
    careers = _careers(chance)
    company = company_today()
    speeds = np.exp(chance.normal(-0.02, 0.12, size=len(careers)))
    engineers = tuple(
        Engineer(one.name, one.city, _skills(company, one.name, i), float(speeds[i]))
        for i, one in enumerate(careers)
    )
    lived = replace(company, engineers=engineers)
    twin = Twin(lived, _drawn(failures, company, chance), seed, 0, DAYS * DAY)
    for away, one in zip(twin.away, careers, strict=True):
        for day in range(len(away)):
            if not one.came <= day * DAY < one.left:
                away[day] = True
    cases = twin.go().cases
    return Past(
        company,
        tuple(machines),
        tuple(careers),
        tuple(failures),
        tuple(cases),
        tuple(engineer.name for engineer in engineers),
    )


def _machines(chance: np.random.Generator) -> list[Machine]:
    made: list[Machine] = []
    for city, place in enumerate(PLACES):
        for model, share in enumerate(MIX):
            for _ in range(round(place[4] * share)):
                # 72 % stood there on the first day; the rest came evenly, a little ever faster.
                old = chance.random() < 0.72
                installed = -chance.random() * 4 * YEAR if old else math.sqrt(chance.random()) * DAYS * DAY
                week = FIRST_DAY + timedelta(hours=installed - 21 * DAY)
                batch = f"{week.isocalendar().year}-W{week.isocalendar().week:02d}"
                if MODELS[model].name == "L200" and not old and chance.random() < 0.22:
                    batch = BAD_BATCH
                serial = f"{MODELS[model].name}-{len(made) + 1:04d}"
                made.append(Machine(serial, city, model, installed, batch))
    return made


def _failures(machines: list[Machine], chance: np.random.Generator) -> list[tuple[Machine, float]]:
    found = []
    most = 4.5
    for machine in machines:
        rate = MODELS[machine.model].failures_per_year / YEAR
        number = chance.poisson(rate * most * DAYS * DAY)
        for at in chance.random(number) * DAYS * DAY:
            if at < machine.installed:
                continue
            years = (at - machine.installed) / YEAR
            worse = 0.8 + 0.08 * years  # wear
            worse *= 1.0 + 0.18 * math.cos(2 * math.pi * (at / YEAR - 0.83))  # worst at the end of July
            worse *= 2.4 if machine.batch == BAD_BATCH else 1.0
            if chance.random() < min(1.0, worse / most):
                found.append((machine, _in_working_week(float(at), chance)))
    return found


def _in_working_week(at: float, chance: np.random.Generator) -> float:
    """The same week, at an hour at which people report: mornings of weekdays most, some at weekends."""
    weights = np.zeros((7, 24))
    weights[:5, 8:18] = [5, 9, 10, 8, 4, 6, 8, 7, 5, 3]
    weights[:5, 18:22] = 0.8
    weights[0, 8:11] *= 1.4
    weights[5:, 9:18] = 0.7
    flat = weights.ravel() / weights.sum()
    return at // WEEK * WEEK + float(chance.choice(168, p=flat)) + float(chance.random())


def _careers(chance: np.random.Generator) -> list[Career]:
    company = company_today()
    careers = []
    for i, engineer in enumerate(company.engineers):
        came = -chance.random() * 6 * YEAR
        if i % 3 == 1:  # eight of today's came during the three years, the last nine months ago
            came = (0.25 + 2.0 * (i // 3) / 8) * YEAR
        careers.append(Career(engineer.name, engineer.city, came, math.inf, ""))
    newer = [one for one in careers if one.came > 0]
    # Eight were replaced; four more had left half a year before a successor came.
    for i, name in enumerate(LEFT):
        successor = newer[i % len(newer)] if i < len(newer) else newer[i - len(newer) + 4]
        early = 0.0 if i < len(newer) else 0.5 * YEAR
        left = successor.came - early + (chance.random() - 0.4) * 0.2 * YEAR
        reason = str(chance.choice(["pay", "travel", "moved away", "other work"]))
        careers.append(Career(name, successor.city, left - (0.4 + 4 * chance.random()) * YEAR, left, reason))
    return careers


def _skills(company: Company, name: str, number: int) -> frozenset[str]:
    known = {engineer.name: engineer.skills for engineer in company.engineers}
    return known.get(name, PATTERNS[number % len(PATTERNS)])


def _drawn(failures: list[tuple[Machine, float]], company: Company, chance: np.random.Generator) -> Failures:
    n = len(failures)
    work: Floats = np.ones((n, 4))
    spread = np.array([MODELS[machine.model].spread for machine, _ in failures])
    for column, variation in (
        (0, np.full(n, company.desk.spread)),
        (1, spread),
        (2, spread),
        (3, np.full(n, 0.9)),
    ):
        work[:, column] = chance.standard_gamma(variation**-2.0) * variation**2
    return Failures(
        np.array([at for _, at in failures]),
        np.array([machine.city for machine, _ in failures], dtype=float),
        np.array([machine.model for machine, _ in failures], dtype=float),
        chance.random((n, LUCK)),
        work,
    )
