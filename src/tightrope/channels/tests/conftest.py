"""A real mail server of the other side, in a thread."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Outside:
    """Keeps what it takes; answers DATA with `answers` one after the other, then with 250."""

    mails: list[bytes] = field(default_factory=list)
    envelopes: list[Any] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope.original_content)
            self.envelopes.append(envelope)
        return answer


@pytest.fixture(autouse=True)
def _our_domain(settings, tmp_path):
    settings.MAIL_DOMAIN = "hengyuan.example"
    settings.MAIL_FROM = "service@hengyuan.example"
    settings.MAIL_OUT_HOST = ""
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def outside(settings) -> Iterator[Outside]:
    handler = Outside()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_OUT_HOST = "127.0.0.1"
    settings.MAIL_OUT_PORT = port
    settings.MAIL_OUT_SECURITY = "none"
    yield handler
    controller.stop()
