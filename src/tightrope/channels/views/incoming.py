"""Mail as it came in: what could not be read, what machines wrote, what was refused."""

from __future__ import annotations

from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope.channels import actions, lists, originals, wording
from tightrope.channels.models import Message, RawMail
from tightrope.channels.views.doors import letter_or_404, raw_or_404, tabs
from tightrope.core import clock
from tightrope.core.middleware import SANDBOX
from tightrope.core.paging import BadCursor
from tightrope.files import serving
from tightrope.ui.onward import doer, done, refused

MOST_HEAD = 16_000


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Raw mails by state, and what machines wrote to us outside of any conversation."""
    by = doer(request)
    view = request.GET.get("view", "")
    after = request.GET.get("after")
    try:
        if view == "machines":
            return _listed(request, view, {"page": lists.machines(by=by, after=after)})
        view = view if view in lists.IN_VIEWS else "quarantine"
        page = lists.raw_mails(view, by=by, after=after)
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    rows = [{"raw": one, "reason": wording.reason_of(one)} for one in page.rows]
    return _listed(request, view, {"page": page, "rows": rows})


def _listed(request: HttpRequest, view: str, found: dict[str, Any]) -> HttpResponse:
    found |= {"view": view, "tabs": tabs(doer(request), view), "listeners": wording.listeners(clock.now())}
    return render(request, "channels/inbox.html", found)


@require_GET
def raw(request: HttpRequest, raw_id: int) -> HttpResponse:
    """One mail as it came: its header as text, what became of it, the original to take away."""
    shown = raw_or_404(request, raw_id)
    head = originals.head_of(shown, MOST_HEAD).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return render(
        request,
        "channels/raw.html",
        {
            "raw": shown,
            "facts": wording.facts_of_raw(shown, now=clock.now()),
            "head": head.decode("utf-8", "replace").replace("\x00", "\ufffd"),
            "message": Message.objects.filter(raw_id=shown.pk).defer("html", "quoted").first(),
        },
    )


@require_GET
def original(request: HttpRequest, raw_id: int) -> HttpResponseBase:
    """The bytes as they came, to be saved; never opened here."""
    shown = raw_or_404(request, raw_id)
    if shown.forgotten_at is not None:
        raise Http404("forgotten")
    response: HttpResponseBase
    if shown.storage_key:
        response = StreamingHttpResponse(serving.pieces(request, shown.storage_key))
    else:
        response = HttpResponse(originals.content_of(shown))
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = f'attachment; filename="mail-{shown.pk}.eml"'
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def read_again(request: HttpRequest, raw_id: int) -> HttpResponse:
    """Try once more to read it."""
    shown = raw_or_404(request, raw_id)
    url = reverse("channels:raw", args=[shown.pk])
    try:
        actions.read_again(shown, by=doer(request), at=clock.now())
    except actions.Forgotten:
        return refused(request, url, _("Only the hash of this mail is kept any more."))
    return done(request, url, _("The mail will be read again in a moment."))


@require_POST
def vouch(request: HttpRequest, message_id: int) -> HttpResponse:
    """A person wrote this after all: let it go the way of every customer's mail."""
    shown = letter_or_404(request, message_id)
    if shown.conversation_id is not None:
        raise Http404("it stands in a conversation")
    try:
        actions.vouch_for(shown, by=doer(request), at=clock.now())
    except (actions.Forgotten, RawMail.DoesNotExist):
        url = reverse("channels:letter", args=[shown.pk])
        return refused(request, url, _("Only the hash of this mail is kept any more."))
    url = f"{reverse('channels:inbox')}?view=machines"
    return done(request, url, _("The mail is taken for a person's and will be on the desk in a moment."))
