"""Mail that went out, waits, failed or was kept."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope.channels import access, actions, lists, outgoing, wording
from tightrope.channels.models import Message
from tightrope.channels.views.doors import letter_or_404, tabs
from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.files import queries as files
from tightrope.files.models import Attachment
from tightrope.ui.onward import doer, done, refused


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Mail out, by what became of it."""
    by, now = doer(request), clock.now()
    view = request.GET.get("view", "")
    if view not in lists.OUT_VIEWS:
        view = "sent" if settings.MAIL_OUT_HOST else "kept"
    try:
        page = lists.letters(view, by=by, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    return render(
        request,
        "channels/outbox.html",
        {
            "view": view,
            "tabs": tabs(by, view),
            "page": page,
            "rows": [{"message": one, "state": wording.state_of(one, now=now)} for one in page.rows],
            "has_server": bool(settings.MAIL_OUT_HOST),
        },
    )


@require_GET
def letter(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message with its headers, its words and what became of it."""
    shown = letter_or_404(request, message_id)
    by, now = doer(request), clock.now()
    may_read = access.may_read_words(by, shown)
    return render(
        request,
        "channels/letter.html",
        {
            "message": shown,
            "facts": wording.facts_of(shown, now=now),
            "state": wording.state_of(shown, now=now),
            "may_read": may_read,
            "words": outgoing.text_of(shown),
            "files": wording.files_of(shown, _kept(shown)) if may_read else [],
            "may_send_again": shown.state in actions.SENDABLE_AGAIN and bool(settings.MAIL_OUT_HOST),
            "may_vouch": shown.direction == "in" and shown.conversation_id is None and shown.is_automatic,
            "is_maybe_double": bool(shown.facts.get("uncertain")),
        },
    )


def _kept(shown: Message) -> list[Attachment]:
    return files.attachments_of("message", [shown.pk]).get(shown.pk, [])


@require_POST
def send_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Queue it once more."""
    shown = letter_or_404(request, message_id)
    url = reverse("channels:letter", args=[shown.pk])
    try:
        actions.send_again(shown, by=doer(request), at=clock.now())
    except actions.NoServer:
        return refused(request, url, _("No mail server is set up, so nothing can be sent."))
    return done(request, url, _("The mail is on its way again."))
