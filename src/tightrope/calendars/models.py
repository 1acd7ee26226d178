"""Whose working time applies: calendars and the days on which the usual does not hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
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


WEEK_MINUTES = 7 * 24 * 60


class Duty(models.Model):
    """Who is alarmed first of what is new to a team: every week at these hours, or once from then to then."""

    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, related_name="duties")
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="duties")
    stand_in = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("Is alarmed next, and at once when the other one has left."),
    )  # fmt: skip
    weekday = models.PositiveSmallIntegerField(null=True, help_text=_("0 is Monday."))
    from_time = models.TimeField(null=True)
    until_time = models.TimeField(null=True, help_text=_("Before the beginning: on the next day."))
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "calendars_duty"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weekday__range=(0, 6),
                    from_time__isnull=False,
                    until_time__isnull=False,
                    starts_at=None,
                    ends_at=None,
                )
                | Q(
                    weekday=None,
                    from_time=None,
                    until_time=None,
                    starts_at__isnull=False,
                    ends_at__gt=models.F("starts_at"),
                ),
                name="calendars_duty_weekly_or_once",
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=models.F("user")), name="calendars_duty_stand_in"
            ),
            models.UniqueConstraint(
                fields=["team", "weekday", "from_time"], name="calendars_duty_weekly_once"
            ),
            ExclusionConstraint(
                name="calendars_duty_one_at_a_time",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(starts_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "ends_at", "id"],
                condition=Q(ends_at__isnull=False),
                name="calendars_duty_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.user}"

    @property
    def week_span(self) -> tuple[int, int]:
        """Of a weekly duty: from which minute of the week, Monday midnight being 0, and for how many."""
        if self.weekday is None or self.from_time is None or self.until_time is None:
            raise ValueError("a duty of one time has no hours of the week")
        begins, ends = (one.hour * 60 + one.minute for one in (self.from_time, self.until_time))
        length = (ends - begins) % (24 * 60) or 24 * 60
        return self.weekday * 24 * 60 + begins, length

    def covers(self, minute: int) -> bool:
        """Whether a weekly duty holds at this minute of the week."""
        begins, length = self.week_span
        return (minute - begins) % WEEK_MINUTES < length

    def meets(self, other: Duty) -> bool:
        """Whether two weekly duties share a minute: one of them covers the other's first."""
        return self.covers(other.week_span[0]) or other.covers(self.week_span[0])
