"""What is due next, the ledger, and one promise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.core import clock
from tightrope.core.actor import Actor, Scope
from tightrope.core.paging import BadCursor
from tightrope.customers.models import Account
from tightrope.people.models import User
from tightrope.promises import lists, queries
from tightrope.promises.access import Can, may_change, may_keep
from tightrope.promises.explain import categories
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.promises.subjects import key_of, presented
from tightrope.promises.views.doors import promise_or_404
from tightrope.ui import format as written
from tightrope.ui.onward import doer


def rows_of(promises: Iterable[Promise], now: datetime, *, by: Actor) -> list[dict[str, Any]]:
    """Promises with how their subjects read and how far their clocks have run."""
    shown = list(promises)
    hits = presented(shown, by=by)
    calendars = {key: worktime_of(key) for key in {promise.calendar_id for promise in shown}}
    return [
        {
            "promise": promise,
            "subject": hits.get(key_of(promise)),
            "run": _run(promise, calendars[promise.calendar_id], now),
        }
        for promise in shown
    ]


def _run(promise: Promise, calendar: worktime.Calendar, now: datetime) -> float:
    """How much of the working time is used up, in percent; the bar is a hint, so pauses are left out."""
    at = promise.paused_at or now
    share = worktime.share_elapsed(calendar, start=promise.starts_at, due=promise.due_at, at=at)
    return max(0.0, min(100.0, share * 100))


def _views_for(by: Actor) -> list[tuple[str, str]]:
    words = [("mine", pgettext("promises", "mine"))]
    if by.teams:
        words.append(("team", pgettext("promises", "of my team")))
    if (by.scope(Can.VIEW) or Scope.OWN) > Scope.OWN:
        words.append(("all", pgettext("promises", "all")))
        words.append(("words", pgettext("promises", "words given by people")))
    return words


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """What is promised next, by whom, until when; what stands still apart."""
    by, now = doer(request), clock.now()
    views = _views_for(by)
    view = request.GET.get("view", "")
    if view not in dict(views):
        view = "mine" if by.user_id else "all"
    try:
        page = lists.due(view, by=by, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    return render(
        request,
        "promises/due.html",
        {
            "now": now,
            "view": view,
            "tabs": [
                {"label": word, "url": f"{reverse('promises:due')}?view={key}", "current": key == view}
                for key, word in views
            ],
            "rows": rows_of(page.rows, now, by=by),
            "page": page,
            "paused": rows_of(lists.paused(view, by=by), now, by=by) if page.is_first else [],
            "may_make": by.may(Can.MAKE),
        },
    )


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """What became of promises: kept, beaten, missed, with the margins; every figure opens its rows."""
    by, now = doer(request), clock.now()
    asked = lists.Asked.from_address(request.GET)
    try:
        page = lists.ledger(asked, by=by, at=now, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    records = []
    if page.is_first:
        since, until = asked.period(now)
        found = queries.record_of(lists.narrowed(asked, by=by), since=since, until=until)
        records = [{"name": PromiseKind(one.group).label, "record": one} for one in found]
    return render(
        request,
        "promises/ledger.html",
        {
            "now": now,
            "asked": asked,
            "page": page,
            "rows": rows_of(page.rows, now, by=by),
            "records": records,
            "outcomes": _outcomes(),
            "narrowed": _narrowed(request, asked, by=by, now=now),
            "kinds": PromiseKind.choices,
            "whats": What.choices,
            "periods": lists.PERIODS,
            "people": User.objects.filter(is_active=True, roles__isnull=False)
            .distinct()
            .order_by("name")[:500],
        },
    )


def _narrowed(request: HttpRequest, asked: lists.Asked, *, by: Actor, now: datetime) -> list[dict[str, str]]:
    """What narrows the ledger beside the form: kept when the form is sent, each to be taken off again."""
    found = []
    if asked.month is not None:
        found.append(("month", f"{asked.month:%Y-%m}"))
    if asked.span is not None:
        first, last = (written.day(instant, now=now) for instant in asked.span)
        said = first if first == last else _("%(first)s – %(last)s") % {"first": first, "last": last}
        found.append(("span", said))
    if asked.answers_id is not None:
        person = User.objects.filter(pk=asked.answers_id).first()
        found.append(("answers", _("answered for by %(name)s") % {"name": person.name if person else "–"}))
    if asked.account_id is not None:
        account = Account.objects.visible_to(by).filter(pk=asked.account_id).first()
        found.append(("account", account.name if account else "–"))
    if asked.category_id is not None:
        found.append(("category", categories().get(asked.category_id, _("no category"))))
    return [
        {"name": name, "label": label, "value": request.GET[name], "remove_url": _without(request, name)}
        for name, label in found
    ]


def _without(request: HttpRequest, name: str) -> str:
    kept = request.GET.copy()
    for gone in (name, "after"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"


def _outcomes() -> list[tuple[str, str]]:
    return [
        ("decided", pgettext("promises", "kept and missed")),
        ("kept", pgettext("promises", "kept")),
        ("beaten", pgettext("promises", "beaten")),
        ("met", pgettext("promises", "met, not beaten")),
        ("missed", pgettext("promises", "missed")),
        ("replaced", pgettext("promises", "replaced")),
        ("withdrawn", pgettext("promises", "withdrawn")),
    ]


@require_GET
def promise(request: HttpRequest, public_id: str) -> HttpResponse:
    """One promise: what was said, how it came, what became of it."""
    shown = promise_or_404(request, public_id)
    return render(request, "promises/promise.html", promise_context(request, shown))


def promise_context(request: HttpRequest, shown: Promise, **more: Any) -> dict[str, Any]:
    """What the page of one promise shows; acts that are refused show it again with their form."""
    by, now = doer(request), clock.now()
    before = Promise.objects.filter(replaced_by=shown).first()
    return {
        "promise": shown,
        "row": rows_of([shown], now, by=by)[0],
        "now": now,
        "pauses": list(shown.pauses.all()),
        "replaces": before,
        "may_keep": shown.is_running and may_keep(by, shown),
        "may_change": shown.is_running and may_change(by, Can.CHANGE, shown),
        "may_withdraw": shown.is_running and may_change(by, Can.WITHDRAW, shown),
        **more,
    }
