"""The board as text."""

from __future__ import annotations

from tightrope.planning.board.figures import FIGURES, TIGHTROPES
from tightrope.planning.board.solve import Cell, Plan


def plan_table(plan: Plan) -> str:
    """Figures in rows by tightrope, scenarios in columns; then the comparison, and plan against actual."""
    names = [one.name for one in plan.scenarios]
    width = max(12, *(len(name) for name in names))
    lines = [f"{'':46}" + "".join(f"  {name:>{width}}" for name in names)]
    for number, title in TIGHTROPES.items():
        own = [name for name, figure in FIGURES.items() if figure.tightrope == number]
        if not any(name in one.figures for one in plan.scenarios for name in own):
            continue
        lines.append(f"{number}. {title}")
        for name in own:
            if not any(name in one.figures for one in plan.scenarios):
                continue
            cells = [_cell(name, one.figures.get(name)) for one in plan.scenarios]
            lines.append(f"   {FIGURES[name].means:43}" + "".join(f"  {cell:>{width}}" for cell in cells))
    assumed = {name for one in plan.scenarios for name in one.assumptions}
    for name in sorted(assumed):
        cells = [f"{one.assumptions[name]:,.4g}" for one in plan.scenarios]
        lines.append(f"   assumed: {name:34}" + "".join(f"  {cell:>{width}}" for cell in cells))
    for one in plan.scenarios:
        if one.worst_pair is not None:
            lines.append(f"scarcest in {one.name}: {' on '.join(one.worst_pair)}")
        lines += [f"not answered in {one.name}, {what}: {why}" for what, why in one.refused.items()]
    if plan.compared is not None:
        lines.append(f"{plan.compared[1]} less {plan.compared[0]}:")
        lines += [
            f"   {FIGURES[each.figure].means:43}  {_signed(each.figure, each.cell)}  {each.says}".rstrip()
            for each in plan.differences
            if each.cell.mean or each.cell.low
        ]
    for drift in plan.drifts:
        means = FIGURES[drift.figure].means if drift.figure in FIGURES else drift.figure
        lines.append(
            f"plan and actual, {means}: {drift.months} months, {drift.mean_difference:+,.4g} on average,"
            f" {drift.beyond} beyond chance; {drift.says}".rstrip("; ")
        )
    lines += [
        f"   {month.month}  planned {month.planned:,.4g}  actual {month.actual:,.4g}  {month.says}".rstrip()
        for month in plan.months
    ]
    if not plan.is_complete:
        lines.append("Stopped: not every scenario was lived through as often as asked.")
    return "\n".join(lines)


def _cell(name: str, cell: Cell | None) -> str:
    if cell is None:
        return "-"
    return f"{cell.mean:{_form(name, cell)}}"


def _form(name: str, cell: Cell) -> str:
    return ".1%" if FIGURES[name].is_share else ",.0f" if abs(cell.mean) >= 1000 else ",.3g"


def _signed(name: str, cell: Cell) -> str:
    form = "+" + _form(name, cell)
    said = f"{cell.mean:{form}}"
    return (
        said if cell.low is None or cell.high is None else f"{said} ({cell.low:{form}} to {cell.high:{form}})"
    )
