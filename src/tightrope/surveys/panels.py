"""What customers said, on the pages of their case and their account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.customers.panels import Panel
from tightrope.customers.queries import family_of
from tightrope.surveys import queries
from tightrope.surveys.access import Can
from tightrope.surveys.models import Survey

YEAR = timedelta(days=365)


def said(subject: models.Model, by: Actor, at: datetime) -> Panel | None:
    """The scores and words of a case or an account; nothing when there are none or they are not his to see."""
    if not by.may(Can.VIEW):
        return None
    found: list[Survey] = []
    share: queries.Share | None = None
    match subject:
        case Case():
            found = queries.answers_about(subject, by=by)
        case Account():
            family = family_of(subject.pk)
            found = queries.answers_of_account(family, by=by)
            share = queries.satisfaction_of(family, since=at - YEAR, by=by) if found else None
    if not found:
        return None
    context: dict[str, Any] = {"answers": found, "share": share, "now": at}
    return Panel(
        title=_("What the customer said"),
        template="surveys/_said.html",
        context=context,
        action_url=reverse("surveys:list"),
        action_label=_("All answers"),
    )
