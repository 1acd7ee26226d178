"""Promises kept in a row, and at which one that ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.promises import lists, streaks
from tightrope.promises.models import PromiseKind, What
from tightrope.ui.onward import doer


@require_GET
def streak_list(request: HttpRequest) -> HttpResponse:
    """The longest streaks of customers or people: those that were broken in the period, or those that run."""
    now = clock.now()
    asked = streaks.Asked.from_address(request.GET.dict())
    try:
        page = streaks.streaks(asked, by=doer(request), at=now, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    context = {
        "now": now,
        "asked": asked,
        "page": page,
        "tabs": [
            {"label": label, "url": _with_ending(request, key), "current": asked.ending == key}
            for key, label in (
                ("broken", pgettext("streaks", "broken")),
                ("running", pgettext("streaks", "running")),
            )
        ],
        "pers": [("customer", _("by customer")), ("person", _("by person"))],
        "kinds": PromiseKind.choices,
        "whats": What.choices,
        "periods": lists.PERIODS,
    }
    return render(request, "promises/streaks.html", context)


def _with_ending(request: HttpRequest, ending: str) -> str:
    kept = request.GET.copy()
    kept.pop("after", None)
    kept["ending"] = ending
    return f"?{kept.urlencode()}"
