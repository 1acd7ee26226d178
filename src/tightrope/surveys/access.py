"""Who may read what customers said, and who calls them back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor
from tightrope.people.access import Audience, Belonging, declare, reaches
from tightrope.surveys.models import FollowUp, Survey


class Can(StrEnum):
    VIEW = "survey.view"
    FOLLOW_UP = "survey.follow_up"


declare(
    Can,
    {
        Can.VIEW: _("See what customers said"),
        Can.FOLLOW_UP: _("Call customers back after a low score"),
    },
)

ROUTES: dict[str, dict[str, Any]] = {
    "surveys:list": {"GET": Can.VIEW},
    "surveys:answering": {"GET": Can.VIEW},
    "surveys:one": {"GET": Can.VIEW},
    "surveys:call": {"GET": Can.VIEW, "POST": Can.FOLLOW_UP},
    "surveys:answer": {"GET": Audience.LINK, "POST": Audience.LINK},
    "surveys:recommendation": {"POST": Audience.LINK},
}


def survey_behind(token: str) -> Survey | None:
    """The question behind a mailed link; None for one that never was or whose reader has left."""
    rows = Survey.objects.exclude(contact__is_active=False).filter(token=token)
    return rows.select_related("case", "contact").first()


def survey_for(by: Actor, public_id: str) -> Survey:
    """One answer. Raises Survey.DoesNotExist for what the doer may not see."""
    rows = Survey.objects.visible_to(by).select_related("case", "case__account", "contact", "owner", "team")
    return rows.get(public_id=public_id)


def call_for(by: Actor, public_id: str) -> FollowUp:
    """One return call. Raises FollowUp.DoesNotExist for what the doer may not see."""
    rows = FollowUp.objects.visible_to(by)
    return rows.select_related("survey", "case", "case__account", "contact", "owner", "team").get(
        public_id=public_id
    )


def may_call(by: Actor, follow_up: FollowUp) -> bool:
    """Whether the doer may make this call."""
    whose = Belonging(user_id=follow_up.owner_id, team_id=follow_up.team_id)
    return reaches(by.scope(Can.FOLLOW_UP), by, whose)
