"""Reading forms and what was answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from tightrope.fields.models import Definition, Draft
from tightrope.fields.questions import GIVING_FILES, Question, QuestionKind, possible_answers, words


def current(key: str) -> Definition | None:
    """The form that is asked now under this key; None when there is none (an empty key too)."""
    return Definition.objects.filter(key=key, is_current=True).first() if key else None


def version_of(key: str, version: int | None) -> Definition | None:
    """One version of a form, to read answers as they were asked."""
    return Definition.objects.filter(key=key, version=version).first() if key and version else None


def versions_of(key: str) -> list[Definition]:
    """All versions of a form, newest first."""
    return list(Definition.objects.filter(key=key).order_by("-version")[:200])


def all_current() -> list[Definition]:
    """Every form that is asked now, by key."""
    return list(Definition.objects.filter(is_current=True).order_by("key")[:500])


def drafts() -> dict[str, Draft]:
    """What is being prepared, by key."""
    return {draft.key: draft for draft in Draft.objects.order_by("key")[:500]}


def describe(definition: Definition, answers: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """What was answered, as pairs of question and answer in a language; what was not asked is left out."""
    pairs = []
    with translation.override(language):
        for question in definition.asked():
            if question.key in answers:
                pairs.append(
                    (words(question.names, language), _said(question, answers[question.key], language))
                )
    return pairs


def _said(question: Question, answer: Any, language: str) -> str:
    if question.kind is QuestionKind.YES_NO:
        return _("Yes") if answer else _("No")
    if question.kind in {QuestionKind.CHOICE, QuestionKind.SEVERAL}:
        chosen = answer if isinstance(answer, list) else [answer]
        names = {one.value: words(one.names, language) for one in question.options}
        return ", ".join(names.get(str(one), str(one)) for one in chosen)
    if question.kind is QuestionKind.NUMBER:
        return f"{formats.localize(answer)} {question.unit}".strip()
    if question.kind is QuestionKind.DATE:
        try:
            return formats.date_format(date.fromisoformat(str(answer)))
        except ValueError:
            return str(answer)
    if question.kind in GIVING_FILES:
        return ", ".join(str(one) for one in answer)
    return str(answer)


def schema_of(definition: Definition, language: str = "en") -> dict[str, Any]:
    """The answers to a form as JSON Schema (2020-12). Files are sent beside them and are not in it."""
    asked = [one for one in definition.asked() if one.kind not in GIVING_FILES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": words(definition.names, language),
        "type": "object",
        "properties": {one.key: _schema(one, language) for one in asked},
        "required": [one.key for one in asked if one.is_required and not one.show_if],
        "allOf": [_condition(one, asked) for one in asked if one.is_required and one.show_if],
        "additionalProperties": False,
    }


def _schema(question: Question, language: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"title": words(question.names, language)}
    if question.help:
        facts["description"] = words(question.help, language)
    match question.kind:
        case QuestionKind.NUMBER:
            bounds = {"minimum": question.at_least, "maximum": question.at_most}
            facts |= {"type": "number"} | {name: value for name, value in bounds.items() if value is not None}
        case QuestionKind.YES_NO:
            facts["type"] = "boolean"
        case QuestionKind.CHOICE:
            facts["enum"] = list(possible_answers(question))
        case QuestionKind.SEVERAL:
            facts |= {
                "type": "array",
                "uniqueItems": True,
                "items": {"enum": list(possible_answers(question))},
            }
        case QuestionKind.DATE:
            facts |= {"type": "string", "format": "date"}
        case QuestionKind.LONG_TEXT:
            facts |= {"type": "string", "maxLength": 4000}
        case _:
            facts |= {"type": "string", "maxLength": 300}
    return facts


def _condition(question: Question, asked: list[Question]) -> dict[str, Any]:
    key, value = question.show_if or ("", "")
    other = next((one for one in asked if one.key == key), None)
    wanted: dict[str, Any] = {"const": value}
    if other is not None and other.kind is QuestionKind.YES_NO:
        wanted = {"const": value == "yes"}
    elif other is not None and other.kind is QuestionKind.SEVERAL:
        wanted = {"contains": {"const": value}}
    return {
        "if": {"properties": {key: wanted}, "required": [key]},
        "then": {"required": [question.key]},
    }
