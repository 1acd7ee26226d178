"""A large desk to measure on: so many cases with their words, promises and search entries, written by set.

20 % are open, spread over two years and 5,000 customers; each has a description of about 60 words and two
further messages and the events of its way. Words follow a Zipf law. `zzrare<k>` stands in 5 descriptions per 100,000 cases, `zzmid<k>`
in about 500. Rows are written by SQL, not by acts: it is the size that is measured, not the way there.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
ACCOUNTS = 5_000
BATCH = 50_000
TEXTS = 20_000
"""So many different texts are written; larger desks say the same again, which no index minds."""

_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "xu",
    "ya",
    "ze",
    "pri",
    "sta",
    "ter",
    "mon",
    "pan",
    "lok",
    "dra",
    "vel",
]


def vocabulary(count: int = 6_000) -> list[str]:
    """Invented words, the same each time."""
    r = random.Random("words")
    words: set[str] = set()
    while len(words) < count:
        words.add("".join(r.choice(_SYLLABLES) for _ in range(r.choice((2, 2, 3, 3, 4)))))
    return sorted(words)


def texts() -> list[tuple[int, str, str, str]]:
    """Titles of 6 words, openings of 60 and further messages of 40, the n-th word of the list as often as 1/n."""
    r, words = random.Random("texts"), vocabulary()

    def said(length: int) -> str:
        return " ".join(words[int(len(words) ** r.random()) - 1] for _ in range(length))

    return [(n, said(6), said(60), said(40)) for n in range(TEXTS)]


_ACCOUNTS = """
INSERT INTO customers_account (public_id, number, name, sort_key, match_key, kind, language, time_zone, importance,
  stage, tags, answers, version, opened_at)
SELECT 'bench-account-' || n, 'B-' || n, 'Bench ' || n, 'bench ' || n, 'bench' || n, 'company', 'en',
  'Asia/Shanghai', 1, 'installed', '{}', '{}', 1, %(now)s FROM generate_series(1, %(count)s) n
"""
_TEXTS = """
CREATE TEMP TABLE bench_text (n int PRIMARY KEY, title text, opening text, later text);
CREATE TEMP TABLE bench_account AS SELECT row_number() OVER (ORDER BY id) AS place, id FROM customers_account
  WHERE number LIKE 'B-%'
"""
_CONVERSATIONS = """
INSERT INTO channels_conversation (public_id, account_id, opened_at)
SELECT 'bench-c-' || n, a.id, %(begin)s + (n::float / %(all)s) * interval '730 days'
FROM generate_series(%(first)s, %(last)s) n JOIN bench_account a ON a.place = n %% 5000 + 1
"""
_CASES = """
INSERT INTO cases_case (public_id, number, type, title, answers, tags, channel, language, status, impact, urgency,
  priority, tier, told_at, received_at, answered_at, accepted_at, waiting_for, reminded, solved_at, solution, closed_at,
  reopenings, reroutings, alarms, ended_over_children, next_due_at, cause, prevention, version, account_id, conversation_id,
  outcome, end_told)
SELECT 'bench-' || n.n, 'B-' || n.n, 'fault', t.title, '{}', '[]', 'web', 'en',
  CASE WHEN n.n %% 5 = 0 THEN 'accepted' ELSE 'closed' END, 2, 2, 3, 1,
  v.opened_at, v.opened_at, v.opened_at + interval '1 hour', v.opened_at + interval '1 hour', '', 0,
  CASE WHEN n.n %% 5 = 0 THEN NULL ELSE v.opened_at + interval '1 day' END, CASE WHEN n.n %% 5 = 0 THEN '' ELSE 'answer' END,
  CASE WHEN n.n %% 5 = 0 THEN NULL ELSE v.opened_at + interval '2 days' END, 0, 0, 0, '',
  CASE WHEN n.n %% 5 = 0 THEN v.opened_at + interval '2 days' END, '', '', 1, v.account_id, v.id,
  CASE WHEN n.n %% 5 = 0 THEN '' ELSE 'unopposed' END, CASE WHEN n.n %% 5 = 0 THEN '' ELSE 'letter' END
FROM generate_series(%(first)s, %(last)s) AS n (n) JOIN channels_conversation v ON v.public_id = 'bench-c-' || n.n
  JOIN bench_text t ON t.n = n.n %% %(texts)s
"""
_MESSAGES = """
INSERT INTO channels_message (at, conversation_id, account_id, direction, channel, author_kind, author_name, text, state)
SELECT c.told_at + (m - 1) * interval '1 hour', c.conversation_id, c.account_id, CASE m WHEN 2 THEN 'out' ELSE 'in' END,
  'web', 'contact', 'Bench', CASE m WHEN 1 THEN t.opening ELSE t.later END
    || CASE WHEN m = 1 AND substr(c.number, 3)::int %% %(per)s = 0
         THEN ' zzrare' || (substr(c.number, 3)::int / %(per)s) %% 100 ELSE '' END
    || CASE WHEN m = 1 AND substr(c.number, 3)::int %% 20 = 7 THEN ' zzmid' || (substr(c.number, 3)::int / 20) %% 10 ELSE '' END,
  CASE m WHEN 2 THEN 'shown' ELSE 'received' END
FROM cases_case c CROSS JOIN generate_series(1, 3) m JOIN bench_text t ON t.n = (c.id * 7 + m) %% %(texts)s
WHERE c.number = ANY (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) n)
"""
_PROMISES = """
INSERT INTO promises_promise (public_id, kind, what, text, evidence, account_id, subject_type, subject_id, made_at,
  made_by, starts_at, calendar_key, zone, working_seconds, due_at, beaten_share, warn, warned, state, kept_at, settled_at,
  end_reason, margin_working_seconds, margin_seconds, is_beaten, next_look_at)
SELECT 'bench-p-' || c.id, 'customer', 'resolution', '', '', c.account_id, 'case', c.id, c.told_at, 'bench', c.told_at, '',
  'Asia/Shanghai', 57600, c.told_at + interval '2 days', 0.25, '{}', 0,
  CASE WHEN c.solved_at IS NULL THEN 'running' ELSE 'kept' END, c.solved_at, c.solved_at, '',
  CASE WHEN c.solved_at IS NOT NULL THEN 28800 END, CASE WHEN c.solved_at IS NOT NULL THEN 86400 END, false,
  CASE WHEN c.solved_at IS NULL THEN c.told_at + interval '2 days' END
FROM cases_case c WHERE c.number = ANY (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) n)
"""
_EVENTS = """
INSERT INTO timeline_event (at, kind, is_public, subject_type, subject_id, account_id, actor_kind, actor_name, facts,
  seq, prev_hash, hash)
SELECT CASE k WHEN 1 THEN c.told_at WHEN 2 THEN c.accepted_at ELSE c.closed_at END,
  CASE k WHEN 1 THEN 'case.opened' WHEN 2 THEN 'case.accepted' ELSE 'case.closed' END, true, 'case', c.id, c.account_id,
  'staff', 'Bench', CASE k
    WHEN 1 THEN jsonb_build_object('number', c.number, 'title', c.title, 'channel', 'web', 'type', 'fault',
      'told_at', c.told_at, 'contact_id', NULL, 'is_answerable', true)
    WHEN 2 THEN jsonb_build_object('owner', 'Bench')
    ELSE jsonb_build_object('reason', 'silent after solving') END, k, '', ''
FROM cases_case c CROSS JOIN generate_series(1, 3) k
WHERE c.number = ANY (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) n) AND (k < 3 OR c.closed_at IS NOT NULL)
"""
_SEARCH = """
INSERT INTO search_document (kind, object_id, account_id, title, text, tsv, at, audience)
SELECT 'case', c.id, c.account_id, c.number || ' ' || c.title, lower(c.number || ' ' || c.title || ' ' || m.text),
  to_tsvector('simple', c.number || ' ' || c.title || ' ' || m.text), c.told_at, 'public'
FROM cases_case c JOIN channels_message m ON m.conversation_id = c.conversation_id AND m.at = c.told_at
WHERE c.number = ANY (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) n)
"""


def fill(cases: int) -> None:
    """Write so many cases into an empty, migrated database."""
    from tightrope.core import partitions

    begin = NOW - timedelta(days=731)
    partitions.prepare_months(partitions.TABLES, since=begin, until=NOW + timedelta(days=40))
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET statement_timeout = 0; SET work_mem = '128MB'")
        cursor.execute(_ACCOUNTS, {"now": begin, "count": ACCOUNTS})
        cursor.execute(_TEXTS)
        cursor.executemany("INSERT INTO bench_text VALUES (%s, %s, %s, %s)", texts())
        # An index over words and trigrams is built ten times as fast as it is kept up row by row.
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search_document' AND indexdef LIKE '%USING gin%'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        # Chains of events are numbered and hashed one by one; nobody verifies those of the benchmark.
        cursor.execute("ALTER TABLE timeline_event DISABLE TRIGGER timeline_event_chain")
        for first in range(1, cases + 1, BATCH):
            values = {
                "first": first,
                "last": min(first + BATCH - 1, cases),
                "all": cases,
                "begin": begin,
                "per": max(1, cases // 500),
                "texts": TEXTS,
            }
            for statement in (_CONVERSATIONS, _CASES, _MESSAGES, _PROMISES, _EVENTS, _SEARCH):
                cursor.execute(statement, values)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("ALTER TABLE timeline_event ENABLE TRIGGER timeline_event_chain")
        cursor.execute("VACUUM ANALYZE")


def people() -> dict[str, str]:
    """A lead with a session and an interface with a key, beside the policies and figures a company has."""
    from django.contrib.sessions.backends.db import SessionStore

    from tightrope.calendars import defaults as calendars
    from tightrope.config.roles import MANUFACTURER
    from tightrope.core import clock
    from tightrope.core.actor import SYSTEM, Scope
    from tightrope.measures import actions as measures
    from tightrope.people import actions, queries
    from tightrope.people.models import Role
    from tightrope.promises import defaults as promises

    now = clock.now()
    calendars.install(by=SYSTEM, at=now)
    promises.install(by=SYSTEM, at=now)
    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=now)
    roles = {role.code: role for role in Role.objects.all()}

    def invited(name: str, role: str) -> Any:
        return actions.invite_user(
            email=f"{name}@bench.example",
            name=name,
            roles=[roles[role]],
            teams=[],
            language="en",
            by=SYSTEM,
            at=now,
        )

    administrator, lead = invited("administrator", "administrator"), invited("lead", "lead")
    grants = dict.fromkeys(("case.open", "case.view", "case.work"), Scope.ALL)
    _key, secret = actions.make_key(name="bench", grants=grants, by=queries.actor_of(administrator), at=now)
    session = SessionStore()
    session["_auth_user_id"] = str(lead.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = lead.get_session_auth_hash()
    session.create()
    measures.take_figures(at=now)
    measures.count_months()
    return {"key": secret, "session": str(session.session_key)}


def prepare(cases: int) -> dict[str, str]:
    """The desk with so many cases in the database of this process, made unless it is there; who works at it."""
    from tightrope.core.db import without_limits

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with without_limits(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_facts (facts jsonb NOT NULL)")
        cursor.execute("SELECT facts FROM bench_facts")
        known = cursor.fetchone()
        if known is not None:
            return dict(json.loads(known[0]) if isinstance(known[0], str) else known[0])
        fill(cases)
        # An open case in the midst of the others, as a clerk would have before him.
        facts = {**people(), "case": f"bench-{cases * 3 // 4 // 5 * 5}"}
        cursor.execute("INSERT INTO bench_facts VALUES (%s)", [json.dumps(facts)])
        return facts


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepare(int(sys.argv[1]))))
