"""The queue: what is to be done, in the order of promise and priority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.cases import queries
from tightrope.cases.access import Can
from tightrope.cases.dues import Calendars
from tightrope.cases.models import Case
from tightrope.cases.queries import COUNT_AT_MOST, VIEWS, Filter
from tightrope.cases.rows import rows_of
from tightrope.cases.views.doors import is_htmx
from tightrope.cases.wording import EMPTY, VIEW_LABELS
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.ui.onward import doer

MAIN_VIEWS = ("open", "mine", "late", "waiting")
"""The views that always stand beside each other; the others wait behind them."""
ON_A_PAGE, BESIDE_A_CASE = 50, 20
"""How many rows the list shows by itself, and beside an open case."""
FIELDS = ("view", "team", "category", "type", "tier", "account", "tag")
OUTCOME = "cases.outcome"
"""Where the session keeps what became of an act on several cases, until the list has said it."""


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list of the desk; with a wide screen a case opens beside it."""
    is_beside = "beside" in request.GET
    try:
        shown = list_context(request, at=clock.now(), size=BESIDE_A_CASE if is_beside else ON_A_PAGE)
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    if not is_beside:
        shown["several"] = several_of(doer(request))
    if is_htmx(request):
        return render(request, "cases/queue_list.html", shown)
    shown["outcome"] = request.session.pop(OUTCOME, None)
    return render(request, "cases/queue.html", shown)


def list_context(
    request: HttpRequest,
    *,
    at: datetime,
    current: Case | None = None,
    size: int,
    calendars: Calendars | None = None,
) -> dict[str, Any]:
    """Everything the list needs: its rows, its views with counts, the filters in force. Raises BadCursor."""
    by = doer(request)
    wanted = Filter.from_address(request.GET)
    address = query_of(wanted)
    page = queries.queue(wanted, by=by, at=at, after=request.GET.get("after"), size=size, only_named=True)
    if not page.rows and not page.is_first:
        # Nothing is left after this mark, but there may be before it: an empty page would say that all is done.
        page = queries.queue(wanted, by=by, at=at, size=size, only_named=True)
    rows = rows_of(page.rows, at=at, query=address, calendars=calendars)
    if wanted.account_id or wanted.category_id or wanted.team_id:
        chips = _named_chips(wanted, by)
    else:
        chips = _chips(wanted)
    title, text = EMPTY[wanted.view]
    return {
        "now": at,
        "wanted": wanted,
        "view_label": VIEW_LABELS[wanted.view],
        "tabs": _tabs(wanted, by, at),
        "rows": rows,
        "page": page,
        "address": address,
        "here": address if page.is_first else own_address(request.GET),
        "further": f"?{address}&after={page.next}" if page.next else "",
        "chips": chips,
        "is_filtered": bool(chips),
        "empty_title": title,
        "empty_text": text,
        "current": current,
        "current_id": current.pk if current else None,
        "saved_views": queries.saved_views(by=by),
        "may_open": by.may(Can.OPEN),
    }


def address_of(request: HttpRequest) -> str:
    """The filters of the list from which the doer came: of this page, or of the one that htmx stands on."""
    asked = request.GET
    current = request.htmx.current_url_abs_path if is_htmx(request) else None  # type: ignore[attr-defined]
    if current:
        asked = QueryDict(urlsplit(current).query)
    return query_of(Filter.from_address(asked.dict()))


def query_of(wanted: Filter, **changes: Any) -> str:
    """The filter as it stands in an address."""
    parts = {
        "view": wanted.view,
        "team": wanted.team_id,
        "category": wanted.category_id,
        "type": wanted.type,
        "tier": wanted.tier,
        "account": wanted.account_id,
        "tag": wanted.tag,
        **changes,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def own_address(asked: QueryDict) -> str:
    """The filters and the page of a list as they stand in its address, in its own spelling."""
    address, after = query_of(Filter.from_address(asked)), asked.get("after", "")
    return f"{address}&{urlencode({'after': after})}" if after else address


@dataclass(frozen=True, slots=True)
class Offered:
    """An act on several cases, as the bar below the list offers it."""

    url: str
    label: str
    icon: str


def several_of(by: Actor) -> list[Offered]:
    """What this doer may do to several cases at once; whether to each of them is said case by case."""
    return [one for permission, one in _offered(get_language() or "en") if by.may(permission)]


@lru_cache(maxsize=16)
def _offered(language: str) -> tuple[tuple[Can, Offered], ...]:
    return tuple(
        (permission, Offered(reverse(f"cases:several_{noun}"), str(label), icon))
        for permission, noun, label, icon in _SEVERAL
    )


_SEVERAL = (
    (Can.ASSIGN, "assignment", gettext_lazy("Assign"), "people"),
    (Can.WORK, "handover", gettext_lazy("Hand over"), "next"),
    (Can.SEVERITY, "severity", gettext_lazy("Change the severity"), "bolt"),
    (Can.WORK, "tags", gettext_lazy("Tags"), "note"),
    (Can.REJECT, "rejection", gettext_lazy("Reject"), "delete"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the list: where it is, and how many cases wait in it."""

    view: str
    label: str
    url: str
    current: bool
    count: str = ""


def _tabs(wanted: Filter, by: Actor, at: datetime) -> dict[str, list[Tab]]:
    counts = queries.counts(_COUNTED, by=by, at=at)
    tabs = [
        replace(tab, count=_bounded(counts[tab.view])) if tab.view in counts else tab
        for tab in _uncounted_tabs(wanted, get_language() or "en")
    ]
    front = [tab for tab in tabs if tab.view in MAIN_VIEWS]
    if wanted.view not in MAIN_VIEWS:
        front = [*front[:-1], next(tab for tab in tabs if tab.current)]
    return {"front": front, "more": [tab for tab in tabs if tab not in front]}


_COUNTED = tuple(view for view in VIEWS if view not in {"all", "rejected", "solved"})


@lru_cache(maxsize=1024)
def _uncounted_tabs(wanted: Filter, language: str) -> tuple[Tab, ...]:
    """The views with these filters, which stand on every page of the desk."""
    queue_url = reverse("cases:queue")
    return tuple(
        Tab(
            view,
            str(VIEW_LABELS[view]),
            f"{queue_url}?{query_of(wanted, view=view)}",
            current=view == wanted.view,
        )
        for view in VIEWS
    )


def _bounded(count: int) -> str:
    return f"{COUNT_AT_MOST - 1}+" if count >= COUNT_AT_MOST else str(count)


def _chips(wanted: Filter) -> list[dict[str, Any]]:
    """The filters in force, each with the address without it."""
    chips = []
    if wanted.type:
        chips.append({"label": Case.Type(wanted.type).label, "remove_url": f"?{query_of(wanted, type='')}"})
    if wanted.tier:
        label = _("Tier %(tier)s") % {"tier": wanted.tier}
        chips.append({"label": label, "remove_url": f"?{query_of(wanted, tier='')}"})
    if wanted.tag:
        chips.append({"label": wanted.tag, "remove_url": f"?{query_of(wanted, tag='')}"})
    return chips


def _named_chips(wanted: Filter, by: Actor) -> list[dict[str, Any]]:
    named = queries.names_of(wanted, by=by)
    chips = [
        {"label": named[field], "remove_url": f"?{query_of(wanted, **{field: ''})}"}
        for field in ("team", "category", "account")
        if field in named
    ]
    return chips + _chips(wanted)
