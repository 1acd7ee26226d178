"""How sign-in by password, passkey, code and OIDC fits our people."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from tightrope.people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by himself: an administrator invites, or the first start asks for one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Every session ends with the old password: he signs in, and not back to where he changed it."""
        return reverse("account_login")

    def build_absolute_uri(self, location: str) -> str:
        return f"{settings.PUBLIC_URL}{location}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Company sign-in joins an existing person by a verified address; strangers are told whom to ask."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = {address.email.lower() for address in sociallogin.email_addresses if address.verified}
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            raise ImmediateHttpResponse(render(request, "people/not_invited.html", status=403))
        sociallogin.connect(request, user)
