"""Handing out files to those who may read what they hang on; 404 for all others, whether there is one or not.

These views also serve below a private link: the portal mounts them under `/s/<token>/files/…`, where its
middleware has made the holder of the link the doer.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tightrope.core import clock, throttle
from tightrope.files import access, serving
from tightrope.files.models import Attachment
from tightrope.ui.onward import doer

MISSES_AN_HOUR = 300


@require_safe
def download(request: HttpRequest, public_id: str, name: str = "", token: str = "") -> HttpResponseBase:
    """The content, or a piece of it for a player. The name in the address is for people; it decides nothing."""
    found = _found(request, public_id)
    return found if isinstance(found, HttpResponse) else serving.whole_or_range(request, found)


@require_safe
def thumbnail(request: HttpRequest, public_id: str, token: str = "") -> HttpResponseBase:
    """The smallest copy of a picture."""
    found = _found(request, public_id)
    return found if isinstance(found, HttpResponse) else _copy(request, found.thumbnail_key)


@require_safe
def picture(request: HttpRequest, public_id: str, token: str = "") -> HttpResponseBase:
    """The copy of a picture that fills a screen."""
    found = _found(request, public_id)
    return found if isinstance(found, HttpResponse) else _copy(request, found.shown_key)


def _copy(request: HttpRequest, key: str) -> HttpResponseBase:
    if not key:
        raise Http404("file")
    return serving.small_copy(request, key)


def _found(request: HttpRequest, public_id: str) -> Attachment | HttpResponse:
    by = doer(request)
    try:
        return access.attachment_for(by, public_id)
    except Attachment.DoesNotExist:
        return _missed(request)


def _missed(request: HttpRequest) -> HttpResponse:
    """404, and after many of them 429: names are too long to be guessed, and trying should not be free."""
    who = str(request.META.get("REMOTE_ADDR", ""))
    try:
        throttle.allow(f"files.miss:{who}", at_most=MISSES_AN_HOUR, within=timedelta(hours=1), at=clock.now())
    except throttle.TooMany as error:
        response = HttpResponse(
            _("Too many tries. Please try again later."), content_type="text/plain; charset=utf-8"
        )
        response.status_code = 429
        response["Retry-After"] = str(error.retry_after)
        return response
    raise Http404("file")
