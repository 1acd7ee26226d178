"""Taking the figures: reckoned in a job, so that a page never waits for a sum over a million rows. And the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from tightrope import timeline
from tightrope.calendars.queries import worktime_of
from tightrope.cases.models import UNFINISHED, Case
from tightrope.core.actor import Actor, Scope
from tightrope.measures import courses, events, queries, record, sources
from tightrope.measures.access import Can
from tightrope.measures.models import Course, Passage, Reading, Snapshot, Week
from tightrope.people.access import Denied
from tightrope.people.models import Installation
from tightrope.timeline import histories
from tightrope.timeline.export import Part

AT_ONCE, BATCH = 2_000, 250
HISTORY = timedelta(days=400)
"""How far back the cases are read that were there before the first look."""
BEFORE_HOLDS = timedelta(hours=1)
GROWS_EVERY = timedelta(hours=6)
"""How often the running times of unfinished cases to which nothing happens are taken anew."""


def take_figures(*, at: datetime) -> None:
    """Reckon the last thirty days and the running week for the company and each team with cases."""
    scopes: list[tuple[str, int | None]] = [(queries.COMPANY, None)]
    scopes += [(f"team:{team_id}", team_id) for team_id in _teams_with_cases()]
    for scope, team_id in scopes:
        since = at - timedelta(days=queries.PERIOD_DAYS)
        figures = queries.reckoned(since=since, until=at, at=at, team_id=team_id)
        Snapshot.objects.update_or_create(
            scope=scope,
            period_days=queries.PERIOD_DAYS,
            defaults={"taken_at": at, "figures": figures} | _before(scope, team_id, at=at),
        )
        _take_weeks(scope, team_id, at=at)


def _before(scope: str, team_id: int | None, *, at: datetime) -> dict[str, Any]:
    """The equally long period before, taken once an hour: it moves too slowly to be reckoned each minute."""
    rows = Snapshot.objects.filter(scope=scope, period_days=queries.PERIOD_DAYS)
    if rows.filter(before_at__gt=at - BEFORE_HOLDS).exists():
        return {}
    period = timedelta(days=queries.PERIOD_DAYS)
    figures = queries.reckoned(since=at - 2 * period, until=at - period, at=at, team_id=team_id)
    return {"before": figures, "before_at": at}


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


@transaction.atomic
def take_courses(*, at: datetime) -> int:
    """Make the passages anew of the cases to which something happened, of those that run on, and of a stretch of
    older ones; tells of how many. Two looks at once do the work of one."""
    if not Reading.objects.exists():
        _begin_reading()
    reading = Reading.objects.select_for_update(skip_locked=True).first()
    if reading is None:
        return 0
    wanted, newest = histories.touched_after("case", after=reading.before_id, limit=AT_ONCE)
    reading.before_id, reading.event_id = reading.event_id, newest
    wanted |= set(
        Course.objects.filter(is_open=True, taken_at__lt=at - GROWS_EVERY)
        .order_by("taken_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    older = _older_cases(reading.fill_below, since=at - HISTORY)
    reading.fill_below = min(older, default=0)
    wanted.update(older)
    ids = sorted(wanted)
    for first in range(0, len(ids), BATCH):
        _take_batch(ids[first : first + BATCH], at=at)
    reading.save()
    return len(ids)


def _begin_reading() -> None:
    """From here on by what happens; what was there before is read from the newest case down."""
    newest = histories.newest_event()
    highest = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Reading.objects.get_or_create(
        pk=1, defaults={"event_id": newest, "before_id": newest, "fill_below": highest + 1}
    )


def _older_cases(below: int, *, since: datetime) -> list[int]:
    if not below:
        return []
    rows = Case.objects.filter(pk__lt=below, told_at__gte=since).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _take_batch(case_ids: list[int], *, at: datetime) -> None:
    calendar = worktime_of(None)
    passages = [
        passage
        for told in sources.told(case_ids)
        for passage in courses.passages_of(told, calendar=calendar, at=at)
    ]
    Passage.objects.filter(case_id__in=case_ids).delete()
    Passage.objects.bulk_create(passages)
    Course.objects.filter(pk__in=case_ids).delete()
    unfinished = Case.objects.filter(pk__in=case_ids).values_list("pk", "status")
    Course.objects.bulk_create(
        Course(case_id=pk, taken_at=at, is_open=status in UNFINISHED) for pk, status in unfinished
    )


@transaction.atomic
def export_record(wanted: record.Wanted, *, by: Actor, at: datetime) -> Part:
    """Write down that the record, or a part of it, leaves the house. Returns the part that may be read now.

    Raises Denied for who may not read everything, NothingOfThatName.
    """
    if by.scope(Can.AUDIT) is not Scope.ALL:
        raise Denied(Can.AUDIT.value)
    part = record.part_of(wanted)
    timeline.record(Installation(), events.RecordExported(part=part.told(), words=wanted.words), by=by, at=at)
    return part
