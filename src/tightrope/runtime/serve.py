"""`tightrope serve`: everything a company needs, on one machine, from one command."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tightrope.runtime import static
from tightrope.runtime.embedded import EmbeddedDatabase
from tightrope.runtime.fitness import check_server
from tightrope.runtime.journal import say
from tightrope.runtime.migration import is_current
from tightrope.runtime.places import complete
from tightrope.runtime.problems import AddressTaken, RuntimeProblem
from tightrope.runtime.supervisor import Part, Supervisor

PROGRAM = [sys.executable, "-m", "tightrope"]


@dataclass(frozen=True)
class Wish:
    """What to serve. `only`: "" for everything, or web, worker, database."""

    host: str
    port: int
    web_workers: int
    worker_jobs: int
    only: str = ""
    demo: bool = False

    def has(self, part: str) -> bool:
        return self.only in {"", part}


def serve(wish: Wish, var: Path) -> int:
    """Start, watch and at the end stop the parts that are wished for."""
    began = time.monotonic()
    with _alone(var, wish.only or "all"):
        if wish.has("web"):
            refuse_taken_address(wish.host, wish.port)
        server = None if os.environ.get("DATABASE_URL") else EmbeddedDatabase(var)
        if server is None and wish.only == "database":
            raise RuntimeProblem(
                "DATABASE_URL names a server of yours, so there is no database to start here."
            )
        started = server.start() if server else False
        supervisor = None
        try:
            environment = _environment(wish, var, server)
            _prepare(wish, environment)
            answered = _announce(wish, began)
            supervisor = Supervisor(_parts(wish, environment, answered), logs=var / "log", keeper=server)
            supervisor.run()
        finally:
            # One that a killed `serve` left running is ours to stop; beside `--only web` others may work on it.
            if server is not None and (started or wish.only in {"", "database"}):
                server.stop(at_once=supervisor is not None and supervisor.in_a_hurry)
    say("Everything is stopped.")
    return 0


@contextmanager
def _alone(var: Path, what: str) -> Iterator[None]:
    """One `serve` of a kind over one data folder; the kernel frees the lock however we end."""
    with (var / f"serve-{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AddressTaken(f"Tightrope already runs on the data folder {var}: stop it first.") from None
        yield


def refuse_taken_address(host: str, port: int) -> None:
    """Raises AddressTaken when the web server could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as problem:
            why = "another program listens there" if problem.errno == 98 else problem.strerror
            raise AddressTaken(
                f"Port {port} on {host} cannot be used ({why}): choose another with --port."
            ) from None


def _environment(wish: Wish, var: Path, server: EmbeddedDatabase | None) -> dict[str, str]:
    environment = dict(os.environ)
    complete(environment, var)
    if server is not None:
        environment["DATABASE_URL"] = server.url
    shown = "localhost" if wish.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else wish.host  # noqa: S104
    environment.setdefault("TIGHTROPE_PUBLIC_URL", f"http://{shown}:{wish.port}")
    environment["PYTHONUNBUFFERED"] = "1"
    if wish.demo:
        environment["TIGHTROPE_DEMO"] = "1"
    return environment


def _prepare(wish: Wish, environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"]
    (Path(environment["TIGHTROPE_VAR"]) / "static").mkdir(exist_ok=True)
    check_server(url)
    if wish.only == "database":
        return
    if not is_current(url):
        if wish.only:
            say(
                "The database is not known to be at this release's state: run `tightrope migrate` if you have not."
            )
        else:
            say("Bringing the database to this release's state.")
            _do([*PROGRAM, "migrate", "--quiet"], environment)
    if wish.has("web") and environment["TIGHTROPE_MODE"] == "production":
        static.publish(Path(environment["TIGHTROPE_VAR"]), environment)


def _do(command: list[str], environment: dict[str, str]) -> None:
    import subprocess

    ended = subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    if ended.returncode:
        raise RuntimeProblem(f"`{' '.join(command[2:])}` failed; nothing was started.")


def _parts(wish: Wish, environment: dict[str, str], answered: threading.Event) -> list[Part]:
    """In the order in which they are stopped: first whoever takes work in.

    What nobody looks at starts when the first page has been answered: it would only take the page's processor.
    """
    patience = time.monotonic() + 15

    def page_is_there() -> bool:
        return answered.is_set() or time.monotonic() > patience

    parts = []
    if wish.has("web"):
        web = ["--interface", "asginl", "--host", wish.host, "--port", str(wish.port)]
        web += ["--workers", str(wish.web_workers), "--respawn-failed-workers", "--respawn-interval", "0.5"]
        # Live pages hold their connection open for hours: without a limit the server would wait for them.
        web += ["--workers-kill-timeout", "5", "--log-level", "warning", "--no-ws"]
        command = [sys.executable, "-m", "granian", *web, "tightrope.config.asgi:application"]
        parts.append(Part("web", command, environment))
    if wish.demo and wish.has("web"):
        parts.append(
            Part("demo", [*PROGRAM, "demo", "--if-empty"], environment, once=True, may_start=page_is_there)
        )
    if wish.has("worker"):
        command = [*PROGRAM, "worker", "--jobs", str(wish.worker_jobs)]
        parts.append(Part("worker", command, environment, grace=20.0, may_start=page_is_there))
    return parts


def _announce(wish: Wish, began: float) -> threading.Event:
    """Say the address when the first page can be had. Returns what is set at that moment."""
    answered = threading.Event()
    if not wish.has("web"):
        say(f"Tightrope's {wish.only} runs; press Ctrl-C to stop.")
        answered.set()
        return answered
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(wish.host, wish.host)  # noqa: S104
    shown = "localhost" if host in {"127.0.0.1", "::1"} else host

    def wait() -> None:
        while not _answers(host, wish.port):
            time.sleep(0.05)
        answered.set()
        took = time.monotonic() - began
        say(
            f"\nTightrope is ready after {took:.1f} s: http://{shown}:{wish.port}/   (press Ctrl-C to stop)\n"
        )

    threading.Thread(target=wait, daemon=True).start()
    return answered


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("HEAD", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
