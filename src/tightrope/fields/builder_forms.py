"""The forms by which forms are made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from tightrope.fields.questions import DECIDING, LANGUAGES, Question, QuestionKind, possible_answers, words

SPOKEN = (("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")))
KIND_WORDS = {
    QuestionKind.TEXT: _("A line of text"),
    QuestionKind.LONG_TEXT: _("A longer text"),
    QuestionKind.NUMBER: _("A number"),
    QuestionKind.CHOICE: _("One of several answers"),
    QuestionKind.SEVERAL: _("Any of several answers"),
    QuestionKind.DATE: _("A date"),
    QuestionKind.YES_NO: _("Yes or no"),
    QuestionKind.PHOTO: _("Photos"),
    QuestionKind.VIDEO: _("Videos"),
    QuestionKind.VOICE: _("Voice recordings"),
    QuestionKind.FILE: _("Files"),
    QuestionKind.PLACE: _("An address"),
}


def _field_name(prefix: str, language: str) -> str:
    return f"{prefix}_{language.replace('-', '_')}"


def _spoken_fields(prefix: str, label: Any, *, longest: int, is_long: bool = False) -> dict[str, forms.Field]:
    widget = forms.Textarea(attrs={"rows": 5}) if is_long else None
    return {
        _field_name(prefix, code): forms.CharField(
            label=_("%(what)s (%(language)s)") % {"what": label, "language": language},
            max_length=longest,
            required=False,
            widget=widget,
        )
        for code, language in SPOKEN
    }


class NameForm(forms.Form):
    """What a form is called."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.update(_spoken_fields("name", _("Name"), longest=120))

    def names(self) -> dict[str, str]:
        """The name by language."""
        return {code: self.cleaned_data[_field_name("name", code)] for code in LANGUAGES}


class NewForm(NameForm):
    """The same with the key by which categories name it."""

    key = forms.CharField(
        label=_("Short name"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Categories name the form by it."),
    )


class QuestionForm(forms.Form):
    """One question in three languages."""

    key = forms.CharField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Small letters, figures and _. Answers are kept under it."),
    )
    kind = forms.ChoiceField(
        label=_("Answered by"), choices=[(kind.value, word) for kind, word in KIND_WORDS.items()]
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    options = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_(
            "One a line: value | English | 简体 | 繁體. Words that are left out are taken from the others."
        ),
        required=False,
        max_length=12000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    unit = forms.CharField(label=_("Unit of a number"), max_length=20, required=False)
    at_least = forms.FloatField(label=_("Number at least"), required=False)
    at_most = forms.FloatField(label=_("Number at most"), required=False)
    show_if = forms.ChoiceField(label=_("Only asked if"), required=False)

    def __init__(self, *args: Any, earlier: list[Question], language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        spoken = _spoken_fields("names", _("What is asked"), longest=500)
        spoken |= _spoken_fields("help", _("Help"), longest=500)
        spoken |= _spoken_fields("example", _("Example"), longest=200)
        self.fields = {
            "key": self.fields.pop("key"),
            "kind": self.fields.pop("kind"),
            **spoken,
            **self.fields,
        }
        conditions: list[tuple[str, Any]] = [("", _("always asked"))]
        for one in earlier:
            if one.kind in DECIDING:
                names: dict[str, str] = {o.value: words(o.names, language) for o in one.options} or {
                    "yes": str(_("Yes")),
                    "no": str(_("No")),
                }
                conditions += [
                    (f"{one.key}={value}", f"{words(one.names, language)} = {names.get(value, value)}")
                    for value in possible_answers(one)
                ]
        shown_if = self.fields["show_if"]
        assert isinstance(shown_if, forms.ChoiceField)
        shown_if.choices = conditions

    def question(self) -> dict[str, Any]:
        """The question as plain JSON; `questions.read_question` judges it."""
        facts = self.cleaned_data
        key, _equals, value = facts["show_if"].partition("=")
        return {
            **{name: facts[name] for name in ("key", "kind", "is_required", "unit", "at_least", "at_most")},
            **{
                prefix: {code: facts[_field_name(prefix, code)] for code in LANGUAGES}
                for prefix in ("names", "help", "example")
            },
            "options": [_option(line) for line in facts["options"].splitlines() if line.strip()],
            "show_if": [key, value] if key else None,
        }

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        """A question as this form shows it."""
        facts: dict[str, Any] = {
            name: getattr(question, name) for name in ("key", "is_required", "unit", "at_least", "at_most")
        }
        facts["kind"] = question.kind.value
        facts["show_if"] = "=".join(question.show_if) if question.show_if else ""
        facts["options"] = "\n".join(
            " | ".join([one.value, *(one.names.get(code, "") for code in LANGUAGES)])
            for one in question.options
        )
        for prefix in ("names", "help", "example"):
            for code in LANGUAGES:
                facts[_field_name(prefix, code)] = getattr(question, prefix).get(code, "")
        return facts


def _option(line: str) -> dict[str, Any]:
    value, *given = [part.strip() for part in line.split("|")]
    names = {code: text for code, text in zip(LANGUAGES, given, strict=False) if text}
    return {"value": value, "names": names or {"en": value}}
