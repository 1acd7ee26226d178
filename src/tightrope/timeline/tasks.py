"""Job entry points of the timeline."""

from __future__ import annotations

from datetime import datetime

from django.utils.module_loading import import_string

from tightrope.core.jobs import job
from tightrope.timeline import queries


@job("timeline.react")
def react(*, event_id: int, at: str, reaction: str) -> None:
    """Let one capability react to one event. May run twice for the same event."""
    import_string(reaction)(queries.happening(event_id, at=datetime.fromisoformat(at)))
