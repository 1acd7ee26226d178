"""Which rules to relax and which to harden, from what came of deviating."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np

from tightrope.planning.rules.effect import Effect, discoveries, effect_of, share_limits
from tightrope.planning.rules.problem import Job, Outcome, Problem

RELAX, HARDEN, WEIGH, NO_DIFFERENCE, UNKNOWN = (
    "relax",
    "harden",
    "weigh",
    "no difference",
    "not enough known",
)
Progress = Callable[[float, float], None]


class Stopping(Protocol):
    """Anything that can tell the work to end."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule: how often it is deviated from, by how many, what that does, and what follows.

    ``refused`` says by outcome why nothing can be said about it. ``verdict``: "relax" (deviating does better),
    "harden" (it does worse), "weigh" (better in one outcome, worse in another), "no difference" (surely less
    than what matters), or "not enough known".
    """

    rule: str
    jobs: int
    deviations: int
    rate: float
    rate_low: float
    rate_high: float
    deviating_engineers: int
    effects: Mapping[str, Effect]
    refused: Mapping[str, str]
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All rules, those to change first; the deviation rate over all."""

    rules: tuple[RuleVerdict, ...]
    rate: float
    confidence: float
    false_discovery: float
    is_complete: bool = True


def solve(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None, seed: int = 0
) -> Plan:
    """Judge every rule. Nothing is drawn, so ``seed`` changes nothing. ``progress(rules, seconds)``.

    False discoveries are held down over all rules and outcomes together (Benjamini & Hochberg).
    """
    started = time.monotonic()
    found: dict[str, tuple[list[Job], dict[str, Effect], dict[str, str]]] = {}
    by_rule: dict[str, list[Job]] = {rule: [] for rule in problem.rules}
    for job in problem.jobs:
        by_rule[job.rule].append(job)
    for done, (rule, jobs) in enumerate(by_rule.items(), start=1):
        if stop is not None and stop.is_reached(done - 1):
            break
        effects, refused = {}, {}
        for outcome in problem.outcomes:
            answer = _effect(jobs, outcome, problem.confidence)
            if isinstance(answer, Effect):
                effects[outcome.name] = answer
            else:
                refused[outcome.name] = answer
        found[rule] = jobs, effects, refused
        if progress is not None:
            progress(float(done), time.monotonic() - started)
    named = [(rule, name) for rule, (_, effects, _) in found.items() for name in effects]
    for (rule, name), q in zip(named, discoveries([found[r][1][n].p for r, n in named]), strict=True):
        found[rule][1][name] = replace(found[rule][1][name], q=q)
    verdicts = [_verdict(problem, rule, *parts) for rule, parts in found.items()]
    order = (RELAX, HARDEN, WEIGH, NO_DIFFERENCE, UNKNOWN)
    verdicts.sort(key=lambda one: (order.index(one.verdict), -one.deviations))
    return Plan(
        rules=tuple(verdicts),
        rate=sum(job.deviated for job in problem.jobs) / len(problem.jobs),
        confidence=problem.confidence,
        false_discovery=problem.false_discovery,
        is_complete=len(found) == len(by_rule),
    )


def _effect(jobs: list[Job], outcome: Outcome, confidence: float) -> Effect | str:
    known = [job for job in jobs if outcome.name in job.outcomes]
    if not known:
        return "it was never measured"
    return effect_of(
        np.array([job.outcomes[outcome.name] for job in known]),
        np.array([job.deviated for job in known]),
        [job.stratum for job in known],
        [job.engineer for job in known],
        confidence=confidence,
    )


def _verdict(
    problem: Problem, rule: str, jobs: list[Job], effects: dict[str, Effect], refused: dict[str, str]
) -> RuleVerdict:
    better: list[str] = []
    worse: list[str] = []
    alike: list[str] = []
    for outcome in problem.outcomes:
        if outcome.name not in effects:
            continue
        one = effects[outcome.name]
        good = one.estimate if outcome.better == "higher" else -one.estimate
        if one.q <= problem.false_discovery and abs(good) >= outcome.matters_from:
            (better if good > 0 else worse).append(outcome.name)
        if outcome.matters_from > 0 and -outcome.matters_from < one.low <= one.high < outcome.matters_from:
            alike.append(outcome.name)
    if better and worse:
        verdict, why = WEIGH, f"deviating does better in {_and(better)}, worse in {_and(worse)}"
    elif better:
        verdict, why = RELAX, f"deviating does better in {_and(better)}"
    elif worse:
        verdict, why = HARDEN, f"deviating does worse in {_and(worse)}"
    elif len(alike) == len(problem.outcomes):
        verdict, why = NO_DIFFERENCE, f"surely less than what matters in {_and(alike)}"
    else:
        said = [f"{name}: {text}" for name, text in refused.items()]
        wide = [name for name in effects if name not in alike]
        if wide:
            said.append(f"the intervals of {_and(wide)} leave it open")
        verdict, why = UNKNOWN, "; ".join(said)
    deviations = sum(job.deviated for job in jobs)
    low, high = share_limits(deviations, len(jobs), problem.confidence)
    return RuleVerdict(
        rule,
        len(jobs),
        deviations,
        deviations / len(jobs),
        low,
        high,
        len({job.engineer for job in jobs if job.deviated}),
        effects,
        refused,
        verdict,
        why,
    )


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The verdicts as JSON."""
    return {
        "kind": "rules plan",
        "rate": plan.rate,
        "confidence": plan.confidence,
        "false_discovery": plan.false_discovery,
        "is_complete": plan.is_complete,
        "rules": [asdict(one) for one in plan.rules],
    }


def plan_table(plan: Plan) -> str:
    """The verdicts as lines for a terminal."""
    lines = [f"{plan.rate:.1%} of jobs deviate from the rule concerned"]
    for one in plan.rules:
        lines.append(
            f"{one.verdict.upper():16} {one.rule}: {one.deviations} of {one.jobs} deviate"
            f" ({one.rate_low:.1%} to {one.rate_high:.1%}), {one.deviating_engineers} engineers; {one.why}"
        )
        lines += [
            f"{'':16}   {name:20} {effect.estimate:+.3f} ({effect.low:+.3f} to {effect.high:+.3f})"
            f"  plain {effect.plain:+.3f}  q {effect.q:.3f}"
            for name, effect in one.effects.items()
        ]
    if not plan.is_complete:
        lines.append("Stopped: not all rules were judged.")
    return "\n".join(lines)
