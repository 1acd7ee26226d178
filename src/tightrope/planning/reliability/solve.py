"""One door to the reliability models: what is known in, everything that can be said about it out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from tightrope.planning.reliability.alarm import FieldAlarm, field_alarm_in_rounds, group_table
from tightrope.planning.reliability.backtest import BackTest, Score, back_test
from tightrope.planning.reliability.charts import ControlChart, p_chart, u_chart
from tightrope.planning.reliability.contact import ContactPlan, plan_contacts
from tightrope.planning.reliability.cusum import CusumRun, design_cusum, run_cusum
from tightrope.planning.reliability.lives import TooLittleData
from tightrope.planning.reliability.proactive import Threshold, thresholds
from tightrope.planning.reliability.problem import Count, Problem
from tightrope.planning.reliability.rates import (
    Rate,
    RepairTime,
    exposure_by_age,
    failure_rate,
    mean_time_to_repair,
    rates_by,
)
from tightrope.planning.reliability.survival import SurvivalCurve, curves_by, kaplan_meier
from tightrope.planning.reliability.units import Record, worst_first
from tightrope.planning.reliability.weibull import Weibull, fit_weibull, wear_or_chance

Progress = Callable[[float, float], None]


class Stopping(Protocol):
    """Anything that can tell the work to end, from another thread if need be."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(slots=True)
class Report:
    """What was found. A section is None (or empty) when it was not asked for or is in ``refused``.

    ``expected_failures`` within ``ahead`` among the units still working; ``wear_p`` is the p-value of
    a constant failure rate against the Weibull law.
    """

    rate: Rate | None = None
    rate_by_age: dict[str, Rate] | None = None
    rate_by_batch: dict[str, Rate] | None = None
    survival: SurvivalCurve | None = None
    weibull: Weibull | None = None
    wear_p: float | None = None
    expected_failures: float | None = None
    alarm: FieldAlarm | None = None
    cohorts: dict[str, SurvivalCurve] | None = None
    repair: RepairTime | None = None
    worst: tuple[Record, ...] = ()
    u_chart: ControlChart | None = None
    p_chart: ControlChart | None = None
    cusum: CusumRun | None = None
    back_test: BackTest | None = None
    risks: tuple[UnitRisk, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    contacts: ContactPlan | None = None
    refused: dict[str, str] | None = None
    is_complete: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class UnitRisk:
    """A unit's chance to fail in the month after its last row, and what raises it most.

    ``reasons``: (reading, factor on the odds over an average unit-month), strongest first. ``risk`` is
    the baseline's where the model was not better in the back-test.
    """

    unit: str
    risk: float
    plain_risk: float
    reasons: tuple[tuple[str, float], ...]


def solve(
    problem: Problem, *, stop: Stopping | None = None, progress: Progress | None = None, seed: int = 0
) -> Report:
    """Answer every section of a life problem; sections with too little data are named in ``refused``.

    Only the intervals of contacts are drawn, from ``seed``. ``progress(sections, seconds)`` after each section.
    """
    started = time.monotonic()
    report = Report(refused={}, seed=seed)
    refused: dict[str, str] = {}
    sections: list[tuple[str, bool, Callable[[Problem, Report], None]]] = [
        ("rates", bool(problem.units), _rates),
        ("survival", bool(problem.units), _survival),
        ("weibull", bool(problem.units), _weibull),
        ("alarm", any(one.batch for one in problem.units), _alarm),
        ("repairs", bool(problem.repairs), _repairs),
        ("worst units", bool(problem.exposure), _worst),
        ("counts", bool(problem.counts), _counts),
        ("shares", bool(problem.shares), _shares),
        ("readings", problem.readings is not None, _readings),
    ]
    done = 0
    for name, asked, answer in sections:
        if not asked:
            continue
        if stop is not None and stop.is_reached(done):
            report.is_complete = False
            break
        try:
            answer(problem, report)
        except TooLittleData as why:
            refused[name] = f"{why.where}: {why.why}"
        done += 1
        if progress is not None:
            progress(float(done), time.monotonic() - started)
    report.refused = refused
    return report


def _rates(problem: Problem, report: Report) -> None:
    known = problem.lives
    exposure = known.ages - known.entered
    report.rate = failure_rate(known.failures, float(exposure.sum()), confidence=problem.confidence)
    if any(one.batch for one in problem.units):
        batches = [one.batch or "" for one in problem.units]
        report.rate_by_batch = rates_by(batches, known.failed, exposure, confidence=problem.confidence)
    if known.failures:
        edges = problem.bands
        failures, watched = exposure_by_age(known, edges)
        report.rate_by_age = {
            f"{edges[i]:g} to {edges[i + 1]:g}": failure_rate(int(n), float(e), confidence=problem.confidence)
            for i, (n, e) in enumerate(zip(failures, watched, strict=True))
            if e > 0
        }


def _survival(problem: Problem, report: Report) -> None:
    report.survival = kaplan_meier(problem.lives, confidence=problem.confidence)


def _weibull(problem: Problem, report: Report) -> None:
    known = problem.lives
    fit = fit_weibull(known)
    report.weibull, report.wear_p = fit, wear_or_chance(known, fit)
    if problem.ahead is not None:
        working = known.ages[~known.failed]
        report.expected_failures = float(fit.fails_within(working, problem.ahead).sum())


def _alarm(problem: Problem, report: Report) -> None:
    known = problem.lives
    if known.failures == 0:
        raise TooLittleData("field alarm", "nothing failed in any group")
    batches = [one.batch or "" for one in problem.units]
    report.cohorts = curves_by(known, batches, confidence=problem.confidence)
    table = group_table(known, batches, problem.bands)
    how = problem.alarm
    report.alarm = field_alarm_in_rounds(
        table, false_alarm=how.false_alarm, looks=how.looks, tolerated_ratio=how.tolerated_ratio
    )


def _repairs(problem: Problem, report: Report) -> None:
    hours, finished = [h for h, _ in problem.repairs], [f for _, f in problem.repairs]
    report.repair = mean_time_to_repair(hours, finished=finished, confidence=problem.confidence)


def _worst(problem: Problem, report: Report) -> None:
    report.worst = tuple(
        worst_first(problem.failures, exposure_days=dict(problem.exposure), repeat_days=problem.repeat_days)
    )


def _columns(counts: tuple[Count, ...], good: int) -> tuple[Any, Any, float | None]:
    x, of = np.array([c.number for c in counts], dtype=float), np.array([c.of for c in counts], dtype=float)
    if good > x.size:
        raise TooLittleData("control chart", f"{good} good periods are named, {x.size} are known")
    centre = float(x[:good].sum() / of[:good].sum()) if good and of[:good].sum() > 0 else None
    return x, of, centre


def _counts(problem: Problem, report: Report) -> None:
    how = problem.charts
    x, exposure, centre = _columns(problem.counts, how.good_periods)
    report.u_chart = u_chart(x, exposure, centre=centre, false_alarm=how.false_alarm)
    level = report.u_chart.centre
    design = design_cusum(
        level,
        level * how.bad_ratio,
        exposure=float(np.median(exposure)),
        points_between_false_alarms=how.points_between_false_alarms,
    )
    report.cusum = run_cusum(design, x, exposure)


def _shares(problem: Problem, report: Report) -> None:
    x, checked, centre = _columns(problem.shares, problem.charts.good_periods)
    report.p_chart = p_chart(x, checked, centre=centre, false_alarm=problem.charts.false_alarm)


def _readings(problem: Problem, report: Report) -> None:
    readings = problem.readings
    if readings is None:
        return
    table = readings.table
    found = back_test(table, baseline=readings.baseline, held_out_months=readings.held_out_months)
    report.back_test = found
    if problem.prevention is not None:
        judged = found.predictions if found.is_better else found.baseline_predictions
        report.thresholds = tuple(thresholds(judged, found.held_out.failed, problem.prevention))
    last = table.rows(table.months == table.months.max())
    plain = last.only(readings.baseline)
    model, shown = (found.final, last) if found.is_better else (found.final_baseline, plain)
    risk, plainly = model.risk(shown.readings), found.final_baseline.risk(plain.readings)
    factors = np.exp(model.reasons(shown.readings))
    risks = [
        UnitRisk(
            str(last.units[i]),
            float(risk[i]),
            float(plainly[i]),
            tuple((shown.columns[k], float(factors[i, k])) for k in np.argsort(-factors[i])[:3]),
        )
        for i in range(len(last))
    ]
    report.risks = tuple(sorted(risks, key=lambda one: -one.risk))
    if problem.prevention is not None:
        report.contacts = plan_contacts(
            [str(name) for name in last.units],
            risk,
            found,
            problem.prevention,
            contracts=problem.contracts,
            covered=dict(problem.covered),
            confidence=problem.confidence,
            seed=report.seed,
        )


def plan_to_json(report: Report) -> dict[str, Any]:
    """The report as JSON."""
    out: dict[str, Any] = {
        "kind": "life report",
        "refused": report.refused,
        "is_complete": report.is_complete,
    }
    if report.rate is not None:
        out["rate"] = _rate(report.rate)
    for name, rates in (("rate_by_age", report.rate_by_age), ("rate_by_batch", report.rate_by_batch)):
        if rates is not None:
            out[name] = {group: _rate(rate) for group, rate in rates.items()}
    if report.survival is not None:
        curve = report.survival
        out["survival"] = _steps(curve)
        out["median_life"] = [_finite(x) for x in curve.quantile(0.5)]
    if report.cohorts is not None:
        out["cohorts"] = {batch: _steps(curve) for batch, curve in report.cohorts.items()}
    if report.weibull is not None:
        fit = report.weibull
        out["weibull"] = {
            "shape": fit.shape,
            "shape_limits": fit.shape_limits(),
            "scale": fit.scale,
            "scale_limits": fit.scale_limits(),
            "b10": fit.quantile(0.1),
            "mean": fit.mean,
            "log_likelihood": fit.log_likelihood,
            "failures": fit.failures,
            "units": fit.units,
            "p_of_constant_rate": report.wear_p,
            "expected_failures_ahead": report.expected_failures,
        }
    if report.alarm is not None:
        out["alarm"] = {
            "alarms": list(report.alarm.alarms),
            "false_alarm": report.alarm.false_alarm,
            "looks": report.alarm.looks,
            "tolerated_ratio": report.alarm.tolerated_ratio,
            "batches": [{k: _finite(v) for k, v in asdict(one).items()} for one in report.alarm.verdicts],
        }
    if report.repair is not None:
        out["repair"] = asdict(report.repair)
    out["worst_units"] = [asdict(record) for record in report.worst]
    for name, chart in (("u_chart", report.u_chart), ("p_chart", report.p_chart)):
        if chart is not None:
            out[name] = _chart(chart)
    if report.cusum is not None:
        out["cusum"] = {
            **{k: _finite(v) for k, v in asdict(report.cusum.design).items()},
            "sums": report.cusum.sums.tolist(),
            "signals": report.cusum.signals.tolist(),
            "chance_of_any_false_alarm": report.cusum.chance_of_any_false_alarm,
        }
    if report.back_test is not None:
        found = report.back_test
        out["risk"] = {
            "is_better_than_baseline": found.is_better,
            "gain": [found.gain, found.gain_lower, found.gain_upper],
            "held_out_months": list(found.held_out_months),
            "model": _score(found.model),
            "baseline": _score(found.baseline),
            "units": [{**asdict(one), "reasons": [list(r) for r in one.reasons]} for one in report.risks],
            "thresholds": [{**asdict(one), "worth": one.worth} for one in report.thresholds],
        }
    if report.contacts is not None:
        plan = report.contacts
        out["contacts"] = {
            **{k: v for k, v in asdict(plan).items() if k != "contacts"},
            "units": [{**asdict(one), "worth": one.worth} for one in plan.contacts],
        }
    return out


def _rate(rate: Rate) -> dict[str, Any]:
    return {**asdict(rate), "mean_time_between": [_finite(x) for x in rate.mean_time_between]}


def _steps(curve: SurvivalCurve) -> list[dict[str, float]]:
    names = ("ages", "at_risk", "failures", "surviving", "lower", "upper")
    columns = [getattr(curve, name).tolist() for name in names]
    return [dict(zip(names, line, strict=True)) for line in zip(*columns, strict=True)]


def _chart(chart: ControlChart) -> dict[str, Any]:
    return {
        "centre": chart.centre,
        "values": chart.values.tolist(),
        "lower": chart.lower.tolist(),
        "upper": chart.upper.tolist(),
        "signals": chart.signals.tolist(),
        "false_alarm": chart.false_alarm.tolist(),
        "points_between_false_alarms": _finite(chart.points_between_false_alarms),
        "chance_of_any_false_alarm": chart.chance_of_any_false_alarm,
    }


def _score(score: Score) -> dict[str, Any]:
    return {k: _finite(v) if isinstance(v, float) else v for k, v in asdict(score).items()}


def _finite(value: Any) -> Any:
    """Infinity and NaN have no JSON; what is not known is null."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def plan_table(report: Report) -> str:
    """The report as lines for a terminal."""
    lines: list[str] = []
    if report.rate is not None:
        between = report.rate.mean_time_between
        lines.append(
            f"{report.rate.failures} failures, mean time between {between[0]:,.1f} ({between[1]:,.1f} to {between[2]:,.1f})"
        )
    if report.weibull is not None:
        fit = report.weibull
        low, high = fit.shape_limits()
        b10 = fit.quantile(0.1)
        lines.append(f"Weibull shape {fit.shape:.4f} ({low:.3f} to {high:.3f}), scale {fit.scale:,.1f}")
        lines.append(f"one in ten fails by {b10[0]:,.1f} ({b10[1]:,.1f} to {b10[2]:,.1f})")
    if report.repair is not None:
        lines.append(f"mean time to repair {report.repair.mean:.2f}, {report.repair.open} still open")
    if report.alarm is not None:
        how = report.alarm
        lines.append(
            f"batches judged with at most {how.false_alarm:.0%} false alarms over {how.looks} looks:"
        )
        for one in how.verdicts[:10]:
            mark = "ALARM" if one.alarm else ""
            lines.append(
                f"  {one.name:16} {one.failures:5d} failed, {one.expected:8.1f} expected, ratio {one.ratio:5.2f}  {mark}"
            )
    for record in report.worst[:10]:
        lines.append(
            f"  {record.subject:16} {record.failures:3d} failures, {record.repeats} repeats, chance bad {record.chance_bad:.2f}"
        )
    for name, chart in (("counts", report.u_chart), ("shares", report.p_chart)):
        if chart is not None:
            lines.append(
                f"{name}: {int(chart.signals.sum())} of {chart.values.size} points outside; one false alarm in"
                f" {chart.points_between_false_alarms:,.0f} points"
            )
    if report.cusum is not None:
        first = np.flatnonzero(report.cusum.signals)
        when = f"signals first at point {first[0]}" if first.size else "is quiet"
        lines.append(f"cusum {when}; one false alarm in {report.cusum.design.run_length_good:,.0f} points")
    if report.back_test is not None:
        found = report.back_test
        verdict = "better than" if found.is_better else "no better than"
        lines.append(
            f"risk model {verdict} the baseline on held-out months: AUC {found.model.auc:.3f}"
            f" against {found.baseline.auc:.3f}, {found.model.expected:.1f} failures expected, {found.model.observed} seen"
        )
        lines += [
            f"  {one.unit:16} {one.risk:.3f} (plain {one.plain_risk:.3f})  "
            + ", ".join(f"{name} x{factor:.1f}" for name, factor in one.reasons)
            for one in report.risks[:10]
        ]
    if report.contacts is not None:
        lines += _contact_lines(report.contacts)
    lines += [f"not answered, {name}: {why}" for name, why in (report.refused or {}).items()]
    return "\n".join(lines)


def _contact_lines(plan: ContactPlan) -> list[str]:
    total = plan.total
    lines = [
        f"contact {total.contacts} of {total.units} units now: {total.failures_avoided.mean:.1f} faults avoided"
        f" ({total.failures_avoided.low:.0f} to {total.failures_avoided.high:.0f}),"
        f" {plan.false_alarm_share:.0%} in vain, {total.loss_avoided.mean:,.0f} avoided for {total.cost:,.0f}"
    ]
    lines += [
        f"  {one.contract:16} {one.verdict:16} {one.contacts:4d} contacts; held-out months: {one.tested_met} of"
        f" {one.tested_contacts} met a fault, {one.tested_loss_avoided.mean:,.0f} avoided for"
        f" {one.tested_cost.mean:,.0f}, kept {one.tested_worth.mean:,.0f}"
        f" ({one.tested_worth.low:,.0f} to {one.tested_worth.high:,.0f})"
        for one in (total, *plan.by_contract)
    ]
    lines += [
        f"  {one.unit:16} {one.contract:16} risk {one.risk:.3f}, worth {one.worth:,.0f}"
        for one in plan.contacts[:10]
    ]
    return lines
