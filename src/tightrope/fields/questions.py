"""The questions a form asks, as plain JSON and as checked objects. No database, no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGES = ("en", "zh-hans", "zh-hant")
MOST_QUESTIONS, MOST_OPTIONS = 60, 50
Words = Mapping[str, str]


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"
    YES_NO = "yes_no"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    PLACE = "place"


CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})
GIVING_FILES = frozenset({QuestionKind.PHOTO, QuestionKind.VIDEO, QuestionKind.VOICE, QuestionKind.FILE})
DECIDING = CHOOSING | {QuestionKind.YES_NO}
"""On what another question may depend."""


class WrongQuestion(ValueError):
    """A question that cannot be asked so."""


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    value: str
    names: Words


@dataclass(frozen=True)
class Question:
    """One question. `show_if` names an earlier question and the answer to it that makes this one asked."""

    key: str
    kind: QuestionKind
    names: Words
    help: Words = field(default_factory=dict)
    example: Words = field(default_factory=dict)
    is_required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    show_if: tuple[str, str] | None = None

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        facts = asdict(self)
        facts["kind"] = self.kind.value
        facts["options"] = [{"value": one.value, "names": dict(one.names)} for one in self.options]
        facts["show_if"] = list(self.show_if) if self.show_if else None
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in facts.items()}


def words(names: Words, language: str) -> str:
    """The words in this language; failing that in the other Chinese, in English, in whatever there is."""
    order = [
        language,
        *(("zh-hans", "zh-hant", "en") if language.startswith("zh") else ("en", "zh-hans", "zh-hant")),
    ]
    return next((names[one] for one in order if names.get(one)), "")


def read_questions(kept: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a form, checked one by one and together. Raises WrongQuestion with what is wrong."""
    questions = tuple(read_question(one) for one in kept)
    if len(questions) > MOST_QUESTIONS:
        raise WrongQuestion(_("A form has at most %(count)s questions.") % {"count": MOST_QUESTIONS})
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.key in earlier:
            raise WrongQuestion(_("Two questions are called “%(key)s”.") % {"key": question.key})
        if question.show_if:
            _check_condition(question, earlier)
        earlier[question.key] = question
    return questions


def _check_condition(question: Question, earlier: Mapping[str, Question]) -> None:
    name = words(question.names, "en")
    key, value = question.show_if or ("", "")
    other = earlier.get(key)
    if other is None:
        raise WrongQuestion(
            _("“%(name)s” depends on a question that does not come before it.") % {"name": name}
        )
    if other.kind not in DECIDING:
        raise WrongQuestion(
            _("“%(name)s” can only depend on a question with answers to choose from.") % {"name": name}
        )
    if value not in possible_answers(other):
        raise WrongQuestion(_("“%(name)s” depends on an answer that cannot be given.") % {"name": name})


def possible_answers(question: Question) -> tuple[str, ...]:
    """The answers on which another question may depend."""
    return (
        ("yes", "no")
        if question.kind is QuestionKind.YES_NO
        else tuple(one.value for one in question.options)
    )


def read_question(kept: Mapping[str, Any]) -> Question:
    """One question from what was kept or sent. Raises WrongQuestion."""
    key = str(kept.get("key", ""))
    if not KEY.fullmatch(key):
        raise WrongQuestion(
            _("“%(key)s” is no key: it has small letters, figures and _, and begins with a letter.")
            % {"key": key}
        )
    try:
        kind = QuestionKind(str(kept.get("kind")))
    except ValueError:
        raise WrongQuestion(
            _("There is no kind of question “%(kind)s”.") % {"kind": kept.get("kind")}
        ) from None
    names = _words_from(kept.get("names"))
    if not names:
        raise WrongQuestion(_("A question needs its words in at least one language."))
    show_if = kept.get("show_if") or None
    if show_if is not None and not (isinstance(show_if, (list, tuple)) and len(show_if) == 2):
        raise WrongQuestion(_("A condition names one question and one answer."))
    question = Question(
        key=key,
        kind=kind,
        names=names,
        help=_words_from(kept.get("help")),
        example=_words_from(kept.get("example")),
        is_required=bool(kept.get("is_required")),
        options=_options_from(kept.get("options")) if kind in CHOOSING else (),
        unit=str(kept.get("unit") or "")[:20] if kind is QuestionKind.NUMBER else "",
        at_least=_number(kept.get("at_least")) if kind is QuestionKind.NUMBER else None,
        at_most=_number(kept.get("at_most")) if kind is QuestionKind.NUMBER else None,
        show_if=(str(show_if[0]), str(show_if[1])) if show_if else None,
    )
    _check_bounds(question)
    return question


def _check_bounds(question: Question) -> None:
    name = words(question.names, "en")
    if question.kind in CHOOSING:
        values = [one.value for one in question.options]
        if not values or len(values) > MOST_OPTIONS:
            raise WrongQuestion(
                _("“%(name)s” needs between 1 and %(count)s answers to choose from.")
                % {"name": name, "count": MOST_OPTIONS}
            )
        if len(set(values)) < len(values):
            raise WrongQuestion(_("“%(name)s” has the same answer twice.") % {"name": name})
    if (
        question.at_least is not None
        and question.at_most is not None
        and question.at_least > question.at_most
    ):
        raise WrongQuestion(_("“%(name)s”: the least is more than the most.") % {"name": name})


def _words_from(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        return {}
    return {one: str(given[one]).strip()[:500] for one in LANGUAGES if str(given.get(one) or "").strip()}


def _options_from(given: Any) -> tuple[Option, ...]:
    options = []
    for one in given if isinstance(given, (list, tuple)) else ():
        names = _words_from(one.get("names")) if isinstance(one, Mapping) else {}
        value = str(one.get("value", "")).strip()[:60] if names else ""
        if not value:
            raise WrongQuestion(_("An answer to choose needs a value and words."))
        options.append(Option(value=value, names=names))
    return tuple(options)


def _number(given: Any) -> float | None:
    if given is None or given == "":
        return None
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise WrongQuestion(_("“%(text)s” is no number.") % {"text": given}) from None
    if number != number or number in {float("inf"), float("-inf")}:
        raise WrongQuestion(_("“%(text)s” is no number.") % {"text": given})
    return number
