"""Fetch mail by IMAP: a mail is marked as seen only after the caller has stored its bytes.

Bytes come by plain commands: imap-tools' own `fetch` parses each mail in this process, which a stranger's
mail must never be.
"""

import hashlib
import imaplib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from tightrope.channels.mail.scan import MAX_MAIL_BYTES
from tightrope.channels.mail.tls import Encryption, context_for

TRUNCATED_BYTES: Final = 1024 * 1024
MAX_FAILURES_IN_A_ROUND: Final = 3
MAX_PAUSE_SECONDS: Final = 300.0
STEP_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class MailboxTrouble(Exception):
    """The mailbox cannot be reached or refuses us; the message is for the administrator."""


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """One mailbox. Give a password or an OAuth access token (asked for at each log-in)."""

    host: str
    username: str
    password: str = field(default="", repr=False)
    port: int = 993
    encryption: Encryption = Encryption.TLS
    folder: str = "INBOX"
    access_token: Callable[[], str] | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0
    wait_seconds: float = 60.0
    max_bytes: int = MAX_MAIL_BYTES
    verify_certificate: bool = True

    @property
    def mailbox(self) -> str:
        return f"{self.username}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True)
class MailKey:
    """What identifies a fetched mail. UIDs may be given anew (then the validity changes), so the hash
    stands beside them: equal key, equal mail."""

    mailbox: str
    uid_validity: int
    uid: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """A mail as fetched. Beyond the size limit only its first MB is fetched and `is_truncated` is set."""

    raw: bytes = field(repr=False)
    key: MailKey
    size_bytes: int
    is_truncated: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """How far a mailbox has been read; keep it, and give it to the next fetch."""

    uid_validity: int
    last_uid: int


@dataclass(frozen=True, slots=True)
class FetchRound:
    """What one look into the mailbox gave."""

    position: Position
    stored: int = 0
    failed: int = 0
    uids_were_renewed: bool = False


def fetch_new(
    settings: ImapSettings, *, store: Callable[[FetchedMail], object], position: Position | None = None
) -> FetchRound:
    """Connect, store what is new, and leave. Raises MailboxTrouble if the mailbox cannot be read.

    New is what nobody has seen and, from a known position on, also what a person has opened meanwhile.
    A mail whose `store` raises stays unseen and comes again; after three such, the round ends.
    """
    with _opened(settings) as (box, folder):
        return _fetch_round(box, settings, folder, store, position)


def watch(
    settings: ImapSettings,
    *,
    store: Callable[[FetchedMail], object],
    should_stop: Callable[[], bool],
    position: Position | None = None,
    on_round: Callable[[FetchRound], object] = lambda _: None,
    on_trouble: Callable[[MailboxTrouble], object] = lambda _: None,
    first_pause_seconds: float = 1.0,
) -> None:
    """Fetch for ever: by IDLE where the server has it, else every `wait_seconds`.

    Trouble is reported and tried again after a pause that doubles up to five minutes. `on_round` is the
    place to keep the position.
    """
    pause = first_pause_seconds
    while not should_stop():
        try:
            with _opened(settings) as (box, folder):
                while not should_stop():
                    done = _fetch_round(box, settings, folder, store, position)
                    position = done.position
                    on_round(done)
                    if done.failed:
                        _sleep(pause, should_stop)
                        pause = min(pause * 2, MAX_PAUSE_SECONDS)
                        continue
                    pause = first_pause_seconds
                    _wait_for_news(box, settings, should_stop)
        except MailboxTrouble as trouble:
            log.warning("mail.mailbox_trouble", mailbox=settings.mailbox, trouble=str(trouble))
            on_trouble(trouble)
            _sleep(pause, should_stop)
            pause = min(pause * 2, MAX_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class _Folder:
    """An opened folder: the validity of its UIDs, and the one that the next mail will get."""

    uid_validity: int
    uid_next: int


@contextmanager
def _opened(settings: ImapSettings) -> Iterator[tuple[BaseMailBox, "_Folder"]]:
    """The mailbox, logged in, its folder selected. All trouble has one name."""
    box: BaseMailBox | None = None
    try:
        box = _connected(settings)
        yield box, _logged_in(box, settings)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxTrouble(f"{settings.mailbox}: {type(error).__name__}: {error}"[:300]) from error
    finally:
        if box is not None:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
            with suppress(OSError):
                box.client.shutdown()


def _connected(settings: ImapSettings) -> BaseMailBox:
    timeout = settings.timeout_seconds
    if settings.encryption is Encryption.NONE:
        return MailBoxUnencrypted(settings.host, settings.port, timeout=timeout)
    context = context_for(verify_certificate=settings.verify_certificate)
    kind = MailBox if settings.encryption is Encryption.TLS else MailBoxStartTls
    return kind(settings.host, settings.port, timeout=timeout, ssl_context=context)


def _logged_in(box: BaseMailBox, settings: ImapSettings) -> "_Folder":
    if settings.access_token is not None:
        box.xoauth2(settings.username, settings.access_token(), initial_folder=None)
    elif settings.username.isascii() and settings.password.isascii():
        box.login(settings.username, settings.password, initial_folder=None)
    else:
        box.login_utf8(settings.username, settings.password, initial_folder=None)
    # NetEase (163, 126, 188) refuses to open a folder for programs that do not say who they are.
    with suppress(imaplib.IMAP4.error):
        box.client.xatom("ID", '("name" "tightrope" "vendor" "tightrope")')
    box.folder.set(settings.folder)
    uid_validity = _selected_number(box, "UIDVALIDITY")
    if uid_validity is None:
        raise MailboxTrouble(f"{settings.mailbox}: the server gives no UIDVALIDITY.")
    return _Folder(uid_validity, _selected_number(box, "UIDNEXT") or 1)


def _selected_number(box: BaseMailBox, name: str) -> int | None:
    """A number that the server gave when the folder was opened."""
    _, answer = box.client.response(name)
    found = answer[0] if answer else None
    return int(found) if isinstance(found, bytes) and found.isdigit() else None


def _fetch_round(
    box: BaseMailBox,
    settings: ImapSettings,
    folder: "_Folder",
    store: Callable[[FetchedMail], object],
    position: Position | None,
) -> FetchRound:
    is_renewed = position is not None and position.uid_validity != folder.uid_validity
    last_uid = position.last_uid if position is not None and not is_renewed else 0
    uids = set(_search(box, "UNSEEN"))
    if last_uid:
        # A search for `n:*` gives the last mail even if its UID is below n.
        uids |= {uid for uid in _search(box, f"UID {last_uid + 1}:*") if uid > last_uid}
    stored = failed = 0
    lowest_failed = 0
    for uid in sorted(uids):
        mail = _fetched(box, settings, folder.uid_validity, uid)
        if mail is None:
            continue
        try:
            store(mail)
        except Exception as error:  # noqa: BLE001 - whatever it was, the mail stays on the server
            log.error("mail.store_failed", mailbox=settings.mailbox, uid=uid, error=type(error).__name__)
            failed += 1
            lowest_failed = lowest_failed or uid
            if failed >= MAX_FAILURES_IN_A_ROUND:
                break
            continue
        box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        stored += 1
    # The position never passes a mail that is not stored, even if a person opens it meanwhile. Only in the
    # first round it does: what lies beyond an old unseen mail then is history, not news.
    reached = max((last_uid or folder.uid_next - 1, *uids))
    if lowest_failed and last_uid:
        reached = max(last_uid, lowest_failed - 1)
    return FetchRound(Position(folder.uid_validity, reached), stored, failed, is_renewed)


def _search(box: BaseMailBox, criteria: str) -> list[int]:
    return [int(uid) for uid in box.uids(criteria, charset=None) if uid.isdigit()]


def _fetched(box: BaseMailBox, settings: ImapSettings, uid_validity: int, uid: int) -> FetchedMail | None:
    """The bytes of one mail, unseen as before; None if it was removed in the meantime."""
    _, answer = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = next((int(m[1]) for item in answer for m in _sizes(item)), None)
    if size is None:
        return None
    is_truncated = size > settings.max_bytes
    wanted = f"(BODY.PEEK[]<0.{TRUNCATED_BYTES}>)" if is_truncated else "(BODY.PEEK[])"
    _, answer = box.client.uid("FETCH", str(uid), wanted)
    raw = next((item[1] for item in answer if isinstance(item, tuple) and len(item) > 1), None)
    if not isinstance(raw, bytes):
        return None
    key = MailKey(settings.mailbox, uid_validity, uid, hashlib.sha256(raw).hexdigest())
    return FetchedMail(raw, key, size, is_truncated)


def _sizes(item: object) -> Iterator[re.Match[bytes]]:
    content = item[0] if isinstance(item, tuple) else item
    if isinstance(content, bytes):
        yield from re.finditer(rb"RFC822\.SIZE (\d+)", content)


def _wait_for_news(box: BaseMailBox, settings: ImapSettings, should_stop: Callable[[], bool]) -> None:
    until = time.monotonic() + settings.wait_seconds
    if "IDLE" not in box.client.capabilities:
        _sleep(settings.wait_seconds, should_stop)
        box.client.noop()
        return
    box.idle.start()  # type: ignore[no-untyped-call]
    while time.monotonic() < until and not should_stop():
        asked_at = time.monotonic()
        if box.idle.poll(timeout=STEP_SECONDS):
            break
        if time.monotonic() - asked_at < STEP_SECONDS / 2:
            # Nothing to read, and no waiting either: the server has closed the connection.
            raise MailboxTrouble(f"{settings.mailbox}: the connection was closed while waiting.")
    box.idle.stop()  # type: ignore[no-untyped-call]


def _sleep(seconds: float, should_stop: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not should_stop():
        time.sleep(min(STEP_SECONDS / 4, max(0.0, until - time.monotonic())))
