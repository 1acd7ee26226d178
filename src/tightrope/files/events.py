"""What can have happened to a file. All of it is for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class AttachmentRefused(Event):
    """The virus scanner found something in it; nobody gets it any more."""

    kind: ClassVar[str] = "attachment.refused"
    name: str
    found: str
