"""Reckoning the figures from rows, and reading what was reckoned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tightrope.measures.dictionary import MEASURES, Measure
from tightrope.measures.models import MonthCount, Snapshot, Week

COMPANY = "all"
PERIOD_DAYS = 30
WEEKS = 12

_CASES = """
SELECT
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - told_at))
    FILTER (WHERE answered_at >= %(since)s AND answered_at < %(until)s AND status <> 'rejected') / 3600,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM solved_at - told_at))
    FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s) / 3600,
  count(*) FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s),
  count(*) FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s AND reopenings > 0),
  count(*) FILTER (WHERE told_at >= %(since)s AND told_at < %(until)s)
FROM cases_case
WHERE told_at >= %(earliest)s AND told_at < %(until)s AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
"""
_BACKLOG = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %(until)s - told_at)) / 3600,
  max(extract(epoch FROM %(until)s - told_at)) / 3600
FROM cases_case WHERE status IN ('received', 'accepted', 'waiting', 'reopened')
  AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
"""
_BACKLOG_THEN = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %(until)s - told_at)) / 3600,
  max(extract(epoch FROM %(until)s - told_at)) / 3600
FROM cases_case WHERE told_at < %(until)s AND status NOT IN ('rejected', 'merged')
  AND coalesce(solved_at, closed_at, 'infinity') >= %(until)s
  AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
"""
_PROMISES = """
SELECT count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE missed_at IS NOT NULL),
  count(*) FILTER (WHERE is_beaten),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY margin_working_seconds) / 3600,
  percentile_cont(0.05) WITHIN GROUP (ORDER BY margin_working_seconds) / 3600
FROM promises_promise WHERE kind = 'customer' AND due_at >= %(since)s AND due_at < %(until)s
  AND (kept_at IS NOT NULL OR missed_at IS NOT NULL) AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
"""
_SCORES = """
SELECT count(*) FILTER (WHERE s.score >= 4), count(s.score), count(*)
FROM surveys_survey s JOIN cases_case c ON c.id = s.case_id
WHERE s.kind = 'csat' AND s.asked_at >= %(since)s AND s.asked_at < %(until)s
  AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
"""


def reckoned(*, since: datetime, until: datetime, at: datetime, team_id: int | None = None) -> dict[str, Any]:
    """All figures of a period from the rows themselves. What has no rows is None, never nought.

    The backlog is that of the period's end; of a past one it is recounted from when cases were told and solved.
    """
    values = {"since": since, "until": until, "team": team_id, "earliest": since - timedelta(days=90)}
    with connection.cursor() as cursor:
        cursor.execute(_CASES, values)
        first_response, resolution, solved, reopened, told = cursor.fetchone()
        cursor.execute(_BACKLOG if until >= at else _BACKLOG_THEN, values)
        backlog, backlog_age, oldest = cursor.fetchone()
        cursor.execute(_PROMISES, values)
        kept, missed, beaten, margin, margin_p5 = cursor.fetchone()
        cursor.execute(_SCORES, values)
        content, answered, asked = cursor.fetchone()
    return {
        "told": told,
        "backlog": backlog,
        "backlog_age": _number(backlog_age),
        "oldest": _number(oldest),
        "first_response": _number(first_response),
        "resolution": _number(resolution),
        "solved": solved,
        "reopened": _share(reopened, solved),
        "promise_kept": _share(kept, kept + missed),
        "promise_count": kept + missed,
        "beaten": _share(beaten, kept + missed),
        "margin": _number(margin),
        "margin_p5": _number(margin_p5),
        "csat": _share(content, answered),
        "csat_count": answered,
        "csat_response": _share(answered, asked),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 3)


@dataclass(frozen=True)
class Shown:
    """One figure as a page shows it: today's value, the points of its trend, how it moved."""

    measure: Measure
    value: float | None
    points: list[float | None]
    change: float | None


def figures_of(scope: str = COMPANY) -> tuple[list[Shown], dict[str, Any], datetime | None]:
    """The eight figures of a scope, everything reckoned with them, and when. Nothing is reckoned here."""
    snapshot = Snapshot.objects.filter(scope=scope, period_days=PERIOD_DAYS).first()
    if snapshot is None:
        return [], {}, None
    weeks = list(Week.objects.filter(scope=scope).order_by("-begins_on")[:WEEKS])[::-1]
    shown = []
    for code, measure in MEASURES.items():
        points = [week.figures.get(code) for week in weeks]
        known = [point for point in points[:-1] if point is not None]
        value = snapshot.figures.get(code)
        before = known[-1] if known else None
        change = None if value is None or before is None else value - before
        shown.append(Shown(measure=measure, value=value, points=points, change=change))
    return shown, snapshot.figures, snapshot.taken_at


def by_scope(scopes: list[str]) -> dict[str, dict[str, Any]]:
    """The figures of several scopes side by side."""
    rows = Snapshot.objects.filter(scope__in=scopes, period_days=PERIOD_DAYS)
    return {row.scope: row.figures for row in rows}


def months(*, last: int = 13) -> list[tuple[date, dict[str, int]]]:
    """How the cases of each month stand now, the newest month first."""
    table: dict[date, dict[str, int]] = {}
    for row in MonthCount.objects.order_by("-month"):
        if row.month not in table and len(table) == last:
            break
        counts = table.setdefault(row.month, {})
        counts[row.status] = counts.get(row.status, 0) + row.count
    return list(table.items())
