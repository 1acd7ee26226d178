"""One's own notices, and how one wants to be told."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.notices import actions, queries
from tightrope.notices.forms import PreferencesForm
from tightrope.notices.models import Preference, Quiet
from tightrope.people.models import User
from tightrope.ui.onward import doer, done, refused


def _me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # the policy table lets only staff in
    return user


def inbox(request: HttpRequest) -> HttpResponse:
    """What one should know, newest first."""
    try:
        page = queries.inbox(_me(request).pk, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    answers = queries.answers_to(page.rows)
    rows = [(notice, answers.get((notice.kind, notice.url), [])) for notice in page.rows]
    return render(request, "notices/inbox.html", {"page": page, "rows": rows, "now": clock.now()})


@require_POST
def answer(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Say to an alarm that one takes care of it."""
    notice = _me(request).notices.filter(pk=notice_id).first()
    if notice is None:
        raise Http404("notice")
    try:
        actions.answer_notice(notice, word=request.POST.get("word", ""), by=doer(request), at=clock.now())
    except actions.NotAnAlarm as refusal:
        return refused(request, reverse("notices:inbox"), str(refusal))
    return done(
        request, reverse("notices:inbox"), _("The others who were alarmed see that you take care of it.")
    )


def reading(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read and go to what it is about, or mark all."""
    chosen = request.POST.get("notice", "")
    ids = [int(chosen)] if chosen.isascii() and chosen.isdigit() else None
    actions.read_notices(_me(request).pk, ids, at=clock.now())
    notice = _me(request).notices.filter(pk=ids[0]).first() if ids else None
    return redirect(
        notice.url
        if notice and notice.url.startswith("/") and not notice.url.startswith("//")
        else "notices:inbox"
    )


def preferences(request: HttpRequest) -> HttpResponse:
    """Choose per kind how one is told, and when one is not to be disturbed."""
    user = _me(request)
    quiet = Quiet.objects.filter(user=user).first()
    initial: dict[str, Any] = {f"way_{p.kind}": p.way for p in Preference.objects.filter(user=user)}
    if quiet is not None:
        initial |= {"quiet_from": quiet.from_time, "quiet_until": quiet.until_time}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        for kind, way in form.ways().items():
            actions.choose_way(user, kind=kind, way=way)
        actions.set_quiet_hours(
            user, from_time=form.cleaned_data["quiet_from"], until_time=form.cleaned_data["quiet_until"]
        )
        return redirect("notices:inbox")
    return render(request, "notices/preferences.html", {"form": form}, status=422 if form.errors else 200)
