"""From what stands in an address to the thing itself, or to "there is no such page"."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tightrope.core.actor import Actor
from tightrope.customers import access
from tightrope.customers.models import Account, Contact, Site


def doer(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def account_or_404(request: HttpRequest, public_id: str) -> Account:
    """The account, when it is this doer's to see."""
    try:
        return access.account_for(doer(request), public_id)
    except Account.DoesNotExist:
        raise Http404("account") from None


def contact_or_404(request: HttpRequest, public_id: str) -> Contact:
    """The contact, when it is this doer's to see."""
    try:
        return access.contact_for(doer(request), public_id)
    except Contact.DoesNotExist:
        raise Http404("contact") from None


def site_or_404(request: HttpRequest, public_id: str) -> Site:
    """The site, when its account is this doer's to see."""
    try:
        return access.site_for(doer(request), public_id)
    except Site.DoesNotExist:
        raise Http404("site") from None


def url_of(account: Account) -> str:
    """The page of an account."""
    return reverse("customers:account", args=[account.public_id])


def new_token() -> str:
    """What makes a second press of the same button known as such."""
    return secrets.token_urlsafe(16)


def done(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say what was done."""
    messages.success(request, sentence)
    return HttpResponseRedirect(url, status=303)


def refused(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say why nothing was done."""
    messages.error(request, sentence)
    return HttpResponseRedirect(url, status=303)
