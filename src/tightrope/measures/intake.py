"""How cases come in: what had to be asked back, by form and version; what sales entered and carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tightrope.cases.models import UNFINISHED, Case
from tightrope.core.actor import Actor
from tightrope.measures import passages
from tightrope.measures.models import Passage
from tightrope.measures.passages import NOBODY, Wanted
from tightrope.measures.tables import TOO_FEW, Cell, Column, Line, Report, Table, Tile, hours, of_enough, rate
from tightrope.promises.queries import Percentile

Kind = Passage.Kind


def clarifications(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """How often a customer had to be asked before the first solution, by category and version of its form."""
    told = _told(wanted, by=by, at=at)
    rounds = _rounds(wanted, by=by, at=at)
    count, asked_back = sum(told.values()), sum(asked for _all, asked in rounds.values())
    rows_url = wanted.rows_url(Kind.CLARIFIED)
    return Report(
        title=gettext_lazy("Asked back"),
        purpose=gettext_lazy(
            "A round is a question of ours that the customer answered before the first solution. A form that asks the "
            "right thing at once saves rounds: put the version after a change beside the one before."
        ),
        tiles=[
            Tile(gettext_lazy("New cases"), count, url=wanted.rows_url(Kind.CAME_IN), more_is_better=None),
            Tile(gettext_lazy("Rounds"), sum(one for one, _asked in rounds.values()), url=rows_url),
            Tile(gettext_lazy("Rounds per case"), rate(sum(one for one, _asked in rounds.values()), count), "mean", url=rows_url),
            Tile(gettext_lazy("Without any question"), rate(count - asked_back, count), "share"),
        ],
        tables=[_by_version(told, rounds, wanted)],
    )  # fmt: skip


Form = tuple[int | None, int | None]
"""A category, and the version of its form that was filled in; no version where none was."""


def _told(wanted: Wanted, *, by: Actor, at: datetime) -> dict[Form, int]:
    rows = passages.narrowed(wanted, by=by, since=wanted.since(at), until=at).filter(kind=Kind.CAME_IN)
    counted = rows.order_by().values_list("case__category", "case__form_version").annotate(count=Count("pk"))
    return {(category, version): count for category, version, count in counted}


def _rounds(wanted: Wanted, *, by: Actor, at: datetime) -> dict[Form, tuple[int, int]]:
    """Rounds, and cases with any, of the cases told in the period."""
    asked_back = replace(wanted, kind=Kind.CLARIFIED.value)
    rows = passages.narrowed(asked_back, by=by, since=wanted.since(at), until=at)
    counted = rows.order_by().values_list("case__category", "case__form_version").annotate(
        rounds=Count("pk"), cases=Count("case", distinct=True)
    )  # fmt: skip
    return {(category, version): (rounds, cases) for category, version, rounds, cases in counted}


def _by_version(told: Mapping[Form, int], rounds: Mapping[Form, tuple[int, int]], wanted: Wanted) -> Table:
    names = passages.names_of("case__category", [category for category, _version in told])
    ordered = sorted(told, key=lambda form: (names.get(form[0] or 0, ""), -(form[1] or 0)))
    lines = []
    for place, form in enumerate(ordered):
        category, version = form
        count, (asked, cases) = told[form], rounds.get(form, (0, 0))
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        change = None
        if (
            version is not None
            and following is not None
            and following[0] == category
            and following[1] is not None
        ):
            before = rate(rounds.get(following, (0, 0))[0], told[following])
            change = None if before is None or count < TOO_FEW else asked / count - before
        url = wanted.rows_url(Kind.CLARIFIED, category=category or NOBODY, version=version)
        name = names.get(category or 0, _("no category"))
        lines.append(
            Line(
                name=_("%(category)s, form version %(version)s") % {"category": name, "version": version}
                if version is not None
                else _("%(category)s, without a form") % {"category": name},
                cells={
                    "told": Cell(
                        count, wanted.rows_url(Kind.CAME_IN, category=category or NOBODY, version=version)
                    ),
                    "rounds": Cell(asked, url),
                    "per_case": Cell(rate(asked, count), url),
                    "change": Cell(change, url),
                    "without": Cell(rate(count - cases, count)),
                },
            )
        )
    return Table(
        title=gettext_lazy("By category and version of the form"),
        head=gettext_lazy("Category"),
        columns=[
            Column("told", gettext_lazy("New cases")),
            Column("rounds", gettext_lazy("Rounds")),
            Column("per_case", gettext_lazy("Rounds per case"), "mean"),
            Column("change", gettext_lazy("Against the version before"), "change"),
            Column("without", gettext_lazy("Without any question"), "share"),
        ],
        lines=lines,
        note=gettext_lazy(
            "Of the cases told in the period. Choose a longer one to have both versions side by side."
        ),
    )


def sales(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """What salespeople entered for their customers, how late, and how long they carried it themselves."""
    entered = replace(wanted, channel=Case.Channel.SALES)
    rows = passages.narrowed(entered, by=by, since=wanted.since(at), until=at).filter(kind=Kind.CAME_IN)
    people: dict[int | None, Any] = {
        row["user"]: row
        for row in rows.order_by()
        .values("user")
        .annotate(
            count=Count("pk"),
            open=Count("pk", filter=Q(case__status__in=UNFINISHED)),
            late=Percentile("seconds", share=0.5),
        )
    }
    everything, _before = passages.totals(wanted, (Kind.CAME_IN,), by=by, at=at)[Kind.CAME_IN]
    carried = _carried(wanted, by=by, at=at)
    count = sum(row["count"] for row in people.values())
    by_sales = sum(own for own, _other in carried.values())
    rows_url = entered.rows_url(Kind.CARRIED)
    return Report(
        title=gettext_lazy("Carried by sales"),
        purpose=gettext_lazy(
            "Cases that salespeople entered for their customers, and the working hours for which they answered for them "
            "themselves, the time spent waiting for the customer left out."
        ),
        tiles=[
            Tile(gettext_lazy("Cases entered by sales"), count, url=entered.rows_url(Kind.CAME_IN), more_is_better=None),
            Tile(gettext_lazy("Share of all cases"), rate(count, everything), "share", url=entered.rows_url(Kind.CAME_IN)),
            Tile(gettext_lazy("Hours carried by sales"), hours(by_sales), "hours", url=rows_url),
            Tile(gettext_lazy("Hours carried by others"), hours(sum(other for _own, other in carried.values())), "hours", url=rows_url),
        ],
        tables=[_by_salesperson(people, carried, entered)],
    )  # fmt: skip


def _carried(wanted: Wanted, *, by: Actor, at: datetime) -> dict[int | None, tuple[float, float]]:
    """Seconds for which whoever entered a case answered for it himself, and for which others did."""
    rows = passages.narrowed(wanted, by=by, since=wanted.since(at), until=at)
    rows = rows.filter(kind=Kind.CARRIED, case__channel=Case.Channel.SALES)
    own = Q(user_id=F("case__reported_by_id"))
    summed = rows.order_by().values_list("case__reported_by").annotate(
        own=Sum("seconds", filter=own, default=0.0), other=Sum("seconds", filter=~own, default=0.0)
    )  # fmt: skip
    return {person: (own, other) for person, own, other in summed}


def _by_salesperson(
    people: Mapping[int | None, dict[str, Any]],
    carried: Mapping[int | None, tuple[float, float]],
    wanted: Wanted,
) -> Table:
    names = passages.names_of("user", people)
    lines = []
    for person, row in people.items():
        own, other = carried.get(person, (0.0, 0.0))
        came_in = wanted.rows_url(Kind.CAME_IN, person=person or NOBODY)
        url = wanted.rows_url(Kind.CARRIED, person=person or NOBODY)
        lines.append(
            Line(
                name=names.get(person or 0, pgettext("person", "nobody")),
                cells={
                    "count": Cell(row["count"], came_in),
                    "open": Cell(row["open"], came_in),
                    "late": Cell(of_enough(row["late"], row["count"]), came_in),
                    "own": Cell(hours(own), url),
                    "other": Cell(hours(other), wanted.rows_url(Kind.CARRIED)),
                },
            )
        )
    return Table(
        title=gettext_lazy("By salesperson"),
        head=gettext_lazy("Person"),
        columns=[
            Column("count", gettext_lazy("Cases entered")),
            Column("open", gettext_lazy("Still open")),
            Column("late", gettext_lazy("From the customer's word to the entry, median"), "hours"),
            Column("own", gettext_lazy("Hours carried himself"), "hours"),
            Column("other", gettext_lazy("Hours carried by others"), "hours"),
        ],
        lines=lines,
    ).in_order("count")
