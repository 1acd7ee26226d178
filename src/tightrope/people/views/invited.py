"""The first visit of somebody who was invited."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tightrope.core import clock
from tightrope.people import actions
from tightrope.people.entering import sign_in
from tightrope.people.forms import PasswordForm
from tightrope.people.invitations import InvalidInvitation, invited
from tightrope.people.queries import actor_of


def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Set the first password and be signed in."""
    try:
        user = invited(token)
    except InvalidInvitation:
        return render(request, "people/invitation_over.html", status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.set_first_password(
            user, password=form.cleaned_data["password"], by=actor_of(user), at=clock.now()
        )
        sign_in(request, user)
        return redirect("/")
    response = render(
        request, "people/welcome.html", {"form": form, "invited": user}, status=422 if form.errors else 200
    )
    response["Referrer-Policy"] = "same-origin"
    return response
