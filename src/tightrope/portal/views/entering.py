"""Signing in by a mailed link, and standing by a report the same way."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tightrope.cases.actions import private_link_of
from tightrope.cases.models import Case
from tightrope.core import clock, jobs, throttle
from tightrope.portal import actions, forms
from tightrope.portal.views.doors import page, too_many, within_portal
from tightrope.portal.views.mailed_links import allow_from, behind_a_button
from tightrope.ui.onward import done

MOST_ASKED_BY_ONE = 20


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a link. Known and unknown addresses get the same answer in the same time: a job looks."""
    wanted = within_portal(request, request.POST.get("next", request.GET.get("next", "")))
    form = forms.AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return page(request, "portal/sign_in.html", {"form": form, "next": wanted}, status=status)
    now = clock.now()
    try:
        allow_from(request, "portal.sign_in", MOST_ASKED_BY_ONE)
    except throttle.TooMany as many:
        return too_many(request, many)
    jobs.enqueue(
        "portal.send_sign_in_link",
        address=form.cleaned_data["address"],
        next_url=wanted,
        asked=f"{forms.new_token()}:{now.isoformat()}",
    )
    return redirect("portal:sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return page(request, "portal/sent.html")


def entry(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link that signs in."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = within_portal(request, asked.get("next", "")) or reverse("portal:home")

    def sign_in_by_it() -> HttpResponse:
        user = actions.open_sign_in(token, at=clock.now())
        entered: HttpResponse = perform_login(request, user, redirect_url=wanted)
        return entered

    return behind_a_button(request, "portal/entry.html", sign_in_by_it, context={"next": wanted})


def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail about a report: the button says "it was me"."""

    def stand_by_it() -> HttpResponse:
        case = actions.confirm_report(token, at=clock.now())
        sentence = _(
            "Thank you. From now on we write to you about it. The link shown after your report has ended; "
            "this page is the new one, and a mail brings it to you."
        )
        return done(request, _own_link(case), sentence)

    return behind_a_button(request, "portal/proof.html", stand_by_it)


def _own_link(case: Case) -> str:
    link = private_link_of(case, case.contact)
    return reverse("portal:link", args=[link.token]) if link else reverse("portal:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("portal:home")
