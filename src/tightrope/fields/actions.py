"""Making forms: prepared in a draft, published as a new version. A published version is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.fields import queries
from tightrope.fields.access import Can
from tightrope.fields.comparing import difference
from tightrope.fields.events import FormPublished
from tightrope.fields.models import Definition, Draft
from tightrope.fields.questions import LANGUAGES, WrongQuestion, read_question, read_questions
from tightrope.people.access import require


class KeyTaken(ValueError):
    """There is a form of this key already."""


class ChangedMeanwhile(ValueError):
    """Somebody published this form while the draft was written."""


class NoSuchQuestion(LookupError):
    """The draft has no question of this key."""


@transaction.atomic
def publish_definition(
    key: str, *, names: Mapping[str, str], questions: Iterable[Mapping[str, Any]], by: Actor, at: datetime
) -> Definition:
    """Ask this from now on. The same words and questions as now give the current version back.

    Raises WrongQuestion, Denied.
    """
    require(by, Can.CONFIGURE)
    validate_slug(key)
    asked = read_questions(questions)
    spoken = _spoken(names)
    now = Definition.objects.select_for_update().filter(key=key, is_current=True).first()
    plain = [one.plain() for one in asked]
    if now is not None and now.names == spoken and [one.plain() for one in now.asked()] == plain:
        return now
    Definition.objects.filter(key=key, is_current=True).update(is_current=False)
    published = Definition.objects.create(
        key=key,
        version=now.version + 1 if now else 1,
        names=spoken,
        questions=plain,
        by_name=by.name[:200],
        at=at,
    )
    change = difference(now.asked() if now else (), asked)
    event = FormPublished(
        key=key,
        version=published.version,
        added=[one.key for one in change.added],
        removed=[one.key for one in change.removed],
        changed=[after.key for _before, after in change.changed],
    )
    timeline.record(published, event, by=by, at=at)
    return published


def _spoken(names: Mapping[str, str]) -> dict[str, str]:
    spoken = {one: names[one].strip()[:120] for one in LANGUAGES if (names.get(one) or "").strip()}
    if not spoken:
        raise WrongQuestion(_("A form needs a name in at least one language."))
    return spoken


@transaction.atomic
def begin_form(key: str, *, names: Mapping[str, str], by: Actor, at: datetime) -> Draft:
    """Begin a new form as an empty draft. Raises KeyTaken, WrongQuestion, Denied."""
    require(by, Can.CONFIGURE)
    validate_slug(key)
    if Definition.objects.filter(key=key).exists() or Draft.objects.filter(key=key).exists():
        raise KeyTaken(_("There is a form “%(key)s” already.") % {"key": key})
    return Draft.objects.create(key=key, names=_spoken(names), by_name=by.name[:200], at=at)


@transaction.atomic
def draft_of(key: str, *, by: Actor, at: datetime) -> Draft:
    """The draft of a form, begun from what is asked now when there is none. Raises Definition.DoesNotExist, Denied."""
    require(by, Can.CONFIGURE)
    draft = Draft.objects.select_for_update().filter(key=key).first()
    if draft is not None:
        return draft
    now = Definition.objects.get(key=key, is_current=True)
    return Draft.objects.create(
        key=key, names=now.names, questions=now.questions, based_on=now.version, by_name=by.name[:200], at=at
    )


@transaction.atomic
def put_question(
    key: str, question: Mapping[str, Any], *, instead_of: str = "", by: Actor, at: datetime
) -> Draft:
    """Add a question at the end of a draft, or put it in the place of another. Raises WrongQuestion, NoSuchQuestion."""
    draft = draft_of(key, by=by, at=at)
    plain = read_question(question).plain()
    questions = draft.plain()
    if instead_of:
        questions[_place(questions, instead_of)] = plain
    else:
        questions.append(plain)
    return _kept(draft, questions, by=by, at=at)


@transaction.atomic
def move_question(key: str, question_key: str, *, by_places: int, by: Actor, at: datetime) -> Draft:
    """Move a question of a draft up (negative) or down. Raises WrongQuestion when a condition would break."""
    draft = draft_of(key, by=by, at=at)
    questions = draft.plain()
    place = _place(questions, question_key)
    questions.insert(max(0, place + by_places), questions.pop(place))
    return _kept(draft, questions, by=by, at=at)


@transaction.atomic
def remove_question(key: str, question_key: str, *, by: Actor, at: datetime) -> Draft:
    """Take a question out of a draft. Raises WrongQuestion when another depends on it."""
    draft = draft_of(key, by=by, at=at)
    questions = draft.plain()
    del questions[_place(questions, question_key)]
    return _kept(draft, questions, by=by, at=at)


@transaction.atomic
def rename_form(key: str, *, names: Mapping[str, str], by: Actor, at: datetime) -> Draft:
    """Give the draft of a form another name. Raises WrongQuestion."""
    draft = draft_of(key, by=by, at=at)
    draft.names = _spoken(names)
    return _kept(draft, draft.plain(), by=by, at=at)


@transaction.atomic
def publish_draft(key: str, *, by: Actor, at: datetime) -> Definition:
    """Ask what the draft says from now on. Raises ChangedMeanwhile, Draft.DoesNotExist."""
    require(by, Can.CONFIGURE)
    draft = Draft.objects.select_for_update().get(key=key)
    now = queries.current(key)
    if (now.version if now else 0) != draft.based_on:
        raise ChangedMeanwhile(
            _(
                "Somebody has published this form since the draft was begun. Discard the draft and begin again."
            )
        )
    published = publish_definition(key, names=draft.names, questions=draft.questions, by=by, at=at)
    draft.delete()
    return published


@transaction.atomic
def discard_draft(key: str, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; what is asked now stays."""
    require(by, Can.CONFIGURE)
    Draft.objects.filter(key=key).delete()


def _place(questions: list[dict[str, Any]], key: str) -> int:
    for place, question in enumerate(questions):
        if question.get("key") == key:
            return place
    raise NoSuchQuestion(key)


def _kept(draft: Draft, questions: list[dict[str, Any]], *, by: Actor, at: datetime) -> Draft:
    draft.questions = [one.plain() for one in read_questions(questions)]
    draft.by_name, draft.at = by.name[:200], at
    draft.save()
    return draft
