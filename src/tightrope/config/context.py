"""What every page of the desk shows around its content: the rail, the person, the search box."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tightrope.config.rooms import rooms_for
from tightrope.notices.queries import unread_count


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page, as far as this doer may see it."""
    actor = getattr(request, "actor", None)
    frame: dict[str, Any] = {
        "actor": actor,
        "is_demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
        "brand": settings.COMPANY_NAME,
        "hotline": settings.HOTLINE,
    }
    if actor is not None and actor.is_staff:
        if actor.user_id is not None:
            frame["notices_count"] = unread_count(actor.user_id)
        frame["rail"] = rooms_for(actor, request)
        frame["person"] = {
            "name": actor.name,
            "role": getattr(request.user, "title", ""),
            "links": [{"label": _("About me"), "url": reverse("people:me")}],
            "sign_out_url": reverse("account_logout"),
        }
        for key, route in (
            ("search_url", "search:results"),
            *((("new_url", "cases:new"),) if actor.may("case.open") else ()),
            ("notices_url", "notices:inbox"),
        ):
            try:
                frame[key] = reverse(route)
            except NoReverseMatch:
                continue
    return frame
