"""Signing in by a mailed link, and standing by a report the same way."""

from __future__ import annotations

from datetime import timedelta

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
from tightrope.portal.views.doors import done, ip_of, page, too_many, within_portal

MOST_ASKED_BY_ONE = 20
MOST_TRIED_BY_ONE = 30


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


def allow_from(request: HttpRequest, what: str, at_most: int) -> None:
    """So many tries an hour from one place. Raises throttle.TooMany."""
    throttle.allow(f"{what}:{ip_of(request)}", at_most=at_most, within=timedelta(hours=1), at=clock.now())


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return page(request, "portal/sent.html")


def entry(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: a page with one button, because scanners open links too; the button signs in."""
    wanted = within_portal(request, request.GET.get("next", "")) or reverse("portal:home")
    if request.method != "POST":
        response = page(request, "portal/entry.html", {"next": wanted})
        response["Referrer-Policy"] = "same-origin"
        return response
    wanted = within_portal(request, request.POST.get("next", "")) or reverse("portal:home")
    try:
        allow_from(request, "portal.entry", MOST_TRIED_BY_ONE)
        user = actions.open_sign_in(token, at=clock.now())
    except throttle.TooMany as many:
        return too_many(request, many)
    except actions.BadProof:
        return page(request, "portal/bad_proof.html", {"form": forms.AddressForm()}, status=404)
    entered: HttpResponse = perform_login(request, user, redirect_url=wanted)
    return entered


def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail about a report: one button says "it was me"."""
    if request.method != "POST":
        response = page(request, "portal/proof.html")
        response["Referrer-Policy"] = "same-origin"
        return response
    try:
        allow_from(request, "portal.entry", MOST_TRIED_BY_ONE)
        case = actions.confirm_report(token, at=clock.now())
    except throttle.TooMany as many:
        return too_many(request, many)
    except actions.BadProof:
        return page(request, "portal/bad_proof.html", {"form": forms.AddressForm()}, status=404)
    sentence = _(
        "Thank you. From now on we write to you about it. The link shown after your report has ended; "
        "this page is the new one, and a mail brings it to you."
    )
    return done(request, _own_link(case), sentence)


def _own_link(case: Case) -> str:
    link = private_link_of(case, case.contact)
    return reverse("portal:link", args=[link.token]) if link else reverse("portal:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("portal:home")
