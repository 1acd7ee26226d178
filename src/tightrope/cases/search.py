"""How cases appear among what was found."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tightrope import search
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.search.registry import Hit


def visible(by: Actor, ids: Collection[int]) -> set[int]:
    """Which of these cases the doer may see."""
    return set(Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))


def present(ids: Collection[int]) -> dict[int, Hit]:
    """Each case as a hit: its light, its customer, and where it opens."""
    rows = Case.objects.filter(pk__in=ids).with_people()
    return {case.pk: _hit(case) for case in rows}


def _hit(case: Case) -> Hit:
    return Hit(
        title=f"{case.number} {case.title}",
        url=reverse("cases:case", args=[case.public_id]),
        hint=case.account.name if case.account else case.contact.name if case.contact else "",
        light=case.light(clock.now()),
    )


search.register("case", visible=visible, present=present, label=_("Cases"), icon="inbox")
