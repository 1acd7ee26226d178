"""The page from which auditors take the record out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.measures import actions, record
from tightrope.measures.events import RecordExported
from tightrope.measures.forms import RecordPartForm
from tightrope.people.lines import PastItem, wording_of
from tightrope.people.models import Installation
from tightrope.timeline.export import as_lines
from tightrope.timeline.queries import events_of
from tightrope.ui.onward import doer

LOOKED_THROUGH = 200
"""Exports are rare among what happens to the installation; older ones stand on its line."""


@require_http_methods(["GET", "POST"])
def record_page(request: HttpRequest) -> HttpResponseBase:
    """Choose a part of the record and take it out, as lines that can be checked without the program."""
    form = RecordPartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _download(request, form.wanted)
        except record.NothingOfThatName as error:
            form.add_error(None, str(error))
    return _page(request, form)


def _page(request: HttpRequest, form: RecordPartForm) -> HttpResponse:
    by = doer(request)
    context = {
        "form": form,
        "past": _exports(by),
        "now": clock.now(),
    }
    return render(request, "measures/record.html", context, status=422 if form.errors else 200)


def _exports(by: Actor) -> list[PastItem]:
    events, _older = events_of("installation", Installation().pk, by=by, limit=LOOKED_THROUGH)
    return [
        PastItem(at=event.at, title=wording_of(event))
        for event in events
        if event.kind == RecordExported.kind
    ]


def _download(request: HttpRequest, wanted: record.Wanted) -> HttpResponseBase:
    at = clock.now()
    part = actions.export_record(wanted, by=doer(request), at=at)
    response = StreamingHttpResponse(as_lines(part, taken_at=at), content_type="application/x-ndjson")
    name = f"record-{at:%Y%m%d-%H%M%S}.jsonl"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
