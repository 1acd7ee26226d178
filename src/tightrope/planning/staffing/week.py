"""Heads step by step through a day or week whose arrivals rise and fall.

Three ways to turn arrivals into the load that the formulas for constant arrivals may be asked about:
`stationary_load` takes each step on its own; `lagged_load` shifts arrivals by one mean work time, because
the busiest moment comes after the most arrivals; `offered_load` follows the mean number that unlimited
servers would be busy with, which also rounds the peaks. `lived_service` then tells what callers live
through with given heads, by the equations of the changing queue themselves.

Sources
-------
Green, Kolesar, Soares (2001), "Improving the SIPP approach for staffing service systems that have cyclic
demands", Operations Research 49(4): period by period, with and without lag. Jennings, Mandelbaum, Massey,
Whitt (1996), "Server staffing to meet time-varying demand", Management Science 42(10), eq. 5-7: offered
load. Here arrivals are constant within a step, so its differential equation is solved in closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.positions import Floats, Ints, ServiceTarget, servers_for_loads


@dataclass(frozen=True)
class WeekHeads:
    """Load and heads for each step: `servers` at work, `scheduled` to have them there, all (n_steps,)."""

    step_minutes: float
    load: Floats
    servers: Ints
    scheduled: Ints

    @property
    def scheduled_hours(self) -> float:
        return float(self.scheduled.sum() * self.step_minutes / 60.0)


def heads_through(
    load: ArrayLike, *, step_minutes: float, work_minutes: float, target: ServiceTarget
) -> WeekHeads:
    """Fewest heads in each step for the load from one of the three functions below."""
    loads = np.asarray(load, dtype=np.float64)
    servers = servers_for_loads(loads, work_minutes=work_minutes, target=target)
    scheduled = np.ceil(servers / (1.0 - target.shrinkage) - 1e-9).astype(np.int64)
    return WeekHeads(step_minutes=step_minutes, load=loads, servers=servers, scheduled=scheduled)


def stationary_load(arrivals: ArrayLike, *, step_minutes: float, work_minutes: float) -> Floats:
    """Erlangs of each step as if its arrivals had always been the same, (n_steps,).

    `arrivals` (n_steps,) is the number in each step. Good while work is short against the changes.
    """
    counts = _arrivals(arrivals, step_minutes, work_minutes)
    return counts * (work_minutes / step_minutes)


def lagged_load(arrivals: ArrayLike, *, step_minutes: float, work_minutes: float) -> Floats:
    """Erlangs of each step from the arrivals one mean work time earlier, (n_steps,).

    The period repeats: what comes before the first step is the end of the last.
    """
    load = stationary_load(arrivals, step_minutes=step_minutes, work_minutes=work_minutes)
    steps, part = divmod(work_minutes / step_minutes, 1.0)
    earlier = np.roll(load, int(steps))
    shifted: Floats = (1.0 - part) * earlier + part * np.roll(earlier, 1)
    return shifted


def offered_load(arrivals: ArrayLike, *, step_minutes: float, work_minutes: float) -> Floats:
    """Mean number busy in each step if servers were unlimited, (n_steps,): the modified offered load.

    m' = arrivals - m / work, solved exactly within steps and around the repeating period; the answer is
    its mean over each step.
    """
    load = stationary_load(arrivals, step_minutes=step_minutes, work_minutes=work_minutes)
    ratio = step_minutes / work_minutes
    stay = math.exp(-ratio)
    # Around the whole period the start must return: m0 = end(m0), and end is linear in m0.
    end = 0.0
    for target in load:
        end = target + (end - target) * stay
    busy = end / -math.expm1(-ratio * len(load))
    mean = np.empty(len(load))
    share = -math.expm1(-ratio) / ratio
    for step, target in enumerate(load):
        mean[step] = target + (busy - target) * share
        busy = target + (busy - target) * stay
    return mean


def lived_service(
    arrivals: ArrayLike,
    servers: ArrayLike,
    *,
    step_minutes: float,
    work_minutes: float,
    within_minutes: float,
    rounds: int = 2,
) -> Floats:
    """Share of each step's callers served in time under `servers` (n_steps,), nobody giving up, (n_steps,).

    Solves the equations of the M(t)/M/s(t) queue by uniformisation through the period `rounds` times
    (the first settles it) and averages over eight moments of each step. When servers go home in the
    middle of a call, the call waits for the next free one. A judge, not a planner: a second or so.
    """
    counts = _arrivals(arrivals, step_minutes, work_minutes)
    heads = np.asarray(servers, dtype=np.int64)
    if heads.shape != counts.shape or (heads < 0).any():
        raise BadProblem("servers", "must be one number of zero or more for each step")
    rates = counts / step_minutes
    size = _most_in_system(rates, heads, step_minutes, work_minutes)
    state = np.zeros(size)
    state[0] = 1.0
    level = np.ones(len(counts))
    moments = 8
    for turn in range(rounds):
        for step, (rate, present) in enumerate(zip(rates, heads, strict=True)):
            in_time = _in_time_by_state(size, int(present), work_minutes, within_minutes)
            total = 0.0
            for _ in range(moments):
                # The middle of each part, so that eight moments weigh alike.
                state = _after(state, rate, int(present), step_minutes / moments / 2, work_minutes)
                total += float(state @ in_time)
                state = _after(state, rate, int(present), step_minutes / moments / 2, work_minutes)
            if turn == rounds - 1:
                level[step] = total / moments
    return level


def _most_in_system(rates: Floats, heads: Ints, step_minutes: float, work_minutes: float) -> int:
    """States to keep: what can pile up at its worst, and some deviations more."""
    backlog, worst = 0.0, 0.0
    for _ in range(2):
        for rate, present in zip(rates, heads, strict=True):
            backlog = max(0.0, backlog + (rate - present / work_minutes) * step_minutes)
            worst = max(worst, backlog + max(float(present), rate * work_minutes))
    return int(worst + 12.0 * math.sqrt(worst + 1.0)) + 25


def _in_time_by_state(size: int, servers: int, work_minutes: float, within_minutes: float) -> Floats:
    """Chance that somebody who finds n in the system waits no longer than allowed, (size,).

    With n >= servers, n - servers + 1 departures must come first: a Poisson count.
    """
    chance = np.zeros(size)
    chance[:servers] = 1.0
    mean = servers * within_minutes / work_minutes
    term, below = math.exp(-mean), 0.0
    for number in range(servers, size):
        below += term
        term *= mean / (number - servers + 1)
        chance[number] = max(0.0, 1.0 - below)
        if chance[number] < 1e-15:
            break
    return chance


def _after(state: Floats, rate: float, servers: int, minutes: float, work_minutes: float) -> Floats:
    size = len(state)
    leave = np.minimum(np.arange(size), servers) / work_minutes
    fastest = rate + servers / work_minutes
    if fastest == 0:
        return state
    mean = fastest * minutes
    # Long stretches are cut so that exp(-mean) stays well above zero.
    pieces = max(1, math.ceil(mean / 200.0))
    mean /= pieces
    up, down, stay = rate / fastest, leave / fastest, 1.0 - (rate + leave) / fastest
    stay[-1] += up
    for _ in range(pieces):
        weight, left, jump = math.exp(-mean), 1.0, state
        total = weight * jump
        left -= weight
        number = 0
        while left > 1e-12 and number < 10_000:
            number += 1
            moved = stay * jump
            moved[1:] += up * jump[:-1]
            moved[:-1] += down[1:] * jump[1:]
            jump = moved
            weight *= mean / number
            left -= weight
            total = total + weight * jump
        state = total / total.sum()
    return state


def _arrivals(arrivals: ArrayLike, step_minutes: float, work_minutes: float) -> Floats:
    counts = np.asarray(arrivals, dtype=np.float64)
    if counts.ndim != 1 or not len(counts):
        raise BadProblem("arrivals", "must be a row of numbers, one for each step")
    for step in np.flatnonzero(~np.isfinite(counts) | (counts < 0))[:1]:
        raise BadProblem(f"arrivals of step {step}", f"must be zero or more, not {counts[step]}")
    for name, minutes in (("step_minutes", step_minutes), ("work_minutes", work_minutes)):
        if not (math.isfinite(minutes) and minutes > 0):
            raise BadProblem(name, f"must be above zero, not {minutes}")
    return counts
