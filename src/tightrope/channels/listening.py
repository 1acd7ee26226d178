"""Listening for mail beside the worker's jobs: one thread for the mailbox, one for the SMTP receiver."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.db import Error, connection

from tightrope.channels import fetcher, heartbeats, receiver
from tightrope.core import clock

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


@dataclass
class Listening:
    """What listens at the moment. `stop()` lets it end what it has begun, and no more."""

    threads: list[threading.Thread] = field(default_factory=list)
    _told: threading.Event = field(default_factory=threading.Event)

    def should_stop(self) -> bool:
        return self._told.is_set()

    def start(self, part: str, run: Callable[[Callable[[], bool]], None]) -> None:
        thread = threading.Thread(target=self._keep_running, args=(part, run), name=part, daemon=True)
        self.threads.append(thread)
        thread.start()

    def stop(self, *, wait_seconds: float = 8.0) -> None:
        """Tell all to stop and wait for them; a mail that is not stored by then comes again."""
        self._told.set()
        for thread in self.threads:
            thread.join(wait_seconds)

    def _keep_running(self, part: str, run: Callable[[Callable[[], bool]], None]) -> None:
        """Start it again whatever ended it: mail must not stay away because the database was."""
        try:
            self._try_again_and_again(part, run)
        finally:
            connection.close()

    def _try_again_and_again(self, part: str, run: Callable[[Callable[[], bool]], None]) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._told.is_set():
            try:
                run(self.should_stop)
            except (fetcher.BrokenAddress, receiver.BrokenAddress) as error:
                log.error("mail.not_listening", part=part, why=str(error))
                heartbeats.trouble(part, str(error), at=clock.now())
                return  # only the administrator can mend it, and he restarts us then
            except (Error, OSError) as error:
                log.warning("mail.listening_broke", part=part, error=type(error).__name__)
            except Exception:
                log.exception("mail.listening_failed", part=part)
            self._told.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def start_in_background() -> Listening:
    """Listen for mail as configured: by IMAP when TIGHTROPE_IMAP_URL is set, by SMTP when TIGHTROPE_SMTP_LISTEN is.

    Several workers may do so: the same mail fetched twice is one, and a taken port is waited for.
    """
    listening = Listening()
    if settings.MAIL_IMAP_URL:
        listening.start(fetcher.PART, fetcher.run)
    if settings.MAIL_IN_LISTEN:
        listening.start(receiver.PART, receiver.run)
    return listening
