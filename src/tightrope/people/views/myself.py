"""One's own name, language and zone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tightrope.core import clock
from tightrope.people import actions
from tightrope.people.forms import MeForm
from tightrope.people.models import User
from tightrope.ui.onward import doer


def me(request: HttpRequest) -> HttpResponse:
    """Change what one may change about oneself."""
    user = request.user
    assert isinstance(user, User)  # the policy table lets only staff in
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = MeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_myself(user, **form.cleaned_data, by=doer(request), at=clock.now())
        response = redirect("people:me")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return render(request, "people/me.html", {"form": form}, status=422 if form.errors else 200)
