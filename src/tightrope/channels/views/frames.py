"""A stranger's HTML in a document of its own, in which nothing may run, load or lead anywhere."""

from __future__ import annotations

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from tightrope.channels import access
from tightrope.channels.mail.html import show_pictures
from tightrope.channels.models import Message
from tightrope.channels.views.doors import LARGEST_NUMBER
from tightrope.core.middleware import SANDBOX
from tightrope.files import queries as files
from tightrope.ui.onward import doer

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PICTURES = 20
MOST_BYTES = 4 * 1024 * 1024


@require_GET
def frame(request: HttpRequest, message_id: int) -> HttpResponse:
    """The cleaned HTML of one message, for whoever may read its conversation; 404 for all others."""
    try:
        message = access.message_for(doer(request), min(message_id, LARGEST_NUMBER))
    except Message.DoesNotExist:
        raise Http404("message") from None
    if not message.html:
        raise Http404("message")
    # The sanitiser in the child made it; the sandbox holds even where the sanitiser should have erred.
    body = mark_safe(show_pictures(message.html, _pictures(message)))  # noqa: S308
    response = HttpResponse(
        render_to_string("channels/frame.html", {"body": body, "message": message}, request=None)
    )
    response["Content-Security-Policy"] = SANDBOX
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _pictures(message: Message) -> dict[str, str]:
    """The enclosed pictures by Content-ID, as data: a sandboxed document has no session to fetch them with."""
    by_attachment = {
        one["attachment"]: one["cid"]
        for one in message.facts.get("files", ())
        if one.get("cid") and one.get("attachment")
    }
    found: dict[str, str] = {}
    left = MOST_BYTES
    for kept in files.attachments_of("message", [message.pk]).get(message.pk, []) if by_attachment else ():
        cid = by_attachment.get(kept.pk)
        if cid and kept.content_type in PICTURES and kept.size <= left and len(found) < MOST_PICTURES:
            left -= kept.size
            content = base64.b64encode(files.content_of(kept)).decode("ascii")
            found[cid] = f"data:{kept.content_type};base64,{content}"
    return found
