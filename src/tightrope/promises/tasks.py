"""Job entry points of the ledger."""

from __future__ import annotations

from tightrope.core import clock
from tightrope.core.jobs import job
from tightrope.promises import actions


@job("promises.look_at_due", queue="urgent", attempts=1)
def look_at_due() -> None:
    """Let the clocks speak that are due."""
    actions.look_at_due(at=clock.now())
