"""The page of results, whole or, while somebody types, its fragment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.search import queries, registry
from tightrope.search.queries import Hits
from tightrope.search.rows import drawn
from tightrope.ui.onward import doer

EACH = 6
PAGE = 30


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """What the text finds: the first hits of every kind, or one kind page by page."""
    actor = doer(request)
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    try:
        found = _found(text, kind, by=actor, after=request.GET.get("after"))
    except (BadCursor, registry.UnknownKind):
        return HttpResponseBadRequest(_("This address is not one of ours."))
    at = clock.now()
    context: dict[str, Any] = {
        "text": text,
        "search_text": text,
        "kind": kind,
        "groups": [
            {"kind": registry.findable(name), "drawn": drawn(hits.rows, at=at), "next": hits.next}
            for name, hits in found.items()
        ],
        "is_near": any(hits.is_near for hits in found.values()),
    }
    template = "search/results.html#found" if request.htmx else "search/results.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _found(text: str, kind: str, *, by: Actor, after: str | None) -> dict[str, Hits]:
    if not kind:
        return queries.find_each(text, by=by, limit=EACH)
    hits = queries.find(text, by=by, kinds=[kind], limit=PAGE, after=after)
    return {kind: hits} if hits.rows else {}
