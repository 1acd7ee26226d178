"""One way to write down what happened to a case, which also tells the screens that show it."""

from __future__ import annotations

from datetime import datetime

from tightrope import timeline
from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.timeline.events import Event

QUEUE = "desk:queue"


def record(case: Case, event: Event, *, by: Actor, at: datetime) -> int:
    """Write the event in the act's transaction; it tells the screens (`topics_of`) when it has committed."""
    return timeline.record(case, event, by=by, at=at)


def topics_of(case: Case) -> list[str]:
    """What of the screens a change of this case may show on: the queue, its own page, its customer's."""
    topics = [QUEUE, f"case:{case.public_id}"]
    return [*topics, f"account:{case.account_id}"] if case.account_id else topics
