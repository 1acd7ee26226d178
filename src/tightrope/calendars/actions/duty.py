"""Saying who is on duty for a team, every week or once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.calendars import events
from tightrope.calendars.access import Can
from tightrope.calendars.models import Duty
from tightrope.core.actor import Actor
from tightrope.people.access import Belonging, require
from tightrope.people.models import Team, User


class BadDuty(ValueError):
    """This duty cannot stand. The message says why."""


@transaction.atomic
def plan_weekly_duty(
    team: Team, *, user: User, stand_in: User | None, weekdays: Iterable[int], from_time: time, until_time: time,
    by: Actor, at: datetime,
) -> list[Duty]:  # fmt: skip
    """Somebody is on duty every week on these days (0 is Monday); hours that end before they begin pass midnight.

    Raises BadDuty for no day, or where somebody is on duty at the same hours already; Denied.
    """
    team = _locked(team, by)
    _refuse_strangers(team, user, stand_in)
    days = sorted(set(weekdays))
    if not days:
        raise BadDuty(_("Choose at least one day of the week."))
    standing = list(Duty.objects.filter(team=team, weekday__isnull=False))
    made = [
        Duty(team=team, user=user, stand_in=stand_in, weekday=day, from_time=from_time, until_time=until_time)
        for day in days
    ]
    for duty in made:
        if any(duty.meets(other) for other in standing):
            raise BadDuty(_("Somebody is on duty at these hours already. End that duty first."))
    Duty.objects.bulk_create(made)
    when = f"{'/'.join(str(day + 1) for day in days)} {from_time:%H:%M}-{until_time:%H:%M}"
    _planned(team, user, stand_in, when, by=by, at=at)
    return made


@transaction.atomic
def plan_duty(
    team: Team, *, user: User, stand_in: User | None, starts_at: datetime, ends_at: datetime, by: Actor, at: datetime
) -> Duty:  # fmt: skip
    """Somebody is on duty once, from then to then; for that time it counts instead of what is said for every week.

    Raises BadDuty for a time that is over or ends before it begins, or in which somebody else is; Denied.
    """
    team = _locked(team, by)
    _refuse_strangers(team, user, stand_in)
    if ends_at <= max(starts_at, at):
        raise BadDuty(_("A duty ends after it has begun, and later than now."))
    if Duty.objects.filter(team=team, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise BadDuty(_("Somebody is on duty at that time already. End that duty first."))
    made: Duty = Duty.objects.create(
        team=team, user=user, stand_in=stand_in, starts_at=starts_at, ends_at=ends_at
    )
    when = " – ".join(f"{timezone.localtime(instant):%Y-%m-%d %H:%M}" for instant in (starts_at, ends_at))
    _planned(team, user, stand_in, when, by=by, at=at)
    return made


@transaction.atomic
def end_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    """Take a duty off the roster. Taking it off twice is not an error. Raises Denied."""
    team = _locked(duty.team, by)
    deleted, _rows = Duty.objects.filter(pk=duty.pk).delete()
    if deleted:
        timeline.record(team, events.DutyEnded(person=duty.user.name, team=team.name), by=by, at=at)


def _locked(team: Team, by: Actor) -> Team:
    """The team's row, so that two planners do not both find its hours free."""
    require(by, Can.PLAN_DUTY, Belonging(team_id=team.pk, region_id=team.region_id))
    return Team.objects.select_for_update().get(pk=team.pk)


def _refuse_strangers(team: Team, user: User, stand_in: User | None) -> None:
    members = set(team.memberships.values_list("user_id", flat=True))
    if user.pk not in members or (stand_in is not None and stand_in.pk not in members):
        raise BadDuty(_("Whoever is on duty for a team belongs to it."))
    if stand_in is not None and stand_in.pk == user.pk:
        raise BadDuty(_("Nobody stands in for himself."))


def _planned(team: Team, user: User, stand_in: User | None, when: str, *, by: Actor, at: datetime) -> None:
    event = events.DutyPlanned(
        person=user.name, stand_in=stand_in.name if stand_in else "", team=team.name, when=when
    )
    timeline.record(team, event, by=by, at=at)
