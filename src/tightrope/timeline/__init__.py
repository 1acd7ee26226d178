"""What happened. `timeline.record(...)` is the one way to write it down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db import models

    from tightrope.core.actor import Actor
    from tightrope.timeline.events import Event


def record(
    subject: models.Model, event: Event, *, by: Actor, at: datetime, account_id: int | None = None
) -> int:
    """Write one event of a subject in the act's transaction; see `timeline.actions.record`."""
    from tightrope.timeline import actions

    return actions.record(subject, event, by=by, at=at, account_id=account_id)


def add_note(
    subject: models.Model, body: str, *, by: Actor, at: datetime, account_id: int | None = None
) -> Any:
    """Keep a note for colleagues; see `timeline.actions.add_note`."""
    from tightrope.timeline import actions

    return actions.add_note(subject, body, by=by, at=at, account_id=account_id)
