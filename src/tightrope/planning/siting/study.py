"""All that a siting file asks for: the plan, the ladder of cities and the stability of the answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.answer import Progress
from tightrope.planning.siting.ladder import Ladder, Rung, climb
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.schema import from_json, plan_to_json
from tightrope.planning.siting.solve import plan_for_sites, solve
from tightrope.planning.siting.stability import Stability, stability_of
from tightrope.planning.siting.stop import Stopping
from tightrope.planning.siting.table import ladder_table, plan_table


@dataclass(frozen=True)
class Study:
    """A problem with its plan, today's set-up for comparison, and what else was asked for."""

    problem: SitingProblem
    plan: SitingPlan
    today: SitingPlan | None
    ladder: Ladder | None
    stability: Stability | None


def study_of(
    facts: dict[str, Any],
    *,
    stop: Stopping | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Study:
    """Read `facts` (see `schema`) and answer all of it.

    Two entries beside the problem ask for more: ``"ladder": {"fewest": 1, "most": 8}`` and
    ``"stability": {"draws": 50, "spread": 0.2}``. Raises BadProblem for anything malformed. What `stop`
    cuts off is missing from the study; the plan is always there.
    """
    problem = from_json(facts)
    steps = _options(facts, "ladder", {"fewest": int, "most": int})
    noise = _options(facts, "stability", {"draws": int, "spread": float})
    if steps is not None and "most" not in steps:
        raise BadProblem("ladder", "needs the greatest number of cities, most")
    plan = solve(problem, stop=stop, seed=seed, prove_seconds=prove_seconds, progress=progress)
    ladder, stability = None, None
    if steps is not None and not (stop is not None and stop.is_reached()):
        ladder = climb(problem, stop=stop, seed=seed, prove_seconds=prove_seconds, progress=progress, **steps)
    if noise is not None and not (stop is not None and stop.is_reached()):
        stability = stability_of(problem, plan, stop=stop, seed=seed, **noise)
    today = problem.today
    return Study(
        problem=problem,
        plan=plan,
        today=plan_for_sites(problem, today) if len(today) else None,
        ladder=ladder,
        stability=stability,
    )


def study_to_json(study: Study) -> dict[str, Any]:
    """The plan as `plan_to_json` gives it, with ``today``, ``ladder`` and ``stability`` where known."""
    facts = plan_to_json(study.plan)
    if study.today is not None:
        facts["today"] = plan_to_json(study.today)
    if study.ladder is not None:
        facts["ladder"] = [_rung_to_json(rung) for rung in study.ladder.rungs]
    if study.stability is not None:
        facts["stability"] = dataclasses.asdict(study.stability)
    return facts


def study_table(study: Study) -> str:
    """Everything in the study as text."""
    parts = [plan_table(study.plan)]
    if study.ladder is not None:
        parts.append(ladder_table(study.ladder))
    if study.stability is not None:
        steady = study.stability
        often = sorted(steady.chosen_share.items(), key=lambda item: -item[1])
        parts.append(
            f"under {steady.draws} drawn demands the same sites are best in {steady.same_share:.0%};"
            f" keeping them costs {steady.regret_mean:.2%} on average and at most"
            f" {steady.regret_worst_tenth:.2%} in nine cases of ten\n"
            + "chosen: "
            + ", ".join(f"{name} {share:.0%}" for name, share in often)
        )
    return "\n\n".join(parts)


def _rung_to_json(rung: Rung) -> dict[str, Any]:
    return {
        "cities": rung.cities,
        "more_cost": rung.more_cost,
        "fewer_minutes": rung.fewer_minutes,
        "nearer_share": rung.nearer_share,
        "cost_per_minute": rung.cost_per_minute,
        "plan": plan_to_json(rung.plan),
    }


def _options(facts: dict[str, Any], key: str, kinds: dict[str, type]) -> dict[str, Any] | None:
    if facts.get(key) is None:
        return None
    given = facts[key]
    if not isinstance(given, dict) or set(given) - set(kinds):
        raise BadProblem(key, f"must be an object with {', '.join(kinds)}")
    for name, value in given.items():
        wanted = (int, float) if kinds[name] is float else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise BadProblem(key, f"{name} must be a number, not {value!r}")
    return given
