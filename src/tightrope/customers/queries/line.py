"""The one line of a customer: what happened on every account of the family, newest first."""

from __future__ import annotations

import base64
import heapq
import json
from dataclasses import dataclass

from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.timeline.queries import Happening, events_of_account


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some events, newest first, and the mark of what is older (None at the end)."""

    events: list[Happening]
    older: str | None


def line_of(family: tuple[int, ...], *, by: Actor, before: str | None = None, limit: int = 50) -> LinePage:
    """One page of what happened on a family of accounts. Raises BadCursor.

    Each account has a line of its own in the timeline; the pages of the members are woven into one, and the
    mark remembers how far each member was read.
    """
    if len(family) == 1:
        events, older = events_of_account(family[0], by=by, before=before, limit=limit)
        return LinePage(events=events, older=older)
    marks = _marks_read(before) if before else dict.fromkeys(map(str, family))
    lines = {
        member: events_of_account(member, by=by, before=marks[str(member)], limit=limit)
        for member in family
        if str(member) in marks
    }
    woven = heapq.merge(*(events for events, _older in lines.values()), key=_newest_first)
    page = [event for event, _n in zip(woven, range(limit), strict=False)]
    used = {member: sum(event.account_id == member for event in page) for member in lines}
    following: dict[str, str | None] = {}
    for member, (events, older) in lines.items():
        if used[member] == 0 and events:
            following[str(member)] = marks[str(member)]
        elif used[member] < len(events):
            _again, mark = events_of_account(member, by=by, before=marks[str(member)], limit=used[member])
            following[str(member)] = mark
        elif older is not None:
            following[str(member)] = older
    return LinePage(events=page, older=_mark(following) if following else None)


def _newest_first(event: Happening) -> tuple[float, int]:
    return (-event.at.timestamp(), -event.id)


def _mark(marks: dict[str, str | None]) -> str:
    return base64.urlsafe_b64encode(json.dumps(marks).encode()).decode().rstrip("=")


def _marks_read(mark: str) -> dict[str, str | None]:
    try:
        marks = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return {str(member): None if value is None else str(value) for member, value in marks.items()}
    except (ValueError, AttributeError) as error:
        raise BadCursor(mark) from error
