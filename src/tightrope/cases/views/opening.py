"""On a customer's behalf: who, what, when told. Under a minute, by keyboard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.cases import actions, queries, whom
from tightrope.cases.foresight import foresee
from tightrope.cases.models import Case
from tightrope.cases.opening_form import NewCaseForm
from tightrope.cases.refusals import NOT_KEPT, REFUSALS, status_of
from tightrope.cases.rows import rows_of
from tightrope.cases.views.doors import see_other, url_of
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.idempotency import once
from tightrope.customers import actions as customers
from tightrope.customers.addresses import BadAddress
from tightrope.fields import queries as forms_on_file
from tightrope.fields.forms import Answers, form_of
from tightrope.files import actions as files
from tightrope.ui.onward import ask_for_files_again, doer, new_token


def new(request: HttpRequest) -> HttpResponse:
    """Enter a case for a customer who called, came, or told somebody of ours."""
    by, now = doer(request), clock.now()
    if request.method != "POST":
        initial: dict[str, Any] = {"form_token": new_token(), "q": request.GET.get("q", "")}
        if public_id := request.GET.get("account", ""):
            initial["who"] = f"account:{public_id}"
        form = NewCaseForm(initial=initial)
        return _page(request, form, chosen=initial.get("who", ""))
    form = NewCaseForm(request.POST)
    if (
        "look" in request.POST
    ):  # without JavaScript: look whom it may be and what would be promised, save nothing
        form.is_valid()
        return _page(request, form, chosen=request.POST.get("who", ""), calm=True)
    asked = _questions(form, request) if form.is_valid() else None
    if not form.is_valid() or (asked is not None and not asked.form.is_valid()):
        ask_for_files_again(request, form)
        return _page(request, form, chosen=request.POST.get("who", ""), status=422)
    try:
        answer, _is_new = once(
            "form",
            form.cleaned_data["form_token"] or new_token(),
            lambda: _opened(request, form, asked, by, now),
            at=now,
        )
    except (*NOT_KEPT, BadAddress, customers.AddressTaken) as wrong:
        form.add_error(None, str(wrong))
        ask_for_files_again(request, form)
        return _page(request, form, chosen=request.POST.get("who", ""), status=422)
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        ask_for_files_again(request, form)
        return _page(request, form, chosen=request.POST.get("who", ""), status=status_of(refusal))
    opened = Case.objects.get(public_id=answer["case"])
    return see_other(request, url_of(opened), _("%(number)s is entered.") % {"number": opened.number})


def _opened(
    request: HttpRequest, form: NewCaseForm, asked: Asked | None, by: Actor, at: datetime
) -> dict[str, str]:
    facts = form.cleaned_data
    account, contact = whom.meant(facts["who"], by=by)
    if facts["who"] == "new":
        contact = whom.new_person(
            name=facts["name"], phone=facts["phone"], mail=facts["mail"], language=by.language, by=by, at=at
        )
        account = contact.account
    attachments = files.store_files(
        [*request.FILES.getlist("files"), *(asked.form.uploads() if asked else ())],
        account_id=account.pk if account else None,
        by=by,
        at=at,
    )
    opened = actions.open_case(
        title=facts["title"],
        text=facts["text"] or facts["title"],
        channel=facts["channel"],
        account=account,
        contact=contact,
        category=facts["category"],
        impact=facts["impact"],
        urgency=facts["urgency"],
        told_at=form.told_at(at),
        answers=asked.form.answers() if asked else None,
        form_version=asked.version if asked else None,
        attachments=attachments,
        by=by,
        at=at,
    )
    return {"case": opened.public_id}


def _page(
    request: HttpRequest, form: NewCaseForm, *, chosen: str, status: int = 200, calm: bool = False
) -> HttpResponse:
    typed = form["q"].value() or ""
    context = {
        "form": form,
        "calm": calm,
        "chosen": chosen,
        "candidates": whom.candidates(typed, chosen=chosen, by=doer(request)),
        "questions": _questions(form, request),
        **_foreseen(request, form.data or {"who": chosen}),
    }
    return render(request, "cases/new.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of the chosen category, and which version of it is asked."""

    form: Answers
    version: int


def _questions(form: NewCaseForm, request: HttpRequest) -> Asked | None:
    """The questions of the chosen category. On the phone nobody is forced to know every answer."""
    category = getattr(form, "cleaned_data", {}).get("category")
    definition = forms_on_file.current(queries.form_key_of(category))
    if definition is None:
        return None
    is_sent = request.method == "POST"
    answers = form_of(
        definition,
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        get_language() or "en",
    )
    answers.questions = tuple(replace(question, is_required=False) for question in answers.questions)
    for field in answers.fields.values():
        field.required = False
    return Asked(answers, definition.version)


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of a category: a fragment of the page."""
    form = NewCaseForm(request.GET)
    form.is_valid()
    return render(request, "cases/new_questions.html", {"questions": _questions(form, request)})


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Whom a name, a phone number or a mail address may mean: a fragment of the page."""
    chosen = request.GET.get("who", "")
    context = {
        "candidates": whom.candidates(request.GET.get("q", ""), chosen=chosen, by=doer(request)),
        "chosen": chosen,
    }
    return render(request, "cases/new_who.html", context)


@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """What would be promised, and what this customer has open: a fragment of the page."""
    return render(request, "cases/new_preview.html", _foreseen(request, request.GET))


def _foreseen(request: HttpRequest, typed: Any) -> dict[str, Any]:
    by, now = doer(request), clock.now()
    form = NewCaseForm(typed)
    form.is_valid()
    facts = form.cleaned_data
    account, contact = whom.meant(str(typed.get("who", "")), by=by)
    seen = foresee(
        category=facts.get("category"),
        account=account or (contact.account if contact else None),
        impact=facts.get("impact"),
        urgency=facts.get("urgency"),
        told_at=min(form.told_at(now), now),
        by=by,
    )
    return {"foresight": seen, "open_rows": rows_of(seen.open_cases, at=now), "now": now}
