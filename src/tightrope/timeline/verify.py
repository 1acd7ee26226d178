"""Proof that nobody rewrote the past."""

from __future__ import annotations

from django.db import connection


def broken_chains(limit: int = 100) -> list[str]:
    """Sentences naming each subject whose chain of entries is altered, has a gap or lost its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chained AS (
              SELECT e.subject_type, e.subject_id, e.id, e.seq, e.hash, e.prev_hash, timeline_hash(e) AS expected,
                lag(e.hash, 1, '') OVER chain AS before, row_number() OVER chain AS place
              FROM timeline_event e WINDOW chain AS (PARTITION BY e.subject_type, e.subject_id ORDER BY e.seq)
            )
            SELECT format('event %%s of %%s %%s was altered or its predecessor is missing', id, subject_type, subject_id)
            FROM chained WHERE hash <> expected OR prev_hash <> before OR seq <> place
            UNION ALL
            SELECT format('%%s %%s should have %%s events and has %%s', s.subject_type, s.subject_id, s.seq, count(e.id))
            FROM timeline_stream s LEFT JOIN timeline_event e USING (subject_type, subject_id)
            GROUP BY s.subject_type, s.subject_id, s.seq HAVING count(e.id) <> s.seq
            LIMIT %s
            """,
            [limit],
        )
        return [row[0] for row in cursor.fetchall()]
