"""Pieces of the desk on pages of others."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tightrope.cases import queries
from tightrope.cases.access import Can
from tightrope.cases.rows import rows_of
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.customers.panels import Panel
from tightrope.customers.queries import family_of

SHOWN = 8


def of_account(account: Account, by: Actor, at: datetime) -> Panel | None:
    """The cases of a customer: the open ones first, then the newest of the rest."""
    if not by.may(Can.VIEW):
        return None
    cases = queries.cases_of_account(family_of(account.pk), by=by, limit=40)
    cases.sort(key=lambda case: case.is_finished)
    rows = rows_of(cases[:SHOWN], at=at)
    return Panel(
        title=_("Cases"),
        template="cases/panel_of_account.html",
        context={"rows": rows, "more": len(cases) > SHOWN, "account_id": account.pk},
        action_url=f"{reverse('cases:new')}?account={account.public_id}" if by.may(Can.OPEN) else "",
        action_label=_("New case"),
    )
