"""The pages of reports: one question each, at most eight figures, tables whose cells open their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.measures import comparing, delivery, intake, passages, stalling
from tightrope.measures.access import Can
from tightrope.measures.models import Passage
from tightrope.measures.passages import PERIODS, Wanted
from tightrope.measures.tables import Report
from tightrope.ui.onward import doer

PAGES = (
    ("overview", gettext_lazy("Overview")),
    ("stalling", gettext_lazy("Stalling")),
    ("departments", gettext_lazy("Departments")),
    ("solutions", gettext_lazy("Solutions")),
    ("clarifications", gettext_lazy("Asked back")),
    ("delivery", gettext_lazy("Expected and delivered")),
    ("sales", gettext_lazy("Sales")),
    ("mine", gettext_lazy("My own")),
)
Maker = Callable[..., Report]


def tabs_of(by: Actor, current: str) -> list[dict[str, Any]]:
    """The pages of figures this doer may open."""
    return [
        {"label": label, "url": reverse(f"measures:{name}"), "current": name == current}
        for name, label in PAGES
        if name == "mine" or by.may(Can.VIEW)
    ]


def _answer(request: HttpRequest, name: str, maker: Maker) -> HttpResponse:
    by = doer(request)
    wanted = Wanted(days=Wanted.from_address(request.GET.dict()).days)
    report = maker(wanted, by=by, at=clock.now())
    order = request.GET.get("order", "")
    context = {
        "report": report,
        "tables": [table.in_order(order) if order else table for table in report.tables],
        "tabs": tabs_of(by, name),
        "periods": [(days, days == wanted.days) for days in PERIODS],
        "has_any": any(table.lines for table in report.tables),
    }
    return render(request, "measures/report.html", context)


@require_safe
def stalling_page(request: HttpRequest) -> HttpResponse:
    """Where work gets stuck, by case, person, department and whose instruction."""
    return _answer(request, "stalling", stalling.report)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The same of one's own work, for everybody."""
    return _answer(request, "mine", stalling.own_report)


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """The clocks of departments side by side."""
    return _answer(request, "departments", comparing.departments)


@require_safe
def solutions(request: HttpRequest) -> HttpResponse:
    """What was reopened and re-routed, by solver and category."""
    return _answer(request, "solutions", comparing.solutions)


@require_safe
def clarifications(request: HttpRequest) -> HttpResponse:
    """What had to be asked back, by category and version of its form."""
    return _answer(request, "clarifications", intake.clarifications)


@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    """What sales entered and carried."""
    return _answer(request, "sales", intake.sales)


@require_safe
def delivered(request: HttpRequest) -> HttpResponse:
    """What customers were promised beside what they got."""
    return _answer(request, "delivery", delivery.report)


@require_safe
def passage_list(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure: what happened in which case, by whom, how long."""
    by = doer(request)
    wanted, now = Wanted.from_address(request.GET.dict()), clock.now()
    try:
        page = passages.rows(wanted, by=by, at=now, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    kind = (
        Passage.Kind(wanted.kind).label if wanted.kind in Passage.Kind.values else _("Everything that stalls")
    )
    context = {
        "kind": kind,
        "page": page,
        "may_open": passages.openable(page.rows, by=by),
        "now": now,
        "tabs": tabs_of(by, ""),
        "periods": [(days, days == wanted.days) for days in PERIODS],
    }
    return render(request, "measures/passages.html", context)
