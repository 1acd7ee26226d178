"""Whose working time applies: calendars and the days on which the usual does not hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.db import Lockable


class WorkCalendar(models.Model):
    """One working calendar of the company: shifts by weekday, a time zone, a country's holidays."""

    name = models.CharField(max_length=120, unique=True)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    country = models.CharField(max_length=2, blank=True, help_text=_("Whose public holidays are free."))
    subdivision = models.CharField(max_length=12, blank=True)
    pattern = models.JSONField(help_text=_("Shifts by weekday, e.g. mon: 09:00-12:00, 13:00-18:00."))
    is_default = models.BooleanField(default=False)
    confirmed_years = models.JSONField(
        default=list, blank=True, help_text=_("Years whose holidays somebody looked through and found right.")
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Lockable] = Lockable.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "calendars_calendar"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="calendars_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Override(models.Model):
    """One day that is not as the week and the public holidays say."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("free")
        WORKDAY = "workday", _("make-up workday")
        HOURS = "hours", _("hours of its own")
        ORDINARY = "ordinary", _("as every week")

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="overrides")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    follows = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The weekday whose shifts a make-up workday has; 0 is Monday.")
    )
    hours = models.JSONField(
        default=list, blank=True, help_text=_("The shifts of a day with hours of its own, e.g. 09:00-12:00.")
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "calendars_override"
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendars_override_once"),
            models.CheckConstraint(
                condition=Q(kind="workday", follows__range=(0, 6))
                | (~Q(kind="workday") & Q(follows__isnull=True)),
                name="calendars_override_follows",
            ),
            models.CheckConstraint(
                condition=(Q(kind="hours") & ~Q(hours=[])) | (~Q(kind="hours") & Q(hours=[])),
                name="calendars_override_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"
