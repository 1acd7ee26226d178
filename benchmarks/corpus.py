"""A large desk to measure on: so many cases with their words, promises and search entries, written by set.

20 % are open, spread over two years and 5,000 customers; each has a description of about 60 words and two
further messages. Words follow a Zipf law. `zzrare<k>` stands in 5 descriptions per 100,000 cases, `zzmid<k>`
in about 500. Rows are written by SQL, not by acts: it is the size that is measured, not the way there.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from django.db import connection

from tightrope.core import partitions

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
ACCOUNTS = 5_000
BATCH = 50_000

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


_ACCOUNTS = """
INSERT INTO customers_account (public_id, number, name, sort_key, match_key, kind, language, time_zone, importance,
  stage, tags, answers, version, opened_at)
SELECT 'bench-account-' || n, 'B-' || n, 'Bench ' || n, 'bench ' || n, 'bench' || n, 'company', 'en',
  'Asia/Shanghai', 1, 'installed', '{}', '{}', 1, %(now)s FROM generate_series(1, %(count)s) n
"""
_WORDS = """
CREATE TEMP TABLE words AS SELECT row_number() OVER () AS n, word FROM unnest(%(words)s::text[]) word;
CREATE FUNCTION pg_temp.said(seed bigint, length int) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(w.word, ' ') FROM (
    SELECT (6000 ^ (('x' || substr(md5(seed || '-' || i), 1, 7))::bit(28)::int / 268435456.0))::int AS n
    FROM generate_series(1, length) i) p JOIN words w ON w.n = greatest(p.n, 1) $$;
CREATE INDEX ON words (n);
CREATE TEMP TABLE bench_account AS SELECT row_number() OVER (ORDER BY id) AS n, id FROM customers_account
  WHERE number LIKE 'B-%%'
"""
_CONVERSATIONS = """
INSERT INTO channels_conversation (public_id, account_id, opened_at)
SELECT 'bench-c-' || n, a.id, %(begin)s + (n::float / %(all)s) * interval '730 days'
FROM generate_series(%(first)s, %(last)s) n JOIN bench_account a ON a.n = n %% 5000 + 1
"""
_CASES = """
INSERT INTO cases_case (public_id, number, type, title, answers, tags, channel, language, status, impact, urgency,
  priority, tier, told_at, received_at, answered_at, accepted_at, waiting_for, reminded, solved_at, solution, closed_at,
  reopenings, reroutings, next_due_at, cause, prevention, version, account_id, conversation_id)
SELECT 'bench-' || n, 'B-' || n, 'fault', pg_temp.said(n * 7, 6), '{}', '[]', 'web', 'en',
  CASE WHEN n %% 5 = 0 THEN 'accepted' ELSE 'closed' END, 2, 2, 3, 1,
  v.opened_at, v.opened_at, v.opened_at + interval '1 hour', v.opened_at + interval '1 hour', '', 0,
  CASE WHEN n %% 5 = 0 THEN NULL ELSE v.opened_at + interval '1 day' END, CASE WHEN n %% 5 = 0 THEN '' ELSE 'answer' END,
  CASE WHEN n %% 5 = 0 THEN NULL ELSE v.opened_at + interval '2 days' END, 0, 0,
  CASE WHEN n %% 5 = 0 THEN v.opened_at + interval '2 days' END, '', '', 1, v.account_id, v.id
FROM generate_series(%(first)s, %(last)s) n JOIN channels_conversation v ON v.public_id = 'bench-c-' || n
"""
_MESSAGES = """
INSERT INTO channels_message (at, conversation_id, account_id, direction, channel, author_kind, author_name, text, state)
SELECT c.told_at + (m - 1) * interval '1 hour', c.conversation_id, c.account_id, CASE m WHEN 2 THEN 'out' ELSE 'in' END,
  'web', 'contact', 'Bench', pg_temp.said(c.id * 10 + m, CASE m WHEN 1 THEN 60 ELSE 40 END)
    || CASE WHEN m = 1 AND substr(c.number, 3)::int %% %(per)s = 0
         THEN ' zzrare' || (substr(c.number, 3)::int / %(per)s) %% 100 ELSE '' END
    || CASE WHEN m = 1 AND substr(c.number, 3)::int %% 20 = 7 THEN ' zzmid' || (c.id %% 10) ELSE '' END,
  CASE m WHEN 2 THEN 'shown' ELSE 'received' END
FROM cases_case c CROSS JOIN generate_series(1, 3) m
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
  CASE WHEN c.solved_at IS NULL THEN 'infinity'::timestamptz END
FROM cases_case c WHERE c.number = ANY (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) n)
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
    begin = NOW - timedelta(days=731)
    partitions.prepare_months(partitions.TABLES, since=begin, until=NOW + timedelta(days=40))
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET statement_timeout = 0; SET work_mem = '128MB'")
        cursor.execute(_ACCOUNTS, {"now": begin, "count": ACCOUNTS})
        cursor.execute(_WORDS, {"words": vocabulary()})
        for first in range(1, cases + 1, BATCH):
            values = {
                "first": first,
                "last": min(first + BATCH - 1, cases),
                "all": cases,
                "begin": begin,
                "per": max(1, cases // 500),
            }
            for statement in (_CONVERSATIONS, _CASES, _MESSAGES, _PROMISES, _SEARCH):
                cursor.execute(statement, values)
        cursor.execute("ANALYZE")
