"""Pictures of reliability: survival, batches, control charts, calibration (needs the extra `plots`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.reliability.charts import ControlChart
from tightrope.planning.reliability.problem import Problem
from tightrope.planning.reliability.solve import Report


def draw_plan(problem: Problem, report: Report, path: Path | str) -> None:
    """Every section the report answers, one panel each, as a PNG, SVG or PDF at ``path``.

    Raises BadProblem when there is nothing to draw.
    """
    from matplotlib.figure import Figure

    panels = [
        draw
        for draw, shown in (
            (_survival, report.survival is not None),
            (_batches, report.alarm is not None),
            (_cohorts, bool(report.cohorts)),
            (_counts, report.u_chart is not None),
            (_cusum, report.cusum is not None),
            (_shares, report.p_chart is not None),
            (_calibration, report.back_test is not None),
            (_contacts, report.contacts is not None),
        )
        if shown
    ]
    if not panels:
        raise BadProblem("picture", "the report has no curve and no chart to draw")
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(7 * columns, 4.4 * rows), layout="constrained")
    places = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for draw, axes in zip(panels, places, strict=False):
        draw(axes, problem, report)
    for axes in places[len(panels) :]:
        axes.set_axis_off()
    figure.savefig(path)


def _survival(axes: Any, problem: Problem, report: Report) -> None:
    curve = report.survival
    if curve is None:
        return
    ages = np.concatenate(([0.0], curve.ages, [curve.last_age]))

    def steps(share: Any) -> Any:
        return np.concatenate(([1.0], share, share[-1:]))

    axes.step(ages, steps(curve.surviving), where="post", label="Kaplan-Meier")
    axes.fill_between(
        ages,
        steps(curve.lower),
        steps(curve.upper),
        step="post",
        alpha=0.2,
        label=f"{curve.confidence:.0%} limits",
    )
    if report.weibull is not None:
        fine = np.linspace(0, curve.last_age, 300)
        axes.plot(fine, report.weibull.survival(fine), "--", color="black", label="Weibull")
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(f"age ({problem.age_unit})")
    axes.set_ylabel("share still working")
    axes.set_title("Survival")
    axes.legend()


def _batches(axes: Any, problem: Problem, report: Report) -> None:
    if report.alarm is None:
        return
    shown = report.alarm.verdicts[:20][::-1]
    place = np.arange(len(shown))
    axes.barh(
        place,
        [one.ratio for one in shown],
        color=["C3" if one.alarm else "C0" for one in shown],
        hatch=["//" if one.alarm else "" for one in shown],
    )
    axes.axvline(report.alarm.tolerated_ratio, color="black", lw=1)
    axes.set_yticks(place, [f"{one.name}{' ALARM' if one.alarm else ''}" for one in shown])
    axes.set_xlabel("failures / expected at the age of the batch")
    axes.set_title(f"Batches ({report.alarm.false_alarm:.0%} false alarms in {report.alarm.looks} looks)")


def _cohorts(axes: Any, problem: Problem, report: Report) -> None:
    """Share failed by time in service: alarming batches bold, the others thin."""
    alarms = report.alarm.alarms if report.alarm is not None else ()
    for batch, curve in (report.cohorts or {}).items():
        bad = batch in alarms
        axes.step(
            np.concatenate(([0.0], curve.ages)),
            np.concatenate(([0.0], 1 - curve.surviving)),
            where="post",
            lw=2.5 if bad else 0.8,
            color="C3" if bad else "grey",
            label=batch if bad else None,
        )
    axes.set_xlabel(f"in service ({problem.age_unit})")
    axes.set_ylabel("share failed")
    axes.set_title("Batches by time in service")
    if alarms:
        axes.legend()


def _counts(axes: Any, problem: Problem, report: Report) -> None:
    if report.u_chart is not None:
        _chart(axes, report.u_chart, [one.period for one in problem.counts], "Failures per exposure")


def _shares(axes: Any, problem: Problem, report: Report) -> None:
    if report.p_chart is not None:
        _chart(axes, report.p_chart, [one.period for one in problem.shares], "Shares")


def _chart(axes: Any, chart: ControlChart, periods: list[str], title: str) -> None:
    place = np.arange(chart.values.size)
    axes.plot(place, chart.values, marker="o", ms=3, lw=1)
    axes.plot(place[chart.signals], chart.values[chart.signals], "X", color="C3", ms=10, label="signal")
    axes.axhline(chart.centre, color="black", lw=1)
    axes.step(place, chart.lower, where="mid", color="grey", lw=1)
    axes.step(place, chart.upper, where="mid", color="grey", lw=1)
    _name_periods(axes, periods)
    axes.set_title(f"{title} (one false alarm in {chart.points_between_false_alarms:,.0f} points)")
    if chart.signals.any():
        axes.legend()


def _cusum(axes: Any, problem: Problem, report: Report) -> None:
    run = report.cusum
    if run is None:
        return
    place = np.arange(run.sums.size)
    axes.plot(place, run.sums, marker="o", ms=3, lw=1)
    axes.plot(place[run.signals], run.sums[run.signals], "X", color="C3", ms=10)
    axes.axhline(run.design.threshold, color="grey", lw=1)
    _name_periods(axes, [one.period for one in problem.counts])
    axes.set_title(
        f"CUSUM for a rate x {run.design.bad_rate / run.design.good_rate:g}"
        f" (found after {run.design.run_length_bad:.1f} points)"
    )


def _calibration(axes: Any, problem: Problem, report: Report) -> None:
    found = report.back_test
    if found is None:
        return
    for score, name, marker in ((found.model, "model", "o"), (found.baseline, "baseline", "s")):
        bins = score.calibration
        predicted = np.array([one.predicted for one in bins])
        observed = np.array([one.observed for one in bins])
        around = np.array(
            [[one.observed - one.lower for one in bins], [one.upper - one.observed for one in bins]]
        )
        axes.errorbar(
            predicted,
            observed,
            np.maximum(around, 0),
            fmt=marker,
            ms=5,
            capsize=2,
            label=f"{name}, AUC {score.auc:.2f}",
        )
    top = max(one.upper for one in found.model.calibration)
    axes.plot([0, top], [0, top], color="black", lw=1)
    axes.set_xlabel("predicted chance to fail in the month")
    axes.set_ylabel("what happened in the held-out months")
    axes.set_title("Calibration")
    axes.legend()


def _contacts(axes: Any, problem: Problem, report: Report) -> None:
    """Loss avoided against the cost of prevention, by contract, on the held-out months."""
    if report.contacts is None:
        return
    shown = report.contacts.by_contract
    place = np.arange(len(shown))
    for shift, name, spans in (
        (-0.2, "loss avoided", [one.tested_loss_avoided for one in shown]),
        (0.2, "cost of prevention", [one.tested_cost for one in shown]),
    ):
        means = np.array([each.mean for each in spans])
        around = np.array(
            [[each.mean - each.low for each in spans], [each.high - each.mean for each in spans]]
        )
        axes.bar(place + shift, means, 0.4, yerr=around, capsize=3, label=name)
    axes.set_xticks(place, [f"{one.contract}: {one.verdict}" for one in shown])
    axes.set_title("Contacts before the fault, held-out months")
    axes.legend()


def _name_periods(axes: Any, periods: list[str]) -> None:
    step = max(1, len(periods) // 8)
    axes.set_xticks(range(0, len(periods), step), periods[::step], rotation=30, ha="right")
