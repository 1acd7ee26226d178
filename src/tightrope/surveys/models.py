"""What customers say afterwards, and the calls that follow when it was bad."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.actor import Actor, Kind, holder_of_link
from tightrope.core.db import Lockable
from tightrope.core.ids import public_id
from tightrope.people.access import within_scope


class Rows(Lockable):
    """Answers and calls, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> Self:
        """Staff by who solved the case; a customer what he answered himself, the holder of a link that of his case."""
        if by.is_system:
            return self.all()
        if by.kind is Kind.LINK:
            return self.filter(case_id=by.case, contact_id=by.contact)
        if by.kind is Kind.CONTACT:
            return self.filter(contact_id=by.contact)
        if not by.is_staff:
            return self.none()
        return self.filter(within_scope(by, "survey.view", region="case__account__region"))


class Survey(models.Model):
    """One question asked to one person about one case, and what was answered.

    `owner` and `team` are who answered for the case when it was solved: the answer is about their work.
    """

    class Kind(models.TextChoices):
        CSAT = "csat", _("Satisfaction, 1 to 5")
        NPS = "nps", _("Would recommend, 0 to 10")

    token = models.CharField(max_length=22, unique=True, default=public_id)
    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.CSAT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="surveys")
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.PROTECT, related_name="surveys"
    )
    account_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=12, default="web")
    language = models.CharField(max_length=12, default="zh-hans")
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text=_("When a mail of its own asked for it."))
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)

    objects: ClassVar[Rows] = Rows.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "surveys_survey"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "contact", "kind"], name="surveys_survey_once", nulls_distinct=False
            ),
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
            models.Index(fields=["contact", "-mailed_at"], name="surveys_mailed"),
            models.Index(fields=["owner", "-answered_at", "-id"], name="surveys_owner"),
            models.Index(fields=["team", "-answered_at", "-id"], name="surveys_team"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.score or '?'}"

    @property
    def is_low(self) -> bool:
        """Whether somebody should call: at most 2 of 5, at most 6 of 10."""
        return self.score is not None and self.score <= (2 if self.kind == self.Kind.CSAT else 6)

    @property
    def scale(self) -> range:
        """What may be answered."""
        return range(1, 6) if self.kind == self.Kind.CSAT else range(11)

    def actor(self) -> Actor:
        """Whoever holds the link in the mail, as a doer: the contact of this one case."""
        return holder_of_link(
            self.pk,
            contact=self.contact,
            case_id=self.case_id,
            account_id=self.account_id,
            language=self.language,
        )


class FollowUp(models.Model):
    """A return call that a low score calls for: by when, what came of it, and the score after."""

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("Settled on the phone")
        TAKEN_UP = "taken_up", _("Taken up again")
        NO_WISH = "no_wish", _("The customer wants no call")
        NOT_REACHED = "not_reached", _("Not reached, to be tried again")
        GIVEN_UP = "given_up", pgettext_lazy("outcome of a return call", "Not reached, given up")

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="follow_up")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="follow_ups")
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    score_after = models.PositiveSmallIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Rows] = Rows.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "surveys_follow_up"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome__in=["", "not_reached"])
                | Q(closed_at__isnull=False, outcome__in=["settled", "taken_up", "no_wish", "given_up"]),
                name="surveys_follow_up_closed_iff_final",
            ),
            models.CheckConstraint(
                condition=Q(score_after__isnull=True) | Q(score_after__range=(0, 10)),
                name="surveys_follow_up_score",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="surveys_follow_up_due"
            ),
            models.Index(fields=["case"], name="surveys_follow_up_case"),
        ]

    def __str__(self) -> str:
        return str(self.survey)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_late(self, at: datetime) -> bool:
        """Whether somebody should have called by now."""
        return self.is_open and self.due_at < at
