"""What pages and interface cost: CPU milliseconds of web process and database per operation.

python benchmarks/web.py [cases ...]      100,000 when nothing is said; "100000 1000000" shows flatness.

Makes a database of its own on a server of its own, fills it (corpus.py), starts one web process in production
mode as `tightrope serve` does, warms up, and takes the lowest of several passes. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GOALS = {
    "create": 11.0,
    "list": 14.0,
    "open": 15.0,
    "search 5": 10.0,
    "search 500": 17.0,
    "start page": 11.0,
    "report": 24.0,
}
PASSES, CALLS = 5, 20
PORT = 18431


def main(sizes: list[int]) -> int:
    from tightrope.runtime.temporary import temporary_server

    missed = False
    table: dict[int, dict[str, float]] = {}
    with temporary_server() as server:
        for cases in sizes:
            table[cases] = _measured(server, cases)
    print(f"{'operation':<14}" + "".join(f"{cases:>14,}" for cases in sizes) + f"{'goal':>8}")
    for name, goal in GOALS.items():
        figures = [table[cases][name] for cases in sizes]
        print(f"{name:<14}" + "".join(f"{figure:>14.1f}" for figure in figures) + f"{goal:>8.0f}")
        missed |= max(figures) > goal or figures[-1] > 1.5 * figures[0]
    for cases in sizes:
        print(
            f"{cases:,} cases: {table[cases]['memory']:.0f} MB of the web process, start {table[cases]['start']:.1f} CPU s"
        )
    _keep(table)
    return 1 if missed else 0


def _measured(server: Any, cases: int) -> dict[str, float]:
    import psycopg

    name = f"bench_{cases}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    environment = {
        **os.environ,
        "DATABASE_URL": server.url(name),
        "TIGHTROPE_MODE": "production",
        "TIGHTROPE_SECRET_KEY": "of the benchmark only",
        "TIGHTROPE_VAR": tempfile.mkdtemp(prefix="tightrope-bench-"),
        "TIGHTROPE_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "DJANGO_SETTINGS_MODULE": "tightrope.config.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent),
        "PYTHONWARNINGS": "ignore",
    }
    ready = subprocess.run(
        [sys.executable, "-c", _PREPARE, str(cases)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    facts = json.loads(ready.stdout.splitlines()[-1])
    return _served(environment, facts, server, name)


_PREPARE = """
import json, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
import corpus
from tightrope.core.db import without_limits
from tightrope.core import clock
with without_limits():
    corpus.fill(int(sys.argv[1]))
from django.contrib.sessions.backends.db import SessionStore
from tightrope.people import actions, queries
from tightrope.config.roles import MANUFACTURER
from tightrope.core.actor import SYSTEM, Scope
from tightrope.people.models import Role
from tightrope.promises import defaults as promises
from tightrope.calendars import defaults as calendars
now = clock.now()
calendars.install(by=SYSTEM, at=now); promises.install(by=SYSTEM, at=now)
actions.apply_presets(MANUFACTURER, by=SYSTEM, at=now)
roles = {role.code: role for role in Role.objects.all()}
admin = actions.invite_user(email="a@x.example", name="Admin", roles=[roles["administrator"]], teams=[], language="en",
                            by=SYSTEM, at=now)
agent = actions.invite_user(email="b@x.example", name="Agent", roles=[roles["lead"]], teams=[], language="en", by=SYSTEM, at=now)
_key, secret = actions.make_key(name="bench", grants={"case.open": Scope.ALL, "case.view": Scope.ALL, "case.work": Scope.ALL},
                               by=queries.actor_of(admin), at=now)
session = SessionStore()
session["_auth_user_id"] = str(agent.pk)
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
session["_auth_user_hash"] = agent.get_session_auth_hash()
session.create()
from tightrope.measures import actions as measures
with without_limits():
    measures.take_figures(at=now); measures.count_months()
print(json.dumps({"key": secret, "session": session.session_key}))
"""


def _served(environment: dict[str, str], facts: dict[str, str], server: Any, name: str) -> dict[str, float]:
    import httpx

    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asginl", "--port", str(PORT), "--workers", "1",
         "--log-level", "error", "tightrope.config.asgi:application"],
        env=environment,
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{PORT}"
        with httpx.Client(base_url=base, cookies={"session": facts["session"]}, timeout=60) as http:
            for _ in range(200):
                try:
                    if http.get("/healthz").status_code == 200:
                        break
                except httpx.HTTPError:
                    time.sleep(0.1)
            figures = {"start": _cpu(_tree(web.pid))}
            case = "bench-77777" if name != "bench_1000" else "bench-777"
            count = iter(range(10**9))
            key = {"Authorization": f"Bearer {facts['key']}"}
            words = iter(range(10**9))

            def create() -> httpx.Response:
                number = next(count)
                return http.post(
                    "/api/v1/cases",
                    json={
                        "title": f"Bench {number}",
                        "text": "The unit drips since noon. " * 10,
                        "channel": "api",
                    },
                    headers={**key, "Idempotency-Key": f"bench-{number}"},
                )

            operations = {
                "create": create,
                "list": lambda: http.get("/cases/"),
                "open": lambda: http.get(f"/cases/{case}/"),
                "search 5": lambda: http.get("/search/", params={"q": f"zzrare{next(words) % 90}"}),
                "search 500": lambda: http.get("/search/", params={"q": f"zzmid{next(words) % 10}"}),
                "start page": lambda: http.get("/"),
                "report": lambda: http.get("/figures/"),
            }
            for operation, call in operations.items():
                figures[operation] = _lowest(operation, call, web.pid, server)
            figures["memory"] = sum(_memory(pid) for pid in _tree(web.pid))
        return figures
    finally:
        web.terminate()
        web.wait(timeout=20)


def _lowest(name: str, call: Any, pid: int, server: Any) -> float:
    for _ in range(8):
        answer = call()
        if answer.status_code >= 300:
            raise SystemExit(f"{name}: {answer.status_code} {answer.text[:300]}")
    best = float("inf")
    for _ in range(PASSES):
        before = _cpu(_tree(pid)) + _cpu(_tree(server.pid()))
        for _ in range(CALLS):
            call()
        best = min(best, (_cpu(_tree(pid)) + _cpu(_tree(server.pid())) - before) * 1000 / CALLS)
    return best


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


def _keep(table: dict[int, dict[str, float]]) -> None:
    folder = Path(__file__).resolve().parent / "results"
    folder.mkdir(exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    row = {
        "commit": commit,
        "date": datetime.now(UTC).isoformat(),
        "machine": platform.platform(),
        "figures": table,
    }
    with (folder / "web.jsonl").open("a") as out:
        out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    raise SystemExit(main([int(word.replace(",", "")) for word in sys.argv[1:]] or [100_000]))
