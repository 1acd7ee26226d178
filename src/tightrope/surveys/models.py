"""What customers say afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.ids import public_id


class Survey(models.Model):
    """One question asked to one person about one case, and what was answered."""

    class Kind(models.TextChoices):
        CSAT = "csat", _("Satisfaction, 1 to 5")
        NPS = "nps", _("Would recommend, 0 to 10")

    token = models.CharField(max_length=22, unique=True, default=public_id)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.CSAT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="surveys")
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.PROTECT, related_name="surveys"
    )
    account_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12, default="web")
    language = models.CharField(max_length=12, default="zh-hans")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        db_table = "surveys_survey"
        constraints = [
            models.UniqueConstraint(fields=["case", "contact", "kind"], name="surveys_survey_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True)
                | Q(score__isnull=False, answered_at__isnull=False),
                name="surveys_answered_iff_scored",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True)
                | Q(kind="csat", score__range=(1, 5))
                | Q(kind="nps", score__range=(0, 10)),
                name="surveys_score_range",
            ),
        ]
        indexes = [
            models.Index(fields=["-answered_at", "-id"], name="surveys_answered"),
            models.Index(fields=["kind", "asked_at"], name="surveys_asked"),
            models.Index(fields=["account_id", "-asked_at"], name="surveys_account"),
        ]

    @property
    def is_low(self) -> bool:
        """Whether somebody should call: at most 2 of 5, at most 6 of 10."""
        return self.score is not None and self.score <= (2 if self.kind == self.Kind.CSAT else 6)
