"""Siting plans as text tables for a terminal."""

from __future__ import annotations

import math

from tightrope.planning.siting.ladder import Ladder
from tightrope.planning.siting.plan import SitingPlan


def sites_table(plan: SitingPlan) -> str:
    """One line a base, then the totals and how good the plan provably is."""
    width = max(len("base"), *(len(base.name) for base in plan.bases))
    lines = [f"{'base':<{width}}  heads  in use   visits/year      cost/year"]
    lines += [
        f"{base.name:<{width}}  {base.heads:>5}  {base.utilisation:>6.1%}  {base.visits:>12,.0f}"
        f"  {base.cost:>13,.0f}"
        for base in plan.bases
    ]
    lines.append(
        f"{'all':<{width}}  {plan.heads:>5}  {'':>6}  {sum(b.visits for b in plan.bases):>12,.0f}"
        f"  {plan.cost:>13,.0f}"
    )
    lines.append(
        f"travel: mean {plan.mean_minutes:.1f} min, longest {plan.longest_minutes:.1f} min,"
        f" {plan.near_share:.1%} of visits near"
    )
    gap = f"at most {plan.gap:.2%} from the best" if math.isfinite(plan.gap) else "no bound known"
    lines.append(f"{plan.aim}: {plan.value:,.2f} ({'proven best' if plan.gap <= 1e-6 else gap})")
    if plan.unreached:
        lines.append("out of reach: " + ", ".join(plan.unreached))
    if plan.short_heads:
        lines.append("more heads than the site holds: " + ", ".join(plan.short_heads))
    return "\n".join(lines)


def ladder_table(ladder: Ladder) -> str:
    """One line a number of cities: what it costs, what the step costs and what it buys."""
    lines = ["cities  heads      cost/year     more cost   mean min   min saved    near   cities"]
    for rung in ladder.rungs:
        more = "" if rung.more_cost is None else f"{rung.more_cost:+,.0f}"
        saved = "" if rung.fewer_minutes is None else f"{rung.fewer_minutes:.1f}"
        lines.append(_line(str(rung.cities), rung.plan, more, saved))
    if ladder.today is not None:
        lines.append(_line("today", ladder.today, "", ""))
    return "\n".join(lines)


def _line(label: str, plan: SitingPlan, more: str, saved: str) -> str:
    return (
        f"{label:>6}  {plan.heads:>5}  {plan.cost:>13,.0f}  {more:>12}  {plan.mean_minutes:>9.1f}"
        f"  {saved:>10}  {plan.near_share:>6.1%}   {', '.join(plan.site_names)}"
    )
