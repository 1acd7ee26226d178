"""Writing down what happened, and what staff noted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from tightrope.core import jobs, live, partitions
from tightrope.core.actor import Actor
from tightrope.core.faults import declare, faultpoint
from tightrope.core.prepared import asked
from tightrope.timeline import reacting
from tightrope.timeline.events import Event
from tightrope.timeline.models import Note

RECORDED = declare("timeline.recorded", "an event is written and its act is not yet committed")

_INSERT = """
WITH written AS (
  INSERT INTO timeline_event
    (at, kind, is_public, subject_type, subject_id, account_id, actor_kind, actor_id, actor_name, facts)
  VALUES {rows} RETURNING id)
SELECT id, pg_notify(%s, %s) FROM written ORDER BY id
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


class NoTransaction(RuntimeError):
    """An event is part of its act: it is only ever written inside the act's transaction."""


def record(
    subject: models.Model, event: Event, *, by: Actor, at: datetime, account_id: int | None = None
) -> int:
    """Write one event of a subject and queue its reactions, in the transaction of the act. Returns its id.

    `account_id` is the account it hangs on; taken from the subject when that has one. Raises NoTransaction.
    """
    return _written(subject, [event], by=by, at=at, account_id=account_id)[0]


def record_each(
    subject: models.Model, events: Sequence[Event], *, by: Actor, at: datetime, account_id: int | None = None
) -> list[int]:
    """Write several events of one subject in one statement, in their order; see `record`. Returns their ids."""
    if len(events) == 1:
        return [record(subject, events[0], by=by, at=at, account_id=account_id)]
    return _written(subject, events, by=by, at=at, account_id=account_id) if events else []


def _written(
    subject: models.Model, events: Sequence[Event], *, by: Actor, at: datetime, account_id: int | None
) -> list[int]:
    if not connection.in_atomic_block:
        raise NoTransaction(events[0].kind)
    subject_type = type_of(subject)
    if account_id is None:
        account_id = subject.pk if subject_type == "account" else getattr(subject, "account_id", None)
    partitions.ensure_month("timeline_event", at)
    values: list[Any] = []
    for event in events:
        values += [
            at, event.kind, event.is_public, subject_type, subject.pk, account_id,
            by.kind.value, by.id, by.name[:200], json.dumps(event.facts(), default=_plain),
        ]  # fmt: skip
    topics = json.dumps(sorted(set(reacting.topics_of(subject_type, subject, account_id))))
    rows = ", ".join([_ROW] * len(events))
    # Open screens are told by the same statement: PostgreSQL delivers the names of the topics after the commit.
    ids = [int(row[0]) for row in asked(_INSERT.format(rows=rows), [*values, live.CHANNEL, topics])]
    jobs.enqueue_many(
        "timeline.react",
        [
            {"event_id": event_id, "at": at.isoformat(), "reaction": name}
            for event_id, event in zip(ids, events, strict=True)
            for name in reacting.reactions_to(event.kind)
        ],
    )
    faultpoint(RECORDED)
    return ids


@transaction.atomic
def add_note(
    subject: models.Model, body: str, *, by: Actor, at: datetime, account_id: int | None = None
) -> Note:
    """Keep what a colleague should know. It has no way to a customer: it is no message and no event text."""
    note = Note.objects.create(
        subject_type=type_of(subject),
        subject_id=subject.pk,
        account_id=account_id if account_id is not None else getattr(subject, "account_id", None),
        author_id=by.user_id,
        author_name=by.name,
        body=body,
        at=at,
    )
    live.announce(*reacting.topics_of(note.subject_type, subject, note.account_id))
    return note


def type_of(subject: models.Model) -> str:
    """The word under which a subject's entries stand: its model's name, "case", "account", "user"."""
    return str(subject._meta.model_name)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"an event fact must be plain, not {type(value).__name__}")
