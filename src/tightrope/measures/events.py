"""What can have happened to figures and the record. Their subject is the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class RecordExported(Event):
    """Somebody took the record, or a part of it, out of the house."""

    kind: ClassVar[str] = "record.exported"
    part: dict[str, Any]
    words: str
