"""Signing in somebody whom we know without asking for a password."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from tightrope.people.models import User


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session that stands in the person's list of sessions, so that it can be ended from another place."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create_from_request(request)
