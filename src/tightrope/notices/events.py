"""What can have happened to an alarm. Its subject is what the alarm is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class AlarmAnswered(Event):
    """Somebody who was alarmed takes care of it; `alarm` is the kind of the notice."""

    kind: ClassVar[str] = "alarm.answered"
    alarm: str
    word: str
