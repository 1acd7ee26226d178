"""Reading what happened."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.core.statements import Given, written
from tightrope.timeline.models import Entry, Note

EVER = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchEvent(LookupError):
    """No event has this id."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as it is read: by reactions, pages and exports."""

    id: int
    at: datetime
    kind: str
    is_public: bool
    subject_type: str
    subject_id: int
    account_id: int | None
    actor_kind: str
    actor_id: int | None
    actor_name: str
    facts: dict[str, Any]

    @property
    def template(self) -> str:
        """The wording: `case.closed` of the cases lives in `cases/events/case_closed.html`."""
        return f"events/{self.kind.replace('.', '_')}.html"


def happening(event_id: int, *, at: datetime) -> Happening:
    """The event with this id; `at` names the month it lies in. Raises NoSuchEvent."""
    entry = Entry.objects.filter(id=event_id, at=at).first()
    if entry is None:
        raise NoSuchEvent(event_id)
    return as_happening(entry)


def events_of(
    subject_type: str,
    subject_id: int,
    *,
    by: Actor,
    before: str | None = None,
    limit: int = 50,
    since: datetime | None = None,
) -> tuple[list[Happening], str | None]:
    """What happened to one subject, newest first, and the mark of what is older (None at the end).

    Whoever knows that nothing can have happened before some instant says so in `since`: the table is cut by
    month, and a statement over two years of months takes longer to plan than to answer.
    """
    since = since or EVER
    if before:
        wanted = Q(subject_type=subject_type, subject_id=subject_id, at__gte=since)
        return _page(wanted, by=by, before=before, limit=limit)
    reads_all = by.is_staff or by.is_system

    def newest() -> QuerySet[Entry]:
        rows = Entry.objects.filter(
            subject_type=Given("subject_type"), subject_id=Given("subject"), at__gte=Given("since")
        )
        return (rows if reads_all else rows.filter(is_public=True)).order_by("-at", "-id")[: limit + 1]

    statement = written(("events of a subject", reads_all, limit), newest)
    return _cut(statement.all(subject_type=subject_type, subject=subject_id, since=since), limit)


def events_of_account(
    account_id: int, *, by: Actor, before: str | None = None, limit: int = 50
) -> tuple[list[Happening], str | None]:
    """What happened on one account in all capabilities, newest first, and the mark of what is older."""
    return _page(Q(account_id=account_id), by=by, before=before, limit=limit)


def notes_of(subject_type: str, subject_id: int) -> list[Note]:
    """What staff noted on one subject, oldest first. Only for readers who are staff."""
    rows = written(
        "notes of a subject",
        lambda: Note.objects.filter(subject_type=Given("subject_type"), subject_id=Given("subject")).order_by(
            "at", "id"
        ),
    )
    return rows.all(subject_type=subject_type, subject=subject_id)


def _page(wanted: Q, *, by: Actor, before: str | None, limit: int) -> tuple[list[Happening], str | None]:
    if not (by.is_staff or by.is_system):
        wanted &= Q(is_public=True)
    if before:
        at, event_id = _mark_read(before)
        wanted &= Q(at__lt=at) | Q(at=at, id__lt=event_id)
        wanted &= Q(at__lte=at)  # lets the planner leave out the later months
    return _cut(list(Entry.objects.filter(wanted).order_by("-at", "-id")[: limit + 1]), limit)


def _cut(entries: list[Entry], limit: int) -> tuple[list[Happening], str | None]:
    mark = _mark(entries[limit - 1]) if len(entries) > limit else None
    return [as_happening(entry) for entry in entries[:limit]], mark


def _mark(entry: Entry) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps([entry.at.isoformat(), entry.id]).encode()).decode().rstrip("=")
    )


def _mark_read(mark: str) -> tuple[datetime, int]:
    try:
        at, event_id = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return datetime.fromisoformat(at), int(event_id)
    except (ValueError, TypeError) as error:
        raise BadCursor(mark) from error


def as_happening(entry: Entry) -> Happening:
    """One row as it is read."""
    return Happening(
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        is_public=entry.is_public,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        account_id=entry.account_id,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        facts=entry.facts,
    )
