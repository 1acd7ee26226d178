"""Proof that every score is the one that was given, and every call the one that was promised."""

from __future__ import annotations

from django.db import connection

_CHECKS = {
    "answer %s has another score than its last event": """
      SELECT s.id FROM surveys_survey s WHERE s.answered_at IS NOT NULL AND s.score IS DISTINCT FROM (
        SELECT (e.facts->>'score')::int FROM timeline_event e
        WHERE e.subject_type = 'case' AND e.subject_id = s.case_id AND e.kind = 'survey.answered'
          AND (e.facts->>'survey_id')::bigint = s.id ORDER BY e.seq DESC LIMIT 1)""",
    "return call %s is closed and its promise to the customer still runs": """
      SELECT f.id FROM surveys_follow_up f WHERE f.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM promises_promise p WHERE p.subject_type = 'case' AND p.subject_id = f.case_id
          AND p.what = 'follow_up' AND p.kept_at IS NULL AND p.ended_at IS NULL AND p.made_at = f.opened_at)""",
    "answer %s belongs to another customer than its case": """
      SELECT s.id FROM surveys_survey s JOIN cases_case c ON c.id = s.case_id
      WHERE s.account_id IS NOT NULL AND s.account_id IS DISTINCT FROM c.account_id""",
}
MOST = 20


def contradictions() -> list[str]:
    """A sentence for each answer or call that does not follow from what happened."""
    found = []
    with connection.cursor() as cursor:
        for sentence, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT {MOST}")
            found += [sentence % row[0] for row in cursor.fetchall()]
    return found
