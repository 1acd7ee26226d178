"""A PostgreSQL server of our own: made, started, watched and stopped from the programs alone."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tightrope.runtime import processes
from tightrope.runtime.account import HOME, Account
from tightrope.runtime.binaries import Binaries
from tightrope.runtime.problems import CannotStartDatabase

ROLE = DATABASE = "tightrope"
SUPERUSER = "postgres"
LONGEST_SOCKET_FOLDER = 88  # the kernel allows 107 bytes for the whole name of the socket
LOG_LIMIT = 20_000_000


class Cluster:
    """One data directory and the server over it.

    Below `home`: `data`, `run` (the socket; nobody but its account and root can enter) and `log`.
    """

    def __init__(self, home: Path, binaries: Binaries, account: Account) -> None:
        self.home = home
        self.binaries = binaries
        self.account = account
        self.data = home / "data"
        self.log = home / "log" / "postgres.log"
        self.socket_folder = self._choose_socket_folder()

    @classmethod
    def below(cls, var: Path, binaries: Binaries, account: Account) -> Cluster:
        """The cluster of a data folder; elsewhere, with a link to it, if the account cannot enter the folder."""
        var.mkdir(parents=True, exist_ok=True)
        home = var / "postgres"
        if not home.is_symlink() and not account.can_reach(var):
            HOME.mkdir(parents=True, exist_ok=True)
            elsewhere = Path(tempfile.mkdtemp(prefix="cluster-", dir=HOME))
            home.symlink_to(elsewhere)
        if home.is_symlink():
            Path(os.readlink(home)).mkdir(parents=True, exist_ok=True)
        return cls(home.resolve(), binaries, account)

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    # -- state -------------------------------------------------------------------------------------------

    def pid(self) -> int | None:
        """The server's process, or None when none works on this data."""
        lines = self._pid_lines()
        if lines and lines[0].isdigit() and processes.works_in(int(lines[0]), self.data):
            return int(lines[0])
        return None

    def is_ready(self) -> bool:
        return self.pid() is not None and (self._pid_lines() + [""] * 8)[7].strip() == "ready"

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return []

    # -- making ------------------------------------------------------------------------------------------

    def create(self, *, sync: bool = True) -> None:
        """Make the data directory unless it is there. A half-made one, after a power cut, is made again."""
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_version()
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise CannotStartDatabase(
                f"{self.data} is not empty and is no PostgreSQL data: move it away first."
            )
        self.account.own(self.home, self.log.parent)
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        made = self.binaries.run(
            "initdb", *self._initdb_flags(), *([] if sync else ["--no-sync"]), "-D", fresh,
            account=self.account, capture_output=True,
        )  # fmt: skip
        if made.returncode != 0:
            raise CannotStartDatabase(f"initdb failed: {made.stderr.strip()}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _initdb_flags(self) -> list[str]:
        """Chinese is invisible to trigram indexes unless lc_ctype knows it; the other parts sort by code point,
        the same on every machine."""
        locale = ["--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
        if self.binaries.major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            locale += ["--locale=C"]
        # Only the account and root can enter the socket's folder, which is why no password is asked there.
        return [*locale, "-k", "-U", SUPERUSER, "--auth-local=trust", "--auth-host=scram-sha-256"]

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(self.binaries.major):
            raise CannotStartDatabase(
                f"The data in {self.data} were made by PostgreSQL {made_by}, this release brings"
                f" {self.binaries.major}. Make a backup with the release you came from (`tightrope backup`) and bring"
                " it back into a new data folder with this one (`tightrope restore`)."
            )

    def _choose_socket_folder(self) -> Path:
        beside = self.home / "run"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
            return beside
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir(), f"tightrope-{self.account.uid}-{mark}")

    def _own_socket_folder(self) -> None:
        self.account.own(self.socket_folder)
        found = self.socket_folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
            raise CannotStartDatabase(f"{self.socket_folder} belongs to somebody else: remove it.")

    # -- starting and stopping ---------------------------------------------------------------------------

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Two programs that want the server in the same moment wait for each other."""
        self.account.own(self.home)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start(self, settings: Mapping[str, str]) -> bool:
        """Start the server unless it runs. Returns whether it was started by this call."""
        with self.one_at_a_time():
            if self.is_ready():
                return False
            self.create()
            if self.pid() is None:
                self._prepare(settings)
                self._pg_ctl_start()
            self._wait_until_ready()
            return True

    def _prepare(self, settings: Mapping[str, str]) -> None:
        self._wait_for_orphans()
        self._forget_stale_locks()
        self._own_socket_folder()
        self.write_settings(settings)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))

    def write_settings(self, settings: Mapping[str, str]) -> None:
        """Ours in a file of their own, so that `ALTER SYSTEM` by an administrator still wins."""
        ours, main = self.data / "tightrope.conf", self.data / "postgresql.conf"
        ours.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()), encoding="utf-8")
        line = "include_if_exists = 'tightrope.conf'\n"
        known = main.read_text(encoding="utf-8")
        if line not in known:
            main.write_text(known + "\n" + line, encoding="utf-8")
        if not self.account.is_ours:
            os.chown(ours, self.account.uid, self.account.gid)

    def _wait_for_orphans(self) -> None:
        """After SIGKILL to the server its children live on for a moment and hold the shared memory."""
        until = time.monotonic() + 20
        while self.data.exists() and processes.processes_in(self.data):
            if time.monotonic() > until:
                raise CannotStartDatabase(
                    f"Processes of an earlier server still work in {self.data}: {processes.processes_in(self.data)}."
                )
            time.sleep(0.1)

    def _forget_stale_locks(self) -> None:
        """Lock files whose process is no server on this data: after a power cut another program may carry the
        number, after a kill the number may be a zombie's; PostgreSQL takes both for a living server."""
        if self.pid() is None:
            for path in (self.data / "postmaster.pid", *self.socket_folder.glob(".s.PGSQL.*")):
                path.unlink(missing_ok=True)

    def _pg_ctl_start(self) -> None:
        started = self.binaries.run(
            "pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-s", "-l", self.log,
            account=self.account, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if started.returncode != 0 and self.pid() is None:
            raise CannotStartDatabase(
                f"PostgreSQL did not start. Its log {self.log} ends with:\n{self.last_words()}"
            )

    def _wait_until_ready(self, seconds: float = 900) -> None:
        """Recovery after a power cut may take minutes on a large database; as long as it works we wait."""
        until = time.monotonic() + seconds
        while not self.is_ready():
            if self.pid() is None:
                raise CannotStartDatabase(
                    f"PostgreSQL ended while it started. Its log {self.log} ends with:\n{self.last_words()}"
                )
            if time.monotonic() > until:
                raise CannotStartDatabase(f"PostgreSQL is not ready after {seconds:.0f} s, see {self.log}.")
            time.sleep(0.02)

    def last_words(self, lines: int = 8) -> str:
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server: open transactions are rolled back. `at_once` leaves the clean-up to the next start."""
        if self.pid() is None:
            return
        mode = "immediate" if at_once else "fast"
        stopped = self.binaries.run(
            "pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "60", "-s",
            account=self.account, capture_output=True,
        )  # fmt: skip
        if stopped.returncode != 0 and self.pid() is not None:
            raise CannotStartDatabase(f"PostgreSQL did not stop: {stopped.stderr.strip()}")

    # -- the application's role and database -------------------------------------------------------------

    def ensure_database(self) -> None:
        """The role and the database of the application; the role is no superuser."""
        import psycopg

        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
