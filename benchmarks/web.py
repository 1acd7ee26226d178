"""What pages and interface cost: CPU milliseconds of web process and database per operation.

python benchmarks/web.py [cases ...] [--server URL]      100,000 when nothing is said; "100000 1000000" shows flatness.

Makes a database of its own on a server of its own, fills it (corpus.py), starts one web process in production
mode as `tightrope serve` does, warms up, and takes the lowest of several passes. Exit code 1 when a goal is missed.
With `--server` the databases are made on that server, kept, and used again by the next run; it must run on this
machine, since its processor time is read from the kernel.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

HERE = Path(__file__).resolve().parent
GOALS = {
    "create": 11.0,
    "list": 14.0,
    "open": 15.0,  # the whole page: the case with the list beside it
    "open beside": 15.0,  # what a press in the list costs: the case alone
    "search 5": 10.0,
    "search 500": 17.0,
    "start page": 11.0,
    "report": 24.0,
}
FLAT = 1.5
"""What an operation may cost with the most cases, as a multiple of what it costs with the fewest."""
MOST_MEMORY_MB, MOST_START_S = 250, 2.0
WARM_UP, PASSES, CALLS = 30, 5, 40
PORT = 18431


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on this machine: how to reach a database of it, and its first process."""

    url: Callable[[str], str]
    pid: int


def main(sizes: list[int], given: str | None) -> int:
    table: dict[int, dict[str, Any]] = {}
    before = calibration()
    with _server(given) as server:
        for cases in sizes:
            table[cases] = _measured(server, cases)
    after = calibration()
    missed = _print(table, sizes)
    print(
        f"one round of the fixed work: {before:.3f} CPU s before, {after:.3f} after, {os.cpu_count()} processors"
    )
    _keep(table, before, after)
    return 1 if missed else 0


def calibration() -> float:
    """CPU seconds of a fixed piece of work, the lowest of five: figures of two moments compare by its ratio."""

    def once() -> float:
        began = time.process_time()
        total = 0
        for i in range(2_000_000):
            total = (total * 31 + i) & 0xFFFFFFF
        for _ in range(8):
            zlib.compress(bytes(range(256)) * 4000, 6)
        return time.process_time() - began

    return min(once() for _ in range(5))


@contextmanager
def _server(given: str | None) -> Iterator[Server]:
    if given:
        facts = psycopg.conninfo.conninfo_to_dict(given)
        with psycopg.connect(given) as connection:
            backend = connection.execute("SELECT pg_backend_pid()").fetchone()
            assert backend is not None
            pid = int(Path(f"/proc/{backend[0]}/stat").read_text().rpartition(")")[2].split()[1])

        def url(name: str) -> str:
            return f"postgresql://{facts.get('user', 'postgres')}@/{name}?host={facts['host']}"

        yield Server(url, pid)
        return
    from tightrope.runtime.temporary import temporary_server

    with temporary_server() as cluster:
        pid_of_cluster = cluster.pid()
        assert pid_of_cluster is not None
        yield Server(cluster.url, pid_of_cluster)


def _print(table: dict[int, dict[str, Any]], sizes: list[int]) -> bool:
    """The table, and whether a goal is missed."""
    missed = False
    print("CPU ms per operation: all = application + database (statements)")
    print(f"{'operation':<12}" + "".join(f"{f'{cases:,} cases':>34}" for cases in sizes) + f"{'goal':>7}")
    for name, goal in GOALS.items():
        row = f"{name:<12}"
        for cases in sizes:
            one = table[cases][name]
            said = (
                f"{one['all']:.1f} = {one['application']:.1f} + {one['database']:.1f} ({one['statements']})"
            )
            row += f"{said:>34}"
        lowest, highest = table[sizes[0]][name]["all"], table[sizes[-1]][name]["all"]
        is_missed = lowest > goal or highest > FLAT * lowest
        missed |= is_missed
        print(f"{row}{goal:>7.0f}{'  missed' if is_missed else ''}")
    for cases in sizes:
        memory, start = table[cases]["memory"], table[cases]["start"]
        missed |= memory > MOST_MEMORY_MB or start > MOST_START_S
        print(f"{cases:,} cases: {memory:.0f} MB of the web process, {start:.2f} CPU s to its first answer")
    return missed


def _measured(server: Server, cases: int) -> dict[str, Any]:
    environment = {
        **os.environ,
        "TIGHTROPE_MODE": "production",
        "TIGHTROPE_SECRET_KEY": "of the benchmark only, and long enough to be one",
        "TIGHTROPE_VAR": tempfile.mkdtemp(prefix="tightrope-bench-"),
        "TIGHTROPE_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "TIGHTROPE_LOG_FORMAT": "json",
        "DJANGO_SETTINGS_MODULE": "tightrope.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")])),
        "PYTHONWARNINGS": "ignore",
    }
    # An installed program finds its modules compiled; with this a start would compile all of them each time.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    name = f"bench_{cases}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            # Filled under another name, so that one that broke off is never taken for whole.
            admin.execute(f"DROP DATABASE IF EXISTS {name}_unfinished")
            admin.execute(f"CREATE DATABASE {name}_unfinished")
            _prepared(cases, {**environment, "DATABASE_URL": server.url(f"{name}_unfinished")})
            admin.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    environment["DATABASE_URL"] = server.url(name)
    facts = _prepared(cases, environment)
    statements = _said_by([__file__, "--statements", json.dumps(facts)], environment)
    figures = _served(environment, facts, server)
    for operation, count in statements.items():
        figures[operation]["statements"] = count
    return figures


def _prepared(cases: int, environment: dict[str, str]) -> Any:
    return _said_by([str(HERE / "corpus.py"), str(cases)], environment)


def _said_by(command: list[str], environment: dict[str, str]) -> Any:
    """The last line of a program of ours, read as JSON."""
    ended = subprocess.run(
        [sys.executable, *command], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(ended.stdout.splitlines()[-1])


Call = Callable[[Any], Any]
"""One request by a client that has `get` and `post`; httpx's in the measurement, Django's when statements are counted."""


def operations(facts: dict[str, str]) -> dict[str, Call]:
    """What is measured. No call is the same as the one before where an answer could be remembered."""
    count = iter(range(10**9))
    run = f"{time.time():.0f}-{os.getpid()}"

    def create(client: Any) -> Any:
        number = next(count)
        body = {"title": f"Bench {number}", "text": "The unit drips since noon. " * 10, "channel": "api"}
        key = {"Authorization": f"Bearer {facts['key']}", "Idempotency-Key": f"{run}-{number}"}
        if isinstance(client, httpx.Client):
            return client.post("/api/v1/cases", json=body, headers=key)
        return client.post("/api/v1/cases", data=body, content_type="application/json", headers=key)

    return {
        "create": create,
        "list": lambda client: client.get("/cases/"),
        "open": lambda client: client.get(f"/cases/{facts['case']}/"),
        "open beside": lambda client: client.get(f"/cases/{facts['case']}/", headers={"HX-Request": "true"}),
        "search 5": lambda client: client.get(f"/search/?q=zzrare{next(count) % 90}"),
        "search 500": lambda client: client.get(f"/search/?q=zzmid{next(count) % 10}"),
        "start page": lambda client: client.get("/"),
        "report": lambda client: client.get("/figures/"),
    }


def count_statements(facts: dict[str, str]) -> dict[str, int]:
    """How many statements one call of each operation sends, in a process that has done it before."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["session"] = facts["session"]
    counts = {}
    for name, call in operations(facts).items():
        call(client)
        with CaptureQueriesContext(connection) as sent:
            call(client)
        counts[name] = len(sent)
    return counts


def _served(environment: dict[str, str], facts: dict[str, str], server: Server) -> dict[str, Any]:
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asginl", "--port", str(PORT), "--workers", "1",
         "--log-level", "error", "tightrope.config.asgi:application"],
        env=environment,
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{PORT}"
        with httpx.Client(base_url=base, cookies={"session": facts["session"]}, timeout=60) as http:
            _wait(http)
            figures: dict[str, Any] = {"start": _cpu(_tree(web.pid))}
            for operation, call in operations(facts).items():
                figures[operation] = _lowest(operation, call, http, web.pid, server)
            figures["memory"] = sum(_memory(pid) for pid in _tree(web.pid))
        return figures
    finally:
        web.terminate()
        web.wait(timeout=20)


def _wait(http: httpx.Client) -> None:
    for _ in range(600):
        try:
            if http.get("/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise SystemExit("the web process does not answer")


def _lowest(name: str, call: Call, http: httpx.Client, pid: int, server: Server) -> dict[str, float]:
    for _ in range(WARM_UP):
        answer = call(http)
        if answer.status_code >= 300:
            raise SystemExit(f"{name}: {answer.status_code} {answer.text[:300]}")
    passes = []
    for _ in range(PASSES):
        application, database = _cpu(_tree(pid)), _cpu(_tree(server.pid))
        for _ in range(CALLS):
            call(http)
        passes.append((_cpu(_tree(pid)) - application, _cpu(_tree(server.pid)) - database))
    application, database = (1000 / CALLS * one for one in min(passes, key=sum))
    return {"application": application, "database": database, "all": application + database}


def _tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def _cpu(pids: list[int]) -> float:
    """User and system seconds of these processes, with those of children that have ended."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Proportional memory in MB."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _keep(table: dict[int, dict[str, Any]], before: float, after: float) -> None:
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False
    ).stdout.strip()
    row = {
        "commit": commit,
        "date": datetime.now(UTC).isoformat(),
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "calibration": [before, after],
        "figures": table,
    }
    with (folder / "web.jsonl").open("a") as out:
        out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("cases", nargs="*", type=lambda word: int(word.replace(",", "")))
    reader.add_argument(
        "--server", help="a PostgreSQL server on this machine to use and to leave its databases on"
    )
    reader.add_argument("--statements", help=argparse.SUPPRESS)
    wish = reader.parse_args()
    if wish.statements:
        print(json.dumps(count_statements(json.loads(wish.statements))))
        raise SystemExit(0)
    raise SystemExit(main(wish.cases or [100_000], wish.server))
