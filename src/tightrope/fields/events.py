"""What can have happened to a form. All of it is for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class FormPublished(Event):
    kind: ClassVar[str] = "form.published"
    key: str
    version: int
    added: list[str]
    removed: list[str]
    changed: list[str]
