"""From an address to a case and the acts offered on it, by sign-in or by private link alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tightrope.cases.access import case_for
from tightrope.cases.models import Case
from tightrope.core import throttle
from tightrope.core.actor import Actor, Kind
from tightrope.portal import access, forms
from tightrope.ui.onward import doer


@dataclass(frozen=True)
class Place:
    """Where the reader stands: a case, opened by a sign-in or by a private link."""

    case: Case
    token: str = ""

    def url(self, act: str = "") -> str:
        """The address of this page, or of one of its acts."""
        if self.token:
            return reverse(f"portal:link_{act}" if act else "portal:link", args=[self.token])
        return reverse(f"portal:{act}" if act else "portal:case", args=[self.case.public_id])

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the acts, by name."""
        return {act: self.url(act) for act in ("words", "confirmation", "reopening", "rating", "following")}


def place_or_404(request: HttpRequest, public_id: str = "", token: str = "") -> Place:
    """The case behind an address. One and the same answer for what is not theirs, was revoked or never was."""
    if token:
        link = request.private_link  # type: ignore[attr-defined]
        if link is None or link.token != token:
            raise Http404("link")
        return Place(case=access.case_behind(link), token=token)
    try:
        return Place(case=case_for(doer(request), public_id))
    except Case.DoesNotExist:
        raise Http404("case") from None


def name_for_drafts(by: Actor) -> str:
    """Whose drafts a page may keep and bring back; empty for who did not sign in.

    It stands in the browser's store, where it need not tell who somebody is.
    """
    if by.kind is not Kind.CONTACT:
        return ""
    return salted_hmac("portal.drafts", str(by.contact)).hexdigest()[:16]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page in the portal's frame."""
    by = doer(request)
    frame = {
        "home_url": reverse("portal:home"),
        "customer": by if by.kind is Kind.CONTACT else None,
        "drafts_of": name_for_drafts(by),
        **(context or {}),
    }
    return render(request, template, frame, status=status)


def link_gone(request: HttpRequest) -> HttpResponse:
    """A private link that ended, or that never was: the same words for both, and a way to a new one (404)."""
    response = page(request, "portal/link_gone.html", {"form": forms.AddressForm()}, status=404)
    response["Referrer-Policy"] = "same-origin"
    return response


def within_portal(request: HttpRequest, url: str) -> str:
    """The address if it is a page of this portal, else empty: nobody is led elsewhere by a link of ours."""
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if allowed and url.startswith("/portal/") else ""


def ip_of(request: HttpRequest) -> str:
    """Where it comes from, as the connection says; headers can say anything."""
    return str(request.META.get("REMOTE_ADDR", ""))


def too_many(request: HttpRequest, error: throttle.TooMany) -> HttpResponse:
    """Ask for patience (429)."""
    response = page(request, "portal/too_many.html", {"minutes": max(1, error.retry_after // 60)}, status=429)
    response["Retry-After"] = str(error.retry_after)
    return response


def said(wrong: Exception) -> str:
    """What a refusal says to the reader."""
    return str(wrong) or _("This could not be done.")
