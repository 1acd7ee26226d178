"""Taking the figures: reckoned in a job, so that a page never waits for a sum over a million rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from tightrope.measures import queries
from tightrope.measures.models import Snapshot, Week


def take_figures(*, at: datetime) -> None:
    """Reckon the last thirty days and the running week for the company and each team with cases."""
    scopes: list[tuple[str, int | None]] = [(queries.COMPANY, None)]
    scopes += [(f"team:{team_id}", team_id) for team_id in _teams_with_cases()]
    for scope, team_id in scopes:
        since = at - timedelta(days=queries.PERIOD_DAYS)
        Snapshot.objects.update_or_create(
            scope=scope,
            period_days=queries.PERIOD_DAYS,
            defaults={
                "taken_at": at,
                "figures": queries.reckoned(since=since, until=at, at=at, team_id=team_id),
            },
        )
        _take_weeks(scope, team_id, at=at)


def _teams_with_cases() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM people_team t WHERE EXISTS (SELECT 1 FROM cases_case c WHERE c.team_id = t.id)"
        )
        return [row[0] for row in cursor.fetchall()]


def _take_weeks(scope: str, team_id: int | None, *, at: datetime) -> None:
    """The running week anew, and those before it that were never reckoned."""
    monday = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = [monday - timedelta(weeks=back) for back in range(queries.WEEKS)]
    known = set(
        Week.objects.filter(scope=scope, begins_on__gte=begins[-1].date()).values_list("begins_on", flat=True)
    )
    for begin in begins:
        end = begin + timedelta(weeks=1)
        # A finished week is reckoned once more each hour for a while: what was told late still belongs to it.
        may_have_changed = end > at or (end > at - timedelta(days=8) and at.minute == 0)
        if begin.date() not in known or may_have_changed:
            figures = queries.reckoned(since=begin, until=min(at, end), at=at, team_id=team_id)
            Week.objects.update_or_create(scope=scope, begins_on=begin.date(), defaults={"figures": figures})


@transaction.atomic
def count_months() -> None:
    """Count the cases of every month by status and team, in one pass over the table."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM measures_month_count")
        cursor.execute(
            "INSERT INTO measures_month_count (month, status, team_id, count) "
            "SELECT date_trunc('month', told_at AT TIME ZONE %s)::date, status, team_id, count(*) "
            "FROM cases_case GROUP BY 1, 2, 3",
            [settings.TIME_ZONE],
        )


def forget_weeks() -> None:
    """Let every week be reckoned anew, e.g. after history was brought in."""
    Week.objects.all().delete()
