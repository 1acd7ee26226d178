"""A form as it is filled in: an ordinary Django form made from a definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from tightrope.fields.models import Definition, Draft
from tightrope.fields.questions import GIVING_FILES, Question, QuestionKind, words

PREFIX = "q_"
MOST_FILES = 10
FEW = 6
ACCEPTED = {QuestionKind.PHOTO: "image/*", QuestionKind.VIDEO: "video/*", QuestionKind.VOICE: "audio/*"}


class WrongAnswers(ValueError):
    """Answers that do not fit the form. `errors` says for each question what is wrong."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{key}: {' '.join(said)}" for key, said in errors.items()))
        self.errors = errors


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        if isinstance(files, MultiValueDict):
            return list(files.getlist(name))
        given = files.get(name) if files else None
        return [given] if given else []


class _FilesField(forms.FileField):
    def clean(self, data: list[UploadedFile], initial: Any = None) -> list[UploadedFile]:
        if len(data) > MOST_FILES:
            raise forms.ValidationError(_("At most %(count)s files at once.") % {"count": MOST_FILES})
        if not data and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return data


class Answers(forms.Form):
    """The questions of one definition. `answers()` and `uploads()` are asked after `is_valid()`."""

    questions: Sequence[Question] = ()

    def clean(self) -> dict[str, Any]:
        """A question whose condition is not met is not asked, whatever was sent for it."""
        cleaned = super().clean() or self.cleaned_data
        asked: set[str] = set()
        for question in self.questions:
            name = PREFIX + question.key
            if not self._is_asked(question, asked):
                cleaned.pop(name, None)
                self.errors.pop(name, None)
                continue
            asked.add(question.key)
            is_missing = name not in self.errors and cleaned.get(name) in (None, "", [])
            if is_missing and question.is_required and not self.fields[name].required:
                self.add_error(name, forms.ValidationError(_("Please answer this."), code="required"))
        return cleaned

    def _is_asked(self, question: Question, asked: set[str]) -> bool:
        if question.show_if is None:
            return True
        key, value = question.show_if
        given = self.cleaned_data.get(PREFIX + key)
        return key in asked and (value in given if isinstance(given, list) else given == value)

    def answers(self) -> dict[str, Any]:
        """What was answered, as plain JSON; of files their names. What was left empty is left out."""
        found: dict[str, Any] = {}
        for question in self.questions:
            given = self.cleaned_data.get(PREFIX + question.key)
            if given not in (None, "", []):
                found[question.key] = _plain(question, given)
        return found

    def uploads(self) -> list[UploadedFile]:
        """Every file that was given to any question, in the order of the questions."""
        names = [PREFIX + one.key for one in self.questions if one.kind in GIVING_FILES]
        return [upload for name in names for upload in self.cleaned_data.get(name) or ()]


def _plain(question: Question, given: Any) -> Any:
    match question.kind:
        case QuestionKind.NUMBER:
            return int(given) if given == given.to_integral_value() else float(given)
        case QuestionKind.YES_NO:
            return given == "yes"
        case QuestionKind.DATE:
            return given.isoformat()
        case QuestionKind.PHOTO | QuestionKind.VIDEO | QuestionKind.VOICE | QuestionKind.FILE:
            return [str(upload.name)[:200] for upload in given]
    return given


def form_class(definition: Definition | Draft, language: str) -> type[Answers]:
    """The form of a definition in a language."""
    questions = definition.asked()
    with translation.override(language):
        fields = {PREFIX + one.key: _field(one, questions, language) for one in questions}
    return type("FormOfDefinition", (Answers,), {**fields, "questions": questions})


def form_of(
    definition: Definition | Draft, data: Any = None, files: Any = None, language: str = "en"
) -> Answers:
    """The form of a definition, filled with what was sent if anything was."""
    return form_class(definition, language)(data, files)


def clean_answers(
    definition: Definition, data: Any, files: Any = None, language: str = "en"
) -> dict[str, Any]:
    """The answers in what a page sent (`q_<key>`). Raises WrongAnswers."""
    form = form_of(definition, data, files, language)
    if not form.is_valid():
        raise WrongAnswers(
            {name.removeprefix(PREFIX): [str(one) for one in said] for name, said in form.errors.items()}
        )
    return form.answers()


def check_answers(definition: Definition, answers: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
    """The same for answers as plain JSON (API). Files come beside them and are not demanded. Raises WrongAnswers."""
    asked = [one for one in definition.asked() if one.kind not in GIVING_FILES]
    with translation.override(language):
        unknown = {
            key: [_("There is no such question.")] for key in answers if key not in {q.key for q in asked}
        }
    if unknown:
        raise WrongAnswers(unknown)
    data: MultiValueDict[str, Any] = MultiValueDict()
    for question in asked:
        given = answers.get(question.key)
        if given is not None:
            data.setlist(PREFIX + question.key, _as_sent(question, given))
    without_files = Definition(names=definition.names, questions=[one.plain() for one in asked])
    return clean_answers(without_files, data, None, language)


def _as_sent(question: Question, given: Any) -> list[str]:
    if question.kind is QuestionKind.YES_NO and isinstance(given, bool):
        return ["yes" if given else "no"]
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]


def _field(question: Question, questions: Sequence[Question], language: str) -> forms.Field:
    # A question that is asked on a condition is never demanded by the browser: only the server knows the answer.
    common: dict[str, Any] = {
        "label": _label(question, language),
        "help_text": _help(question, questions, language),
        "required": question.is_required and question.show_if is None,
    }
    example = {"placeholder": words(question.example, language)} if question.example else {}
    match question.kind:
        case QuestionKind.LONG_TEXT:
            box = forms.Textarea(attrs={"rows": 4, **example})
            return forms.CharField(max_length=4000, widget=box, **common)
        case QuestionKind.NUMBER:
            return forms.DecimalField(
                min_value=_decimal(question.at_least),
                max_value=_decimal(question.at_most),
                max_digits=18,
                decimal_places=6,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", **example}),
                **common,
            )
        case QuestionKind.CHOICE:
            choices = [(one.value, words(one.names, language)) for one in question.options]
            if len(choices) <= FEW:
                return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
            return forms.ChoiceField(choices=[("", "–"), *choices], **common)
        case QuestionKind.SEVERAL:
            choices = [(one.value, words(one.names, language)) for one in question.options]
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case QuestionKind.YES_NO:
            yes_no = [("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **common)
        case QuestionKind.DATE:
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(widget=day, input_formats=["%Y-%m-%d"], **common)
        case QuestionKind.PHOTO | QuestionKind.VIDEO | QuestionKind.VOICE | QuestionKind.FILE:
            accept = ACCEPTED.get(question.kind)
            attributes: dict[str, Any] = {"multiple": True} | ({"accept": accept} if accept else {})
            if question.kind is QuestionKind.PHOTO:
                attributes["capture"] = "environment"
            return _FilesField(widget=_FilesInput(attrs=attributes), **common)
    return forms.CharField(max_length=300, widget=forms.TextInput(attrs=example), **common)


def _decimal(bound: float | None) -> Decimal | None:
    return None if bound is None else Decimal(str(bound))


def _label(question: Question, language: str) -> str:
    name = words(question.names, language)
    return f"{name} ({question.unit})" if question.unit else name


def _help(question: Question, questions: Sequence[Question], language: str) -> str:
    told = words(question.help, language)
    if question.show_if is None:
        return told
    key, value = question.show_if
    other = next(one for one in questions if one.key == key)
    names = {one.value: words(one.names, language) for one in other.options} or {
        "yes": _("Yes"),
        "no": _("No"),
    }
    condition = _("Only if “%(question)s” is “%(answer)s”.") % {
        "question": words(other.names, language),
        "answer": names.get(value, value),
    }
    return f"{condition} {told}".strip()
