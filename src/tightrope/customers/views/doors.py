"""From what stands in an address to the thing itself, or to "there is no such page"."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from tightrope.customers import access
from tightrope.customers.models import Account, Contact, Site
from tightrope.ui.onward import doer


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
