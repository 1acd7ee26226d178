"""Making forms: the list, one form with its draft, its questions, its versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tightrope.core import clock
from tightrope.fields import actions, queries
from tightrope.fields.builder_forms import KIND_WORDS, NameForm, NewForm, QuestionForm
from tightrope.fields.comparing import Difference, difference
from tightrope.fields.forms import form_of
from tightrope.fields.models import Definition, Draft
from tightrope.fields.questions import LANGUAGES, Question, WrongQuestion, words
from tightrope.ui.onward import doer

REFUSALS = (WrongQuestion, actions.KeyTaken, actions.ChangedMeanwhile)


def _reader() -> str:
    return get_language() or "en"


def _seen(key: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("fields:form", args=[key]), status=303)


@require_http_methods(["GET", "POST"])
def form_list(request: HttpRequest) -> HttpResponse:
    """Every form and what is being prepared; a new one is begun here."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        try:
            actions.begin_form(key, names=form.names(), by=doer(request), at=clock.now())
        except REFUSALS as wrong:
            form.add_error(None, str(wrong))
        else:
            return _seen(key)
    drafts = queries.drafts()
    rows = [
        {"name": one.name, "key": one.key, "version": one.version, "count": len(one.questions), "at": one.at,
         "by_name": one.by_name, "draft": drafts.pop(one.key, None)}
        for one in queries.all_current()
    ]  # fmt: skip
    rows += [
        {"name": one.name, "key": one.key, "version": 0, "count": len(one.questions), "at": one.at,
         "by_name": one.by_name, "draft": one}
        for one in drafts.values()
    ]  # fmt: skip
    return render(
        request, "fields/list.html", {"rows": rows, "form": form}, status=422 if form.errors else 200
    )


@require_GET
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One form: its draft or what is asked now, what would change, and how it looks in a language."""
    now, draft = queries.current(key), queries.drafts().get(key)
    shown: Definition | Draft | None = draft or now
    if shown is None:
        raise Http404("form")
    asked = shown.asked()
    change = difference(now.asked() if now else (), asked)
    return render(
        request,
        "fields/form.html",
        {
            "form_key": key,
            "shown": shown,
            "now": now,
            "draft": draft,
            "questions": [_row(one, asked) for one in asked],
            "changes": _changes(change) if draft else [],
            "versions": queries.versions_of(key),
            "name_form": NameForm(
                initial={f"name_{code.replace('-', '_')}": shown.names.get(code, "") for code in LANGUAGES}
            ),
            **_preview(request, shown),
        },
    )


@require_GET
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version as it was asked, and what was different from the one before it."""
    shown = queries.version_of(key, min(number, 2**31 - 1))
    if shown is None:
        raise Http404("version")
    before = queries.version_of(key, number - 1)
    change = difference(before.asked() if before else (), shown.asked())
    return render(
        request,
        "fields/version.html",
        {"form_key": key, "shown": shown, "changes": _changes(change), **_preview(request, shown)},
    )


def _preview(request: HttpRequest, shown: Definition | Draft) -> dict[str, Any]:
    chosen = request.GET.get("language", _reader())
    language = chosen if chosen in LANGUAGES else "en"
    tabs = [
        {"label": label, "url": f"?language={code}#preview", "current": code == language}
        for code, label in settings.LANGUAGES
    ]
    return {"preview": form_of(shown, language=language), "preview_language": language, "tabs": tabs}


def _row(question: Question, asked: tuple[Question, ...]) -> dict[str, Any]:
    condition = ""
    if question.show_if:
        other = next(one for one in asked if one.key == question.show_if[0])
        names = {o.value: words(o.names, _reader()) for o in other.options} or {
            "yes": _("Yes"),
            "no": _("No"),
        }
        condition = f"{words(other.names, _reader())} = {names.get(question.show_if[1], question.show_if[1])}"
    missing = [str(label) for code, label in settings.LANGUAGES if not question.names.get(code)]
    return {
        "key": question.key,
        "name": words(question.names, _reader()),
        "kind": KIND_WORDS[question.kind],
        "is_required": question.is_required,
        "condition": condition,
        "missing": ", ".join(missing),
    }


def _changes(change: Difference) -> list[tuple[str, str]]:
    """What is different, as pairs of what happened and to which question."""
    said = [(_("new"), one) for one in change.added]
    said += [(_("taken out"), one) for one in change.removed]
    said += [(_("asked differently"), after) for _before, after in change.changed]
    said += [(_("moved"), one) for one in change.moved]
    return [(what, words(one.names, _reader())) for what, one in said]


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, key: str, question_key: str = "") -> HttpResponse:
    """Add a question to the draft, or change one."""
    shown = queries.drafts().get(key) or queries.current(key)
    if shown is None:
        raise Http404("form")
    asked = shown.asked()
    place = next((n for n, one in enumerate(asked) if one.key == question_key), len(asked))
    if question_key and place == len(asked):
        raise Http404("question")
    initial = QuestionForm.initial_of(asked[place]) if question_key else {}
    form = QuestionForm(
        request.POST or None, initial=initial, earlier=list(asked[:place]), language=_reader()
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_question(
                key, form.question(), instead_of=question_key, by=doer(request), at=clock.now()
            )
        except WrongQuestion as wrong:
            form.add_error(None, str(wrong))
        else:
            return _seen(key)
    context = {"form": form, "form_key": key, "shown": shown, "is_new": not question_key}
    return render(request, "fields/question.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, key: str, sentence: str, act: Callable[[], Any]) -> HttpResponse:
    """Do one thing to a form and see it again, with what was done or why not."""
    try:
        act()
    except REFUSALS as wrong:
        messages.error(request, str(wrong))
    except (Definition.DoesNotExist, Draft.DoesNotExist, actions.NoSuchQuestion):
        raise Http404("form") from None
    else:
        if sentence:
            messages.success(request, sentence)
    if queries.current(key) is None and key not in queries.drafts():
        return HttpResponseRedirect(reverse("fields:list"), status=303)
    return _seen(key)


@require_POST
def move(request: HttpRequest, key: str, question_key: str) -> HttpResponse:
    """Move a question up or down."""
    places = 1 if request.POST.get("to") == "down" else -1
    by, at = doer(request), clock.now()
    return _act(
        request, key, "", lambda: actions.move_question(key, question_key, by_places=places, by=by, at=at)
    )


@require_POST
def remove(request: HttpRequest, key: str, question_key: str) -> HttpResponse:
    """Take a question out."""
    by, at = doer(request), clock.now()
    return _act(request, key, "", lambda: actions.remove_question(key, question_key, by=by, at=at))


@require_POST
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Give the form another name."""
    form, by, at = NameForm(request.POST), doer(request), clock.now()
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for said in form.errors.values() for one in said))
        return _seen(key)
    return _act(request, key, "", lambda: actions.rename_form(key, names=form.names(), by=by, at=at))


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the draft from now on."""
    by, at = doer(request), clock.now()
    return _act(
        request,
        key,
        _("Published: this is asked from now on."),
        lambda: actions.publish_draft(key, by=by, at=at),
    )


@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the draft away."""
    by, at = doer(request), clock.now()
    return _act(request, key, _("Draft discarded."), lambda: actions.discard_draft(key, by=by, at=at))
