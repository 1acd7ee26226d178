"""How cases appear among what was found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tightrope import search
from tightrope.cases.access import reach_key, sees_all
from tightrope.cases.models import Case
from tightrope.cases.rows import address_of
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.statements import Given, written
from tightrope.search.registry import Hit


def visible(by: Actor, ids: Collection[int]) -> set[int]:
    """Which of these cases the doer may see."""
    seen = written(
        ("found cases", reach_key(by)),
        lambda: Case.objects.visible_to(by).filter(pk__any_of=Given("ids")).values_list("pk"),
    )
    return {pk for (pk,) in seen.tuples(ids=list(ids))}


def present(ids: Collection[int]) -> dict[int, Hit]:
    """Each case as a hit: its light, its customer, and where it opens."""
    rows = written(
        "hits of cases",
        lambda: (
            Case.objects.filter(pk__any_of=Given("ids"))
            .select_related("account", "contact")
            .only("public_id", "number", "title", "status", "next_due_at", "account__name", "contact__name")
        ),
    )
    at = clock.now()
    return {case.pk: _hit(case, at) for case in rows.all(ids=list(ids))}


def _hit(case: Case, at: datetime) -> Hit:
    return Hit(
        title=f"{case.number} {case.title}",
        url=address_of(case),
        hint=case.account.name if case.account else case.contact.name if case.contact else "",
        light=case.light(at),
    )


search.register("case", visible=visible, present=present, sees_all=sees_all, label=_("Cases"), icon="inbox")
