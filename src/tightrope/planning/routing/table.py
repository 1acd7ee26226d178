"""A plan as text, for people at a terminal."""

from __future__ import annotations

from tightrope.planning.routing.plan import Plan


def table(plan: Plan) -> str:
    """One line for each engineer with work, then the visits left out with the reason, then the value."""
    lines = [f"{'engineer':16} {'starts':>9} {'ends':>9} {'visits':>6}  order"]
    for route in plan.routes:
        order = " ".join(stop.name if stop.kind == "visit" else f"({stop.name})" for stop in route.stops)
        lines.append(
            f"{route.engineer:16} {route.starts:9.1f} {route.ends:9.1f} {len(route.visits):6}  {order}"
        )
    lines += [f"left out: {each.visit} ({each.rule}: {each.why})" for each in plan.left_out]
    value = plan.value
    parts = ("left_out", "travel", "time", "fixed", "overtime", "unfairness")
    costs = ", ".join(
        f"{part.replace('_', ' ')} {getattr(value, part):,.6g}" for part in parts if getattr(value, part)
    )
    lines.append(f"value {value.total:,.6g}" + (f" ({costs})" if costs else ""))
    if value.must_left_out:
        lines.append(f"{value.must_left_out} visits that must be served are left out")
    return "\n".join(lines)
