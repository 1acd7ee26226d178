"""Acts with a form of their own: a page without JavaScript, a dialog with it. One address, GET asks, POST acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tightrope.cases import access
from tightrope.cases.access import Can
from tightrope.cases.models import Case
from tightrope.cases.refusals import REFUSALS, status_of
from tightrope.cases.views.doors import case_or_404, is_htmx, url_of
from tightrope.cases.views.page import after_act
from tightrope.core.actor import Actor
from tightrope.ui.onward import doer

FormMaker = Callable[..., forms.Form]


@dataclass(frozen=True)
class Act:
    """How one act is asked for and done. `do` calls one action and answers the sentence for the person; `undo` names
    the route that takes it back for a few seconds."""

    title: Any
    submit: Any
    form: FormMaker
    do: Callable[[Case, dict[str, Any], Actor], Any]
    needs: Can = Can.WORK
    explains: Any = ""
    undo: str = ""
    kind: str = "primary"


def answer(request: HttpRequest, public_id: str, act: Act) -> HttpResponse:
    """Ask with a form, or act and go back to the case. A refusal stands above the form as a sentence."""
    shown, by = case_or_404(request, public_id), doer(request)
    access.require(by, act.needs, shown)
    if request.method != "POST":
        return _asked(request, shown, act, act.form(case=shown, by=by))
    form = act.form(request.POST, case=shown, by=by)
    if not form.is_valid():
        return _asked(request, shown, act, form, status=422)
    try:
        sentence = act.do(shown, form.cleaned_data, by)
    except REFUSALS as refusal:
        form = _asked_anew(request, shown, act, by)
        form.add_error(None, str(refusal))
        return _asked(request, shown, act, form, status=status_of(refusal))
    undo_url = reverse(act.undo, args=[shown.public_id]) if act.undo else ""
    return after_act(request, shown, sentence, undo_url=undo_url)


def _asked_anew(request: HttpRequest, shown: Case, act: Act, by: Actor) -> forms.Form:
    """What was typed, against the case as it stands now: whoever presses again knows what he overrides."""
    typed = request.POST.copy()
    if "version" in typed:
        fresh = Case.objects.visible_to(by).filter(pk=shown.pk).first() or shown
        typed["version"] = str(fresh.version)
    form = act.form(typed, case=shown, by=by)
    form.is_valid()
    return form


def _asked(
    request: HttpRequest, shown: Case, act: Act, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    context = {"case": shown, "act": act, "form": form, "back_url": url_of(shown), "action": request.path}
    if is_htmx(request):
        response = render(request, "cases/act_form.html", context, status=status)
        # The form in the dialog takes its own place again; only a done act changes the page behind it.
        response["HX-Retarget"] = "this"
        response["HX-Reswap"] = "outerHTML"
        return response
    return render(request, "cases/act.html", context, status=status)
