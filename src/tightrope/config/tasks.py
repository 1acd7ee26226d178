"""Job entry points of the program as a whole."""

from __future__ import annotations

from tightrope.core import clock
from tightrope.core.jobs import job
from tightrope.core.models import Heartbeat


@job("config.heartbeat", queue="urgent", attempts=1)
def heartbeat() -> None:
    """Prove that the schedule queues and a worker works."""
    Heartbeat.objects.update_or_create(part="worker", defaults={"at": clock.now()})
