"""What a look at the clocks costs while many run: python benchmarks/promises.py [clocks]

Makes an account with so many running clocks (100,000) in a database of its own making (DATABASE_URL names a
server on which nothing else is kept), lets the five-second look run while nothing is due and while some are,
and prints processor time of program and database, the plan, and what a verification of the ledger takes.
Everything happens in one transaction that is rolled back.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOKS = 200
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
GOAL_MS = 2.0

_MANY = """
INSERT INTO promises_promise (public_id, kind, what, text, evidence, account_id, subject_type, subject_id,
  made_at, made_by, starts_at, calendar_key, zone, working_seconds, due_at, beaten_share, warn, warned, state,
  end_reason, is_beaten, next_look_at)
SELECT 'bench-' || n, 'customer', 'word', '', '', %(account)s, 'account', %(account)s,
  %(now)s, 'bench', %(now)s, '', 'Asia/Shanghai', NULL, %(now)s + interval '1 day' + n * interval '1 second',
  0.25, '{}', 0, 'running', '', false, %(now)s + interval '1 day' + n * interval '1 second'
FROM generate_series(1, %(clocks)s) n
"""


def main() -> int:
    clocks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    from tightrope.core.actor import SYSTEM
    from tightrope.core.db import without_limits
    from tightrope.customers.actions import open_account
    from tightrope.promises.actions import look_at_due

    with without_limits(), transaction.atomic():
        subject = open_account(name="Bench", kind="company", language="en", by=SYSTEM, at=NOW)
        with connection.cursor() as cursor:
            cursor.execute(_MANY, {"account": subject.pk, "clocks": clocks, "now": NOW})
            cursor.execute("ANALYZE promises_promise")
            cursor.execute(
                "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM promises_promise WHERE next_look_at <= %s "
                "ORDER BY next_look_at, id LIMIT 20",
                [NOW],
            )
            plan = [row[0] for row in cursor.fetchall()]
        quiet = _cost(lambda: [look_at_due(at=NOW) for _ in range(LOOKS)])
        due_at = NOW + timedelta(days=1, seconds=1000)
        busy = _cost(lambda: look_at_due(at=due_at))
        _report(clocks, quiet, busy, plan)
        transaction.set_rollback(True)
    return 0 if sum(quiet[:2]) / LOOKS <= GOAL_MS else 1


def _cost(run: Callable[[], object]) -> tuple[float, float, float]:
    """Processor milliseconds of the program and of its database process, and wall milliseconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    ours, theirs, wall = time.process_time(), _cpu_of(backend), time.perf_counter()
    run()
    return (
        (time.process_time() - ours) * 1000,
        (_cpu_of(backend) - theirs) * 1000,
        (time.perf_counter() - wall) * 1000,
    )


def _cpu_of(pid: int) -> float:
    """Seconds of processor time of a process on this machine; nothing when the server is elsewhere."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def _report(
    clocks: int, quiet: tuple[float, float, float], busy: tuple[float, float, float], plan: list[str]
) -> None:
    program, database, wall = (value / LOOKS for value in quiet)
    print(f"{clocks:,} running clocks, {LOOKS} looks while nothing is due")
    print(
        f"  program {program:.3f} ms, database {database:.3f} ms, wall {wall:.3f} ms a look (goal {GOAL_MS} ms)"
    )
    print(f"  one processor is busy {100 * (program + database) / 5000:.4f} % of the time, looking every 5 s")
    print("1,000 of them fall due at once")
    print(f"  program {busy[0]:.0f} ms, database {busy[1]:.0f} ms, wall {busy[2]:.0f} ms in all")
    print("\n".join(f"  {line}" for line in plan))
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
        "machine": platform.processor() or platform.machine(),
        "clocks": clocks,
        "look_program_ms": round(program, 4),
        "look_database_ms": round(database, 4),
        "thousand_due_program_ms": round(busy[0], 1),
        "thousand_due_database_ms": round(busy[1], 1),
    }
    with (results / "promises.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
