"""The fetch loop against Debian's dovecot, started privately for these tests."""

import mailbox
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tightrope.channels.mail.imap import (
    FetchedMail,
    FetchRound,
    ImapSettings,
    MailboxTrouble,
    MailKey,
    Position,
    fetch_new,
    watch,
)
from tightrope.channels.mail.tests.mails import mail
from tightrope.channels.mail.tls import Encryption

DOVECOT = "/usr/sbin/dovecot"

pytestmark = [
    pytest.mark.imap,
    pytest.mark.skipif(not Path(DOVECOT).exists(), reason="Debian's dovecot is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="dovecot drops privileges and so must be started by root"),
]

CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{base}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group_name}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Server:
    """A private dovecot with one mailbox, and hands to put mail into it."""

    base: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def settings(self) -> ImapSettings:
        return ImapSettings(
            host="127.0.0.1",
            port=self.port,
            username="support",
            password="secret",
            encryption=Encryption.NONE,
            timeout_seconds=10,
            wait_seconds=20,
        )

    def deliver(self, raw: bytes, flags: str = "") -> None:
        box = mailbox.Maildir(self.base / "mail", create=True)
        message = mailbox.MaildirMessage(raw)
        if flags:
            message.set_subdir("cur")
            message.set_flags(flags)
        key = box.add(raw if not flags else message)
        for path in (self.base / "mail").rglob(f"{key}*"):
            shutil.chown(path, "nobody", "nogroup")

    def renumber(self) -> None:
        """Forget the UIDs, as a restored mailbox does."""
        for path in (self.base / "mail").glob("dovecot*"):
            path.unlink()

    def unseen(self) -> int:
        files = [*(self.base / "mail/new").iterdir(), *(self.base / "mail/cur").iterdir()]
        return sum("S" not in path.name.partition(":2,")[2] for path in files)


@pytest.fixture
def server() -> Iterator[Server]:
    # pytest keeps its own temporary folders closed to other users, and dovecot's workers are others.
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    base.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    for name in ("", "/new", "/cur", "/tmp"):
        (base / f"mail{name}").mkdir()
    (base / "home").mkdir()
    for path in (base / "home", base / "mail", *(base / "mail").iterdir()):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = base / "dovecot.conf"
    config.write_text(
        CONFIG.format(base=base, port=port, user="nobody", group="nogroup", group_name="nogroup")
    )
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _wait_for_port(port, process, base / "log")
    yield Server(base, port, process)
    process.terminate()
    process.wait(timeout=10)
    shutil.rmtree(base, ignore_errors=True)


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"dovecot did not start: {log.read_text() if log.exists() else process.poll()}")


def test_new_mail_is_stored_then_seen_and_not_fetched_again(server: Server) -> None:
    first, second = mail(b"Subject: one"), mail(b"Subject: two")
    server.deliver(first)
    server.deliver(second)
    got: list[FetchedMail] = []

    done = fetch_new(server.settings, store=got.append)
    again = fetch_new(server.settings, store=got.append, position=done.position)

    assert sorted(one.raw for one in got) == sorted([first, second])
    assert [one.key.uid for one in got] == [1, 2]
    assert (done.stored, again.stored, server.unseen()) == (2, 0, 0)


def test_a_mail_that_could_not_be_stored_stays_unseen_and_comes_again(server: Server) -> None:
    server.deliver(mail(b"Subject: one"))
    server.deliver(mail(b"Subject: two"))

    def refuse_the_first(one: FetchedMail) -> None:
        if one.key.uid == 1:
            raise OSError("disk full")

    done = fetch_new(server.settings, store=refuse_the_first)
    got: list[FetchedMail] = []
    later = fetch_new(server.settings, store=got.append, position=done.position)

    assert (done.stored, done.failed) == (1, 1)
    assert [one.key.uid for one in got] == [1]
    assert (later.stored, server.unseen()) == (1, 0)


def test_a_mail_that_a_person_opened_first_is_still_fetched(server: Server) -> None:
    server.deliver(mail(b"Subject: one"))
    done = fetch_new(server.settings, store=lambda _: None)
    server.deliver(mail(b"Subject: opened in web mail"), flags="S")
    got: list[FetchedMail] = []

    fetch_new(server.settings, store=got.append, position=done.position)

    assert len(got) == 1
    assert b"opened in web mail" in got[0].raw


def test_the_history_of_a_mailbox_is_left_alone_at_first(server: Server) -> None:
    server.deliver(mail(b"Subject: read long ago"), flags="S")
    got: list[FetchedMail] = []

    done = fetch_new(server.settings, store=got.append)
    fetch_new(server.settings, store=got.append, position=done.position)

    assert got == []
    assert done.position.last_uid == 1


def test_renewed_uids_are_noticed_and_nothing_is_read_twice(server: Server) -> None:
    server.deliver(mail(b"Subject: one"))
    done = fetch_new(server.settings, store=lambda _: None)
    server.renumber()
    time.sleep(1.1)  # The validity is a time in seconds.
    server.deliver(mail(b"Subject: two"))
    got: list[FetchedMail] = []

    later = fetch_new(server.settings, store=got.append, position=done.position)

    assert later.uids_were_renewed
    assert later.position.uid_validity != done.position.uid_validity
    assert [b"Subject: two" in one.raw for one in got] == [True]


def test_a_mail_beyond_the_limit_comes_truncated_and_says_so(server: Server) -> None:
    server.deliver(mail(b"Subject: big", b"x" * 70 + b"\r\n" + b"y" * 3_000_000))
    got: list[FetchedMail] = []

    fetch_new(replace(server.settings, max_bytes=2_000_000), store=got.append)

    assert got[0].is_truncated
    assert got[0].size_bytes > 3_000_000
    assert len(got[0].raw) <= 1024 * 1024
    assert server.unseen() == 0


def test_a_wrong_password_is_named(server: Server) -> None:
    with pytest.raises(MailboxTrouble, match="support@127"):
        fetch_new(replace(server.settings, password="wrong"), store=lambda _: None)


def test_watching_sees_a_new_mail_within_seconds_and_survives_a_lost_connection(server: Server) -> None:
    got: list[FetchedMail] = []
    rounds: list[FetchRound] = []
    troubles: list[MailboxTrouble] = []
    stop = threading.Event()
    watcher = threading.Thread(
        target=watch,
        kwargs={
            "settings": server.settings,
            "store": got.append,
            "should_stop": stop.is_set,
            "on_round": rounds.append,
            "on_trouble": troubles.append,
            "first_pause_seconds": 0.2,
        },
    )
    watcher.start()
    try:
        _until(lambda: len(rounds) == 1)
        server.deliver(mail(b"Subject: first"))
        _until(lambda: len(got) == 1)

        for pid in _session_pids(server):
            os.kill(pid, 9)
        server.deliver(mail(b"Subject: second"))
        _until(lambda: len(got) == 2)
    finally:
        stop.set()
        watcher.join(timeout=10)

    assert troubles
    assert [b"first" in got[0].raw, b"second" in got[1].raw] == [True, True]
    assert isinstance(rounds[-1].position, Position)


def test_with_failing_stores_and_lost_connections_every_mail_is_stored_once_by_its_key(
    server: Server,
) -> None:
    rng = random.Random(17)
    raws = [mail(b"Message-ID: <same@example.cn>\r\nSubject: %d" % number) for number in range(150)]
    for raw in raws:
        server.deliver(raw)
    stored: dict[MailKey, bytes] = {}

    def store(one: FetchedMail) -> None:
        chance = rng.random()
        if chance < 0.2:
            raise OSError("database away")
        stored[one.key] = one.raw
        if chance < 0.3:
            # Committed, and then the connection is gone before the mail can be marked as seen.
            for pid in _session_pids(server):
                os.kill(pid, 9)

    position: Position | None = None
    for _ in range(400):
        try:
            position = fetch_new(server.settings, store=store, position=position).position
        except MailboxTrouble:
            continue
        if server.unseen() == 0:
            break

    assert server.unseen() == 0
    assert sorted(stored.values()) == sorted(raws)


def _until(is_so: object, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():  # type: ignore[operator]
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def _session_pids(server: Server) -> list[int]:
    """The processes of this dovecot that serve logged-in connections."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        is_child = f"\nPPid:\t{server.process.pid}\n" in text
        if is_child and text.startswith(("Name:\timap\n", "Name:\timap-login\n")):
            found.append(int(status.parent.name))
    return found
