"""What a promise is about: any row of any capability, known by its model's name and number.

The ledger is lower than cases, work orders and the like. It locks their rows and reads their names without
knowing them: the row by the word under which its events stand, the name by what search says of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from tightrope.core.actor import Actor
from tightrope.promises.models import Promise
from tightrope.search.registry import Hit, UnknownKind, findable

Key = tuple[str, int]

_watchers: dict[str, Callable[[Any], None]] = {}
_waiting: dict[str, Callable[[Any], str]] = {}


def watch(subject_type: str, changed: Callable[[Any], None]) -> None:
    """Let a higher capability keep what it copies from the ledger (the next due time) in step, in the same act."""
    _watchers[subject_type] = changed


def tell_watcher(subject: models.Model | StandIn) -> None:
    """A promise about this subject was made, kept or ended by an act of the ledger itself."""
    if isinstance(subject, models.Model):
        watcher = _watchers.get(str(subject._meta.model_name))
        if watcher is not None:
            watcher(subject)


def ask_waiting(subject_type: str, why: Callable[[Any], str]) -> None:
    """Let a higher capability say why the next step about such a subject is not ours; nothing while it is."""
    _waiting[subject_type] = why


def why_waiting(subject: models.Model) -> str:
    """Why the clocks of this subject stand still at present; nothing while they run."""
    why = _waiting.get(str(subject._meta.model_name))
    return why(subject) if why is not None else ""


class StandIn:
    """Takes the place of a subject whose row cannot be read, so that what happened can still be recorded."""

    def __init__(self, promise: Promise) -> None:
        self.pk = promise.subject_id
        self.account_id = promise.account_id
        self._meta = type("Meta", (), {"model_name": promise.subject_type})


@cache
def model_of(subject_type: str) -> type[models.Model] | None:
    """The model whose rows are meant by this word; None when no capability or more than one has such rows."""
    found = [
        model
        for model in apps.get_models()
        if model._meta.model_name == subject_type and model.__module__.startswith("tightrope.")
    ]
    return found[0] if len(found) == 1 else None


def key_of(promise: Promise) -> Key:
    return promise.subject_type, promise.subject_id


def lock_subject(subject: models.Model) -> None:
    """Take the root first, as every act does, so that nobody waits for the other in a circle."""
    rows = type(subject)._base_manager.filter(pk=subject.pk).select_for_update(no_key=True)
    rows.values_list("pk", flat=True).first()


def subjects_free_to_act(promises: Iterable[Promise]) -> dict[Key, models.Model | StandIn]:
    """The subjects of these promises, locked; those that somebody else is changing right now are left out."""
    wanted: dict[str, dict[int, Promise]] = defaultdict(dict)
    for promise in promises:
        wanted[promise.subject_type].setdefault(promise.subject_id, promise)
    found: dict[Key, models.Model | StandIn] = {}
    for word, by_id in wanted.items():
        model = model_of(word)
        if model is None:
            found |= {(word, pk): StandIn(promise) for pk, promise in by_id.items()}
            continue
        rows = model._base_manager.filter(pk__in=by_id).order_by("pk")
        found |= {(word, row.pk): row for row in rows.select_for_update(skip_locked=True, no_key=True)}
        gone = by_id.keys() - set(rows.values_list("pk", flat=True))
        found |= {(word, pk): StandIn(by_id[pk]) for pk in gone}
    return found


def subject_of(promise: Promise) -> models.Model | StandIn:
    """The row that the promise is about."""
    model = model_of(promise.subject_type)
    row = model._base_manager.filter(pk=promise.subject_id).first() if model else None
    return row or StandIn(promise)


def presented(promises: Iterable[Promise], *, by: Actor) -> dict[Key, Hit]:
    """How the subjects of these promises read and where they live, as far as the reader may see them.

    A promise may reach further than what it is about: such a subject is left out, its title is not the reader's.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for promise in promises:
        wanted[promise.subject_type].add(promise.subject_id)
    found: dict[Key, Hit] = {}
    for word, ids in wanted.items():
        found |= {(word, pk): hit for pk, hit in _read(word, ids, by).items()}
    return found


def _read(word: str, ids: set[int], by: Actor) -> dict[int, Hit]:
    try:
        kind = findable(word)
        return dict(kind.present(kind.visible(by, ids)))
    except UnknownKind:
        model = model_of(word)
        rows = model._base_manager.filter(pk__in=ids) if model else []
        return {row.pk: Hit(title=str(row), url="") for row in rows}
