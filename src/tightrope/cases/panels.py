"""Pieces of the desk on pages of others."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tightrope.cases import queries
from tightrope.cases.access import Can
from tightrope.cases.models import Case
from tightrope.cases.rows import rows_of
from tightrope.core.actor import Actor
from tightrope.customers.access import may_change
from tightrope.customers.models import Account, Contact
from tightrope.customers.panels import Panel
from tightrope.customers.queries import confirming, family_of

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


def to_confirm(case: Case, by: Actor, at: datetime) -> Panel | None:
    """What to ask the customer's person about himself while his case is open."""
    if case.is_finished or case.contact is None or not may_change(by, case.account):
        return None
    details = confirming.to_confirm(case.contact, at=at)
    asked = [(case.contact, details)] if details else []
    return _asking(asked, back=reverse("cases:case", args=[case.public_id]))


def to_confirm_of_account(account: Account, by: Actor, at: datetime) -> Panel | None:
    """The same of every person of a customer with whom the desk is speaking."""
    if not by.may(Can.VIEW) or not may_change(by, account):
        return None
    open_cases = Case.objects.visible_to(by).unfinished().filter(account_id__in=family_of(account.pk))
    people = list(
        Contact.objects.filter(pk__in=open_cases.values("contact_id")).order_by("name", "pk")[:SHOWN]
    )
    confirming.know_addresses_of(people)
    asked = [(contact, details) for contact in people if (details := confirming.to_confirm(contact, at=at))]
    return _asking(asked, back=reverse("customers:account", args=[account.public_id]))


def _asking(asked: list[tuple[Contact, list[confirming.Detail]]], *, back: str) -> Panel | None:
    if not asked:
        return None
    return Panel(
        title=_("To ask while you speak"),
        template="customers/confirming.html",
        context={"asked": asked, "back": back},
    )
