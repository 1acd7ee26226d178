"""Giving a word, keeping it, and changing what was promised."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tightrope import search
from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.people.models import Team, User
from tightrope.promises import access, actions, forms
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.promises.subjects import subject_of
from tightrope.promises.views.doors import promise_or_404, url_of
from tightrope.promises.views.lists import promise_context
from tightrope.timeline.actions import type_of
from tightrope.ui.onward import doer, done, new_token, refused


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody gives his word about a customer or a case."""
    by, about = doer(request), request.GET.get("about", "")
    if not about:
        asked = request.GET.get("q", "").strip()
        found = search.find(asked, by=by, kinds=["account", "case"], limit=12).rows if asked else []
        return render(request, "promises/about.html", {"asked": asked, "found": found})
    try:
        subject = access.subject_for(by, about)
    except access.NoSuchSubject:
        raise Http404("subject") from None
    start = {
        "form_token": new_token(),
        "user": by.user_id or "",
        "kind": PromiseKind.CUSTOMER,
        "what": What.WORD,
    }
    form = forms.WordForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            answer, _is_new = once(
                "form", form.cleaned_data["form_token"], lambda: _made(form, subject, request), at=clock.now()
            )
        except (actions.DueInPast, actions.NothingSaid) as error:
            form.add_error("due_at" if isinstance(error, actions.DueInPast) else "text", str(error))
        else:
            url = reverse("promises:promise", args=[answer["public_id"]])
            return done(request, url, _("The word is in the ledger."))
    hit = search.registry.findable(type_of(subject)).present({subject.pk}).get(subject.pk)
    status = 422 if form.errors else 200
    return render(request, "promises/new.html", {"form": form, "subject": hit, "about": about}, status=status)


def _made(form: forms.WordForm, subject: models.Model, request: HttpRequest) -> dict[str, Any]:
    said = form.cleaned_data
    account_id = subject.pk if type_of(subject) == "account" else getattr(subject, "account_id", None)
    promise = actions.make_promise(
        subject,
        account_id=account_id,
        kind=PromiseKind(said["kind"]),
        what=What(said["what"]),
        due_at=said["due_at"],
        text=said["text"],
        user_id=form.user_id,
        team_id=form.team_id,
        evidence=said["evidence"],
        by=doer(request),
        at=clock.now(),
    )
    return {"public_id": promise.public_id}


def _subject(promise: Promise) -> models.Model:
    return cast(models.Model, subject_of(promise))


@require_POST
def keep(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was promised has been done."""
    shown = promise_or_404(request, public_id)
    try:
        actions.keep_promise(shown, _subject(shown), by=doer(request), at=clock.now())
    except actions.NotRunning as error:
        return refused(request, url_of(shown), str(error))
    return done(request, url_of(shown), _("Noted as done."))


@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another time instead, with a reason."""
    shown = promise_or_404(request, public_id)
    form = forms.ReplacementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new_promise = actions.replace_promise(
                shown,
                _subject(shown),
                due_at=form.cleaned_data["due_at"],
                reason=form.cleaned_data["reason"],
                source=form.cleaned_data["source"],
                by=doer(request),
                at=clock.now(),
            )
        except actions.DueInPast as error:
            form.add_error("due_at", str(error))
        except actions.NoReason as error:
            form.add_error("reason", str(error))
        except actions.NotRunning as error:
            return refused(request, url_of(shown), str(error))
        else:
            sentence = _("Promised anew.")
            if shown.is_public:
                sentence = _("Promised anew. The customer is told the new time and the reason.")
            if new_promise.is_paused:
                sentence += " " + _("Its clock stands still until the waiting ends.")
            return done(request, url_of(new_promise), sentence)
    return _asking(request, shown, form, _("Promise another time"), _("Promise this time"))


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take it back, with a reason."""
    shown = promise_or_404(request, public_id)
    form = forms.WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_promise(
                shown, _subject(shown), reason=form.cleaned_data["reason"], by=doer(request), at=clock.now()
            )
        except actions.NoReason as error:
            form.add_error("reason", str(error))
        except actions.NotRunning as error:
            return refused(request, url_of(shown), str(error))
        else:
            return done(request, url_of(shown), _("The promise is withdrawn."))
    return _asking(request, shown, form, _("Withdraw the promise"), _("Withdraw"))


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody else answers for it."""
    shown = promise_or_404(request, public_id)
    form = forms.Responsible(
        request.POST or None, initial={"user": shown.user_id or "", "team": shown.team_id or ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_promise(
                shown,
                _subject(shown),
                user=User.objects.filter(pk=form.user_id or 0).first(),
                team=Team.objects.filter(pk=form.team_id or 0).first(),
                by=doer(request),
                at=clock.now(),
            )
        except actions.NotRunning as error:
            form.add_error(None, str(error))
        else:
            return done(request, url_of(shown), _("Somebody else answers for it now."))
    return _asking(request, shown, form, _("Let somebody else answer for it"), _("Hand it over"))


def _asking(request: HttpRequest, shown: Promise, form: Any, heading: str, submit: str) -> HttpResponse:
    context = promise_context(request, shown, form=form, heading=heading, submit=submit)
    return render(request, "promises/asking.html", context, status=422 if form.errors else 200)
