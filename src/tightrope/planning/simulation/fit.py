"""Rates of the twin from a company's own records, and the same figures counted from records.

A record is one case as it went. What is fitted, by model: failures a machine-year (with the season of the
coming quarter, where two years are known), shares solved at the desk, by experts and with parts, lengths of
work with their spread; for the company the hours of the week at which customers report. People, stock,
promises and money are taken as they stand in the given company.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.hours import DAY, WEEK, Hours
from tightrope.planning.simulation.problem import Company, Floats, Model

FEWEST_RECORDS = 200
FEWEST_OF_A_MODEL = 20
YEAR = 365.25 * DAY
WAYS = ("desk", "second line", "visit")


class TooLittleData(BadProblem):
    """There are too few records to say anything."""


@dataclass(frozen=True, slots=True)
class Record:
    """One case. Instants in clock hours from the history's first Monday, infinite while they lie ahead.

    `met` is when somebody arrived or the machine worked again, whichever was first.
    """

    reported: float
    city: str
    model: str
    way: str
    met: float
    arrived: float
    ended: float
    visits: int
    work_hours: float
    travel_hours: float
    part: str | None = None
    part_at_once: bool = True


@dataclass(frozen=True, slots=True)
class Installed:
    """Machines of a model in a city from this clock hour until the next entry."""

    since: float
    city: str
    model: str
    number: int


@dataclass(frozen=True)
class History:
    """Records and the installed base they arose from, known up to `until` (clock hours)."""

    records: tuple[Record, ...]
    installed: tuple[Installed, ...]
    until: float


def records_from_rows(
    cases: Sequence[Mapping[str, Any]], installed: Sequence[Mapping[str, Any]], *, starts: str, until: str
) -> History:
    """Rows as the example company writes them, instants in ISO 8601 without zone. Raises BadProblem."""
    first = _instant(starts, "starts")
    if first.weekday() != 0 or (first.hour, first.minute) != (0, 0):
        raise BadProblem("starts", f"must be a Monday at 0:00, not {starts}")

    def clock(row: Mapping[str, Any], key: str, where: str, default: float | None = None) -> float:
        if row.get(key) in (None, "") and default is not None:
            return default
        return (_instant(row.get(key), f"{where}, {key}") - first).total_seconds() / 3600.0

    records = []
    for i, row in enumerate(cases):
        where = f"records row {i}"
        way = str(row.get("way"))
        if way not in WAYS:
            raise BadProblem(where, f"way must be one of {', '.join(WAYS)}, not {way!r}")
        reported = clock(row, "reported", where)
        record = Record(
            reported=reported,
            city=str(row.get("city")),
            model=str(row.get("model")),
            way=way,
            met=clock(row, "met", where, math.inf),
            arrived=clock(row, "arrived", where, math.inf),
            ended=clock(row, "ended", where, math.inf),
            visits=int(_amount(row.get("visits", 0), f"{where}, visits")),
            work_hours=_amount(row.get("work_hours", 0.0), f"{where}, work_hours"),
            travel_hours=_amount(row.get("travel_hours", 0.0), f"{where}, travel_hours"),
            part=str(row["part"]) if row.get("part") else None,
            part_at_once=bool(row.get("part_at_once", True)),
        )
        if min(record.met, record.arrived, record.ended) < reported - 1.0 / 60.0:
            raise BadProblem(where, "something happened before the report")
        records.append(record)
    base = tuple(
        Installed(
            clock(row, "since", f"installed row {i}"),
            str(row.get("city")),
            str(row.get("model")),
            int(_amount(row.get("number"), f"installed row {i}, number")),
        )
        for i, row in enumerate(installed)
    )
    end = (_instant(until, "until") - first).total_seconds() / 3600.0
    return History(tuple(sorted(records, key=lambda one: one.reported)), base, end)


def fit(company: Company, history: History, *, now: float | None = None, ahead_days: float = 91.0) -> Company:
    """The company with rates from what was known at `now` (clock hours; None: all), for the days ahead.

    Raises TooLittleData for fewer than 200 ended cases. A model with fewer than 20 takes the shares and
    lengths of all models together.
    """
    now = history.until if now is None else now
    known = [one for one in history.records if one.reported < now]
    if len(known) < FEWEST_RECORDS:
        raise TooLittleData(
            "records", f"{len(known)} are too few to fit the twin; {FEWEST_RECORDS} are needed"
        )
    machine_years = _machine_years(history, 0.0, now)
    pace = _season(history, now, ahead_days) * _year_on_year(history, now)
    everything = _shape(company.models[0], known)
    models = []
    for model in company.models:
        own = [one for one in known if one.model == model.name]
        exposure = machine_years.get(model.name, 0.0)
        if exposure <= 0:
            raise TooLittleData(f"model {model.name}", "has no machine-years in the installed base")
        shaped = _shape(model, own) if len(own) >= FEWEST_OF_A_MODEL else _shaped_like(model, everything)
        # The last year says more about today's mix of ages than the first.
        recent = max(0.0, now - YEAR)
        late_years = _machine_years(history, recent, now).get(model.name, 0.0)
        late = sum(one.reported >= recent for one in own)
        rate = late / late_years if late >= FEWEST_OF_A_MODEL and late_years > 0 else len(own) / exposure
        models.append(replace(shaped, failures_per_year=rate * pace))
    return replace(
        company,
        models=tuple(models),
        machines=machines_at(history, now),
        growth=company.growth * _base_ahead(history, now, ahead_days),
        profile=_profile(known),
        cities=tuple(
            replace(city, local_travel=_local_travel(company, city.name, known, city.local_travel))
            for city in company.cities
        ),
    )


def machines_at(history: History, now: float) -> dict[str, dict[str, int]]:
    """The installed base as it stood."""
    base: dict[str, dict[str, int]] = {}
    for one in sorted(history.installed, key=lambda entry: entry.since):
        if one.since <= now:
            base.setdefault(one.city, {})[one.model] = one.number
    return base


def figures_of(
    records: Sequence[Record], hours: Hours, *, begins: float, ends: float, response_hours: float
) -> dict[str, float]:
    """The twin's figures, counted from records of cases reported from `begins` to `ends`, as known at `ends`.

    A case that nobody has met by then has waited until then: left out, the longest waits would be missing.
    """
    cases = [one for one in records if begins <= one.reported < ends]
    if not cases:
        raise TooLittleData("records", "there is no case in the quarter to be compared")
    met = [hours.served(min(one.met, ends)) - hours.served(one.reported) for one in cases]
    kept = [one.met <= ends and took <= response_hours + 1e-9 for one, took in zip(cases, met, strict=True)]
    visits = [one for one in cases if one.way == "visit"]
    arrived = [
        one.arrived <= ends
        and hours.served(one.arrived) - hours.served(one.reported) <= response_hours + 1e-9
        for one in visits
    ]
    ended = [hours.served(min(one.ended, ends)) - hours.served(one.reported) for one in cases]
    parts = [one.part_at_once for one in visits if one.part]
    road, work = sum(one.travel_hours for one in cases), sum(one.work_hours for one in cases)
    return {
        "cases": float(len(cases)),
        "visits": float(sum(one.visits for one in cases)),
        "kept": sum(kept) / len(cases),
        "visited_in_time": sum(arrived) / len(arrived) if arrived else math.nan,
        "response_hours": sum(met) / len(met),
        "response_90": float(np.quantile(met, 0.9)),
        "ended_hours": sum(ended) / len(ended),
        "travel_share": road / (road + work) if road + work else math.nan,
        "parts_at_once": sum(parts) / len(parts) if parts else math.nan,
    }


def _shape(model: Model, records: Sequence[Record]) -> Model:
    """Shares and lengths of one model from its cases."""
    n = len(records)
    visits = [one for one in records if one.way == "visit" and one.visits > 0]
    once = np.array([one.work_hours for one in visits if one.visits == 1 and one.work_hours > 0])
    parts: dict[str, float] = {}
    for one in visits:
        if one.part:
            parts[one.part] = parts.get(one.part, 0.0) + 1.0
    with_part = sum(parts.values())
    return replace(
        model,
        solved_at_desk=sum(one.way == "desk" for one in records) / n,
        to_second_line=sum(one.way == "second line" for one in records) / n,
        needs_part=with_part / len(visits) if visits else 0.0,
        comes_again=sum(one.visits > 1 for one in visits) / len(visits) if visits else 0.0,
        work_hours=float(once.mean()) if once.size else model.work_hours,
        spread=float(once.std(ddof=1) / once.mean()) if once.size > 1 else model.spread,
        parts=parts or model.parts,
    )


def _shaped_like(model: Model, other: Model) -> Model:
    return replace(
        other, name=model.name, skill=model.skill, urgency=model.urgency, parts=model.parts or other.parts
    )


def _machine_years(history: History, begins: float, ends: float) -> dict[str, float]:
    """Machine-years of each model between two instants."""
    years: dict[str, float] = {}
    standing: dict[tuple[str, str], tuple[float, int]] = {}
    for one in sorted(history.installed, key=lambda entry: entry.since):
        _count_years(years, standing, (one.city, one.model), one.since, begins, ends)
        standing[one.city, one.model] = (one.since, one.number)
    for key in list(standing):
        _count_years(years, standing, key, ends, begins, ends)
    return years


def _count_years(
    years: dict[str, float],
    standing: dict[tuple[str, str], tuple[float, int]],
    key: tuple[str, str],
    upto: float,
    begins: float,
    ends: float,
) -> None:
    since, number = standing.get(key, (upto, 0))
    span = min(upto, ends) - max(since, begins)
    if span > 0:
        years[key[1]] = years.get(key[1], 0.0) + number * span / YEAR


def _season(history: History, now: float, ahead_days: float) -> float:
    """Failures a machine-year in the days ahead, in earlier years, over those of the whole years; 1 when
    fewer than two earlier years are known.
    """
    ratios = []
    for back in range(1, int(now // YEAR) + 1):
        begins = now - back * YEAR
        whole = max(0.0, begins), min(now, begins + YEAR)
        part = begins, min(now, begins + ahead_days * DAY)
        rates = []
        for start, end in (part, whole):
            years = sum(_machine_years(history, start, end).values())
            rates.append(
                sum(start <= one.reported < end for one in history.records) / years if years else 0.0
            )
        if rates[1] > 0:
            ratios.append(rates[0] / rates[1])
    return sum(ratios) / len(ratios) if len(ratios) >= 2 else 1.0


def _year_on_year(history: History, now: float) -> float:
    """Failures a machine-year in the last year over those in the year before, as far as it is no chance.

    Machines wear and models change. The season is read from quarters a whole year apart, so one year's
    change carries the last year's rate to the days ahead. Leaned towards 1 by its own error (empirical
    Bayes); 1 when fewer than two years are known.
    """
    if now < 2 * YEAR:
        return 1.0
    rates, counts = [], []
    for begins in (now - 2 * YEAR, now - YEAR):
        counts.append(sum(begins <= one.reported < begins + YEAR for one in history.records))
        years = sum(_machine_years(history, begins, begins + YEAR).values())
        rates.append(counts[-1] / years if years > 0 else 0.0)
    if min(rates) <= 0:
        return 1.0
    change = math.log(rates[1] / rates[0])
    noise = 1.0 / counts[0] + 1.0 / counts[1]
    return math.exp(change * max(0.0, 1.0 - noise / change**2)) if change else 1.0


def pace_error(history: History, now: float) -> float:
    """Relative standard error of the failures foretold for a coming quarter, counts taken as Poisson.

    The last year's rate, its change on the year before, and the season read from one quarter of each whole
    year known: 1 / n of each, added.
    """
    last = sum(now - YEAR <= one.reported < now for one in history.records)
    years = max(1, int(now // YEAR))
    return math.sqrt(1.0 / max(1, last) * (3.0 + 4.0 / years))


def _base_ahead(history: History, now: float, ahead_days: float) -> float:
    """Machines in the middle of the days ahead over those of now, if the base goes on as in the last year."""
    if now < YEAR:
        return 1.0
    then, today = (
        sum(sum(base.values()) for base in machines_at(history, at).values()) for at in (now - YEAR, now)
    )
    if not then or not today:
        return 1.0
    return float((today / then) ** (0.5 * ahead_days / 365.25))


def _profile(records: Sequence[Record]) -> Floats:
    """Reports in each hour of the week, weekdays pooled hour by hour where few are known."""
    counts = np.bincount([int(one.reported % WEEK) for one in records], minlength=168).astype(float)
    by_day = counts.reshape(7, 24)
    for days in (slice(0, 5), slice(5, 7)):
        pooled = by_day[days].mean(axis=0)
        by_day[days] = 0.5 * by_day[days] + 0.5 * pooled
    profile: Floats = by_day.reshape(168)
    return profile


def _local_travel(company: Company, city: str, records: Sequence[Record], default: float) -> float:
    """Mean travel of visits in a city with a base of its own, one way; elsewhere as given."""
    if city not in company.heads_by_city():
        return default
    hours = [one.travel_hours / one.visits for one in records if one.city == city and one.visits > 0]
    if len(hours) < FEWEST_OF_A_MODEL:
        return default
    # Half of them at most come from colleagues of other cities; the median is a local drive.
    return float(np.median(hours))


def _instant(text: object, where: str) -> datetime:
    if not isinstance(text, str):
        raise BadProblem(where, f"must be an instant such as 2026-03-02T09:30, not {text!r}")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadProblem(where, f"must be an instant such as 2026-03-02T09:30, not {text!r}") from wrong
    if found.tzinfo is not None:
        raise BadProblem(where, "must be in the company's own time, without a zone")
    return found


def _amount(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise BadProblem(where, f"must be a number of zero or more, not {value!r}")
    return float(value)
