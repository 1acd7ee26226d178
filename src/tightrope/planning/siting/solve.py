"""All that a siting problem asks for: the plan, the ladder of cities and the stability of the answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from tightrope.planning.siting.answer import Progress
from tightrope.planning.siting.ladder import Ladder, Rung, climb
from tightrope.planning.siting.place import place, plan_for_sites
from tightrope.planning.siting.plan import SitingPlan
from tightrope.planning.siting.problem import SitingProblem
from tightrope.planning.siting.schema import sites_to_json
from tightrope.planning.siting.stability import Stability, stability_of
from tightrope.planning.siting.stop import Stopping
from tightrope.planning.siting.table import ladder_table, sites_table


@dataclass(frozen=True)
class Study:
    """A plan, today's set-up for comparison, and what else was asked for."""

    plan: SitingPlan
    today: SitingPlan | None
    ladder: Ladder | None
    stability: Stability | None


def solve(
    problem: SitingProblem,
    *,
    stop: Stopping | None = None,
    progress: Progress | None = None,
    seed: int = 0,
    prove_seconds: float = 10.0,
) -> Study:
    """The plan, today's set-up beside it, and the ladder and stability that the problem wishes for.

    What `stop` cuts off is missing from the study; the plan is always there. `prove_seconds` is for
    each single plan.
    """
    plan = place(problem, stop=stop, seed=seed, prove_seconds=prove_seconds, progress=progress)
    ladder, stability = None, None
    if problem.ladder is not None and not (stop is not None and stop.is_reached()):
        ladder = climb(
            problem,
            fewest=problem.ladder.fewest,
            most=problem.ladder.most,
            stop=stop,
            seed=seed,
            prove_seconds=prove_seconds,
            progress=progress,
        )
    if problem.stability is not None and not (stop is not None and stop.is_reached()):
        stability = stability_of(
            problem,
            plan,
            draws=problem.stability.draws,
            spread=problem.stability.spread,
            stop=stop,
            seed=seed,
        )
    today = problem.today
    return Study(
        plan=plan,
        today=plan_for_sites(problem, today) if len(today) else None,
        ladder=ladder,
        stability=stability,
    )


def plan_to_json(study: Study) -> dict[str, Any]:
    """The plan as `sites_to_json` gives it, with ``today``, ``ladder`` and ``stability`` where known."""
    facts = sites_to_json(study.plan)
    if study.today is not None:
        facts["today"] = sites_to_json(study.today)
    if study.ladder is not None:
        facts["ladder"] = [_rung_to_json(rung) for rung in study.ladder.rungs]
    if study.stability is not None:
        facts["stability"] = dataclasses.asdict(study.stability)
    return facts


def plan_table(study: Study) -> str:
    """Everything in the study as text."""
    parts = [sites_table(study.plan)]
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
        "plan": sites_to_json(rung.plan),
    }
