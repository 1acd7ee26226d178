"""A routing plan as text: each engineer's day, and the visits left out with the reason."""

from __future__ import annotations

from tightrope.planning.routing.plan import Plan


def route_table(plan: Plan) -> str:
    """One line for each stop, times in the problem's own unit, then what was left out and the costs."""
    names = [route.engineer for route in plan.routes] + [each.visit for each in plan.left_out]
    width = max((len(name) for name in names), default=8)
    lines = [f"{'engineer':<{width}}  {'arrives':>9}  {'starts':>9}  {'ends':>9}  stop"]
    for route in plan.routes:
        lines += [
            f"{route.engineer:<{width}}  {stop.arrives:9.1f}  {stop.starts:9.1f}  {stop.ends:9.1f}"
            f"  {stop.name if stop.kind == 'visit' else f'{stop.kind} {stop.name}'.strip()}"
            for stop in route.stops
        ]
        lines.append(f"{'':<{width}}  {route.ends:9.1f}  {'':>9}  {'':>9}  home")
    lines += [f"{each.visit:<{width}}  left out, {each.rule}: {each.why}" for each in plan.left_out]
    value = plan.value
    lines.append(
        f"{sum(len(route.visits) for route in plan.routes)} stops of {len(plan.routes)} engineers;"
        f" total {value.total:,.2f} = left out {value.left_out:,.2f} + travel {value.travel:,.2f}"
        f" + time {value.time:,.2f} + fixed {value.fixed:,.2f} + overtime {value.overtime:,.2f}"
        f" + unfairness {value.unfairness:,.2f}; {value.must_left_out} that must be served left out"
    )
    return "\n".join(lines)
