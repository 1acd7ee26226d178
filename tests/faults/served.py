"""A whole served system in a folder of its own, and the means to kill its parts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg

from tests.outside import free_port
from tightrope.runtime.embedded import EmbeddedDatabase

ROOT = Path(__file__).resolve().parents[2]


def children_of(pid: int) -> dict[int, str]:
    """The living children of a process, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError, IndexError, ValueError):
            state, parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                command = (
                    folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                found[int(folder.name)] = command
    return found


class Served:
    """`python -m tightrope serve` over one data folder; it may be started again after it was killed."""

    def __init__(self, var: Path, *, smtp_port: int) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = EmbeddedDatabase(var)
        self._process: subprocess.Popen[bytes] | None = None
        ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "TIGHTROPE_MODE", "TIGHTROPE_TEST_POSTGRES"}
        self.environment = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment |= {
            "TIGHTROPE_VAR": str(var),
            "TIGHTROPE_SMTP_HOST": "127.0.0.1",
            "TIGHTROPE_SMTP_PORT": str(smtp_port),
            "TIGHTROPE_SMTP_SECURITY": "none",
            "TIGHTROPE_MAIL_DOMAIN": "hengyuan.example",
        }

    def start(self) -> None:
        """Start it and wait until a page is answered; what was killed may hold the port a moment longer."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                with (self.var / "serve.log").open("ab") as log:
                    self._process = subprocess.Popen(
                        [sys.executable, "-m", "tightrope", "serve", "--port", str(self.port)],
                        cwd=ROOT,
                        env=self.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
            if self.answers():
                return
            time.sleep(0.2)
        raise AssertionError(f"it did not start:\n{(self.var / 'serve.log').read_text()[-4000:]}")

    def answers(self) -> bool:
        """Whether a page comes back."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
            return True
        return False

    def stop(self) -> None:
        """Stop all in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(90)
        self.database.stop()

    def kill_whole(self) -> None:
        """The supervisor dies as by SIGKILL; the kernel tells its parts, which end, the database goes on."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        until = time.monotonic() + 60
        while self._listens():  # the web server of the dead system must not be taken for the next one's
            assert time.monotonic() < until, "the parts live on without their supervisor"
            time.sleep(0.2)

    def parts(self) -> dict[str, list[int]]:
        """The processes that may be killed: the web server's parent, its children, the job worker."""
        found: dict[str, list[int]] = {"web": [], "web child": [], "worker": []}
        if self._process is None:
            return found
        for pid, command in children_of(self._process.pid).items():
            if "granian" in command:
                found["web"].append(pid)
                found["web child"] += [
                    child for child, what in children_of(pid).items() if "resource_tracker" not in what
                ]
            elif " worker" in command:
                found["worker"].append(pid)
        return found

    def kill_database(self) -> bool:
        """The server and every process of it die in the same moment. Whether there was one."""
        pid = self.database.cluster.pid()
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)  # it shall not start another child while we look
        for one in (*children_of(pid), pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        return True

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the tests' own, to count."""
        return psycopg.connect(self.database.url, autocommit=True)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program in the system's environment, with its database's address."""
        secret = {"TIGHTROPE_SECRET_KEY": (self.var / "secret-key").read_text().strip()}
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self.environment, **secret, "DATABASE_URL": self.database.url},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
