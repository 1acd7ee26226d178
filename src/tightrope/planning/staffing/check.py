"""An independent judge of staffing plans, made here or elsewhere, in the JSON form of plans.

It shares no code with the planners: waiting is computed from the chances of each number in the system,
added up one by one, instead of by recursion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tightrope.planning.staffing.field import FieldPromise, Territory
from tightrope.planning.staffing.pooling import SecondLine
from tightrope.planning.staffing.positions import ServiceTarget
from tightrope.planning.staffing.problem import DeskProblem, FieldProblem, Problem, QueueProblem


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a plan: the rule, what it concerns, and how far off."""

    rule: str
    where: str
    why: str


def check(problem: Problem, facts: Any) -> list[Finding]:
    """Everything wrong with the plan in `facts` (as `plan_to_json` writes it); empty when it holds.

    Judged are: promises kept with the stated heads (within one part in a million), tours that people can
    and may work, holes listed exactly, and stated totals.
    """
    if not isinstance(facts, dict):
        return [Finding("form", "plan", "is not an object")]
    try:
        if isinstance(problem, QueueProblem):
            load = problem.arrivals * problem.work_minutes / problem.period_minutes
            servers = int(facts["servers"])
            found = _enough("positions", load, servers, problem.work_minutes, problem.target)
            if int(facts["scheduled"]) * (1 - problem.target.shrinkage) < servers - 1e-9:
                found.append(Finding("shrinkage", "positions", f"{facts['scheduled']} scheduled are too few"))
            return found
        if isinstance(problem, DeskProblem):
            return _check_desk(problem, facts)
        if isinstance(problem, FieldProblem):
            return _check_field(problem, facts)
        return _check_second_line(problem, facts)
    except (KeyError, TypeError, ValueError) as error:
        return [Finding("form", "plan", f"cannot be read: {error!r}")]


def check_json(problem: Problem, given: Any, *, seed: int = 1) -> list[str]:
    """What is wrong with a plan (as JSON) in words; empty when nothing is. `seed` changes nothing."""
    return [f"{finding.where}: {finding.rule}: {finding.why}" for finding in check(problem, given)]


def service_of(
    load: float,
    servers: int,
    *,
    work_minutes: float,
    within_minutes: float,
    patience_minutes: float | None = None,
) -> float:
    """Share served in time, from the chances of each number in the system, added up one by one.

    Who finds n >= servers ahead waits for n - servers + 1 departures. Patient callers make that a Poisson
    count; for impatient ones each departure is followed through in small steps of time.
    """
    if load == 0:
        return 1.0
    if servers <= 0 or (patience_minutes is None and load >= servers):
        return 0.0
    leave = [min(n, servers) / work_minutes for n in range(servers + 1)]
    rate = load / work_minutes
    impatience = 0.0 if patience_minutes is None else 1.0 / patience_minutes
    chances, total, n = [1.0], 1.0, 0
    while True:
        n += 1
        out = leave[min(n, servers)] + max(0, n - servers) * impatience
        chances.append(chances[-1] * rate / out)
        total += chances[-1]
        if total > 1e250:
            chances = [chance / 1e250 for chance in chances]
            total /= 1e250
        if n > servers and rate < out and chances[-1] * (1 + rate / (out - rate)) < 1e-15 * total:
            break
    in_time = sum(chances[:servers])
    ahead = chances[servers:]
    mean = servers * within_minutes / work_minutes
    if patience_minutes is None:
        term, below = math.exp(-mean), 0.0
        for number, chance in enumerate(ahead):
            below += term
            in_time += chance * max(0.0, 1.0 - below)
            term *= mean / (number + 1)
        return in_time / total
    return (in_time + _impatient(ahead, servers / work_minutes, impatience, within_minutes)) / total


def _impatient(ahead: list[float], serve: float, impatience: float, within: float) -> float:
    """Weight of those served in time among people who wait behind 0, 1, 2 ... others.

    `state[k]` is the weight with k still before them; it falls to k - 1 at rate serve + k impatience, is
    served from k = 0 at rate serve, and gives up at rate impatience.
    """
    steps = max(400, math.ceil(4 * within * (serve + impatience * len(ahead))))
    state, served = list(ahead), 0.0
    width = within / steps

    def change(now: list[float]) -> list[float]:
        inflow = [(serve + (k + 1) * impatience) * now[k + 1] for k in range(len(now) - 1)] + [0.0]
        return [inflow[k] - (serve + k * impatience + impatience) * now[k] for k in range(len(now))]

    for _ in range(steps):
        one = change(state)
        middle = [value + width / 2 * slope for value, slope in zip(state, one, strict=True)]
        two = change(middle)
        middle2 = [value + width / 2 * slope for value, slope in zip(state, two, strict=True)]
        three = change(middle2)
        end = [value + width * slope for value, slope in zip(state, three, strict=True)]
        four = change(end)
        served += width / 6 * serve * (state[0] + 2 * middle[0] + 2 * middle2[0] + end[0])
        state = [
            value + width / 6 * (a + 2 * b + 2 * c + d)
            for value, a, b, c, d in zip(state, one, two, three, four, strict=True)
        ]
    return served


def _enough(
    where: str, load: float, servers: int, work_minutes: float, target: ServiceTarget
) -> list[Finding]:
    if load == 0:
        return []
    level = service_of(
        load,
        servers,
        work_minutes=work_minutes,
        within_minutes=target.within_minutes,
        patience_minutes=target.patience_minutes,
    )
    found = []
    if level < target.share - 1e-6:
        found.append(
            Finding("promise", where, f"{servers} serve {level:.2%} in time, not {target.share:.2%}")
        )
    if target.patience_minutes is None and load > servers * target.max_occupancy + 1e-6:
        found.append(
            Finding("occupancy", where, f"{servers} are at work more than {target.max_occupancy:.0%}")
        )
    return found


def _check_desk(problem: DeskProblem, facts: dict[str, Any]) -> list[Finding]:
    load, servers = facts["heads"]["load"], facts["heads"]["servers"]
    scheduled = facts["heads"]["scheduled"]
    if not len(load) == len(servers) == len(scheduled) == problem.steps:
        return [Finding("form", "heads", f"do not have the {problem.steps} steps of a week")]
    found: list[Finding] = []
    judged: dict[tuple[float, int], list[Finding]] = {}
    for step, (erlangs, present) in enumerate(zip(load, servers, strict=True)):
        key = (round(float(erlangs), 9), int(present))
        if key not in judged:
            judged[key] = _enough("", key[0], key[1], problem.work_minutes, problem.target)
        found += [Finding(row.rule, f"step {step}", row.why) for row in judged[key]]
        if scheduled[step] * (1 - problem.target.shrinkage) < present - 1e-9:
            found.append(Finding("shrinkage", f"step {step}", f"{scheduled[step]} scheduled are too few"))
    arrivals = sum(float(count) for count in facts["arrivals"])
    work = arrivals * problem.work_minutes / problem.step_minutes
    # What is left of a call when the desk has closed needs nobody, half a caller a step at most.
    closed = sum(1 for is_open in problem.open_steps if not is_open)
    if not work - 0.5 * closed - 1e-6 * max(1.0, work) <= sum(load) <= work + 1e-6 * max(1.0, work):
        found.append(Finding("load", "heads", f"the loads add up to {sum(load):.3f}, the work to {work:.3f}"))
    if problem.shifts and facts.get("roster") is None:
        found.append(Finding("roster", "plan", "is missing"))
    if facts.get("roster") is not None:
        found += _check_roster(problem, facts["roster"], [int(count) for count in scheduled])
    return found


def _check_roster(problem: DeskProblem, roster: dict[str, Any], needed: list[int]) -> list[Finding]:
    found: list[Finding] = []
    shifts = {shift.name: shift for shift in problem.shifts}
    workers = {worker.name: worker for worker in problem.workers}
    minutes = [0] * (7 * 1440)
    cost, seen = 0.0, set()
    for tour in roster["tours"]:
        name, days = tour["worker"], [int(day) for day in tour["days"]]
        if name not in workers or name in seen:
            found.append(Finding("one tour", name, "is unknown or has two tours"))
            continue
        seen.add(name)
        if tour["shift"] is None:
            continue
        worker, shift = workers[name], shifts.get(tour["shift"])
        if shift is None or (worker.shifts is not None and shift.name not in worker.shifts):
            found.append(Finding("allowed shift", name, f"cannot work {tour['shift']}"))
            continue
        if set(days) & worker.absent_days or not set(days) <= set(range(7)):
            found.append(Finding("absence", name, "is rostered on a day that cannot be"))
        if len(set(days)) != len(days) or len(days) > worker.days_per_week:
            found.append(Finding("days a week", name, f"works {len(days)} days, not {worker.days_per_week}"))
        cost += (shift.length_hours - shift.break_hours) * len(days) * worker.cost_per_hour
        for day in days:
            begin = day * 1440 + round(shift.start_hour * 60)
            away = range(
                round(shift.break_after_hours * 60),
                round((shift.break_after_hours + shift.break_hours) * 60),
            )
            for minute in range(round(shift.length_hours * 60)):
                if minute not in away:
                    minutes[(begin + minute) % len(minutes)] += 1
    if abs(cost - float(roster["cost"])) > 1e-6 * max(1.0, cost):
        found.append(Finding("cost", "roster", f"is {cost:.2f}, not {roster['cost']}"))
    width = problem.step_minutes
    listed = [0] * len(needed)
    for hole in roster["holes"]:
        first = int(hole["day"]) * 1440 + round(float(hole["from_hour"]) * 60)
        last = int(hole["day"]) * 1440 + round(float(hole["until_hour"]) * 60)
        for step in range(first // width, last // width):
            listed[step] = int(hole["missing"])
    for step, need in enumerate(needed):
        present = min(minutes[step * width : (step + 1) * width])
        if max(0, need - present) != listed[step]:
            found.append(
                Finding(
                    "holes", f"step {step}", f"{max(0, need - present)} are missing, {listed[step]} listed"
                )
            )
    return found


def _check_field(problem: FieldProblem, facts: dict[str, Any]) -> list[Finding]:
    found = []
    stated = {row["name"]: int(row["heads"]) for row in facts["heads"]}
    for territory in problem.territories:
        if territory.name not in stated:
            found.append(Finding("every territory", territory.name, "has no heads"))
            continue
        found += _check_territory(territory, problem.promise, stated[territory.name])
    if "total" in facts and int(facts["total"]) != sum(stated.values()):
        found.append(Finding("total", "heads", "is not the sum of the territories"))
    return found


def _check_territory(territory: Territory, promise: FieldPromise, heads: int) -> list[Finding]:
    duty = math.floor(heads * promise.hours_per_head_year / promise.service_hours_per_year + 1e-9)
    visit = territory.work_hours + 2 * territory.travel_hours
    failures = territory.machines * territory.failures_seen / territory.machine_years_seen
    load = failures * territory.visits_per_failure * visit / promise.service_hours_per_year
    planned = territory.machines * territory.planned_hours_per_machine / promise.service_hours_per_year
    found = []
    if load + planned > duty * promise.max_utilisation + 1e-6:
        found.append(
            Finding("utilisation", territory.name, f"{duty} on duty have work for {load + planned:.2f}")
        )
    # The wait with visits that vary differently is that of exponential ones on a stretched clock.
    stretch = (1 + territory.variation) / 2
    kept = service_of(
        load,
        duty,
        work_minutes=60 * visit,
        within_minutes=60 * max(0.0, promise.response_hours - territory.travel_hours) / stretch,
    )
    if load > 0 and kept < promise.share - 1e-6:
        found.append(Finding("promise", territory.name, f"{duty} on duty keep {kept:.2%}"))
    return found


def _check_second_line(problem: SecondLine, facts: dict[str, Any]) -> list[Finding]:
    found = []
    for side in ("hq", "regions"):
        groups = {(row["place"], row["skill"]): int(row["heads"]) for row in facts[side]["groups"]}
        road, wanted = 0.0, set()
        for skill, hours in problem.work_hours.items():
            places: dict[str, list[tuple[float, float]]] = {}
            for region in problem.regions:
                rate = region.cases_per_hour.get(skill, 0.0)
                if rate:
                    place = "hq" if side == "hq" else region.name
                    travel = region.hq_travel_hours if side == "hq" else region.own_travel_hours
                    places.setdefault(place, []).append((rate, travel))
            for place, parts in places.items():
                wanted.add((place, skill))
                trips = sum(rate * 2 * travel * problem.on_site_share for rate, travel in parts)
                road += trips
                load = hours * sum(rate for rate, _ in parts) + trips
                heads = groups.get((place, skill), 0)
                where = f"{skill} at {place}"
                if load > heads * problem.max_utilisation + 1e-6:
                    found.append(Finding("utilisation", where, f"{heads} for {load:.2f}"))
                    continue
                kept, possible = _kept_by(problem, parts, load, heads)
                if kept < min(problem.share, possible) - 1e-5:
                    found.append(Finding("promise", where, f"{heads} keep {kept:.2%}"))
        for place, skill in set(groups) - wanted:
            found.append(Finding("idle group", f"{skill} at {place}", "has nothing to do"))
        head_cost = problem.hq_head_cost_per_hour if side == "hq" else problem.region_head_cost_per_hour
        cost = sum(groups.values()) * head_cost + road * problem.road_cost_per_hour
        if abs(cost - float(facts[side]["cost"])) > 1e-6 * max(1.0, cost):
            found.append(Finding("cost", side, f"is {cost:.4f}, not {facts[side]['cost']}"))
    return found


def _kept_by(
    problem: SecondLine, parts: list[tuple[float, float]], load: float, heads: int
) -> tuple[float, float]:
    """Share of a group's cases in time with these heads, and with as many as one likes."""
    cases = sum(rate for rate, _ in parts)
    stretch = (1 + problem.variation) / 2
    kept = possible = 0.0
    for rate, travel in parts:
        on_site = problem.on_site_share * rate / cases
        afar = rate / cases - on_site
        for weight, left in ((on_site, problem.response_hours - travel), (afar, problem.response_hours)):
            if weight and left >= 0:
                possible += weight
                kept += weight * service_of(
                    load, heads, work_minutes=60 * load / cases, within_minutes=60 * left / stretch
                )
    return kept, possible
