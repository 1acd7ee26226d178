"""Where work gets stuck: what was put off, came back, waited without a question, fell silent, was opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.measures import passages
from tightrope.measures.models import STALLS, Passage
from tightrope.measures.passages import NOBODY, Wanted
from tightrope.measures.tables import Cell, Column, Line, Report, Table, Tile, hours
from tightrope.promises.models import Source

Kind = Passage.Kind
SHORT = {
    Kind.PUT_OFF: gettext_lazy("Promises put off"),
    Kind.CAME_BACK: gettext_lazy("Hand-overs that came back"),
    Kind.EMPTY_WAIT: gettext_lazy("Waits without a question"),
    Kind.SILENCE: gettext_lazy("Gaps in contact"),
    Kind.REOPENED: gettext_lazy("Reopened"),
    Kind.CARRIED: gettext_lazy("Times in charge"),
    Kind.WAITED: gettext_lazy("Waits"),
    Kind.HANDED_OVER: gettext_lazy("Hand-overs"),
}
PURPOSE = gettext_lazy(
    "These figures show where work gets stuck, so that what is in the way can be cleared: a missing part, an unclear "
    "instruction, too few people. They rank nobody and are no ground for punishment. Each person sees the same figures "
    "of his own work."
)
CASES_AT_MOST = 20


def report(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """Stalling in the company, or in what of it the doer leads."""
    return Report(
        title=gettext_lazy("Stalling"),
        purpose=PURPOSE,
        tiles=_tiles(wanted, by=by, at=at),
        tables=[
            _by_case(wanted, by=by, at=at),
            _by_holder("user", gettext_lazy("By person"), gettext_lazy("Person"), wanted, by=by, at=at),
            _by_holder(
                "team", gettext_lazy("By department"), gettext_lazy("Department"), wanted, by=by, at=at
            ),
            _by_source(wanted, by=by, at=at),
        ],
    )


def own_report(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """The same of one's own work."""
    mine = replace(wanted, person=by.user_id or NOBODY)
    return Report(
        title=gettext_lazy("My own figures"),
        purpose=PURPOSE,
        tiles=_tiles(mine, by=by, at=at),
        tables=[_by_case(mine, by=by, at=at), _by_source(mine, by=by, at=at)],
    )


def _tiles(wanted: Wanted, *, by: Actor, at: datetime) -> list[Tile]:
    found = passages.totals(wanted, STALLS, by=by, at=at)
    return [
        Tile(SHORT[kind], found[kind][0], before=found[kind][1], url=wanted.rows_url(kind)) for kind in STALLS
    ]


def _by_case(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    rows = passages.narrowed(replace(wanted, kind="stalls"), by=by, since=wanted.since(at), until=at)
    per_kind = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in STALLS}
    worst = list(
        rows.order_by()
        .values("case_id")
        .annotate(total=Count("pk"), longest=Max("seconds", filter=Q(kind=Kind.SILENCE)), **per_kind)
        .order_by("-total", "case_id")[:CASES_AT_MOST]
    )
    cases = Case.objects.visible_to(by).in_bulk([row["case_id"] for row in worst])
    lines = [_case_line(row, cases[row["case_id"]]) for row in worst if row["case_id"] in cases]
    return Table(
        title=gettext_lazy("Cases that stall most"),
        head=gettext_lazy("Case"),
        columns=[
            Column("total", gettext_lazy("Together")),
            *(Column(kind.value, SHORT[kind]) for kind in STALLS),
            Column("longest", gettext_lazy("Longest gap"), "hours"),
        ],
        lines=lines,
    )


def _case_line(row: Any, case: Case) -> Line:
    cells = {name: Cell(row[name]) for name in ("total", *(kind.value for kind in STALLS))}
    return Line(
        name=f"{case.number} {case.title}",
        url=reverse("cases:case", args=[case.public_id]),
        cells=cells | {"longest": Cell(hours(row["longest"]))},
    )


def _by_holder(group: Any, title: Any, head: Any, wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    kinds = (*STALLS, Kind.CARRIED)
    counted = passages.counts_by(group, wanted, kinds, by=by, at=at)
    names = passages.names_of(group, counted)
    word = "person" if group == "user" else "team"
    lines = []
    for key, counts in counted.items():
        total = sum(counts[kind] for kind in STALLS)
        if not total:
            continue
        cells = {
            kind.value: Cell(counts[kind], wanted.rows_url(kind, **{word: key or NOBODY})) for kind in kinds
        }
        cells["total"] = Cell(total, wanted.rows_url("stalls", **{word: key or NOBODY}))
        lines.append(Line(name=names.get(key, pgettext("person", "nobody")), cells=cells))
    columns = [
        Column("total", gettext_lazy("Together")),
        *(Column(kind.value, SHORT[kind]) for kind in kinds),
    ]
    note = gettext_lazy("Read it beside how often somebody was in charge: who carries more is put off more.")
    return Table(title, head, columns, lines, note=note).in_order("total")


def _by_source(wanted: Wanted, *, by: Actor, at: datetime) -> Table:
    kinds = (Kind.PUT_OFF, Kind.WAITED, Kind.EMPTY_WAIT, Kind.HANDED_OVER, Kind.CAME_BACK)
    counted = passages.counts_by("source", wanted, kinds, by=by, at=at)
    lines = [
        Line(
            name=str(source.label),
            cells={
                kind.value: Cell(counted[source.value][kind], wanted.rows_url(kind, source=source.value))
                for kind in kinds
            },
        )
        for source in Source
        if source.value in counted
    ]
    return Table(
        title=gettext_lazy("On whose instruction"),
        head=gettext_lazy("Instruction"),
        columns=[Column(kind.value, SHORT[kind]) for kind in kinds],
        lines=lines,
        note=gettext_lazy("As those said who put off, waited or handed over."),
    )
