"""What can have happened to a working calendar and to the roster of a team. All of it is for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class CalendarAdded(Event):
    kind: ClassVar[str] = "calendar.added"
    name: str


@dataclass(frozen=True)
class CalendarChanged(Event):
    """`changes` names what is different, each with before and after, in plain words."""

    kind: ClassVar[str] = "calendar.changed"
    name: str
    version: int
    changes: dict[str, list[str]]


@dataclass(frozen=True)
class DaySet(Event):
    """A day is no longer as the week and the public holidays say; an empty `day_kind` means it is again."""

    kind: ClassVar[str] = "calendar.day_set"
    name: str
    on: str
    day_kind: str
    note: str


@dataclass(frozen=True)
class YearConfirmed(Event):
    kind: ClassVar[str] = "calendar.year_confirmed"
    name: str
    year: int


@dataclass(frozen=True)
class DutyPlanned(Event):
    """`when` is in figures: days of the week (1 is Monday) with hours, or two instants."""

    kind: ClassVar[str] = "duty.planned"
    person: str
    stand_in: str
    team: str
    when: str


@dataclass(frozen=True)
class DutyEnded(Event):
    kind: ClassVar[str] = "duty.ended"
    person: str
    team: str
