"""The customer's mail server: a real one, in a thread, to which ours delivers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


@dataclass
class Outside:
    """Keeps what it takes, the same letter twice if it comes twice.

    Answers DATA with `answers` one after the other, then with 250.
    """

    port: int
    mails: list[bytes] = field(default_factory=list)
    envelopes: list[Any] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope.original_content)
            self.envelopes.append(envelope)
        return answer


@contextmanager
def mail_server(port: int | None = None) -> Iterator[Outside]:
    """A mail server that listens at `port`, by default at a free one, for as long as the block lasts."""
    outside = Outside(port or free_port())
    controller = Controller(outside, hostname=HOST, port=outside.port)
    controller.start()
    try:
        yield outside
    finally:
        controller.stop()


def send_as_company(settings: Any, to: Outside | None = None) -> None:
    """Let letters come from the demo company and go to this server; without one they are kept."""
    settings.MAIL_DOMAIN, settings.MAIL_FROM = "hengyuan.example", "service@hengyuan.example"
    settings.MAIL_OUT_HOST = HOST if to else ""
    if to:
        settings.MAIL_OUT_PORT, settings.MAIL_OUT_SECURITY = to.port, "none"


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])
