"""Figures taken at an instant, kept so that every start page reads one row however many cases there are; and the
passages in the course of each case that the reports count."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor, Scope
from tightrope.people.access import within_scope
from tightrope.promises.models import Source


class Snapshot(models.Model):
    """The figures of one scope (the company, or one team) over one period, as they were at an instant."""

    scope = models.CharField(max_length=40)
    period_days = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    figures = models.JSONField()
    before = models.JSONField(default=dict, help_text=_("The figures of the equally long period before."))
    before_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "measures_snapshot"
        constraints = [
            models.UniqueConstraint(fields=["scope", "period_days"], name="measures_snapshot_once")
        ]


class Week(models.Model):
    """The figures of one scope in one finished or running week: the points of the trend lines."""

    scope = models.CharField(max_length=40)
    begins_on = models.DateField()
    figures = models.JSONField()

    class Meta:
        db_table = "measures_week"
        constraints = [models.UniqueConstraint(fields=["scope", "begins_on"], name="measures_week_once")]


class MonthCount(models.Model):
    """How many cases told in a month stand in a status, by team."""

    month = models.DateField()
    status = models.CharField(max_length=12)
    team_id = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "measures_month_count"
        indexes = [models.Index(fields=["month"], name="measures_month_count_month")]


class PassageSet(models.QuerySet["Passage"]):
    """Passages, always seen through the eyes of a doer."""

    def visible_to(self, by: Actor) -> Self:
        """Whose figures this doer may see: as far as his permission reaches, and always his own."""
        if by.scope("measure.view") is Scope.ALL:
            return self.all()
        own = Q(user_id=by.user_id) if by.user_id is not None else Q(pk__in=[])
        return self.filter(
            own | within_scope(by, "measure.view", user="user", team="team", region="case__account__region")
        )


class Passage(models.Model):
    """One thing in the course of a case that reports count: who, when, how long, on whose instruction.

    Derived from what is on record and made anew whenever something happens to the case: never written by an act.
    """

    class Kind(models.TextChoices):
        CAME_IN = "came_in", _("Came in")
        PUT_OFF = "put_off", _("Promise put off")
        HANDED_OVER = "handed_over", _("Handed over")
        CAME_BACK = "came_back", _("Hand-over that came back")
        WAITED = "waited", _("Waited for the customer")
        EMPTY_WAIT = "empty_wait", _("Waited without a question asked")
        SILENCE = "silence", _("Gap in contact")
        REOPENED = "reopened", _("Reopened")
        SOLVED = "solved", _("Solved")
        CLARIFIED = "clarified", _("Question asked back")
        STAY = "stay", _("Time at a department")
        CARRIED = "carried", _("Time with a person")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, help_text=_("Null while it goes on."))
    user = models.ForeignKey(
        "people.User", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    source = models.CharField(max_length=12, choices=Source.choices, blank=True)
    seconds = models.FloatField(null=True, help_text=_("In working time."))
    waiting_seconds = models.FloatField(null=True, help_text=_("Of these, waiting for the customer."))
    untaken_seconds = models.FloatField(null=True, help_text=_("Of these, until somebody took it."))
    text = models.CharField(max_length=300, blank=True)

    objects: ClassVar[PassageSet] = PassageSet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "measures_passage"
        indexes = [
            models.Index(fields=["kind", "-at", "-id"], name="measures_passage_kind"),
            models.Index(fields=["user", "kind", "-at"], name="measures_passage_user"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_id}"


STALLS = (
    Passage.Kind.PUT_OFF,
    Passage.Kind.CAME_BACK,
    Passage.Kind.EMPTY_WAIT,
    Passage.Kind.SILENCE,
    Passage.Kind.REOPENED,
)
"""What makes a case stall, in the order in which pages show it."""


class Course(models.Model):
    """A case whose passages were taken, and as of when; those of an unfinished one grow by themselves."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    taken_at = models.DateTimeField()
    is_open = models.BooleanField()

    class Meta:
        db_table = "measures_course"
        indexes = [models.Index(fields=["taken_at"], condition=Q(is_open=True), name="measures_course_open")]


class Reading(models.Model):
    """How far what is on record was read for the passages. One row."""

    event_id = models.BigIntegerField(help_text=_("The last event read."))
    before_id = models.BigIntegerField(help_text=_("The last event read one look earlier."))
    fill_below = models.BigIntegerField(
        help_text=_("Cases below this id that were there before are still to be read.")
    )

    class Meta:
        db_table = "measures_reading"
