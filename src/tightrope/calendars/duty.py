"""Reading the roster: who is on duty now, and what is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from tightrope.calendars.models import Duty
from tightrope.calendars.queries import in_force
from tightrope.core.paging import Page, page_by_key
from tightrope.people.models import User


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is alarmed first, and who next."""

    first: User
    second: User | None


def on_duty(team_id: int, *, at: datetime) -> OnDuty | None:
    """Who is on duty for a team at this moment; None where nobody is."""
    return on_duty_of([team_id], at=at).get(team_id)


def on_duty_of(team_ids: Iterable[int], *, at: datetime) -> dict[int, OnDuty]:
    """The same for several teams, in two statements.

    What is said for this one time counts before what is said for every week. Hours of the week are read on the
    clock of the company's calendar. Who has left is replaced by his stand-in; with neither, nobody is on duty.
    """
    minute = _minute_of_week(at)
    once = Q(starts_at__lte=at, ends_at__gt=at)
    rows = Duty.objects.filter(once | Q(weekday__isnull=False), team_id__in=list(team_ids))
    by_team: dict[int, list[Duty]] = defaultdict(list)
    for duty in rows.select_related("user", "stand_in").order_by("pk"):
        if duty.weekday is None or duty.covers(minute):
            by_team[duty.team_id].append(duty)
    found = {}
    for team_id, duties in by_team.items():
        duty = min(duties, key=lambda one: one.weekday is not None)
        people = [one for one in (duty.user, duty.stand_in) if one is not None and one.is_active]
        if people:
            found[team_id] = OnDuty(first=people[0], second=people[1] if len(people) > 1 else None)
    return found


def _minute_of_week(at: datetime) -> int:
    local = at.astimezone(ZoneInfo(in_force(None).worktime.zone))
    return (local.weekday() * 24 + local.hour) * 60 + local.minute


def weekly_of(team_id: int) -> list[Duty]:
    """What holds every week, from Monday on."""
    rows = Duty.objects.filter(team_id=team_id, weekday__isnull=False)
    return list(rows.select_related("user", "stand_in").order_by("weekday", "from_time"))


def once_of(team_id: int, *, at: datetime, after: str | None = None, size: int = 50) -> Page[Duty]:
    """What is planned for one time and not over, the next first."""
    rows = Duty.objects.filter(team_id=team_id, ends_at__gt=at).select_related("user", "stand_in")
    return page_by_key(rows, order=("ends_at", "pk"), after=after, size=size)
