"""Proof that each case is where its events say: its status is folded anew from what happened."""

from __future__ import annotations

import json

from django.db import connection

STATUS_AFTER = {
    "case.opened": "received",
    "case.accepted": "accepted",
    "case.waiting": "waiting",
    "case.resumed": "accepted",
    "case.solved": "solved",
    "case.closed": "closed",
    "case.reopened": "reopened",
    "case.rejected": "rejected",
    "case.restored": "received",
    "case.merged": "merged",
}
"""A word of the customer ends waiting; whatever is not listed here leaves the status as it is. Where a case stands
again whose solving was taken back is said by the event."""
KINDS = [*STATUS_AFTER, "case.solving_taken_back"]

_FOLDED = """
WITH told AS (
  SELECT DISTINCT ON (e.subject_id) e.subject_id, e.kind, e.facts
  FROM timeline_event e JOIN cases_case c ON c.id = e.subject_id
  WHERE e.subject_type = 'case' AND (e.kind = ANY(%(kinds)s) OR e.kind = 'case.customer_wrote')
    AND NOT (e.kind = 'case.merged' AND e.facts->>'number' <> c.number)
    AND NOT (e.kind = 'case.customer_wrote' AND NOT EXISTS (
      SELECT 1 FROM timeline_event w WHERE w.subject_type = 'case' AND w.subject_id = e.subject_id AND w.seq = (
        SELECT max(seq) FROM timeline_event b WHERE b.subject_type = 'case' AND b.subject_id = e.subject_id
          AND b.seq < e.seq AND b.kind = ANY(%(kinds)s)) AND (w.kind = 'case.waiting'
            OR (w.kind = 'case.solving_taken_back' AND w.facts->>'status' = 'waiting'))))
  ORDER BY e.subject_id, e.seq DESC
)
SELECT format('case %%s is %%s, but its events say %%s', c.number, c.status, x.expected)
FROM cases_case c LEFT JOIN told t ON t.subject_id = c.id
CROSS JOIN LATERAL (SELECT coalesce((%(table)s::jsonb)->>t.kind,
  CASE t.kind WHEN 'case.customer_wrote' THEN 'accepted'
  WHEN 'case.solving_taken_back' THEN t.facts->>'status' ELSE 'without events' END) AS expected) x
WHERE c.status IS DISTINCT FROM x.expected LIMIT %(limit)s
"""

_OTHER = {
    "case %s has no open stint": """
      SELECT c.number FROM cases_case c WHERE NOT EXISTS (
        SELECT 1 FROM cases_stint s WHERE s.case_id = c.id AND s.until_at IS NULL)""",
    "case %s is finished and still has a running promise to the customer": """
      SELECT c.number FROM cases_case c JOIN promises_promise p ON p.subject_type = 'case' AND p.subject_id = c.id
      WHERE c.status IN ('solved', 'closed', 'merged', 'rejected') AND p.kept_at IS NULL AND p.ended_at IS NULL
        AND p.what IN ('first_response', 'next_response', 'resolution', 'hand_over', 'update')""",
    "case %s ended without saying how": """
      SELECT c.number FROM cases_case c WHERE (c.status IN ('closed', 'merged', 'rejected')) = (c.outcome = '')""",
    "case %s ended, its customer was not told, and nothing is about to tell him": """
      SELECT c.number FROM cases_case c WHERE c.status IN ('closed', 'merged', 'rejected') AND c.end_told = ''
        AND NOT EXISTS (
          SELECT 1 FROM procrastinate_jobs j JOIN timeline_event e ON e.id = (j.args->>'event_id')::bigint
          WHERE j.task_name = 'timeline.react' AND j.status IN ('todo', 'doing')
            AND j.args->>'reaction' LIKE 'tightrope.cases.reactions.tell_%%'
            AND e.subject_type = 'case' AND e.subject_id = c.id)""",
    "complaint %s is closed without cause, prevention and return call": """
      SELECT c.number FROM cases_case c WHERE c.type = 'complaint' AND c.status = 'closed'
        AND c.return_call <> 'before'
        AND (c.cause = '' OR c.prevention = '' OR c.return_call NOT IN ('done', 'given_up'))""",
    "case %s says its return call was made or tried to the end, but no call says so": """
      SELECT c.number FROM cases_case c WHERE c.return_call IN ('done', 'given_up') AND NOT EXISTS (
        SELECT 1 FROM cases_call k WHERE k.case_id = c.id AND k.purpose = 'return'
          AND k.outcome = CASE c.return_call WHEN 'done' THEN 'reached' ELSE 'given_up' END)""",
    "case %s is to be called at another time than its call is due": """
      SELECT c.number FROM cases_case c LEFT JOIN cases_call k ON k.case_id = c.id AND k.outcome = ''
      WHERE c.call_due_at IS DISTINCT FROM k.due_at""",
    "the open call of case %s stands on a promise that has ended, or is due at another time": """
      SELECT c.number FROM cases_call k JOIN cases_case c ON c.id = k.case_id
      JOIN promises_promise p ON p.id = k.promise_id
      WHERE k.outcome = '' AND (p.kept_at IS NOT NULL OR p.ended_at IS NOT NULL OR p.due_at <> k.due_at)""",
    "case %s counts other signs of a complaint than nobody has judged": """
      SELECT c.number FROM cases_case c LEFT JOIN (
        SELECT case_id, count(*) AS n FROM cases_complaint_sign WHERE state = 'open' GROUP BY case_id) s
        ON s.case_id = c.id WHERE c.signs <> coalesce(s.n, 0)""",
    "complaint %s comes again after one that is later, or is no complaint": """
      SELECT c.number FROM cases_case c JOIN cases_case o ON o.id = c.again_of_id
      WHERE c.again_times = 0 OR o.told_at >= c.told_at OR c.type <> 'complaint'""",
    "case %s is ordered by another time than its next promise is due": """
      SELECT c.number FROM cases_case c WHERE c.status IN ('received', 'accepted', 'reopened')
        AND c.next_due_at IS DISTINCT FROM (
          SELECT p.due_at FROM promises_promise p WHERE p.subject_type = 'case' AND p.subject_id = c.id
            AND p.kept_at IS NULL AND p.ended_at IS NULL AND p.paused_at IS NULL
          ORDER BY array_position(ARRAY['customer', 'contract', 'internal']::text[], p.kind::text), p.due_at LIMIT 1)""",
    "case %s answers to another customer than its conversation": """
      SELECT c.number FROM cases_case c JOIN channels_conversation v ON v.id = c.conversation_id
      WHERE c.account_id IS DISTINCT FROM v.account_id""",
    "case %s was opened twice for one message": """
      SELECT c.number FROM cases_case c GROUP BY c.number, c.conversation_id HAVING count(*) > 1""",
}


def contradictions(limit: int = 100) -> list[str]:
    """Sentences naming each case whose row and history do not agree."""

    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(_FOLDED, {"kinds": KINDS, "table": json.dumps(STATUS_AFTER), "limit": limit})
        found += [row[0] for row in cursor.fetchall()]
        for sentence, query in _OTHER.items():
            cursor.execute(f"{query} LIMIT %s", [limit])
            found += [sentence % row[0] for row in cursor.fetchall()]
    return found
