"""The parts of a case's page that are the same for many cases, each kept as it was written once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tightrope.cases.forms import NoteForm, ReplyForm
from tightrope.cases.models import Case
from tightrope.ui.drawn import kept_part


def acts_of(request: HttpRequest, shown: Case, *, may: Mapping[str, bool], promise_url: str) -> SafeString:
    """What can be done next."""
    fixed = {
        **{f"may.{name}": is_allowed for name, is_allowed in may.items()},
        "case.status": shown.status,
        "case.type": shown.type,
        "case.is_finished": shown.is_finished,
        "case.owner_id": shown.owner_id is not None,
        "case.account": shown.account_id is not None,
        "case.parent_id": shown.parent_id is not None,
        "case.call_due_at": shown.call_due_at is not None,
    }
    slots = {"case.public_id": shown.public_id} | ({"promise_url": promise_url} if promise_url else {})
    return kept_part(request, "cases/case/acts.html", fixed, slots)


def empty_composer(request: HttpRequest, shown: Case, context: Mapping[str, Any]) -> SafeString:
    """The two editors before anything is typed."""
    fixed = {
        **_empty_fields(get_language() or "en"),
        "can_reply": context["can_reply"],
        "may.view": context["may"]["view"],
        "say": "note" if context["say"] == "note" else "reply",
    }
    slots = {
        "case.public_id": shown.public_id,
        "reply_form.form_token.value": context["form_token"],
        "reply_form.seen_until.value": context["seen_until"],
        "canned_menu": context["canned_menu"],
    }
    if shown.contact is not None:
        slots["case.contact.name"] = shown.contact.name
    return kept_part(request, "cases/case/composer.html", fixed, slots)


def typed_editors(*, form_token: str, seen_until: str) -> dict[str, Any]:
    """What the editors need where something was typed into one of them, which then takes its place here."""
    return {
        "reply_form": ReplyForm(initial={"form_token": form_token, "seen_until": seen_until}),
        "note_form": NoteForm(),
        "empty_fields": empty_fields(get_language() or "en"),
    }


@cache
def empty_fields(language: str) -> dict[str, SafeString]:
    """The controls of the editors before anything is typed."""
    return {field.name: field.as_widget() for form in (ReplyForm(), NoteForm()) for field in form}


@cache
def _empty_fields(language: str) -> dict[str, Any]:
    """All that the editors say of their fields then."""
    said: dict[str, Any] = {
        f"empty_fields.{name}": control for name, control in empty_fields(language).items()
    }
    for name, form in (("reply_form", ReplyForm()), ("note_form", NoteForm())):
        for field in form:
            said[f"{name}.{field.name}.id_for_label"] = field.id_for_label
            said[f"{name}.{field.name}.label"] = str(field.label)
    return said


def canned_menu(canned: list[dict[str, Any]]) -> SafeString:
    """What is often said, as a menu of the editor; nothing when there is nothing."""
    return render_to_string("cases/case/canned.html", {"canned": canned}) if canned else SafeString("")
