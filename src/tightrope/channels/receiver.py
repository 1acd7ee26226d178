"""Receiving mail by SMTP, in threads of the worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import connection

from tightrope.channels import budgets, heartbeats
from tightrope.channels.actions import receive_mail
from tightrope.channels.mail.smtp_in import ReceivedMail, Receiver, ReceiverSettings
from tightrope.channels.mail.tokens import token_in_address
from tightrope.core import clock
from tightrope.core.ids import public_id

PART = "mail.receive"
BEAT_SECONDS = 30
PAUSE_SECONDS = 10

log = structlog.get_logger(__name__)


class BrokenAddress(ValueError):
    """TIGHTROPE_SMTP_LISTEN is no address to listen at."""


def receiver_settings(listen: str) -> ReceiverSettings:
    """`host:port`, `[::1]:port` or `:port` (everywhere). Raises BrokenAddress."""
    host, colon, port = listen.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise BrokenAddress("TIGHTROPE_SMTP_LISTEN must be host:port, for example 0.0.0.0:25.")
    return ReceiverSettings(
        host=host.strip("[]") or "0.0.0.0",  # noqa: S104 - that is what an empty host asks for
        port=int(port),
        own_hostname=settings.MAIL_DOMAIN,
    )


def is_recipient(address: str) -> bool:
    """Whether we take mail for this address: ours, ours with a tag, postmaster, and every reply address.

    A reply address with a broken or outdated mark is taken too: its writer gets a case and no bounce.
    """
    domain = settings.MAIL_DOMAIN
    return (
        budgets.is_own(address)
        or bool(token_in_address(address, domain=domain))
        or address.lower() == f"postmaster@{domain}".lower()
    )


def run(should_stop: Callable[[], bool], on_start: Callable[[Receiver], None] = lambda _: None) -> None:
    """Listen until told to stop. While another process has the port, wait to take its place. Raises BrokenAddress."""
    wanted = receiver_settings(settings.MAIL_IN_LISTEN)
    while not should_stop():
        receiver = Receiver(wanted, is_recipient=is_recipient, store=store)
        try:
            with _a_loop_of_its_own():
                receiver.start()
        except OSError as error:
            receiver.stop()
            log.warning("mail.cannot_listen", listen=settings.MAIL_IN_LISTEN, error=str(error))
            heartbeats.trouble(
                f"{PART}.waiting", f"{settings.MAIL_IN_LISTEN}: {error.strerror}", at=clock.now()
            )
            _sleep(PAUSE_SECONDS, should_stop)
            continue
        on_start(receiver)
        try:
            _beat_until(should_stop, receiver)
        finally:
            receiver.stop()
            connection.close()


@contextmanager
def _a_loop_of_its_own() -> Iterator[None]:
    """aiosmtpd makes an event loop in the thread that starts it and never closes it: so it is given one."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _beat_until(should_stop: Callable[[], bool], receiver: Receiver) -> None:
    while not should_stop():
        heartbeats.beat(
            PART, at=clock.now(), facts={"listen": settings.MAIL_IN_LISTEN, "port": receiver.port}
        )
        _sleep(BEAT_SECONDS, should_stop)


def store(mail: ReceivedMail) -> None:
    """Commit the raw mail; only then is it answered with 250. The same bytes sent again are the same mail."""
    try:
        receive_mail(
            mail.raw,
            mailbox="smtp",
            uid=public_id(),
            envelope_from=mail.envelope_sender,
            envelope_to=mail.envelope_recipients,
            at=clock.now(),
        )
    finally:
        connection.close()  # the thread may rest for hours


def _sleep(seconds: float, should_stop: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not should_stop():
        time.sleep(min(0.2, max(0.0, until - time.monotonic())))
