"""From an address to a case, and back to a page when something was done or refused."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tightrope.cases import access
from tightrope.cases.models import Case
from tightrope.ui.onward import doer


def case_or_404(request: HttpRequest, public_id: str) -> Case:
    """The case, when it is this doer's to see."""
    try:
        return access.case_for(doer(request), public_id)
    except Case.DoesNotExist:
        raise Http404("case") from None


def url_of(case: Case) -> str:
    """The page of a case."""
    return reverse("cases:case", args=[case.public_id])


def is_htmx(request: HttpRequest) -> bool:
    """Whether a fragment is wanted instead of a page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def see_other(request: HttpRequest, url: str, sentence: Any = "", *, undo_url: str = "") -> HttpResponse:
    """See another page (303), which says what was done and offers to undo it."""
    if sentence:
        messages.success(request, str(sentence), extra_tags=undo_url)
    if is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return HttpResponseRedirect(url, status=303)


def announce_done(answer: HttpResponse, url: str) -> HttpResponse:
    """Tell the page that the act is done, so that its dialog closes and the address is right."""
    answer["HX-Trigger"] = json.dumps({"case-done": True})
    answer["HX-Replace-Url"] = url
    return answer
