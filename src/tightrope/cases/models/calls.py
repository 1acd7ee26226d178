"""Calls that must reach the customer of a case, and every try to reach him."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.db import Lockable


class Call(models.Model):
    """One call that must reach the customer: why, by whom, when it is tried next, and how it ended."""

    class Purpose(models.TextChoices):
        TALK = "talk", _("Call about the case")
        RETURN = "return", _("Return call after the solution")
        SILENT = "silent", _("The customer does not answer in writing")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("call", "still to be made")
        REACHED = "reached", pgettext_lazy("call", "reached")
        GIVEN_UP = "given_up", pgettext_lazy("call", "not reached, given up")
        DROPPED = "dropped", pgettext_lazy("call", "not needed any more")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="calls")
    account_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.TALK)
    text = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("By when the next try is to be made."))
    promise = models.ForeignKey(
        "promises.Promise", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("Tries in vain."))
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it was given up or dropped."))
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[Lockable] = Lockable.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "cases_call"
        ordering = ["opened_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="cases_call_closed_iff_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="given_up") | (~Q(reason="") & Q(attempts__gt=0)),
                name="cases_call_given_up_after_tries",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(outcome=""), name="cases_call_one_open"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(outcome=""), name="cases_call_due")]

    def __str__(self) -> str:
        return self.text or str(self.get_purpose_display())

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Attempt(models.Model):
    """One try of a call: what came of it, and when to try again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("I spoke with the customer")
        NO_ANSWER = "no_answer", _("Nobody answered")
        BUSY = "busy", _("The line was busy")
        WRONG_NUMBER = "wrong", _("Wrong number")
        LATER = "later", _("The customer asked to be called later")
        NO_NUMBER = "no_number", _("There is no number to call")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text=_("By when the next try is to be made."))

    class Meta:
        db_table = "cases_call_attempt"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="cases_call_attempt_once")]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


NEXT_WORKDAY = 0
"""Stands in a schedule of retries for “the next working day”."""
RETRIES: list[int] = [30, 120, NEXT_WORKDAY]
"""The usual schedule: working minutes after each vain try; after the last of them it is given up."""


def usual_retries() -> list[int]:
    """The schedule of a company that has not set its own."""
    return list(RETRIES)
