"""Job entry points of files."""

from __future__ import annotations

from tightrope.core import clock
from tightrope.core.jobs import job
from tightrope.files import actions


@job("files.prepare")
def prepare(*, attachment_id: int) -> None:
    """Let the scanner look at a new file and draw its copies."""
    actions.prepare_file(attachment_id, at=clock.now())


@job("files.sweep", queue="slow", attempts=1)
def sweep() -> None:
    """Clear away what nobody holds, and ask the scanner again for what still waits."""
    now = clock.now()
    actions.ask_again(at=now)
    actions.sweep_loose(at=now)
    actions.sweep_orphans(at=now)
