"""The demo company's door. The rooms of people, roles and keys are in the files beside this one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tightrope.core.models import Heartbeat
from tightrope.people.entering import sign_in
from tightrope.people.models import User

_CAST = (
    "zhou.min",
    "chen.gang",
    "gu.wei",
    "xu.jing",
    "lin.fang",
    "wu.qiang",
    "he.yong",
    "shen.li",
    "qian.hui",
    "admin",
)


def _does(login_name: str) -> str:
    return {
        "zhou.min": _("answers customers and keeps their promises"),
        "chen.gang": _("leads the desk: assigns, judges, merges"),
        "gu.wei": _("sees how it goes in every department"),
        "xu.jing": _("second line: takes what the desk hands over"),
        "lin.fang": _("keeps the region's visits in view"),
        "wu.qiang": _("looks after machines in Suzhou"),
        "he.yong": _("reports what customers tell sales"),
        "shen.li": _("finds out why it keeps happening"),
        "qian.hui": _("owns complaints, outside the accused department"),
        "admin": _("people, roles, categories, promises, health"),
    }[login_name]


def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as anybody of the demo company with one click. Only there when `make run` started the program."""
    if not settings.DEMO:
        raise Http404
    cast = User.objects.filter(email__in=[f"{name}@hengyuan.example" for name in _CAST], is_active=True)
    if request.method == "POST":
        chosen = request.POST.get("person", "")
        user = get_object_or_404(cast, pk=int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
        sign_in(request, user)
        return redirect("/")
    by_name = {user.email.split("@")[0]: user for user in cast}
    people = [
        {
            "pk": by_name[name].pk,
            "name": by_name[name].name,
            "title": by_name[name].title,
            "does": _does(name),
        }
        for name in _CAST
        if name in by_name
    ]
    return render(
        request,
        "people/demo.html",
        {"people": people, "customers_url": _customers_url(), "history": _history()},
    )


def _customers_url() -> str:
    try:
        return reverse("portal:home")
    except NoReverseMatch:
        return ""


def _history() -> dict[str, Any] | None:
    beat = Heartbeat.objects.filter(part="demo").first()
    return beat.facts if beat is not None and beat.facts.get("done") != beat.facts.get("of") else None
