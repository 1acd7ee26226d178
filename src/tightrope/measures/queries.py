"""Reckoning the figures from rows, and reading what was reckoned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tightrope.core.statements import Given, written
from tightrope.measures.dictionary import MEASURES, Measure
from tightrope.measures.models import MonthCount, Snapshot, Week
from tightrope.measures.tables import TOO_FEW

COMPANY = "all"
PERIOD_DAYS = 30
WEEKS = 12
POINTS = 4
"""Of fewer weeks that have enough rows, no line is drawn."""

_CASES = """
SELECT
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - told_at))
    FILTER (WHERE answered_at >= %(since)s AND answered_at < %(until)s AND status <> 'rejected') / 3600,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM solved_at - told_at))
    FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s) / 3600,
  count(*) FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s),
  count(*) FILTER (WHERE solved_at >= %(since)s AND solved_at < %(until)s AND reopenings > 0),
  count(*) FILTER (WHERE told_at >= %(since)s AND told_at < %(until)s),
  count(*) FILTER (WHERE answered_at >= %(since)s AND answered_at < %(until)s AND status <> 'rejected')
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
        first_response, resolution, solved, reopened, told, answered_first = cursor.fetchone()
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
        "first_response_count": answered_first,
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
    count: int | None = None
    """How many rows stand behind it, when there are too few for a figure; None when there are enough."""


def figures_of(scope: str = COMPANY) -> tuple[list[Shown], dict[str, Any], datetime | None]:
    """The eight figures of a scope, everything reckoned with them, and when. Nothing is reckoned here."""
    snapshots = written(
        "figures", lambda: Snapshot.objects.filter(scope=Given("scope"), period_days=PERIOD_DAYS)[:1]
    )
    snapshot = snapshots.first(scope=scope)
    if snapshot is None:
        return [], {}, None
    last = written("weeks", lambda: Week.objects.filter(scope=Given("scope")).order_by("-begins_on")[:WEEKS])
    weeks = last.all(scope=scope)[::-1]
    shown = []
    for measure in MEASURES.values():
        points = [_of_enough(week.figures, measure) for week in weeks]
        value, before = _of_enough(snapshot.figures, measure), _of_enough(snapshot.before, measure)
        shown.append(
            Shown(
                measure=measure,
                value=value,
                points=points if sum(point is not None for point in points) >= POINTS else [],
                change=None if value is None or before is None else value - before,
                count=_too_few(snapshot.figures, measure),
            )
        )
    return shown, snapshot.figures, snapshot.taken_at


def _too_few(figures: dict[str, Any], measure: Measure) -> int | None:
    """How many rows stand behind a figure when they are too few; None when they are enough, or it needs none."""
    count: int | None = figures.get(measure.sample) if measure.sample else None
    return count if count is not None and count < TOO_FEW else None


def _of_enough(figures: dict[str, Any], measure: Measure) -> float | None:
    value: float | None = figures.get(measure.code)
    return value if _too_few(figures, measure) is None else None


def by_scope(scopes: list[str]) -> dict[str, dict[str, Any]]:
    """The figures of several scopes side by side."""
    rows = Snapshot.objects.filter(scope__in=scopes, period_days=PERIOD_DAYS)
    return {row.scope: _without_few(row.figures) for row in rows}


def _without_few(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures with those left out behind which too few rows stand."""
    known = {code: _of_enough(figures, measure) for code, measure in MEASURES.items()}
    beaten = figures.get("beaten") if _too_few(figures, MEASURES["promise_kept"]) is None else None
    return {**figures, **known, "beaten": beaten}


def months(*, last: int = 13) -> list[tuple[date, dict[str, int]]]:
    """How the cases of each month stand now, the newest month first."""
    table: dict[date, dict[str, int]] = {}
    for row in MonthCount.objects.order_by("-month"):
        if row.month not in table and len(table) == last:
            break
        counts = table.setdefault(row.month, {})
        counts[row.status] = counts.get(row.status, 0) + row.count
    return list(table.items())
