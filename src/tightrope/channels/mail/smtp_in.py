"""Receive mail by SMTP: a mail is answered with 250 only after the caller has stored its bytes."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tightrope.channels.mail.scan import MAX_MAIL_BYTES

STORE_SECONDS: Final = 30.0
MAX_RECIPIENTS: Final = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as it came over SMTP: its bytes and its envelope. An empty envelope sender is `<>`, which
    only automatic mail has."""

    raw: bytes
    envelope_sender: str
    envelope_recipients: tuple[str, ...]
    peer_address: str
    helo: str


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """Where the receiver listens and what it takes."""

    host: str = "127.0.0.1"
    port: int = 8025
    own_hostname: str = "localhost"
    max_bytes: int = MAX_MAIL_BYTES
    idle_seconds: float = 60.0
    max_connections: int = 50
    tls_context: ssl.SSLContext | None = None


class Receiver:
    """An SMTP server in a thread of its own.

    `is_recipient(email)` says whether an address is ours; `store(mail)` must have committed the bytes when
    it returns. If it raises or takes over 30 s the sender is told to try again later: it may then already
    be stored, so a store must know a mail again (by its hash) when it comes a second time.
    """

    def __init__(
        self,
        settings: ReceiverSettings,
        *,
        is_recipient: Callable[[str], bool],
        store: Callable[[ReceivedMail], object],
    ) -> None:
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="mail-store")
        handler = _Handler(is_recipient, store, self._workers, settings)
        self._controller = _Controller(handler, settings)

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        server = self._controller.server
        sockets = getattr(server, "sockets", ()) if server else ()
        return int(sockets[0].getsockname()[1]) if sockets else self._controller.port

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; mails whose storing has begun are stored to the end."""
        self._controller.stop(no_assert=True)
        self._workers.shutdown(wait=True)


class _Server(SMTP):
    # Long lines are common in HTML mail and do no harm here: the size limit holds all the same.
    line_length_limit = 1_000_000

    def __init__(self, handler: "_Handler", connections: "_Connections", **arguments: Any) -> None:
        super().__init__(handler, **arguments)
        self._connections = connections
        self._is_counted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._connections.open_count >= self._connections.most and isinstance(
            transport, asyncio.Transport
        ):
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        self._connections.open_count += 1
        self._is_counted = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._is_counted:
            self._connections.open_count -= 1
            self._is_counted = False
            super().connection_lost(error)


@dataclass(slots=True)
class _Connections:
    """How many are open; touched only in the server's own thread."""

    most: int
    open_count: int = 0


class _Controller(Controller):
    def __init__(self, handler: "_Handler", settings: ReceiverSettings) -> None:
        super().__init__(
            handler,
            hostname=settings.host,
            port=settings.port,
            server_hostname=settings.own_hostname,
            data_size_limit=settings.max_bytes,
            timeout=settings.idle_seconds,
            tls_context=settings.tls_context,
            ident="Tightrope",
        )

        self._connections = _Connections(settings.max_connections)

    def factory(self) -> SMTP:
        return _Server(self.handler, self._connections, loop=self.loop, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # The base class connects to its own port to force the first session, which fails for port 0.
        self.smtpd = self.factory()
        self._factory_invoked.set()


class _Handler:
    def __init__(
        self,
        is_recipient: Callable[[str], bool],
        store: Callable[[ReceivedMail], object],
        workers: ThreadPoolExecutor,
        settings: ReceiverSettings,
    ) -> None:
        self._is_recipient = is_recipient
        self._store = store
        self._workers = workers

    # The names and arguments of these methods are aiosmtpd's.

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            is_ours = await self._in_thread(self._is_recipient, address)
        except Exception as error:  # noqa: BLE001 - whatever failed, the sender keeps the mail and tries again
            log.error("mail.recipient_check_failed", error=type(error).__name__)
            return "451 4.3.0 Try again later"
        if not is_ours:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        mail = ReceivedMail(
            raw=content,
            envelope_sender=(envelope.mail_from or "").strip("<>"),
            envelope_recipients=tuple(envelope.rcpt_tos),
            peer_address=_peer(session),
            helo=str(session.host_name or "")[:255],
        )
        try:
            await self._in_thread(self._store, mail)
        except Exception as error:  # noqa: BLE001 - an unstored mail must stay with its sender
            log.error("mail.store_failed", error=type(error).__name__, size_bytes=len(content))
            return "451 4.3.0 The mail could not be stored; try again later"
        return "250 2.0.0 Stored"

    async def _in_thread(self, call: Callable[..., Any], *arguments: object) -> Any:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(
            loop.run_in_executor(self._workers, call, *arguments), timeout=STORE_SECONDS
        )


def _peer(session: Session) -> str:
    peer = session.peer
    host = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
