"""The places of a customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.customers import actions, forms
from tightrope.customers.views.doors import account_or_404, site_or_404, url_of
from tightrope.ui.onward import doer, done, new_token


def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note a place of a customer."""
    account = account_or_404(request, public_id)
    by, now = doer(request), clock.now()
    form = forms.SiteForm(request.POST or None, initial={"form_token": new_token()})
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["form_token"] or new_token()

        def add() -> dict[str, Any]:
            return {"id": actions.add_site(account, **form.facts(), by=by, at=now).public_id}

        once("form", token, add, at=now)
        return done(request, url_of(account), _("The place is noted."))
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/site.html", {"form": form, "account": account}, status=status)


def site(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a place."""
    shown = site_or_404(request, public_id)
    form = forms.SiteForm(request.POST or None, site=shown)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or shown.version
            try:
                actions.change_site(
                    shown, changes=form.facts(), version=version, by=doer(request), at=clock.now()
                )
                return done(request, url_of(shown.account), _("The change is saved."))
            except actions.ChangedMeanwhile as meanwhile:
                form.add_error(None, str(meanwhile))
                status = 409
    context = {"form": form, "account": shown.account, "site": shown}
    return render(request, "customers/site.html", context, status=status)
