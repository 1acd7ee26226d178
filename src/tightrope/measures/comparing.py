"""Departments, solvers and categories beside each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tightrope.core.actor import Actor
from tightrope.measures import passages
from tightrope.measures.models import Passage
from tightrope.measures.passages import NOBODY, Wanted
from tightrope.measures.tables import Cell, Column, Line, Report, Table, Tile, hours, of_enough, rate
from tightrope.promises.queries import Percentile

Kind = Passage.Kind
SLOWEST = 10


def departments(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """How long cases stay at each department, and how long until somebody there takes them."""
    period = passages.narrowed(wanted, by=by, since=wanted.since(at), until=at)
    stays = period.filter(kind=Kind.STAY)
    whole = stays.aggregate(**_OF_STAYS)
    found = passages.totals(wanted, (Kind.STAY, Kind.HANDED_OVER, Kind.CAME_BACK), by=by, at=at)
    return Report(
        title=gettext_lazy("Departments compared"),
        purpose=gettext_lazy(
            "Each stretch of a case at a department has its own clock, in working hours: how long it stays, how long it "
            "waits for the customer there, and how long until somebody takes it."
        ),
        tiles=[
            Tile(gettext_lazy("Stays at departments"), found[Kind.STAY][0], before=found[Kind.STAY][1], url=wanted.rows_url(Kind.STAY), more_is_better=None),
            Tile(gettext_lazy("Time at a department, median"), of_enough(whole["stay"], whole["count"]), "hours", url=wanted.rows_url(Kind.STAY)),
            Tile(gettext_lazy("Until taken, longest"), hours(whole["slowest"]), "hours", url=wanted.rows_url(Kind.STAY)),
            Tile(gettext_lazy("Hand-overs"), found[Kind.HANDED_OVER][0], before=found[Kind.HANDED_OVER][1], url=wanted.rows_url(Kind.HANDED_OVER), more_is_better=None),
            Tile(gettext_lazy("Hand-overs that came back"), found[Kind.CAME_BACK][0], before=found[Kind.CAME_BACK][1], url=wanted.rows_url(Kind.CAME_BACK)),
        ],
        tables=[_department_table(wanted, by=by, at=at), _slowest(wanted, by=by, at=at)],
    )  # fmt: skip


_OF_STAYS = {
    "count": Count("pk"),
    "stay": Percentile("seconds", share=0.5),
    "longest": Max("seconds"),
    "waiting": Avg("waiting_seconds"),
    "untaken": Percentile("untaken_seconds", share=0.5),
    "slowest": Max("untaken_seconds"),
}


def _department_table(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    rows = passages.narrowed(wanted, by=by, since=wanted.since(at), until=at).filter(kind=Kind.STAY)
    stays = {row["team"]: row for row in rows.order_by().values("team").annotate(**_OF_STAYS)}
    turns = passages.counts_by("team", wanted, (Kind.HANDED_OVER, Kind.CAME_BACK), by=by, at=at)
    names = passages.names_of("team", [*stays, *turns])
    none = dict.fromkeys(_OF_STAYS)
    lines = []
    for team, name in names.items():
        stay: Any = stays.get(team, none | {"count": 0})
        turned = turns.get(team, {Kind.HANDED_OVER: 0, Kind.CAME_BACK: 0})
        url = wanted.rows_url(Kind.STAY, team=team)
        lines.append(
            Line(
                name=name,
                cells={
                    "count": Cell(stay["count"], url),
                    "stay": Cell(of_enough(stay["stay"], stay["count"]), url),
                    "longest": Cell(hours(stay["longest"]), url),
                    "waiting": Cell(of_enough(stay["waiting"], stay["count"]), url),
                    "untaken": Cell(of_enough(stay["untaken"], stay["count"]), url),
                    "slowest": Cell(hours(stay["slowest"]), url),
                    "handed": Cell(turned[Kind.HANDED_OVER], wanted.rows_url(Kind.HANDED_OVER, team=team)),
                    "back": Cell(turned[Kind.CAME_BACK], wanted.rows_url(Kind.CAME_BACK, team=team)),
                },
            )
        )
    return Table(
        title=gettext_lazy("By department"),
        head=gettext_lazy("Department"),
        columns=[
            Column("count", gettext_lazy("Stays")),
            Column("stay", gettext_lazy("Median"), "hours"),
            Column("longest", gettext_lazy("Longest"), "hours"),
            Column("waiting", gettext_lazy("Of these waiting for customers, on average"), "hours"),
            Column("untaken", gettext_lazy("Until taken, median"), "hours"),
            Column("slowest", gettext_lazy("Until taken, longest"), "hours"),
            Column("handed", gettext_lazy("Handed to it")),
            Column("back", gettext_lazy("Given back by it")),
        ],
        lines=lines,
        note=gettext_lazy("In working hours, by when a stay began. What still lies there counts up to now."),
    ).in_order("untaken")


def _slowest(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    rows = passages.narrowed(wanted, by=by, since=wanted.since(at), until=at).filter(
        kind=Kind.STAY, untaken_seconds__gt=0
    )
    found = list(rows.select_related("case", "team").order_by("-untaken_seconds", "pk")[:SLOWEST])
    may_open = passages.openable(found, by=by)
    lines = [
        Line(
            name=f"{one.case.number} {one.case.title}" if one.case_id in may_open else one.case.number,
            url=reverse("cases:case", args=[one.case.public_id]) if one.case_id in may_open else "",
            cells={
                "team": Cell(one.team.name if one.team else "–"),
                "untaken": Cell(hours(one.untaken_seconds)),
                "stay": Cell(hours(one.seconds)),
            },
        )
        for one in found
    ]
    return Table(
        title=gettext_lazy("The slowest hand-overs"),
        head=gettext_lazy("Case"),
        columns=[
            Column("team", gettext_lazy("Department"), "text"),
            Column("untaken", gettext_lazy("Until taken"), "hours"),
            Column("stay", gettext_lazy("Time there"), "hours"),
        ],
        lines=lines,
    )


def solutions(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """Which solutions did not hold, by solver and by category, and what was first filed wrong."""
    found = passages.totals(wanted, (Kind.SOLVED, Kind.REOPENED, Kind.HANDED_OVER), by=by, at=at)
    solved, reopened = found[Kind.SOLVED], found[Kind.REOPENED]
    handed = found[Kind.HANDED_OVER]
    return Report(
        title=gettext_lazy("Solutions that hold"),
        purpose=gettext_lazy(
            "A case that is opened again was not solved. It counts against the solution that did not hold and whoever "
            "gave it, in the period in which it was opened again."
        ),
        tiles=[
            Tile(gettext_lazy("Solutions"), solved[0], before=solved[1], url=wanted.rows_url(Kind.SOLVED), more_is_better=None),
            Tile(gettext_lazy("Reopened"), reopened[0], before=reopened[1], url=wanted.rows_url(Kind.REOPENED)),
            Tile(gettext_lazy("Reopen rate"), rate(reopened[0], solved[0]), "share", before=rate(reopened[1], solved[1]), url=wanted.rows_url(Kind.REOPENED)),
            Tile(gettext_lazy("Re-routings"), handed[0], before=handed[1], url=wanted.rows_url(Kind.HANDED_OVER), more_is_better=None),
        ],
        tables=[_by_solver(wanted, by=by, at=at), _by_category(wanted, by=by, at=at)],
    )  # fmt: skip


_SOLVED = Column("solved", gettext_lazy("Solutions"))
_REOPENED = Column("reopened", gettext_lazy("Reopened"))
_RATE = Column("rate", gettext_lazy("Reopen rate"), "share")


def _held(counts: dict[str, int], solved_url: str, reopened_url: str) -> dict[str, Cell]:
    solved, reopened = counts[Kind.SOLVED], counts[Kind.REOPENED]
    return {
        "solved": Cell(solved, solved_url),
        "reopened": Cell(reopened, reopened_url),
        "rate": Cell(rate(reopened, solved), reopened_url),
    }


def _by_solver(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    counted = passages.counts_by("user", wanted, (Kind.SOLVED, Kind.REOPENED), by=by, at=at)
    names = passages.names_of("user", counted)
    lines = [
        Line(
            name=names.get(key, pgettext("person", "nobody")),
            cells=_held(
                counts,
                wanted.rows_url(Kind.SOLVED, person=key or NOBODY),
                wanted.rows_url(Kind.REOPENED, person=key or NOBODY),
            ),
        )
        for key, counts in counted.items()
    ]
    table = Table(gettext_lazy("By solver"), gettext_lazy("Solver"), [_SOLVED, _REOPENED, _RATE], lines)
    return table.in_order("rate")


def _by_category(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    kinds = (Kind.CAME_IN, Kind.SOLVED, Kind.REOPENED, Kind.HANDED_OVER)
    counted = passages.counts_by("case__category", wanted, kinds, by=by, at=at)
    names = passages.names_of("case__category", counted)
    lines = []
    for key, counts in counted.items():
        urls = {kind: wanted.rows_url(kind, category=key or NOBODY) for kind in kinds}
        cells = _held(counts, urls[Kind.SOLVED], urls[Kind.REOPENED])
        cells["told"] = Cell(counts[Kind.CAME_IN], urls[Kind.CAME_IN])
        cells["rerouted"] = Cell(counts[Kind.HANDED_OVER], urls[Kind.HANDED_OVER])
        per_case = rate(counts[Kind.HANDED_OVER], counts[Kind.CAME_IN])
        cells["per_case"] = Cell(per_case, urls[Kind.HANDED_OVER])
        lines.append(Line(name=names.get(key, _("no category")), cells=cells))
    columns = [
        Column("told", gettext_lazy("New cases")), _SOLVED, _REOPENED, _RATE,
        Column("rerouted", gettext_lazy("Re-routings")),
        Column("per_case", gettext_lazy("Per new case"), "mean"),
    ]  # fmt: skip
    note = gettext_lazy("By the category under which a case is filed today.")
    return Table(gettext_lazy("By category"), gettext_lazy("Category"), columns, lines, note=note).in_order(
        "rerouted"
    )
