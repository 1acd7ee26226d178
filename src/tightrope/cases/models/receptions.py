"""Who came or called at the reception, with or without a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from tightrope.core.actor import Actor, Scope
from tightrope.core.db import Lockable


class ReceptionSet(Lockable):
    """Entries of the reception's log, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> ReceptionSet:
        """Staff by how far they see cases; who was visited and who wrote it down always see it."""
        if by.is_system:
            return self.all()
        scope = by.scope("case.view") if by.is_staff else None
        if scope is None:
            return self.none()
        if scope is Scope.ALL:
            return self.all()
        reach = Q(host_id=by.user_id) | Q(logged_by_id=by.user_id) if by.user_id else Q(pk__in=[])
        if scope >= Scope.REGION:
            reach |= Q(account__region_id__in=by.regions)
        return self.filter(reach)


class Reception(models.Model):
    """One visit or call at the reception: who, what for, to whom, and what came of it."""

    class Way(models.TextChoices):
        VISIT = "visit", pgettext_lazy("reception", "Visit")
        CALL = "call", pgettext_lazy("reception", "Call")

    class Outcome(models.TextChoices):
        SETTLED = "settled", pgettext_lazy("reception", "settled at once")
        CASE = "case", pgettext_lazy("reception", "became a case")
        PASSED_ON = "passed_on", pgettext_lazy("reception", "passed on to the host")
        AGAIN = "again", pgettext_lazy("reception", "comes or calls again")
        NOT_RECEIVED = "not_received", pgettext_lazy("reception", "could not be received")

    way = models.CharField(max_length=8, choices=Way.choices)
    visitor = models.CharField(max_length=120)
    company = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(
        "customers.Account", null=True, on_delete=models.PROTECT, related_name="receptions"
    )
    purpose = models.CharField(max_length=300)
    host = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="receptions")
    came_at = models.DateTimeField()
    logged_by = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[ReceptionSet] = ReceptionSet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "cases_reception"
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="case") | Q(case__isnull=False), name="cases_reception_case_is_named"
            )
        ]
        indexes = [models.Index(fields=["-came_at", "-id"], name="cases_reception_came")]

    def __str__(self) -> str:
        return f"{self.visitor}: {self.purpose}"
