"""The hand-over from what happened to those who react, and the screens that show it."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string


@cache
def _table() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(names) for kind, names in import_string(settings.REACTIONS).items()}


def reactions_to(kind: str) -> tuple[str, ...]:
    """The dotted names of the functions that react to a kind of event, in order."""
    return _table().get(kind, ())


def topics_of(subject_type: str, subject: models.Model, account_id: int | None) -> list[str]:
    """What is announced to open screens when something happened to this subject.

    A subject with a random public id is known by it; the number of a row would tell how many there are.
    """
    topics = []
    name = getattr(subject, "public_id", None)
    if name:
        topics.append(f"{subject_type}:{name}")
    if subject_type == "case":
        topics.append("desk:queue")
    if account_id is not None:
        topics.append(f"account:{account_id}")
    return topics
