"""`tightrope serve` as an administrator meets it: a real program over a real data folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.outside import free_port

from tightrope.runtime.account import server_account
from tightrope.runtime.binaries import wheel_binaries
from tightrope.runtime.postgres import Cluster
from tightrope.runtime.problems import AddressTaken
from tightrope.runtime.serve import refuse_taken_address

pytestmark = pytest.mark.timeout(300)


def environment(var: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TIGHTROPE_")}
    inherited.pop("DATABASE_URL", None)
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return {**inherited, "TIGHTROPE_VAR": str(var), "PYTHONWARNINGS": "default"}


class Program:
    """A running `tightrope serve` and what it says."""

    def __init__(self, process: subprocess.Popen[str], said: Path, var: Path) -> None:
        self.process = process
        self._said = said
        self.var = var

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def wait_for(self, words: str, *, seconds: float = 120) -> None:
        wait(lambda: bool(re.search(words, self.said)) or self.process.poll() is not None, seconds)
        assert re.search(words, self.said), self.said

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def cluster(self) -> Cluster:
        account = server_account()
        return Cluster.below(self.var, wheel_binaries(account), account)


def wait(done: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def serving(var: Path, *arguments: str) -> Iterator[Program]:
    var.mkdir(exist_ok=True)
    said = var / f"said-{time.monotonic_ns()}.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tightrope", "serve", *arguments],
            env=environment(var),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    program = Program(process, said, var)
    try:
        yield program
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
            program.cluster().stop(at_once=True)


def test_a_port_that_another_program_has_is_refused_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(AddressTaken, match=rf"Port {port} on 127\.0\.0\.1 .*another program.*--port"):
            refuse_taken_address("127.0.0.1", port)
    refuse_taken_address("127.0.0.1", port)


def test_the_first_person_is_made_on_an_empty_folder(open_folder):
    var = open_folder / "var"
    words = ["--email", "ann@example.com", "--name", "Ann", "--password-stdin", "--roles", "small"]
    made = subprocess.run(
        [sys.executable, "-m", "tightrope", "createadmin", *words],
        env=environment(var), input="a long way to the lift\n", capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert made.returncode == 0, made.stderr
    assert "Ann <ann@example.com> may sign in now and do everything." in made.stdout


def test_the_database_is_brought_back_after_a_kill_and_stopped_at_the_end(open_folder):
    with serving(open_folder / "var", "--only", "database") as program:
        program.wait_for("Tightrope's database runs")
        cluster = program.cluster()
        first = cluster.pid()
        assert first is not None

        os.kill(first, signal.SIGKILL)
        program.wait_for("The database is back")

        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert program.stop() == 0
        assert cluster.pid() is None
        assert "Everything is stopped." in program.said


def test_a_second_start_on_the_same_data_is_refused_and_one_after_a_kill_takes_over(open_folder):
    var = open_folder / "var"
    with serving(var, "--only", "database") as first:
        first.wait_for("Tightrope's database runs")
        with serving(var, "--only", "database") as second:
            second.process.wait(30)
            assert second.process.returncode == 3
            assert "already runs on the data folder" in second.said
        first.process.kill()
        first.process.wait()
        with serving(var, "--only", "database") as third:
            third.wait_for("Tightrope's database runs")
            assert third.stop() == 0
        assert third.cluster().pid() is None


@pytest.mark.slow
def test_all_parts_run_come_back_after_kills_and_stop_in_order(open_folder):
    port = free_port()
    with serving(open_folder / "var", "--port", str(port), "--web-workers", "1") as program:
        program.wait_for("Tightrope is ready")
        assert answers(port)

        for name in ("web", "worker"):
            os.kill(leader_of(name, program), signal.SIGKILL)
            program.wait_for(rf"{name} ended \(killed by SIGKILL\)")
        os.kill(program.cluster().pid() or 0, signal.SIGKILL)
        program.wait_for("The database is back")
        wait(lambda: answers(port))

        assert answers(port)
        assert program.stop() == 0
        assert program.cluster().pid() is None
    with serving(open_folder / "var", "--port", str(port), "--web-workers", "1") as again:
        again.wait_for("Tightrope is ready")
        assert "Bringing the database" not in again.said
        assert again.stop() == 0


def answers(port: int) -> bool:
    """Whether a person gets the page on which one signs in (it reads and writes the database)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def leader_of(name: str, program: Program) -> int:
    """The first process of a part. The worker starts after the first page is there, so it is waited for."""
    wait(lambda: bool(_leaders_of(name, program)))
    return _leaders_of(name, program)[0]


def _leaders_of(name: str, program: Program) -> list[int]:
    word = {"web": b"granian", "worker": b"worker"}[name]
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children").read_text().split()
    return [int(one) for one in children if word in Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")]
