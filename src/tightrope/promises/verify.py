"""Proof that the ledger does not contradict itself.

The database refuses most contradictions by itself; here the rest is recounted from the facts: due instants
from when the customer spoke and the pauses, margins from when it was kept, states from what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import connection

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.promises.actions.keeping import is_beaten
from tightrope.promises.models import Promise, State

TOLERANCE = timedelta(microseconds=1000)
CHUNK = 2_000

_SET_BASED = """
SELECT format('Promise %%s is paused and has no open pause, or the other way round.', p.id)
  FROM promises_promise p
  LEFT JOIN promises_pause o ON o.promise_id = p.id AND o.until_at IS NULL
  WHERE (p.paused_at IS NULL) <> (o.id IS NULL) OR p.paused_at <> o.from_at
UNION ALL
SELECT format('Promise %%s has two pauses at the same time.', a.promise_id)
  FROM promises_pause a JOIN promises_pause b ON a.promise_id = b.promise_id AND a.id < b.id
  WHERE tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)
UNION ALL
SELECT format('Promise %%s is missed since another instant than it was due.', p.id)
  FROM promises_promise p WHERE p.missed_at <> p.due_at
UNION ALL
SELECT format('Promise %%s was kept by its due instant and counts as missed, or the other way round.', p.id)
  FROM promises_promise p
  WHERE p.kept_at IS NOT NULL AND (p.kept_at <= p.due_at) <> (p.state = 'kept')
UNION ALL
SELECT format('Promise %%s counts in another period than the one it was decided in.', p.id)
  FROM promises_promise p
  WHERE p.settled_at IS DISTINCT FROM CASE p.state WHEN 'kept' THEN p.kept_at WHEN 'missed' THEN p.due_at END
UNION ALL
SELECT format('Promise %%s says it was replaced and nothing took its place, or the other way round.', p.id)
  FROM promises_promise p WHERE (p.state = 'replaced' AND p.replaced_by_id IS NULL)
    OR (p.replaced_by_id IS NOT NULL AND p.state NOT IN ('replaced', 'missed'))
UNION ALL
SELECT format('Promise %%s took the place of one about something else.', n.id)
  FROM promises_promise p JOIN promises_promise n ON n.id = p.replaced_by_id
  WHERE (p.subject_type, p.subject_id, p.kind, p.what) <> (n.subject_type, n.subject_id, n.kind, n.what)
UNION ALL
SELECT format('%%s %%s owes the same thing twice: %%s (%%s).', subject_type, subject_id, what, kind)
  FROM promises_promise
  WHERE kept_at IS NULL AND ended_at IS NULL AND what NOT IN ('word', 'action', 'follow_up', 'call')
  GROUP BY subject_type, subject_id, what, kind HAVING count(*) > 1
UNION ALL
SELECT format('The clock of promise %%s would speak only after it is due.', id)
  FROM promises_promise WHERE next_look_at > due_at
"""


def contradictions(limit: int = 100) -> list[str]:
    """Sentences naming what does not fit together; none when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_SET_BASED}) found LIMIT %s", [limit])  # noqa: S608
        found = [str(row[0]) for row in cursor.fetchall()]
    for sentence in _recounted():
        if len(found) >= limit:
            break
        found.append(sentence)
    return found


def _recounted() -> Iterator[str]:
    """Walks the ledger in chunks by key. A promise whose hours have changed since is not reckoned again."""
    last = 0
    while True:
        rows = list(Promise.objects.filter(pk__gt=last).prefetch_related("pauses").order_by("pk")[:CHUNK])
        if not rows:
            return
        last = rows[-1].pk
        calendars = {key: worktime_of(key) for key in {row.calendar_id for row in rows}}
        yield from _wrong_in(rows, calendars)


def _wrong_in(rows: Iterable[Promise], calendars: dict[int | None, worktime.Calendar]) -> Iterator[str]:
    for row in rows:
        calendar = calendars[row.calendar_id]
        if row.calendar_key != calendar.key:
            continue
        if row.working_seconds is not None:
            spans = [
                worktime.Span(pause.from_at, pause.until_at)
                for pause in row.pauses.all()
                if pause.until_at is not None and pause.until_at > pause.from_at
            ]
            due = worktime.due_after(calendar, start=row.starts_at, seconds=row.working_seconds, pauses=spans)
            if abs(due - row.due_at) > TOLERANCE:
                yield f"Promise {row.pk} is due at {row.due_at:%Y-%m-%d %H:%M:%S}; reckoned again, {due:%Y-%m-%d %H:%M:%S}."
        if row.kept_at is not None:
            margin = worktime.working_seconds_between(calendar, start=row.kept_at, end=row.due_at)
            if abs(margin - (row.margin_working_seconds or 0.0)) > 1:
                yield f"Promise {row.pk} has a margin of {row.margin_working_seconds} s; counted again, {margin} s."
            elif row.state == State.KEPT and row.is_beaten != is_beaten(row, calendar):
                yield f"Promise {row.pk} is wrongly counted as {'' if row.is_beaten else 'not '}beaten."
