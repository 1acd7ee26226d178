"""Parts of a served system die as by `kill -9` under load; what was acknowledged is there, once."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.faults.served import Served
from tests.outside import Outside, mail_server

ROUNDS = 4
PART_KILLS = int(os.environ.get("TIGHTROPE_KILLS", "104"))
DATABASE_KILLS = int(os.environ.get("TIGHTROPE_DATABASE_KILLS", "20"))
LONGEST = 900.0
WORKS_BEFORE = 0.5
"""Of so many kills something was acknowledged since the last one: half strike a system at work, half one that is just
getting up. On a slow machine blows in quick succession would otherwise meet no work at all."""


@pytest.fixture
def outside() -> Iterator[Outside]:
    with mail_server() as server:
        yield server


@pytest.fixture
def served(tmp_path: Path, outside: Outside) -> Iterator[Served]:
    system = Served(tmp_path, smtp_port=outside.port)
    system.start()
    yield system
    system.stop()


@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_or_doubled_by_kills(served: Served, outside, capsys):
    made = served.run("-m", "tests.faults.prepare")
    assert made.returncode == 0, made.stderr[-3000:]
    load = Load(served.url, made.stdout.strip())
    kills: Counter[str] = Counter()
    chance = random.Random(20261121)
    began = time.monotonic()

    load.begin()
    for _round in range(ROUNDS):
        plan = ["database"] * (DATABASE_KILLS // ROUNDS) + ["part"] * (PART_KILLS // ROUNDS)
        chance.shuffle(plan)
        for what in plan:
            time.sleep(chance.uniform(0.5, 3.5))
            if chance.random() < WORKS_BEFORE:
                _wait_for_work(load)
            kills[_kill(served, what, chance, until=began + LONGEST)] += 1
        served.kill_whole()
        kills["supervisor"] += 1
        served.start()
    load.end()
    took = time.monotonic() - began
    rested = _rest(served)

    lost, doubled = _compare(served, load)
    letters = _letters(outside.mails)
    verified = served.run("-m", "tightrope", "verify")
    with capsys.disabled():
        print(
            f"\nkills {dict(kills)} in {took:.0f} s; acknowledged writes {len(load.acknowledged)}, said again "
            f"{load.repeated}, longest until acknowledged {load.longest:.1f} s; answers {dict(load.answers)}; lost "
            f"{len(lost)}, doubled {len(doubled)}; mails {sum(letters.values())} with {len(letters)} Message-IDs; "
            f"jobs at rest after {rested:.0f} s; {verified.stdout.strip().splitlines()[-1:]}"
        )
    assert load.refused == []
    assert load.answers["500"] == 0
    assert sum(kills[part] for part in ("web", "web child", "worker")) >= PART_KILLS // ROUNDS * ROUNDS
    assert kills["database"] >= DATABASE_KILLS // ROUNDS * ROUNDS
    assert lost == []
    assert doubled == []
    assert _unsent(served) == {}
    assert _answered_twice(outside.mails) == []
    assert verified.returncode == 0, verified.stdout[-3000:]


def _wait_for_work(load: Load) -> None:
    before, until = len(load.acknowledged), time.monotonic() + 30
    while len(load.acknowledged) == before and time.monotonic() < until:
        time.sleep(0.1)


def _kill(served: Served, what: str, chance: random.Random, *, until: float) -> str:
    """Kill one of the wanted kind; wait for it while it is being started again."""
    while time.monotonic() < until:
        if what == "database":
            if served.database.cluster.is_ready() and served.kill_database():
                return what
        else:
            alive = [(name, pid) for name, pids in served.parts().items() for pid in pids]
            if alive:
                name, pid = chance.choice(alive)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return name
        time.sleep(0.1)
    return "none: out of time"


_WAITING = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'
          OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now() + interval '15 seconds'
              AND queueing_lock IS NULL AND task_name NOT LIKE 'core.%' AND args->>'timestamp' IS NULL))
     + (SELECT count(*) FROM channels_message
        WHERE state IN ('held', 'queued', 'sending') AND send_at <= now() + interval '15 seconds')
     + (SELECT count(*) FROM channels_message m
        WHERE m.state = 'queued' AND m.outcome = 'in-turn' AND NOT EXISTS (
          SELECT 1 FROM channels_message before WHERE before.conversation_id = m.conversation_id
            AND before.state IN ('held', 'queued', 'sending') AND before.id < m.id))
"""
"""Jobs that run or are due, letters due, and letters whose turn has come: who stood behind one that a kill had stuck
looks again after as long as that one was late."""
LONGEST_REST = 300.0
LONGEST_STRAY = 60.0


def _rest(served: Served) -> float:
    """Wait until no job is left to do, however the workers died."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_REST:
        with suppress(Exception), served.connect() as connection:
            if connection.execute(_WAITING).fetchone() == (0,):
                break
        time.sleep(1)
    return time.monotonic() - began


_UNSENT = """
WITH waiting AS (
  SELECT m.* FROM channels_message m
  WHERE m.direction = 'out' AND m.state = 'queued' AND m.is_automatic AND m.send_at > now()
    AND EXISTS (
      SELECT 1 FROM procrastinate_jobs j WHERE j.task_name = 'channels.deliver' AND j.status = 'todo'
        AND (j.args->>'message_id')::bigint = m.id AND j.scheduled_at > now()))
SELECT m.state, m.outcome, count(*) FROM channels_message m
WHERE m.direction = 'out' AND m.channel = 'mail' AND m.state <> 'sent'
  AND NOT EXISTS (SELECT 1 FROM waiting w WHERE w.id = m.id AND w.outcome IN ('domain-rate', 'minute-rate'))
  AND NOT EXISTS (
    SELECT 1 FROM waiting w JOIN waiting before ON before.conversation_id = w.conversation_id AND before.id < w.id
    WHERE w.id = m.id AND w.outcome = 'in-turn')
GROUP BY 1, 2
"""


def _unsent(served: Served) -> dict[tuple[str, str], int]:
    """Letters that did not leave, by state and why. Not among them is a machine's letter whose time has not come, with
    the job that will send it: the load solves more cases within minutes than may be written about, and what is said
    in a conversation waits behind what was said before. None is withheld.

    While hundreds come due one after the other some are just being sent whenever one looks; so it is looked for an
    instant at which none is. A letter that nobody will send stands in the way of every such instant.
    """
    until = time.monotonic() + LONGEST_STRAY
    while True:
        with served.connect() as connection:
            rows = connection.execute(_UNSENT).fetchall()
        if not rows or time.monotonic() > until:
            return {(str(state), str(outcome)): int(str(times)) for state, outcome, times in rows}
        time.sleep(0.2)


_FOUND = {
    "case": "SELECT substr(title, 6) FROM cases_case WHERE title LIKE 'case %'",
    "reply": "SELECT substr(text, 7) FROM channels_message WHERE direction = 'out' AND text LIKE 'reply %'",
    "note": "SELECT substr(body, 6) FROM timeline_note WHERE body LIKE 'note %'",
    "solution": "SELECT substr(c.title, 6) FROM timeline_event e JOIN cases_case c ON c.id = e.subject_id "
    "WHERE e.kind = 'case.solved' AND e.subject_type = 'case'",
}


def _compare(served: Served, load: Load) -> tuple[list[object], list[object]]:
    """What was acknowledged and is not there, and what is there more than once."""
    said = Counter(load.acknowledged)
    with served.connect() as connection:
        found = Counter(
            (what, str(marker)) for what, sql in _FOUND.items() for (marker,) in connection.execute(sql)
        )
    lost = [write for write in said if found[write] == 0]
    doubled = [write for write, times in found.items() if times > 1]
    return lost, doubled


def _letters(mails: list[bytes]) -> Counter[str]:
    return Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in mails)


def _answered_twice(mails: list[bytes]) -> list[str]:
    """Replies that came under more than one Message-ID: a receiver would show them twice."""
    seen: dict[str, set[str]] = {}
    for raw in mails:
        mail = message_from_bytes(raw)
        part = next((one for one in mail.walk() if one.get_content_type() == "text/plain"), mail)
        for marker in re.findall(rb"reply ([0-9a-f]{32})", part.get_payload(decode=True) or b""):
            seen.setdefault(marker.decode(), set()).add(str(mail["Message-ID"]))
    return [marker for marker, names in seen.items() if len(names) > 1]
