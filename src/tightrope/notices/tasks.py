"""Job entry points of notices."""

from __future__ import annotations

from tightrope.core import clock, jobs
from tightrope.core.jobs import job
from tightrope.notices import actions, queries


@job("notices.mail", queue="mail")
def mail(*, notice_id: int) -> None:
    """Send one notice by mail, after the quiet hours if there are any."""
    later = actions.mail_notice(notice_id, at=clock.now())
    if later is not None:
        jobs.enqueue("notices.mail", start_at=later, notice_id=notice_id)


@job("notices.digests", queue="mail", attempts=2)
def digests() -> None:
    """Send the morning's digests."""
    now = clock.now()
    for user in queries.due_for_digest(at=now):
        actions.send_digest(user, at=now)
