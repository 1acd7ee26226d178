"""Signs that a case is a complaint, before anybody has said so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.db import Lockable


class ComplaintSign(models.Model):
    """Why a case may be a complaint: a word the customer used, or a low score. One row a ground, so that what was
    dismissed once is not suggested again."""

    class Ground(models.TextChoices):
        WORD = "word", _("The customer wrote a word of complaint")
        SCORE = "score", _("The customer gave a low score")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("sign of a complaint", "open")
        TAKEN = "taken", pgettext_lazy("sign of a complaint", "it is one")
        DISMISSED = "dismissed", pgettext_lazy("sign of a complaint", "dismissed")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="complaint_signs")
    account_id = models.BigIntegerField(null=True)
    ground = models.CharField(max_length=8, choices=Ground.choices)
    word = models.CharField(max_length=60, help_text=_("The word, or the score."))
    quote = models.CharField(max_length=200, blank=True, help_text=_("The words around it."))
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Lockable] = Lockable.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "cases_complaint_sign"
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "ground", "word"], name="cases_complaint_sign_once"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="cases_complaint_sign_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()}: {self.word}"
