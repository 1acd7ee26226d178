"""Staffing plans as text tables for a terminal."""

from __future__ import annotations

import math

from tightrope.planning.staffing.forecast import Forecast
from tightrope.planning.staffing.frontier import Frontier
from tightrope.planning.staffing.growth import Outlook
from tightrope.planning.staffing.pooling import Comparison, SetUp
from tightrope.planning.staffing.positions import Positions
from tightrope.planning.staffing.problem import DeskPlan, FieldPlan, Plan

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def plan_table(plan: Plan) -> str:
    """The plan as lines of text, whichever question it answers."""
    if isinstance(plan, Positions):
        return _positions(plan)
    if isinstance(plan, FieldPlan):
        return _field(plan)
    if isinstance(plan, Comparison):
        return _comparison(plan)
    return _desk(plan)


def _positions(plan: Positions) -> str:
    queue = plan.waiting
    return (
        f"{plan.servers} positions, {plan.scheduled} people scheduled for a load of {plan.load:.2f} erlangs\n"
        f"{queue.service_level:.2%} served in time, {queue.delayed:.2%} wait at all, mean wait"
        f" {queue.mean_minutes * 60:.1f} s, {queue.abandoned:.2%} give up, occupancy {queue.occupancy:.1%}"
    )


def _desk(plan: DeskPlan) -> str:
    per_day = len(plan.heads.servers) // 7
    per_hour = max(1, per_day // 24)
    lines = []
    if plan.forecast is not None:
        lines.append(forecast_table(plan.forecast))
    lines.append("people scheduled (most within the hour)")
    hours = range(0, per_day, per_hour)
    lines.append("     " + "".join(f"{step * 24 // per_day:>4}" for step in hours))
    for day, name in enumerate(DAY_NAMES):
        row = plan.heads.scheduled[day * per_day : (day + 1) * per_day]
        lines.append(f"{name}  " + "".join(f"{int(row[step : step + per_hour].max()):>4}" for step in hours))
    lines.append(f"{plan.heads.scheduled_hours:,.1f} hours a week")
    if plan.lived is not None and plan.arrivals.sum() > 0:
        mean = float(plan.lived @ plan.arrivals / plan.arrivals.sum())
        lines.append(f"served in time over the week: {mean:.2%}")
    if plan.roster is not None:
        lines += [
            "",
            *(
                f"{tour.worker}: {tour.shift or 'at home'} " + " ".join(DAY_NAMES[day] for day in tour.days)
                for tour in plan.roster.tours
            ),
            f"cost {plan.roster.cost:,.2f}; {plan.roster.missing_hours:g} head-hours missing,"
            f" {plan.roster.surplus_hours:g} over",
            *(
                f"missing {hole.missing}: {DAY_NAMES[hole.day]} {_clock(hole.from_hour)}-{_clock(hole.until_hour)}"
                for hole in plan.roster.holes
            ),
        ]
    return "\n".join(lines)


def forecast_table(found: Forecast) -> str:
    """How each method did on weeks it had not seen, the chosen one first."""
    lines = [f"forecast from {found.weeks} weeks by {found.method}; error on weeks not seen:"]
    lines += [
        f"  {error.method:<22} by day {error.day_error:>6.1%}  by step {error.step_error:>6.1%}"
        f"  bias {error.bias:>+6.1%}"
        for error in found.errors
    ]
    lines.append(f"  {found.coverage:.0%} of steps lay in their {found.confidence:.0%} interval")
    return "\n".join(lines)


def _field(plan: FieldPlan) -> str:
    width = max(len("territory"), *(len(row.name) for row in plan.heads))
    lines = [f"{'territory':<{width}}  heads  interval  busy   in time  mean to arrival  machines/head"]
    for row in plan.heads:
        per_head = "-" if math.isinf(row.machines_per_head) else f"{row.machines_per_head:,.0f}"
        lines.append(
            f"{row.name:<{width}}  {row.heads:>5}  {row.heads_low:>3}-{row.heads_high:<4}"
            f"  {row.utilisation:>5.0%}  {row.kept_share:>6.1%}  {row.mean_response_hours:>13.1f} h  {per_head:>13}"
        )
    lines.append(f"{'all':<{width}}  {plan.total:>5}")
    for name, outlook in plan.outlooks.items():
        lines += ["", f"{name}: {_outlook(outlook)}"]
    for name, found in plan.frontiers.items():
        lines += ["", f"{name}: what service costs", _frontier(found)]
    return "\n".join(lines)


def _frontier(found: Frontier) -> str:
    lines = ["       heads   in time  mean to arrival      cost/year"]
    lines += [
        f"{'>' if point == found.kept else ' ':>4}{point.heads:>8g}  {point.kept_share:>8.2%}"
        f"  {point.mean_response_hours:>13.2f} h  {point.cost:>13,.0f}"
        for point in found.points
    ]
    lines.append(
        f"    an engineer at every customer: {found.resident.heads:g} heads, {found.resident.cost:,.0f} a year"
    )
    lines.append(f"    a stand-by machine for every machine: {found.standby_cost:,.0f} a year")
    return "\n".join(lines)


def _outlook(outlook: Outlook) -> str:
    last = outlook.months[-1].month
    if outlook.breaks_in is None:
        text = f"holds for all {last} months"
    else:
        text = f"breaks in month {outlook.breaks_in}"
        if outlook.decide_by is not None and outlook.decide_by < 0:
            text += f"; hiring should have been decided {-outlook.decide_by} months ago"
        else:
            text += f"; hiring must be decided by month {outlook.decide_by}"
    if outlook.breaks_early is not None:
        text += f" (at worst it breaks in month {outlook.breaks_early})"
    if outlook.hires:
        text += "\n  hire: " + ", ".join(
            f"{count} in month {month}" for month, count in outlook.hires.items()
        )
    return text


def _comparison(plan: Comparison) -> str:
    rows: list[tuple[str, object]] = [
        ("heads", lambda side: f"{side.heads}"),
        ("spare heads", lambda side: f"{side.spare:.1f}"),
        ("in use", lambda side: f"{side.utilisation:.0%}"),
        ("mean wait, h", lambda side: f"{side.mean_wait_hours:.2f}"),
        ("mean travel, h", lambda side: f"{side.mean_travel_hours:.2f}"),
        ("in time", lambda side: f"{side.kept_share:.1%}"),
        ("cost an hour", lambda side: f"{side.cost:,.2f}"),
        ("out of reach", lambda side: ", ".join(side.missed) or "-"),
    ]
    lines = [f"{'':<16}{'hq':>14}{'regions':>14}"]
    for label, shown in rows:
        lines.append(f"{label:<16}{_shown(shown, plan.hq):>14}{_shown(shown, plan.regions):>14}")
    lines.append(f"cheaper: {plan.cheaper}")
    for word, factor in (("cases", plan.demand_break_even), ("distance", plan.distance_break_even)):
        if factor is not None:
            lines.append(f"the regions are cheaper from {factor:.2f} times today's {word} on")
        else:
            lines.append(f"no break-even within 1/64 to 64 times today's {word}")
    return "\n".join(lines)


def _shown(shown: object, side: SetUp) -> str:
    return str(shown(side)) if callable(shown) else ""


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
