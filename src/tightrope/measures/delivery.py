"""Expected and delivered: promises to customers exceeded, met and missed, by month, person, category and account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.measures import passages
from tightrope.measures.passages import Wanted
from tightrope.measures.tables import Cell, Column, Line, Report, Table, Tile, of_enough, rate
from tightrope.promises.models import Promise, PromiseKind, PromiseSet
from tightrope.promises.queries import Percentile

MONTHS = 6
ACCOUNTS_AT_MOST = 20
_COUNTS: dict[str, Any] = {
    "decided": Count("pk"),
    "exceeded": Count("pk", filter=Q(is_beaten=True)),
    "met": Count("pk", filter=Q(state="kept", is_beaten=False)),
    "below": Count("pk", filter=Q(state="missed")),
}
_OUTCOMES = _COUNTS | {"margin": Percentile("margin_working_seconds", share=0.5)}
"""A median sorts what it is taken of; over a year, or over thousands of customers, only counts are asked for."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The address of the promises behind a figure."""

    days: int

    def url(self, outcome: str, **narrower: Any) -> str:
        said = {"kind": PromiseKind.CUSTOMER.value, "outcome": outcome, "days": self.days} | narrower
        return f"{reverse('promises:ledger')}?{urlencode(said)}"


def report(wanted: Wanted, *, by: Actor, at: datetime) -> Report:
    """How what was promised to customers compares with what they got."""
    since = wanted.since(at)
    rows = _decided(by, since=since, until=at)
    before = _decided(by, since=since - timedelta(days=wanted.days), until=since).aggregate(**_COUNTS)
    whole, links = rows.aggregate(**_OUTCOMES), _Rows(wanted.days)
    return Report(
        title=gettext_lazy("Expected and delivered"),
        purpose=gettext_lazy(
            "Each promise to a customer ends in one of three ways: exceeded, when it was kept with the share of time left "
            "that its policy names; met; or missed. Until devices are on record, the category stands in for the product."
        ),
        tiles=[
            Tile(gettext_lazy("Promises decided"), whole["decided"], before=before["decided"], url=links.url("decided"), more_is_better=None),
            *(
                Tile(label, rate(whole[code], whole["decided"]), "share", before=rate(before[code], before["decided"]), url=links.url(outcome), more_is_better=_BETTER[code])
                for code, label, outcome in _THREE
            ),
            Tile(gettext_lazy("Margin, median"), of_enough(whole["margin"], whole["decided"]), "hours", url=links.url("kept")),
        ],
        tables=[
            _by_month(by, at=at),
            _by_person(rows, links),
            _by_category(rows, links),
            _by_account(rows, links, by=by),
        ],
    )  # fmt: skip


_THREE = (
    ("exceeded", gettext_lazy("Exceeded"), "beaten"),
    ("met", gettext_lazy("Met"), "met"),
    ("below", gettext_lazy("Missed"), "missed"),
)
# Of two promises kept the beaten one is no longer among those just met: fewer of these may be good or bad.
_BETTER = {"exceeded": True, "met": None, "below": False}
_COUNTED = [
    Column("decided", gettext_lazy("Promises decided")),
    *(Column(code, label) for code, label, _outcome in _THREE),
    Column("exceeded_share", gettext_lazy("Share exceeded"), "share"),
    Column("met_share", gettext_lazy("Share met"), "share"),
    Column("below_share", gettext_lazy("Share missed"), "share"),
]
_COLUMNS = [*_COUNTED, Column("margin", gettext_lazy("Margin, median"), "hours")]


def _decided(by: Actor, *, since: datetime, until: datetime) -> PromiseSet:
    rows = Promise.objects.visible_to(by).filter(kind=PromiseKind.CUSTOMER)
    return rows.filter(settled_at__gte=since, settled_at__lt=until)


def _line(name: str, counts: Mapping[str, Any], links: _Rows, url: str = "", **narrower: Any) -> Line:
    decided = counts["decided"]
    cells = {"decided": Cell(decided, links.url("decided", **narrower))}
    for code, _label, outcome in _THREE:
        address = links.url(outcome, **narrower)
        cells[code] = Cell(counts[code], address)
        cells[f"{code}_share"] = Cell(rate(counts[code], decided), address)
    cells["margin"] = Cell(of_enough(counts.get("margin"), decided))
    return Line(name=name, cells=cells, url=url)


def _by_person(rows: PromiseSet, links: _Rows) -> Table:
    counted = list(rows.exclude(user=None).order_by().values("user").annotate(**_OUTCOMES))
    names = passages.names_of("user", [row["user"] for row in counted])
    lines = [_line(names[row["user"]], row, links, answers=row["user"]) for row in counted]
    return Table(gettext_lazy("By person"), gettext_lazy("Person"), _COLUMNS, lines).in_order("decided")


def _by_month(by: Actor, *, at: datetime) -> Table:
    rows = (
        _decided(by, since=at - timedelta(days=31 * MONTHS), until=at)
        .annotate(month=TruncMonth("settled_at"))
        .order_by()
    )
    counted = rows.values("month").annotate(**_COUNTS).order_by("-month")[:MONTHS]
    lines = [
        _line(f"{row['month']:%Y-%m}", row, _Rows(365), month=f"{row['month']:%Y-%m}") for row in counted
    ]
    return Table(
        gettext_lazy("By month, the last six"), gettext_lazy("Month"), _COUNTED, lines,
        note=gettext_lazy("By when a promise was kept, or fell due and was not."),
    )  # fmt: skip


def _by_category(rows: PromiseSet, links: _Rows) -> Table:
    category = Case.objects.filter(pk=OuterRef("subject_id")).values("category_id")
    about_cases = rows.filter(subject_type="case").annotate(category=Subquery(category)).order_by()
    counted = list(about_cases.values("category").annotate(**_OUTCOMES))
    names = passages.names_of("case__category", [row["category"] for row in counted])
    lines = [
        _line(names.get(row["category"], _("no category")), row, links, category=row["category"] or 0)
        for row in counted
    ]
    note = gettext_lazy(
        "By the category of the case, which stands in for the product until devices are on record."
    )
    return Table(gettext_lazy("By category"), gettext_lazy("Category"), _COLUMNS, lines, note=note).in_order(
        "decided"
    )


def _by_account(rows: PromiseSet, links: _Rows, *, by: Actor) -> Table:
    counted = list(
        rows.exclude(account=None)
        .order_by()
        .values("account")
        .annotate(**_COUNTS)
        .order_by(F("below").desc(), F("decided").desc(), "account")[:ACCOUNTS_AT_MOST]
    )
    accounts = Account.objects.visible_to(by).in_bulk([row["account"] for row in counted])
    lines = [
        _line(
            accounts[row["account"]].name, row, links,
            url=reverse("customers:account", args=[accounts[row["account"]].public_id]), account=row["account"],
        )
        for row in counted
        if row["account"] in accounts
    ]  # fmt: skip
    return Table(
        gettext_lazy("By customer"), gettext_lazy("Customer"), _COUNTED, lines,
        note=gettext_lazy("The customers to whom most was missed; every other stands in the ledger and on his page."),
    )  # fmt: skip
