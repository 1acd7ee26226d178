"""Making and changing teams."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.people import events
from tightrope.people.access import Can, require
from tightrope.people.actions.refusals import NameTaken
from tightrope.people.models import Region, Team

FIELDS = ("name", "code", "region", "tier", "is_department", "is_open")


@transaction.atomic
def put_team(
    team: Team | None, *, name: str, code: str, region: Region | None, new_region: str, tier: int,
    is_department: bool, is_open: bool, by: Actor, at: datetime,
) -> Team:  # fmt: skip
    """Make a team or change one. Raises NameTaken."""
    require(by, Can.MANAGE_PEOPLE)
    others = Team.objects.exclude(pk=team.pk) if team else Team.objects.all()
    if others.filter(Q(name=name) | Q(code=code)).exists():
        raise NameTaken(_("Another team has this name or code."))
    if new_region.strip():
        region, _is_new = Region.objects.get_or_create(name=new_region.strip())
    facts = {
        "name": name,
        "code": code,
        "region": region,
        "tier": tier,
        "is_department": is_department,
        "is_open": is_open,
    }
    if team is None:
        team = Team.objects.create(**facts)
        timeline.record(team, events.TeamMade(name=name, code=code), by=by, at=at)
        return team
    team = Team.objects.select_for_update(of=("self",)).select_related("region").get(pk=team.pk)
    changes = events.differences({field: getattr(team, field) for field in FIELDS}, facts)
    if changes:
        Team.objects.filter(pk=team.pk).update(**facts)
        timeline.record(team, events.TeamChanged(name=name, changes=changes), by=by, at=at)
    return Team.objects.get(pk=team.pk)
