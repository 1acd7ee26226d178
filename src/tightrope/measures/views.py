"""Start pages by role, the overview of all departments, and the dictionary behind the figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tightrope.cases import queries as cases
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.models import Heartbeat
from tightrope.core.statements import Given, written
from tightrope.measures import queries
from tightrope.measures.dictionary import MEASURES, PASSAGES
from tightrope.measures.report_views import tabs_of
from tightrope.people.models import Role, Team
from tightrope.ui.onward import doer

DESK_VIEWS = ("mine", "unassigned", "late", "heard", "waiting", "complaints")


def start(request: HttpRequest) -> HttpResponse:
    """What is next, for whom, by when; for those who lead, how it goes."""
    by = doer(request)
    if not by.is_staff:
        return _door(request)
    now = clock.now()
    context: dict[str, Any] = {
        "now": now,
        "has_no_mail_server": not settings.MAIL_OUT_HOST,
        "history": _history_progress(),
        "home": _home_of(by),
    }
    if by.may("case.view"):
        context |= {
            "mine": _next_of("mine", by=by, at=now),
            "next_up": _next_of("unassigned", by=by, at=now),
            "counts": cases.counts(DESK_VIEWS, by=by, at=now),
        }
    if by.may("measure.view"):
        figures, _facts, taken_at = queries.figures_of()
        context |= {"figures": figures, "taken_at": taken_at}
    return render(request, "measures/start.html", context)


def _next_of(view: str, *, by: Actor, at: datetime) -> list[Case]:
    return cases.queue(cases.Filter(view=view), by=by, at=at, size=8, only_named=True).rows


def _door(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who is not of the staff: customers to the portal, everybody else to a door."""
    for route, is_theirs in (
        ("portal:home", request.user.is_authenticated),
        ("people:demo", settings.DEMO),
        ("account_login", True),
    ):
        if is_theirs:
            try:
                return redirect(reverse(route))
            except NoReverseMatch:
                continue
    raise AssertionError("the sign-in page is always there")


def _home_of(by: Actor) -> str:

    def homes() -> QuerySet[Any, Any]:
        return Role.objects.filter(holdings__user_id=Given("user")).values_list("home")

    is_manager = any(home == "manager" for (home,) in written("homes", homes).tuples(user=by.user_id))
    return "manager" if is_manager else "desk"


def _history_progress() -> dict[str, Any] | None:
    """How far the demo company's history is, while it is being filled in."""
    if not settings.DEMO:
        return None
    beat = Heartbeat.objects.filter(part="demo").first()
    return beat.facts if beat is not None and beat.facts.get("done") != beat.facts.get("of") else None


def overview(request: HttpRequest) -> HttpResponse:
    """Every department on one page, and how the cases of each month stand."""
    teams = list(Team.objects.order_by("pk"))
    scopes = {f"team:{team.pk}": team for team in teams}
    figures = queries.by_scope([queries.COMPANY, *scopes])
    shown, facts, taken_at = queries.figures_of()
    rows = [(_("Whole company"), figures.get(queries.COMPANY, {}), "")]
    rows += [
        (team.name, figures[scope], f"&team={team.pk}") for scope, team in scopes.items() if scope in figures
    ]
    statuses = ("received", "accepted", "waiting", "reopened", "solved", "closed", "rejected")
    months = [
        (month, [counts.get(status, 0) for status in statuses], sum(counts.values()))
        for month, counts in queries.months()
    ]
    return render(
        request,
        "measures/overview.html",
        {
            "rows": rows,
            "tabs": tabs_of(doer(request), "overview"),
            "figures": shown,
            "facts": facts,
            "taken_at": taken_at,
            "months": months,
            "now": clock.now(),
        },
    )


def dictionary(request: HttpRequest) -> HttpResponse:
    """What each figure says and how it is reckoned."""
    return render(
        request,
        "measures/dictionary.html",
        {"measures": MEASURES.values(), "passages": [(kind, PASSAGES[kind]) for kind in PASSAGES]},
    )
