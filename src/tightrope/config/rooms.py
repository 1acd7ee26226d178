"""The rooms of the left rail: which route they open and which permission shows them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor

ROOMS: list[tuple[str, Any, str, str]] = [
    ("measures:start", _("Start"), "home", ""),
    ("cases:queue", _("Desk"), "inbox", "case.view"),
    ("customers:list", _("Customers"), "building", "customer.view"),
    ("promises:due", _("Promises"), "clock", "promise.view"),
    ("surveys:list", _("Return calls"), "phone", "survey.view"),
    ("measures:overview", _("Figures"), "chart", "measure.view"),
    ("channels:outbox", _("Mail"), "mail", "message.operate"),
    ("promises:policies", _("Policies"), "promise", "promise.configure"),
    ("calendars:list", _("Working calendars"), "calendar", "calendar.configure"),
    ("calendars:duty", _("Duty roster"), "people", "duty.plan"),
    ("fields:list", _("Forms"), "edit", "form.configure"),
    ("people:list", _("People"), "users", "people.manage"),
    ("cases:categories", _("Settings"), "settings", "case.configure"),
    ("measures:record", _("Audit log"), "eye", "record.export"),
    ("config:operations", _("Operations"), "activity", "system.operate"),
]


def rooms_for(by: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """The rooms this doer may enter, in order; the page shows six and keeps the rest under "more"."""
    shown = []
    for route, label, icon, permission in ROOMS:
        if permission and not by.may(permission):
            continue
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        current = request.path == url or (url != "/" and request.path.startswith(url))
        shown.append({"label": label, "url": url, "icon": icon, "current": current})
    return shown
